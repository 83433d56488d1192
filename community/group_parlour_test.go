package community_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/secret"
	"hearth/storage"
	"hearth/storage/storagetest"
)

// parlour is a hearth that was set up, on one engine, asked through its Service.
type parlour struct {
	*testing.T
	ctx     context.Context
	store   *storage.Store
	db      *sql.DB // behind the Store, to look
	service *community.Service
	now     time.Time
	admin   community.Viewer
}

func eachParlour(t *testing.T, fn func(h *parlour)) {
	t.Helper()
	storagetest.EachMigrated(t, func(t *testing.T, address string) {
		store := storagetest.Open(t, address)
		h := &parlour{T: t, ctx: context.Background(), store: store, db: storagetest.SQL(t, address), now: time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)}
		h.service = community.NewService(store, community.WithClock(func() time.Time { return h.now }), community.WithPasswords(secret.NewTestPasswords()))
		_, err := h.service.SetUp(h.ctx, "https", "oak.example", community.Setup{
			Newcomer: community.Newcomer{Login: "warden", PublicName: "quiet-heron", Password: "lantern river kettle"}, Name: "Oak",
			Purpose: "A place to talk for carers.", Contact: "hello@oak.example", MinimumAge: 18,
			Registration: community.RegistrationApproval, FrontDoor: community.FrontDoorOpen, Country: "GB",
		})
		h.must(err)
		h.admin = h.viewer("warden")
		fn(h)
	})
}

func (h *parlour) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// wants fails the test unless err is of a kind; nil wants none.
func (h *parlour) wants(what string, err, kind error) {
	h.Helper()
	if kind == nil && err != nil || kind != nil && !errors.Is(err, kind) {
		h.Fatalf("%s: got %v, want %v", what, err, kind)
	}
}

// person adds somebody whose sign-in name is "sign-in-" and their public name.
func (h *parlour) person(name string) community.Viewer {
	h.Helper()
	_, err := h.service.AddUser(h.ctx, "sign-in-"+name, name, "meadow orchard cloud", community.RoleMember)
	h.must(err)
	return h.viewer("sign-in-" + name)
}

// viewer is a person as they look now, by their main account.
func (h *parlour) viewer(login string) community.Viewer {
	h.Helper()
	user, err := h.store.UserByLogin(h.ctx, login)
	h.must(err)
	accounts, err := h.store.OwnedAccounts(h.ctx, user.ID)
	h.must(err)
	return community.Viewer{User: &user, Accounts: accounts, Acting: &accounts[0]}
}

// persona gives a person another name and returns them acting by it.
func (h *parlour) persona(v community.Viewer, name string) community.Viewer {
	h.Helper()
	id := secret.NewActorID()
	h.must(h.store.InsertAccount(h.ctx, community.Account{Actor: community.Actor{
		ID: id, URI: "https://oak.example/u/" + id, Type: community.ActorPerson, Name: name, Title: name, CreatedAt: h.now,
	}}))
	h.must(h.store.InsertAccountOwner(h.ctx, id, v.User.ID, false, h.now))
	v = h.viewer(v.User.Login)
	v.Acting = &v.Accounts[len(v.Accounts)-1]
	return v
}

var takePart = []community.GivenConsent{{Scope: community.ConsentTakePart, Text: "I want to take part."}}

func draftOf(name string) community.GroupDraft {
	return community.GroupDraft{
		GroupTexts: community.GroupTexts{
			Title: "Carers at night", Purpose: "For people who look after somebody.", Situation: community.SituationCaring,
			Language: "en", Joining: community.JoiningOpen,
		},
		Audience: community.Audience{Readers: community.ReadersAnyone, Reach: community.ReachNowhere, Listed: true},
		Name:     name, Rules: []string{"Listen first.", "No doses."}, Consents: takePart,
	}
}

// group is an active group of the admin's, changed as the test needs it.
func (h *parlour) group(name string, changes ...func(*community.GroupDraft)) community.Group {
	h.Helper()
	d := draftOf(name)
	for _, change := range changes {
		change(&d)
	}
	d.Advised = d.Advice()
	g, err := h.service.MakeGroup(h.ctx, h.admin, d)
	h.must(err)
	return g
}

func asked(d *community.GroupDraft) {
	d.Joining, d.Question = community.JoiningAsked, "Whom do you look after?"
}

func membersOnly(d *community.GroupDraft) {
	d.Audience = community.StartingAudience(true)
}

func (h *parlour) join(v community.Viewer, name string) community.Membership {
	h.Helper()
	view, err := h.service.GroupView(h.ctx, v, name)
	h.must(err)
	m, err := h.service.JoinGroup(h.ctx, v, name, community.JoinRequest{
		Answer: "My father.", RulesVersion: view.Group.RulesVersion, Consents: takePart,
	})
	h.must(err)
	return m
}

func (h *parlour) view(v community.Viewer, name string) community.GroupView {
	h.Helper()
	view, err := h.service.GroupView(h.ctx, v, name)
	h.must(err)
	return view
}

// heard fails the test unless a person has a notice of a kind about a group.
func (h *parlour) heard(v community.Viewer, kind, groupID string) {
	h.Helper()
	kinds := h.column(fmt.Sprintf("SELECT kind FROM notices WHERE user_id = '%s' AND (group_id = '%s' OR about_id = '%s')", v.User.ID, groupID, groupID))
	if !slices.Contains(kinds, kind) {
		h.Fatalf("%s heard %v of the group, want %q among it", v.User.Login, kinds, kind)
	}
}

// decided are the kinds of Decision in a scope, the first first.
func (h *parlour) decided(scope string) []string {
	h.Helper()
	return h.column(fmt.Sprintf("SELECT kind FROM decisions WHERE scope = '%s' ORDER BY seq", scope))
}

// column is the first column of a query's rows.
func (h *parlour) column(query string) []string {
	h.Helper()
	return storagetest.Strings(h, h.db, query)
}
