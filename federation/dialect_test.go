package federation_test

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"

	"hearth/community"
	"hearth/federation"
	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
)

// runs notes that a server said what it runs.
func (h *hearth) runs(t testing.TB, host, software string) {
	t.Helper()
	now := h.clock.Now()
	if err := h.store.NotePeer(t.Context(), federation.Peer{Domain: host, Software: software, Version: "1.0", NodeinfoAt: &now}); err != nil {
		t.Fatal(err)
	}
}

func TestEachSoftwareIsSpokenToInItsDialect(t *testing.T) {
	both := federation.Dialect{Activities: true, Addresses: true}
	for software, want := range map[string]federation.Dialect{
		"lemmy": {Activities: true}, "piefed": {Activities: true}, "mbin": {Activities: true}, "kbin": {Activities: true}, "nodebb": {Activities: true},
		"discourse": {Activities: true}, "hearth": {Activities: true}, "wordpress": {Activities: true}, "friendica": {Activities: true},
		"mastodon": {Addresses: true}, "gotosocial": {Addresses: true}, "pleroma": {Addresses: true}, "akkoma": {Addresses: true}, "misskey": {Addresses: true},
		"sharkey": {Addresses: true}, "firefish": {Addresses: true}, "iceshrimp": {Addresses: true}, "pixelfed": {Addresses: true},
		"": both, "stranger": both, "mastodon-like": both, "Lemmy": both,
	} {
		if got := federation.DialectOf(software); got != want {
			t.Errorf("%q is spoken to as %+v, want %+v", software, got, want)
		}
	}
}

// listener is one server with somebody in a group here, and what was said to it.
type listener struct {
	*fedtest.Server
	software string
}

// dialects is a group here that somebody of each kind of server is in.
type dialects struct {
	*writers
	group                     community.Group
	warden                    community.Viewer
	lemmy, mastodon, stranger listener
}

func eachDialects(t *testing.T, fn func(d *dialects)) {
	t.Helper()
	eachWriters(t, func(w *writers) {
		w.person(w.T, "cora")
		d := &dialects{writers: w, warden: w.warden(), group: w.ownGroup("carers")}
		d.group.Microblogs = true
		w.must(w.store.UpdateGroup(w.Context(), d.group))
		d.lemmy, d.mastodon, d.stranger = d.listens("lemmy.example", "lemmy"), d.listens("mastodon.example", "mastodon"), d.listens("stranger.example", "")
		w.must(w.store.InsertMembership(w.Context(), community.Membership{ID: "cora-in", GroupID: d.group.ID, AccountID: "cora", Role: community.GroupModerator, State: community.MemberActive, CreatedAt: noon, ChangedAt: noon}))
		fn(d)
	})
}

// listens lets somebody of a server into the group.
func (d *dialects) listens(host, software string) listener {
	d.Helper()
	l := listener{fedtest.NewServer(d.T, host, fedtest.In(d.world)), software}
	d.runs(d.T, host, software)
	d.joins(l, d.group)
	return l
}

// joins lets somebody of a server into a group.
func (d *dialects) joins(l listener, g community.Group) community.Account {
	d.Helper()
	actor := l.Person("kim")
	a := community.Account{Actor: community.Actor{ID: "kim." + l.Host, URI: actor.ID, Type: community.ActorPerson, Domain: l.Host, Name: "kim", Title: "kim",
		Inbox: actor.Inbox, SharedInbox: l.URL + "/inbox", CreatedAt: noon, FetchedAt: &noon}}
	d.must(d.store.InsertAccount(d.Context(), a))
	d.must(d.store.InsertMembership(d.Context(), community.Membership{ID: "in." + a.ID, GroupID: g.ID, AccountID: a.ID, Role: community.GroupMember,
		State: community.MemberActive, FollowURI: l.URL + "/x/follow", CreatedAt: noon, ChangedAt: noon}))
	return a
}

// heard is what a server was told, each as "Announce Create", or "Announce" of an
// address, or what somebody said directly.
func (l listener) heard() (said []string) {
	for _, r := range l.Deliveries() {
		kind := r.Type()
		if inner, ok := r.Activity()["object"].(map[string]any); ok && (kind == "Announce" || kind == "Undo") {
			kind += " " + inner["type"].(string)
		}
		said = append(said, kind)
	}
	return said
}

// wantHeard publishes and delivers, and wants each server to have heard all of this
// until now.
func (d *dialects) wantHeard(when string, lemmy, mastodon, stranger []string) {
	d.Helper()
	d.publishAndDeliver()
	for _, c := range []struct {
		l    listener
		want []string
	}{{d.lemmy, lemmy}, {d.mastodon, mastodon}, {d.stranger, stranger}} {
		if got := c.l.heard(); !slices.Equal(got, c.want) {
			d.Errorf("%s: %s heard %q, want %q", when, c.l.Host, got, c.want)
		}
	}
}

// last is the last activity that a server got.
func (l listener) last() map[string]any {
	all := l.Deliveries()
	return all[len(all)-1].Activity()
}

func TestAThreadIsToldToEachServerInItsDialect(t *testing.T) {
	eachDialects(t, func(d *dialects) {
		post := d.writeIn(d.group)
		lemmy, mastodon, stranger := []string{"Announce Create"}, []string{"Announce"}, []string{"Announce Create", "Announce"}
		d.wantHeard("written", lemmy, mastodon, stranger)
		boost := d.mastodon.last()
		for field, want := range map[string]any{
			"actor": d.group.URI, "object": post.URI, "to": []any{d.group.URI, "https://www.w3.org/ns/activitystreams#Public"}, "cc": []any{d.group.URI + "/followers"},
		} {
			if got := boost[field]; !reflect.DeepEqual(got, want) {
				t.Errorf("of the boost %s is %v, want %v", field, got, want)
			}
		}
		id := boost["id"].(string)
		if doc, err := d.ActivityDocument(d.Context(), community.Viewer{}, id[len(id)-26:]); err != nil || !strings.Contains(string(doc), `"object":"`+post.URI+`"`) {
			t.Errorf("under its id the boost is %s, %v", doc, err)
		}

		_, err := d.service.EditPost(d.Context(), d.ada, post.ID, community.Draft{Title: "A title", Text: "other words", Language: "en", Version: post.Version})
		d.must(err)
		post.Version++
		lemmy, mastodon, stranger = append(lemmy, "Announce Update"), append(mastodon, "Update"), append(stranger, "Announce Update", "Update")
		d.wantHeard("edited", lemmy, mastodon, stranger)
		if got := d.mastodon.last()["actor"]; got != "https://oak.example/u/ada" {
			t.Errorf("the edit is %v's, want its author's", got)
		}

		answer, err := d.service.WritePost(d.Context(), d.ada, community.Draft{GroupID: d.group.ID, ParentID: post.ID, Text: "an answer", Language: "en"})
		d.must(err)
		lemmy, stranger = append(lemmy, "Announce Create"), append(stranger, "Announce Create")
		d.wantHeard("answered", lemmy, mastodon, stranger)

		d.moderate(d.warden, post, community.MeasureHide)
		lemmy, mastodon, stranger = append(lemmy, "Announce Delete"), append(mastodon, "Undo Announce"), append(stranger, "Announce Delete", "Undo Announce")
		d.wantHeard("hidden", lemmy, mastodon, stranger)
		d.wantUndone("hidden", id)

		d.moderate(d.warden, post, community.MeasureShow)
		lemmy, mastodon = append(lemmy, "Announce Create", "Announce Update", "Announce Undo"), append(mastodon, "Announce", "Update")
		stranger = append(stranger, "Announce Create", "Announce", "Announce Update", "Update", "Announce Undo")
		d.wantHeard("shown again", lemmy, mastodon, stranger)
		again := storagetest.Strings(t, d.db, "SELECT uri FROM boosts WHERE post_id = '"+post.ID+"'")
		if len(again) != 1 || again[0] == id {
			t.Fatalf("it is boosted again under %q, want another id than %s", again, id)
		}

		_, err = d.service.DeletePost(d.Context(), d.ada, answer.ID)
		d.must(err)
		lemmy, stranger = append(lemmy, "Announce Delete"), append(stranger, "Announce Delete", "Delete")
		d.wantHeard("the answer deleted", lemmy, mastodon, stranger)

		_, err = d.service.DeletePost(d.Context(), d.ada, post.ID)
		d.must(err)
		lemmy, mastodon, stranger = append(lemmy, "Announce Delete"), append(mastodon, "Undo Announce", "Delete"), append(stranger, "Announce Delete", "Undo Announce", "Delete")
		d.wantHeard("deleted", lemmy, mastodon, stranger)
		d.wantUndone("deleted", again[0])
		if got := d.mastodon.last(); got["actor"] != "https://oak.example/u/ada" || got["object"].(map[string]any)["id"] != post.URI {
			t.Errorf("the deletion is %v, want its author's", got)
		}
		if left := storagetest.Strings(t, d.db, "SELECT type FROM activities AS a WHERE direction = 'out' AND actor_uri LIKE '%/g/%' AND NOT EXISTS (SELECT 1 FROM deliveries AS v WHERE v.activity_id = a.id) AND type = 'Announce'"); len(left) > 0 {
			t.Errorf("%d announces were told nobody", len(left))
		}
	})
}

func TestWhatModeratorsDoWithAThreadIsToldToThoseWhoSpeakOfIt(t *testing.T) {
	eachDialects(t, func(d *dialects) {
		post := d.writeIn(d.group)
		heard, mastodon, stranger := []string{"Announce Create"}, []string{"Announce"}, []string{"Announce Create", "Announce"}
		d.wantHeard("written", heard, mastodon, stranger)
		lock := func(object map[string]any) {
			d.Helper()
			d.wantFields(object, map[string]any{"type": "Lock", "actor": d.group.URI, "object": post.URI})
		}
		for _, step := range []struct {
			says string
			do   func() error
			want func(inner map[string]any)
		}{
			{"Announce Lock", func() error { return d.service.LockThread(d.Context(), d.warden, post.ID, "why it was locked") }, lock},
			{"Announce Undo", func() error { return d.service.UnlockThread(d.Context(), d.warden, post.ID) }, func(inner map[string]any) {
				d.wantFields(inner, map[string]any{"type": "Undo", "actor": d.group.URI})
				lock(inner["object"].(map[string]any))
			}},
			{"Announce Add", func() error { return d.service.PinThread(d.Context(), d.warden, post.ID) }, func(inner map[string]any) {
				d.wantFields(inner, map[string]any{"type": "Add", "actor": d.group.URI, "object": post.URI, "target": d.group.URI + "/featured"})
			}},
			{"Announce Remove", func() error { return d.service.UnpinThread(d.Context(), d.warden, post.ID) }, func(inner map[string]any) {
				d.wantFields(inner, map[string]any{"type": "Remove", "actor": d.group.URI, "object": post.URI, "target": d.group.URI + "/featured"})
			}},
		} {
			d.must(step.do())
			heard, stranger = append(heard, step.says), append(stranger, step.says)
			d.wantHeard(step.says, heard, mastodon, stranger)
			for _, l := range []listener{d.lemmy, d.stranger} {
				all := l.Deliveries()
				last := all[len(all)-1]
				if bytes.Contains(last.Body, []byte("why it was locked")) || bytes.Contains(last.Body, []byte("warden")) {
					d.Errorf("%s: %s reads why, or who it was: %s", step.says, l.Host, last.Body)
				}
				d.wantFields(l.last(), map[string]any{"actor": d.group.URI})
				step.want(l.last()["object"].(map[string]any))
			}
		}
	})
}

func (d *dialects) wantFields(object, want map[string]any) {
	d.Helper()
	for field, v := range want {
		if !reflect.DeepEqual(object[field], v) {
			d.Errorf("%s is %v, want %v", field, object[field], v)
		}
	}
}

// wantUndone wants the last Undo that Mastodon got to name a boost as it was.
func (d *dialects) wantUndone(when, id string) {
	d.Helper()
	for _, r := range slices.Backward(d.mastodon.Deliveries()) {
		if r.Type() != "Undo" {
			continue
		}
		undo := r.Activity()
		undone := undo["object"].(map[string]any)
		if undo["actor"] != d.group.URI || undone["id"] != id || undone["type"] != "Announce" || undone["actor"] != d.group.URI {
			d.Errorf("%s: what is undone is %v by %v, want the group's boost %s", when, undone, undo["actor"], id)
		}
		return
	}
	d.Errorf("%s: nothing was undone", when)
}

// What not everybody may read is boosted by no microblog: it is told of nothing.
func TestR15NothingOfANarrowerGroupIsToldByItsAddress(t *testing.T) {
	for name, c := range map[string]struct {
		readers, reach string
		lemmy          []string
	}{
		"members alone":    {community.ReadersMembers, community.ReachAnywhere, []string{"Announce Create"}},
		"people of here":   {community.ReadersInstance, community.ReachAnywhere, []string{"Announce Create"}},
		"named servers":    {community.ReadersAnyone, community.ReachNamed, []string{"Announce Create"}},
		"nobody elsewhere": {community.ReadersAnyone, community.ReachNowhere, nil},
	} {
		t.Run(name, func(t *testing.T) {
			eachDialects(t, func(d *dialects) {
				d.group.Readers, d.group.Reach = c.readers, c.reach
				d.must(d.store.UpdateGroup(d.Context(), d.group))
				d.must(d.store.ReplaceGroupServers(d.Context(), d.group.ID, []string{"lemmy.example", "mastodon.example", "stranger.example"}))
				d.writeIn(d.group)
				d.wantHeard("written", c.lemmy, nil, c.lemmy)
			})
		})
	}
}

func TestAGroupWithoutMicroblogsIsToldNoneOfThem(t *testing.T) {
	for name, off := range map[string]func(*community.Group){
		"its owner said so":           func(g *community.Group) { g.Microblogs = false },
		"being seen in it could harm": func(g *community.Group) { g.Sensitive = true },
	} {
		t.Run(name, func(t *testing.T) {
			eachDialects(t, func(d *dialects) {
				off(&d.group)
				d.must(d.store.UpdateGroup(d.Context(), d.group))
				d.writeIn(d.group)
				announced := []string{"Announce Create"}
				d.wantHeard("written", announced, nil, announced)

				d.must(d.LetStraysGo(d.Context()))
				d.wantHeard("let go", announced, []string{"Reject"}, announced)
				if got := d.members(); !slices.Equal(got, []string{"active kim.lemmy.example", "left kim.mastodon.example", "active kim.stranger.example"}) {
					d.Errorf("in the group are %q", got)
				}
				d.must(d.LetStraysGo(d.Context()))
				d.wantHeard("nobody is left to let go", announced, []string{"Reject"}, announced)
			})
		})
	}
}

// members are those of elsewhere in the group, or no longer.
func (d *dialects) members() []string {
	d.Helper()
	return storagetest.Strings(d.T, d.db, "SELECT state || ' ' || account_id FROM memberships WHERE group_id = '"+d.group.ID+"' AND account_id LIKE 'kim.%' ORDER BY account_id")
}

// What was composed before a group said no to microblogs, and not saved, is
// composed anew.
func TestAGroupThatSaysNoToMicroblogsMeanwhileBoostsNothing(t *testing.T) {
	eachDialects(t, func(d *dialects) {
		d.writeIn(d.group)
		changed := false
		d.AfterComposing(func(community.Event) {
			if changed {
				return
			}
			changed = true
			d.exec("UPDATE groups SET microblogs = FALSE")
		})
		d.wantHeard("written", []string{"Announce Create"}, nil, []string{"Announce Create"})
	})
}
