package community_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/secret"
	"hearth/storage"
	"hearth/storage/storagetest"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// hall is a hearth on one engine with one group and people in it.
type hall struct {
	t       *testing.T
	ctx     context.Context
	store   *storage.Store
	address string // of its database
	db      *sql.DB
	service *community.Service
	group   community.Group
	mu      sync.Mutex
	now     time.Time
}

func eachHall(t *testing.T, fn func(h *hall)) {
	t.Helper()
	storagetest.EachMigrated(t, func(t *testing.T, address string) {
		store := storagetest.Open(t, address)
		h := &hall{t: t, ctx: context.Background(), store: store, address: address, db: storagetest.SQL(t, address), now: noon}
		h.service = community.NewService(store, community.WithClock(h.clock), community.WithPasswords(secret.NewTestPasswords()))
		if _, err := h.service.SetUp(h.ctx, "https", "willow.example", community.Setup{
			Newcomer: community.Newcomer{Login: "warden", PublicName: "quiet-heron", Password: "lantern river kettle"}, Name: "Willow Lane",
			Purpose: "A place to talk for carers.", Contact: "hello@willow.example", MinimumAge: 18,
			Registration: community.RegistrationApproval, FrontDoor: community.FrontDoorOpen, Country: "GB",
		}); err != nil {
			t.Fatal(err)
		}
		h.group = h.newGroup("carers", community.ReadersMembers, community.ReachNowhere)
		fn(h)
	})
}

// clock is the business clock; it goes on by a second with every look.
func (h *hall) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(time.Second)
	return h.now
}

func (h *hall) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *hall) newGroup(name, readers, reach string) community.Group {
	h.t.Helper()
	g := community.Group{
		Actor: community.Actor{ID: name, URI: "https://willow.example/g/" + name, Type: community.ActorGroup, Name: name, Title: strings.ToUpper(name[:1]) + name[1:], CreatedAt: noon},
		State: community.GroupActive, Language: "en", Joining: community.JoiningOpen, Readers: readers, Reach: reach, LastActivityAt: noon,
	}
	h.must(h.store.InsertGroup(h.ctx, g))
	return g
}

// person is somebody of here with one account, called as they sign in.
func (h *hall) person(name string) community.Viewer {
	h.t.Helper()
	u := community.User{ID: "u-" + name, Login: "login-" + name, Role: community.RoleMember, State: community.UserActive, HomeOrder: community.HomeByActivity, CreatedAt: noon}
	a := community.Account{Actor: community.Actor{ID: name, URI: "https://willow.example/u/" + name, Type: community.ActorPerson, Name: name, Title: name, URL: "https://willow.example/@" + name, CreatedAt: noon}}
	h.must(h.store.InsertUser(h.ctx, u))
	h.must(h.store.InsertAccount(h.ctx, a))
	h.must(h.store.InsertAccountOwner(h.ctx, a.ID, u.ID, true, noon))
	return community.Viewer{User: &u, Accounts: []community.Account{a}, Acting: &a}
}

// member is a person in the hall's group.
func (h *hall) member(name, role string) community.Viewer {
	h.t.Helper()
	v := h.person(name)
	h.join(v, h.group, role)
	return v
}

func (h *hall) join(v community.Viewer, g community.Group, role string) {
	h.t.Helper()
	h.must(h.store.InsertMembership(h.ctx, community.Membership{
		ID: g.ID + v.ActingID(), GroupID: g.ID, AccountID: v.ActingID(), Role: role, State: community.MemberActive, CreatedAt: noon, ChangedAt: noon,
	}))
}

func (h *hall) write(v community.Viewer, d community.Draft) community.Post {
	h.t.Helper()
	if d.GroupID == "" {
		d.GroupID = h.group.Name
	}
	p, err := h.service.WritePost(h.ctx, v, d)
	h.must(err)
	return p
}

func (h *hall) reply(v community.Viewer, to community.Post, text string) community.Post {
	h.t.Helper()
	return h.write(v, community.Draft{ParentID: to.ID, Text: text})
}

func (h *hall) stored(id string) community.Post {
	h.t.Helper()
	p, err := h.store.Post(h.ctx, id)
	h.must(err)
	return p
}

func (h *hall) thread(v community.Viewer, id string) community.ThreadView {
	h.t.Helper()
	view, err := h.service.Thread(h.ctx, v, id, community.Paging{}, false)
	h.must(err)
	return view
}

func (h *hall) notices(v community.Viewer) (kinds []string) {
	h.t.Helper()
	page, err := h.service.Notices(h.ctx, v, community.Paging{})
	h.must(err)
	for _, n := range page.Items {
		kinds = append(kinds, n.Kind)
	}
	return kinds
}

func wantErr(t *testing.T, what string, err error, kind community.Kind, key string) {
	t.Helper()
	var e *community.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Key != key {
		t.Errorf("%s: got %v, want %v %s", what, err, kind, key)
	}
}

func TestSendingADraftTwiceMakesOnePost(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan := h.member("rowan", community.GroupMember)
		d := community.Draft{ID: h.service.NewDraftID(), GroupID: h.group.ID, Text: "words"}
		h.must(h.service.KeepDraft(h.ctx, rowan, d))
		first := h.write(rowan, d)
		d.Text = "other words, from a page that was left open"
		second := h.write(rowan, d)
		if first.ID != d.ID || second.ID != d.ID || second.Source != "words" || second.State != community.PostPublished {
			h.t.Errorf("got %s and %s %q in state %s, want the first post twice", first.ID, second.ID, second.Source, second.State)
		}
		wantErr(h.t, "keeping it as a draft afterwards", h.service.KeepDraft(h.ctx, rowan, d), community.Conflict, "draft.sent")
	})
}

func TestSendingTwiceAtOnceMakesOnePost(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan := h.member("rowan", community.GroupMember)
		root := h.write(rowan, community.Draft{Text: "root"})
		for _, kept := range []bool{false, true} {
			d := community.Draft{ID: h.service.NewDraftID(), ParentID: root.ID, Text: "reply"}
			if kept {
				h.must(h.service.KeepDraft(h.ctx, rowan, d))
			}
			before := h.stored(root.ID).Replies
			var wg sync.WaitGroup
			errs := make([]error, 6)
			for i := range errs {
				wg.Go(func() { _, errs[i] = h.service.WritePost(h.ctx, rowan, d) })
			}
			wg.Wait()
			if err := errors.Join(errs...); err != nil {
				h.t.Errorf("kept %v: %v", kept, err)
			}
			if got := h.stored(root.ID).Replies - before; got != 1 {
				h.t.Errorf("kept %v: counted %d replies, want 1", kept, got)
			}
		}
	})
}

func TestNobodySendsAnothersDraft(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, maya := h.member("rowan", community.GroupMember), h.member("maya", community.GroupMember)
		d := community.Draft{ID: h.service.NewDraftID(), GroupID: h.group.ID, Text: "mine"}
		h.must(h.service.KeepDraft(h.ctx, rowan, d))
		_, err := h.service.WritePost(h.ctx, maya, d)
		wantErr(h.t, "sending it", err, community.NotFound, "error.not_found")
		wantErr(h.t, "keeping it", h.service.KeepDraft(h.ctx, maya, d), community.NotFound, "error.not_found")
		_, err = h.service.Draft(h.ctx, maya, d.ID)
		wantErr(h.t, "reading it", err, community.NotFound, "error.not_found")
		_, err = h.service.Thread(h.ctx, rowan, d.ID, community.Paging{}, false)
		wantErr(h.t, "its author opening it as a thread", err, community.NotFound, "error.not_found")
		if err := h.service.DiscardDraft(h.ctx, maya, d.ID); !errors.Is(err, community.NotFound) {
			h.t.Errorf("discarding it: got %v, want NotFound", err)
		}
	})
}

func TestTwentyRepliesAtOnceAreTwentyReplies(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan := h.member("rowan", community.GroupMember)
		root := h.write(rowan, community.Draft{Text: "root"})
		var wg sync.WaitGroup
		posts := make([]community.Post, 20)
		errs := make([]error, 20)
		for i := range errs {
			wg.Go(func() {
				posts[i], errs[i] = h.service.WritePost(h.ctx, rowan, community.Draft{ParentID: root.ID, Text: fmt.Sprint("reply ", i)})
			})
		}
		wg.Wait()
		h.must(errors.Join(errs...))
		latest := root.ReceivedAt
		for _, p := range posts {
			if p.ReceivedAt.After(latest) {
				latest = p.ReceivedAt
			}
		}
		got := h.stored(root.ID)
		if got.Replies != 20 || !got.LastActivityAt.Equal(latest) {
			h.t.Errorf("got %d replies, the last at %v; want 20, %v", got.Replies, got.LastActivityAt, latest)
		}
		g, err := h.store.Group(h.ctx, h.group.ID)
		h.must(err)
		if !g.LastActivityAt.Equal(latest) {
			h.t.Errorf("the group's last activity: got %v, want %v", g.LastActivityAt, latest)
		}
		for i := range posts {
			wg.Go(func() { _, errs[i] = h.service.DeletePost(h.ctx, rowan, posts[i].ID) })
		}
		wg.Wait()
		h.must(errors.Join(errs...))
		if got := h.stored(root.ID); got.Replies != 0 || !got.LastActivityAt.Equal(root.ReceivedAt) {
			h.t.Errorf("after deleting them: got %d replies, the last at %v; want none, %v", got.Replies, got.LastActivityAt, root.ReceivedAt)
		}
	})
}

func TestEditingARootAndAnsweringItDoNotUndoEachOther(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan := h.member("rowan", community.GroupMember)
		root := h.write(rowan, community.Draft{Text: "version 1"})
		var wg sync.WaitGroup
		errs := make([]error, 20)
		for i := range 10 {
			wg.Go(func() {
				_, errs[i] = h.service.WritePost(h.ctx, rowan, community.Draft{ParentID: root.ID, Text: "reply"})
			})
		}
		wg.Go(func() {
			for i := range 10 {
				_, errs[10+i] = h.service.EditPost(h.ctx, rowan, root.ID, community.Draft{Text: fmt.Sprint("version ", i+2), Version: i + 1})
			}
		})
		wg.Wait()
		h.must(errors.Join(errs...))
		if got := h.stored(root.ID); got.Replies != 10 || got.Version != 11 || got.Source != "version 11" {
			h.t.Errorf("got %d replies, version %d %q; want 10, version 11", got.Replies, got.Version, got.Source)
		}
	})
}

func TestAnEditKeepsWhatWasSaidBefore(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, maya := h.member("rowan", community.GroupMember), h.member("maya", community.GroupModerator)
		p := h.write(rowan, community.Draft{Title: "Title", Text: "first", NoteTopics: []string{"grief"}})
		edit := func(v community.Viewer, text string, version int) error {
			_, err := h.service.EditPost(h.ctx, v, p.ID, community.Draft{Title: "Title", Text: text, Version: version})
			return err
		}
		h.must(edit(rowan, "second", 1))
		h.must(edit(rowan, "second", 1)) // sent twice
		wantErr(h.t, "editing what is no longer there", edit(rowan, "third", 1), community.Conflict, "edit.changed")
		wantErr(h.t, "a moderator editing", edit(maya, "theirs", 2), community.Forbidden, "error.forbidden")
		seen, versions, err := h.service.PostVersions(h.ctx, maya, p.ID)
		h.must(err)
		if seen.Post.Source != "second" || len(versions) != 1 || versions[0].Source != "first" || versions[0].NoteTopics != "grief" {
			h.t.Errorf("got %q before %+v, want second before first", seen.Post.Source, versions)
		}
		h.must(edit(rowan, "third", 2))
		if _, versions, _ = h.service.PostVersions(h.ctx, rowan, p.ID); len(versions) != 2 {
			h.t.Errorf("got %d versions, want 2", len(versions))
		}
	})
}

func TestADeletedPostLeavesItsPlaceAndNoWords(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, maya, outsider := h.member("rowan", community.GroupMember), h.member("maya", community.GroupModerator), h.person("ash")
		root := h.write(rowan, community.Draft{Title: "Canary title", Text: "canary one", NoteText: "canary note"})
		_, err := h.service.EditPost(h.ctx, rowan, root.ID, community.Draft{Title: "Canary title", Text: "canary two", Version: 1})
		h.must(err)
		reply := h.reply(maya, root, "I stay")
		_, err = h.service.GiveSupport(h.ctx, maya, root.ID, community.SupportWithYou, true)
		h.must(err)

		_, err = h.service.DeletePost(h.ctx, maya, root.ID)
		wantErr(h.t, "a moderator deleting", err, community.NotFound, "error.not_found")
		_, err = h.service.DeletePost(h.ctx, rowan, root.ID)
		h.must(err)
		_, err = h.service.DeletePost(h.ctx, rowan, root.ID)
		h.must(err)

		if p := h.stored(root.ID); p.State != community.PostDeleted || p.Title+p.Source+p.HTML+p.NoteText+p.NoteTopics != "" {
			h.t.Errorf("words are left: %+v", p)
		}
		if versions, _ := h.store.PostVersions(h.ctx, root.ID); len(versions) != 0 {
			h.t.Errorf("versions are left: %+v", versions)
		}
		if sup, _ := h.store.Supporters(h.ctx, []string{root.ID}, ""); len(sup) != 0 {
			h.t.Errorf("support is left: %+v", sup)
		}
		view := h.thread(maya, root.ID)
		if len(view.Posts) != 2 || view.Posts[0].Words || view.Posts[0].Author.Title != "" || view.Posts[1].Source != "I stay" {
			h.t.Errorf("the thread: got %+v", view.Posts)
		}
		_, err = h.service.Thread(h.ctx, outsider, root.ID, community.Paging{}, false)
		wantErr(h.t, "an outsider", err, community.NotFound, "error.not_found")

		_, err = h.service.WritePost(h.ctx, maya, community.Draft{ParentID: root.ID, Text: "too late"})
		wantErr(h.t, "answering it", err, community.Conflict, "write.parent_deleted")
		_, err = h.service.DeletePost(h.ctx, maya, reply.ID)
		h.must(err)
		_, err = h.service.PostPlace(h.ctx, rowan, reply.ID)
		wantErr(h.t, "the place of a deleted reply", err, community.Gone, "thread.post_gone")
		_, err = h.service.PostPlace(h.ctx, outsider, reply.ID)
		wantErr(h.t, "the same for an outsider", err, community.NotFound, "error.not_found")
	})
}

func TestR15WideningAGroupOpensNoOldPost(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, visitor := h.member("rowan", community.GroupMember), community.Viewer{}
		old := h.write(rowan, community.Draft{Text: "old"})
		h.group.Readers, h.group.Reach = community.ReadersAnyone, community.ReachAnywhere
		h.must(h.store.UpdateGroup(h.ctx, h.group))
		late := h.reply(rowan, old, "a late reply in the old thread")
		fresh := h.write(rowan, community.Draft{Text: "new"})
		for _, id := range []string{old.ID, late.ID} {
			_, err := h.service.Thread(h.ctx, visitor, id, community.Paging{}, false)
			wantErr(h.t, "a visitor opening "+h.stored(id).Source, err, community.NotFound, "error.not_found")
		}
		if got := h.thread(visitor, fresh.ID).Posts; len(got) != 1 || got[0].Source != "new" {
			h.t.Errorf("the new thread: got %+v", got)
		}
		group, err := h.service.GroupView(h.ctx, visitor, h.group.Name)
		h.must(err)
		page, _, err := h.service.Threads(h.ctx, visitor, group, community.ByActivity, community.Paging{})
		h.must(err)
		if len(page.Items) != 1 || page.Items[0].ID != fresh.ID {
			h.t.Errorf("a visitor's list: got %+v, want the new thread alone", page.Items)
		}
	})
}

func TestEventsAreWrittenWhereGroupAndPostReachOut(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan := h.member("rowan", community.GroupModerator)
		open := h.newGroup("open", community.ReadersAnyone, community.ReachAnywhere)
		h.join(rowan, open, community.GroupModerator)
		unasked := h.write(rowan, community.Draft{GroupID: "open", Text: "written before agreeing to copies"})
		if unasked.Reach != community.ReachNowhere || len(h.events()) != 0 {
			h.t.Errorf("without consent: got reach %s and events %v, want nowhere and none", unasked.Reach, h.events())
		}
		h.must(h.service.GiveFederateConsent(h.ctx, rowan, "open", "Copies may go to other servers."))
		quiet := h.write(rowan, community.Draft{Text: "stays"})
		_, err := h.service.DeletePost(h.ctx, rowan, quiet.ID)
		h.must(err)
		if got := h.events(); len(got) != 0 {
			h.t.Errorf("a group that reaches nowhere: got %v, want none", got)
		}
		p := h.write(rowan, community.Draft{GroupID: "open", Text: "goes"})
		_, err = h.service.EditPost(h.ctx, rowan, p.ID, community.Draft{Text: "goes on", Version: 1})
		h.must(err)
		h.must(h.service.PinThread(h.ctx, rowan, p.ID))
		h.must(h.service.LockThread(h.ctx, rowan, p.ID, "It has all been said."))
		_, err = h.service.DeletePost(h.ctx, rowan, p.ID)
		h.must(err)
		want := []string{"post_written", "post_edited", "thread_pinned", "thread_locked", "post_deleted"}
		if got := h.events(); !slices.Equal(got, want) {
			h.t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestR18ADraftIsToldToNobodyUntilItIsSent(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, maya := h.person("rowan"), h.person("maya")
		open := h.newGroup("open", community.ReadersAnyone, community.ReachAnywhere)
		h.join(rowan, open, community.GroupMember)
		h.join(maya, open, community.GroupMember)
		h.must(h.service.GiveFederateConsent(h.ctx, rowan, "open", "Copies may go to other servers."))
		d := community.Draft{ID: h.service.NewDraftID(), GroupID: "open", Text: "for @maya, not yet"}
		h.must(h.service.KeepDraft(h.ctx, rowan, d))
		if got, heard := h.events(), h.notices(maya); len(got)+len(heard) != 0 {
			h.t.Errorf("a draft: got events %v and notices %v, want none", got, heard)
		}
		d.Text = "for @maya"
		h.write(rowan, d)
		if got, heard := h.events(), h.notices(maya); !slices.Equal(got, []string{"post_written"}) || !slices.Equal(heard, []string{"mention"}) {
			h.t.Errorf("when it is sent: got events %v and notices %v, want one of each", got, heard)
		}
	})
}

// events are the kinds of all events, in order.
func (h *hall) events() []string {
	h.t.Helper()
	return storagetest.Strings(h.t, h.db, "SELECT kind FROM events ORDER BY seq")
}
