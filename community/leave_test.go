package community_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/secret"
)

const leaverPassword = "willow bench morning"

// leaver is a member who knows their password.
func (h *hall) leaver(name, role string) community.Viewer {
	h.t.Helper()
	v := h.member(name, role)
	hash, err := secret.NewTestPasswords().Hash(leaverPassword)
	h.must(err)
	h.must(h.store.SetPasswordHash(h.ctx, v.User.ID, hash))
	v.User.PasswordHash = hash
	return v
}

func (h *hall) leave(v community.Viewer) (code string) {
	h.t.Helper()
	code, err := h.service.Leave(h.ctx, v, leaverPassword)
	h.must(err)
	return code
}

// signIn is the id of a sign-in with the leaver's password.
func (h *hall) signIn(v community.Viewer) string {
	h.t.Helper()
	in, err := h.service.SignIn(h.ctx, community.Try{Login: v.User.Login, Password: leaverPassword, Source: "here"})
	h.must(err)
	return in.ID
}

// seen is what a Viewer sees of a thread: each post's state and words.
func (h *hall) seen(v community.Viewer, id string) (posts []string) {
	h.t.Helper()
	for _, p := range h.thread(v, id).Posts {
		posts = append(posts, p.State+":"+p.Author.Title+":"+p.Source)
	}
	return posts
}

func TestR43WhoeverLeavesIsOutOfSightAtOnceAndMayComeBack(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, maya, mod := h.leaver("rowan", community.GroupModerator), h.member("maya", community.GroupMember), h.member("mod", community.GroupModerator)
		root := h.write(rowan, community.Draft{Title: "A long night", Text: "rowan begins"})
		answer := h.reply(maya, root, "maya answers")
		h.reply(rowan, answer, "rowan again")
		hidden := h.reply(rowan, answer, "rowan hidden")
		_, err := h.service.ModeratePost(h.ctx, mod, hidden.ID, community.Measure{Kind: community.MeasureHide, Reason: "because", Version: 1})
		h.must(err)
		other := h.write(maya, community.Draft{Title: "Another", Text: "maya begins"})
		h.reply(rowan, other, "rowan here too")
		_, err = h.service.GiveSupport(h.ctx, rowan, other.ID, community.SupportWithYou, true)
		h.must(err)
		device := h.signIn(rowan)
		before, modBefore := h.seen(maya, root.ID), h.seen(mod, root.ID)

		wantErr(h.t, "with another password", errOf(h.service.Leave(h.ctx, rowan, "something else")), community.Invalid, "form.check")
		h.leave(rowan)

		gone := []string{"deleted::", "published:maya:maya answers", "deleted::", "deleted::"}
		for _, v := range []community.Viewer{maya, mod} {
			if got := h.seen(v, root.ID); !slices.Equal(got, gone) {
				h.t.Errorf("%s sees %q, want %q", v.Acting.Name, got, gone)
			}
		}
		page, _, err := h.service.Threads(h.ctx, maya, h.groupView(maya), community.ByNewest, community.Paging{})
		h.must(err)
		for _, th := range page.Items {
			if th.ID == root.ID && (th.Title != "" || th.Author.Title != "" || th.State != community.PostDeleted || th.Replies != 1) {
				h.t.Errorf("the list of threads has %+v", th)
			}
			if th.ID == other.ID && th.Replies != 0 {
				h.t.Errorf("the other thread counts %d replies, want 0", th.Replies)
			}
		}
		if got := h.notices(maya); !slices.Equal(got, []string{community.NoticeSupport}) { // which names nobody
			h.t.Errorf("maya still hears %v", got)
		}
		if got := h.thread(maya, other.ID).Posts[0].SupportedBy; len(got) != 0 {
			h.t.Errorf("maya sees support of %v", got)
		}
		if _, err := h.service.Profile(h.ctx, maya, "rowan"); !errors.Is(err, community.NotFound) {
			h.t.Errorf("the profile: %v, want that there is none", err)
		}
		if _, err := h.service.PostPlace(h.ctx, maya, root.ID); err != nil {
			h.t.Errorf("the thread cannot be read any more: %v", err)
		}
		if m := h.groupView(maya).Moderators; len(m) != 1 || m[0].Name != "mod" {
			h.t.Errorf("moderators are %v, want mod alone", m)
		}
		if v, err := h.service.Viewer(h.ctx, device, ""); err != nil || v.User != nil {
			h.t.Errorf("a device is still signed in: %v", err)
		}

		back := h.signIn(rowan)
		if v, err := h.service.Viewer(h.ctx, back, ""); err != nil || v.User != nil {
			h.t.Errorf("signing in made somebody who left a member: %v", err)
		}
		away, err := h.service.Away(h.ctx, back)
		if err != nil || away.EndsAt.Sub(away.LeftAt) != 21*24*time.Hour {
			h.t.Errorf("away from %s to %s, %v; want 21 days", away.LeftAt, away.EndsAt, err)
		}
		h.tidy(20 * 24 * time.Hour)
		back = h.signIn(rowan)
		h.must(h.service.ComeBack(h.ctx, back))
		if got := h.seen(maya, root.ID); !slices.Equal(got, before) {
			h.t.Errorf("back again, maya sees %q, want %q", got, before)
		}
		if got := h.seen(mod, root.ID); !slices.Equal(got, modBefore) {
			h.t.Errorf("back again, mod sees %q, want %q", got, modBefore)
		}
		v, err := h.service.Viewer(h.ctx, back, "")
		if err != nil || v.User == nil || v.User.State != community.UserActive {
			h.t.Fatalf("back again, but not signed in: %v", err)
		}
		if m := h.groupView(v).Membership; m.Role != community.GroupModerator || !m.IsActive() {
			h.t.Errorf("back again as %s, %s; want an active moderator", m.Role, m.State)
		}
		if got := h.thread(maya, other.ID).Posts; len(got) != 2 || len(got[0].SupportedBy) != 1 {
			h.t.Errorf("back again, the other thread has %d posts", len(got))
		}
		h.tidy(30 * 24 * time.Hour)
		if got := h.seen(maya, root.ID); !slices.Equal(got, before) {
			h.t.Errorf("whoever came back was deleted: %q", got)
		}
		wantErr(h.t, "coming back twice", h.service.ComeBack(h.ctx, back), community.NotFound, "error.not_found")
	})
}

func errOf[T any](_ T, err error) error { return err }

func (h *hall) groupView(v community.Viewer) community.GroupView {
	h.t.Helper()
	view, err := h.service.GroupView(h.ctx, v, h.group.ID)
	h.must(err)
	return view
}

func TestWhoLooksAfterSomethingHandsItOverBeforeLeaving(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan := h.leaver("rowan", community.GroupOwner)
		wantErr(h.t, "the owner", errOf(h.service.Leave(h.ctx, rowan, leaverPassword)), community.Conflict, "leave.owner")
		l, err := h.service.Leaving(h.ctx, rowan)
		if err != nil || len(l.Owned) != 1 || l.Owned[0].ID != h.group.ID || !l.Stays() {
			h.t.Errorf("got %+v, %v; want the group", l, err)
		}
		h.must(h.service.CloseGroup(h.ctx, rowan, h.group.ID, "it was good"))
		h.leave(rowan)

		warden := h.asWarden()
		wantErr(h.t, "the last admin", errOf(h.service.Leave(h.ctx, warden, "lantern river kettle")), community.Conflict, "leave.last_admin")
		if l, err := h.service.Leaving(h.ctx, warden); err != nil || !l.LastAdmin || !l.Stays() {
			h.t.Errorf("got %+v, %v; want the last admin", l, err)
		}
		maya := h.person("maya")
		h.must(h.store.SetUserRole(h.ctx, maya.User.ID, community.RoleAdmin))
		if _, err := h.service.Leave(h.ctx, warden, "lantern river kettle"); err != nil {
			h.t.Errorf("with another admin there: %v", err)
		}
	})
}

func (h *hall) asWarden() community.Viewer {
	h.t.Helper()
	in, err := h.service.SignIn(h.ctx, community.Try{Login: "warden", Password: "lantern river kettle", Source: "there"})
	h.must(err)
	v, err := h.service.Viewer(h.ctx, in.ID, "")
	h.must(err)
	return v
}

// sightings are the tables and columns of text in which some words stand.
func (h *hall) sightings(words string) (found []string) {
	h.t.Helper()
	for table, columns := range h.textColumns() {
		for _, column := range columns {
			var n int
			if err := h.db.QueryRow("SELECT count(*) FROM " + table + " WHERE lower(" + column + ") LIKE '%" + words + "%'").Scan(&n); err != nil {
				h.t.Fatal(err)
			}
			if n > 0 {
				found = append(found, table+"."+column)
			}
		}
	}
	slices.Sort(found)
	return found
}

// textColumns are all columns of text, by table.
func (h *hall) textColumns() map[string][]string {
	h.t.Helper()
	rows, err := h.db.Query("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'text'")
	if err != nil {
		rows, err = h.db.Query("SELECT m.name, c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table' AND c.type = 'TEXT'")
	}
	h.must(err)
	defer rows.Close()
	columns := map[string][]string{}
	for rows.Next() {
		var table, column string
		h.must(rows.Scan(&table, &column))
		columns[table] = append(columns[table], column)
	}
	h.must(rows.Err())
	return columns
}

func TestR43After21DaysNothingOfThemIsLeft(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, maya := h.leaver("rowan", community.GroupMember), h.member("maya", community.GroupMember)
		root := h.write(rowan, community.Draft{Title: "zyxwords", Text: "zyxwords begin"})
		_, err := h.service.EditPost(h.ctx, rowan, root.ID, community.Draft{Title: "zyxwords", Text: "zyxwords, changed", Version: 1})
		h.must(err)
		answer := h.reply(maya, root, "an answer")
		h.reply(rowan, answer, "zyxwords again")
		h.must(h.service.KeepDraft(h.ctx, rowan, community.Draft{ID: h.service.NewDraftID(), ParentID: root.ID, Text: "zyxwords kept"}))
		h.must(h.service.WriteAbout(h.ctx, rowan, "zyxwords about me"))
		h.must(h.service.SaveSettings(h.ctx, rowan, community.Settings{Email: "zyxwords@example.org", HomeOrder: community.HomeByActivity}))
		_, err = h.service.BlockAccount(h.ctx, maya, "rowan")
		h.must(err)
		_, err = h.service.SendReport(h.ctx, rowan, community.ReportDraft{PostID: answer.ID, Reason: community.ReasonUnkind, Words: "unkind", Contact: "zyxwords at home"})
		h.must(err)
		code := h.leave(rowan)
		h.tidy(20 * 24 * time.Hour)
		if len(h.sightings("zyxwords")) == 0 {
			h.t.Fatal("nothing is left to delete: this test sees nothing")
		}
		h.tidy(24*time.Hour + time.Minute)
		if found := h.sightings("zyxwords"); len(found) > 0 {
			h.t.Errorf("their words stand in %v", found)
		}
		if found := slices.DeleteFunc(h.sightings("rowan"), isAnID); len(found) > 0 {
			h.t.Errorf("their name stands in %v", found)
		}
		if got, want := h.seen(maya, root.ID), []string{"deleted::", "published:maya:an answer", "deleted::"}; !slices.Equal(got, want) {
			h.t.Errorf("maya sees %q, want %q", got, want)
		}
		if u, err := h.store.User(h.ctx, rowan.User.ID); err != nil || strings.Contains(u.Login, "login") || u.PasswordHash != "" {
			h.t.Errorf("the person's row: %+v, %v; want one that nobody can sign in with", u, err)
		}
		if p, err := h.service.AccountToModerate(h.ctx, h.asWarden(), "rowan"); err != nil || p.Account.GoneAt == nil || p.Account.Title != "" || len(p.Measures) != 0 {
			h.t.Errorf("for moderators: %+v, %v; want an account without a name", p, err)
		}
		if _, err := h.service.SignIn(h.ctx, community.Try{Login: rowan.User.Login, Password: leaverPassword, Source: "here"}); !errors.Is(err, community.Forbidden) {
			h.t.Errorf("signing in: %v, want no", err)
		}
		if _, err := h.store.DepartureByCode(h.ctx, secret.HashToken(code)); err != nil {
			h.t.Errorf("the receipt: %v", err)
		}
		h.nameIsTaken("rowan")
		h.tidy(29 * 24 * time.Hour)
		h.tidy(2 * 24 * time.Hour)
		if _, err := h.store.User(h.ctx, rowan.User.ID); !errors.Is(err, community.NotFound) {
			h.t.Errorf("the person's row after 30 days more: %v, want none", err)
		}
		if actor, err := h.store.Actor(h.ctx, "rowan"); err != nil || actor.GoneAt == nil {
			h.t.Errorf("the account's id: %v, want that it stays, gone", err)
		}
		h.nameIsTaken("rowan")
	})
}

// isAnID says whether a column holds ids and addresses, which in a hall are names.
func isAnID(where string) bool {
	if where == "users.login" { // made of the id: who was "u-rowan" is "left u-rowan"
		return true
	}
	_, column, _ := strings.Cut(where, ".")
	return strings.HasSuffix(column, "_id") || slices.Contains([]string{"id", "uri", "url", "order_key", "name", "inbox", "shared_inbox", "cursor"}, column)
}

func (h *hall) nameIsTaken(name string) {
	h.t.Helper()
	err := h.store.InsertAccount(h.ctx, community.Account{Actor: community.Actor{ID: secret.NewActorID(), URI: "https://willow.example/u/another", Type: community.ActorPerson, Name: name, CreatedAt: noon}})
	if !errors.Is(err, community.Conflict) {
		h.t.Errorf("the name %s can be had again: %v", name, err)
	}
	taken, err := h.store.TakenNames(h.ctx, []string{name, "nobody-yet"})
	if err != nil || !taken[name] || taken["nobody-yet"] {
		h.t.Errorf("taken are %v, %v; want %s", taken, err, name)
	}
}

func TestWhoeverWantsToBeDeletedAtOnceIs(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan := h.leaver("rowan", community.GroupMember)
		post := h.write(rowan, community.Draft{Text: "words"})
		h.leave(rowan)
		back := h.signIn(rowan)
		h.must(h.service.LeaveForGood(h.ctx, back))
		wantErr(h.t, "coming back after all", h.service.ComeBack(h.ctx, back), community.NotFound, "error.not_found")
		in, err := h.service.SignIn(h.ctx, community.Try{Login: rowan.User.Login, Password: leaverPassword, Source: "here"})
		h.must(err)
		wantErr(h.t, "coming back by another sign-in", h.service.ComeBack(h.ctx, in.ID), community.Gone, "leave.over")
		h.tidy(time.Minute)
		if got := h.stored(post.ID); got.State != community.PostDeleted || got.Source != "" {
			h.t.Errorf("got %s %q, want a place without words", got.State, got.Source)
		}
	})
}

func TestWhoeverWasPausedComesBackPaused(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan := h.leaver("rowan", community.GroupMember)
		h.leave(rowan)
		_, err := h.service.SuspendAsOperator(h.ctx, rowan.User.Login, community.Measure{Reason: "while away"})
		h.must(err)
		if u, err := h.store.User(h.ctx, rowan.User.ID); err != nil || u.State != community.UserLeft {
			h.t.Errorf("a suspension brought them back: %s, %v", u.State, err)
		}
		h.must(h.service.ComeBack(h.ctx, h.signIn(rowan)))
		if u, err := h.store.User(h.ctx, rowan.User.ID); err != nil || u.State != community.UserSuspended {
			h.t.Errorf("came back %s, %v; want suspended", u.State, err)
		}
	})
}

// waits are the events that are to be told later, by kind.
func (h *hall) waits() map[string][]time.Time {
	h.t.Helper()
	rows, err := h.db.QueryContext(context.Background(), "SELECT kind, order_key, not_before FROM events WHERE not_before IS NOT NULL")
	h.must(err)
	defer rows.Close()
	waits, keys := map[string][]time.Time{}, map[string]bool{}
	for rows.Next() {
		var kind, key string
		var at time.Time
		h.must(rows.Scan(&kind, &key, &at))
		if keys[key] {
			h.t.Errorf("two of them wait for each other in %s", key)
		}
		keys[key] = true
		waits[kind] = append(waits[kind], at)
	}
	h.must(rows.Err())
	return waits
}

func TestR13EachServerHearsOfEachDeletionAtAMomentOfItsOwn(t *testing.T) {
	eachHall(t, func(h *hall) {
		g := h.newGroup("far-carers", community.ReadersAnyone, community.ReachAnywhere)
		rowan := h.leaver("rowan", community.GroupMember)
		names := []string{"rowan"}
		for _, persona := range []string{"rowan-two", "rowan-three"} {
			a := community.Account{Actor: community.Actor{ID: persona, URI: "https://willow.example/u/" + persona, Type: community.ActorPerson, Name: persona, Title: persona, CreatedAt: noon}}
			h.must(h.store.InsertAccount(h.ctx, a))
			h.must(h.store.InsertAccountOwner(h.ctx, persona, rowan.User.ID, false, noon))
			names = append(names, persona)
		}
		posts := 0
		for _, name := range names {
			h.must(h.store.DiscloseActor(h.ctx, name, noon))
			for range 3 {
				id := secret.NewID(noon)
				h.must(h.store.InsertPost(h.ctx, community.Post{
					ID: id, URI: "https://willow.example/p/" + id, GroupID: g.ID, AuthorID: name, ThreadID: id, State: community.PostPublished, Source: "words",
					Readers: g.Readers, Reach: g.Reach, Verified: community.VerifiedLocal, Version: 1, PublishedAt: noon, ReceivedAt: noon, LastActivityAt: noon,
				}))
				h.must(h.store.MarkShown(h.ctx, id, "far.example", noon))
				posts++
			}
		}
		h.leave(rowan)
		if got := h.waits(); len(got) != 0 {
			h.t.Errorf("other servers hear of it while there is a way back: %v", got)
		}
		h.tidy(21*24*time.Hour + time.Hour)
		waits := h.waits()
		deletes, farewells := waits[community.EventPostDeleted], waits[community.EventAccountGone]
		if len(deletes) != posts || len(farewells) != len(names) {
			h.t.Fatalf("%d deletions and %d farewells wait, want %d and %d", len(deletes), len(farewells), posts, len(names))
		}
		all := slices.Concat(deletes, farewells)
		slices.SortFunc(all, time.Time.Compare)
		begun := h.now
		if first, last := all[0].Sub(begun), all[len(all)-1].Sub(begun); first < 24*time.Hour-time.Hour || last > 72*time.Hour {
			h.t.Errorf("told from %s to %s after, want 24 h to 72 h", first, last)
		}
		if len(slices.CompactFunc(slices.Clone(all), time.Time.Equal)) != len(all) {
			h.t.Errorf("two are told at one moment: %v", all)
		}
		for _, name := range names {
			told, last := h.waitsOf(name)
			if slices.MaxFunc(told, time.Time.Compare).After(last) {
				h.t.Errorf("%s is said to be gone before their posts are", name)
			}
		}
	})
}

// waitsOf are when others are told of an account's posts, and of the account itself.
func (h *hall) waitsOf(accountID string) (posts []time.Time, gone time.Time) {
	h.t.Helper()
	rows, err := h.db.QueryContext(h.ctx, "SELECT kind, not_before FROM events WHERE not_before IS NOT NULL AND account_id = '"+accountID+"'")
	h.must(err)
	defer rows.Close()
	for rows.Next() {
		var kind string
		var at time.Time
		h.must(rows.Scan(&kind, &at))
		if kind == community.EventAccountGone {
			gone = at
		} else {
			posts = append(posts, at)
		}
	}
	h.must(rows.Err())
	return posts, gone
}
