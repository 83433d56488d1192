package federation_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation"
	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
)

// decides has something be decided about a server.
func (k *talk) decides(host, severity string) {
	k.t.Helper()
	_, err := k.service.SetPolicyAsOperator(k.t.Context(), community.PolicyDraft{Domain: host, Severity: severity})
	k.must(err)
}

// warden is an admin who is in no group.
func (k *talk) warden() community.Viewer {
	k.t.Helper()
	account, err := k.store.Account(k.t.Context(), "warden")
	if err != nil {
		k.person(k.t, "warden")
		account, err = k.store.Account(k.t.Context(), "warden")
	}
	k.must(err)
	return community.Viewer{User: &community.User{ID: "user-warden", Role: community.RoleAdmin, State: community.UserActive}, Accounts: []community.Account{account}, Acting: &account}
}

// unread are the URIs of what waits for somebody to read it, the longest first.
func (k *talk) unread(v community.Viewer) (uris []string, choices []community.HeldChoice) {
	k.t.Helper()
	list, err := k.service.HeldWords(k.t.Context(), v, "", false, community.Paging{})
	k.must(err)
	for _, h := range list.Items {
		uris, choices = append(uris, h.Post.URI), append(choices, h.Choice())
	}
	return uris, choices
}

// reads has somebody decide about all that waits for them.
func (k *talk) reads(v community.Viewer, approve bool) community.HeldDone {
	k.t.Helper()
	_, choices := k.unread(v)
	done, err := k.service.DecideHeld(k.t.Context(), v, choices, approve, "")
	k.must(err)
	return done
}

func (k *talk) count(of string) string {
	k.t.Helper()
	return storagetest.Strings(k.t, k.db, "SELECT '' || count(*) FROM "+of)[0]
}

// What comes of words is one table: by whom, through which group, under what was
// decided about which server.
func TestR34CreateBecomesWhatTheSeverityOfItsServerSays(t *testing.T) {
	const held, shown = "held read_first", "accepted "
	for _, how := range []string{"together", "one by one"} {
		t.Run(how, func(t *testing.T) {
			eachOrigins(t, func(o *origins) {
				if how == "one by one" {
					o.OneByOne()
				}
				n := 0
				const noted = "accepted noted"
				for _, c := range []struct {
					about, severity        string
					own, passed, group, at string // kim to carers; kim by quiet; moe, of quiet's server, by quiet
				}{
					{"far.example", policy.Allow, shown, shown, shown, "published"},
					{"far.example", policy.Watch, noted, shown, shown, "published"},
					{"far.example", policy.Limit, noted, shown, shown, "published"}, // kim wrote in quiet before
					{"far.example", policy.Hold, held, held, shown, "held"},
					{"elm.example", policy.Limit, shown, noted, noted, "published"},
					{"elm.example", policy.Hold, shown, held, held, "published"},
					{"far.example", policy.Suspend, "refused policy", "refused inner_policy", shown, ""}, // at last: it ends kim's membership
				} {
					name := c.severity + " for " + c.about
					o.exec("DELETE FROM domain_policies")
					o.decides(c.about, c.severity)
					n++
					own, passed, group := fmt.Sprintf("https://far.example/p/own-%d", n), fmt.Sprintf("https://far.example/p/passed-%d", n), fmt.Sprintf("https://elm.example/p/group-%d", n)
					o.becomes(name+": to a group of here", o.posts(kim, own, ""), c.own)
					o.becomes(name+": passed on", o.passesOn(kim, passed, ""), c.passed)
					o.becomes(name+": of the group's server", o.passesOn(moe, group, ""), c.group)
					if c.at == "" {
						o.stands(name, own)
					} else {
						o.stands(name, own, "carers "+c.at+" signed")
					}
				}
			})
		})
	}
}

// Whoever is in a group was let in, or was there before: under limit they go on. Who
// wrote in a group elsewhere before does too; somebody new is read first.
func TestR34LimitReadsFirstWhoIsNew(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		o.becomes("before", o.passesOn(kim, "https://far.example/p/before", ""), "accepted ")
		o.decides("far.example", policy.Limit)
		o.becomes("somebody who wrote there before", o.passesOn(kim, "https://far.example/p/known", ""), "accepted ")
		o.becomes("somebody new", o.passesOn(lee, "https://far.example/p/new", ""), "held read_first")
		o.becomes("somebody who is in the group", o.posts(lee, "https://far.example/p/member", ""), "accepted noted")
		o.becomes("somebody who is not", o.posts(outsider, "https://far.example/p/stranger", ""), "refused not_member")
		if done := o.reads(o.warden(), true); done.Decided != 1 || len(done.Not) != 0 {
			t.Fatalf("approved: %+v", done)
		}
		o.becomes("once they were read", o.passesOn(lee, "https://far.example/p/again", ""), "accepted ")
	})
}

// Nobody finds what waits to be read, but whoever may read it first.
func TestR34WhatWaitsToBeReadIsSeenByNobodyElse(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		ctx := t.Context()
		o.decides("far.example", policy.Hold)
		before := o.count("notices")
		doc := func(uri string, group community.Group, parent string) string {
			return strings.Replace(postDocument(uri, kim, group.URI, parent, "words of "+uri), `"type":"Note",`, `"type":"Note","tag":[{"type":"Mention","href":"https://oak.example/u/ada"}],`, 1)
		}
		o.becomes("a reply", o.arrives("Create", kim, firstPost, doc(firstPost, o.carers, "https://oak.example/p/ada")), "held read_first")
		o.becomes("a thread", o.arrives("Create", kim, secondPost, doc(secondPost, o.carers, "")), "held read_first")
		o.becomes("passed on", o.arrives("Announce", o.quiet.URI, thirdPost, create(thirdPost, kim, doc(thirdPost, o.quiet, ""))), "held read_first")
		for _, uri := range []string{firstPost, secondPost, thirdPost} {
			post, err := o.store.PostByURI(ctx, uri)
			o.must(err)
			for who, v := range map[string]community.Viewer{
				"an outsider": {}, "a member": o.ada(community.RoleMember), "an admin": o.warden(),
				"its author's server": {Domain: "far.example", Remote: kim}, "another server": {Domain: "elm.example", Remote: moe},
			} {
				for what, read := range map[string]func() error{
					"thread":   func() error { _, err := o.service.Thread(ctx, v, post.ID, community.Paging{}, false); return err },
					"place":    func() error { _, err := o.service.PostPlace(ctx, v, post.ID); return err },
					"document": func() error { _, err := o.PostDocument(ctx, v, post.ID); return err },
					"replies":  func() error { _, err := o.service.SharedReplies(ctx, v, post.ID, community.Cursor{}); return err },
					"context":  func() error { _, _, err := o.service.SharedThread(ctx, v, post.ID, community.Cursor{}); return err },
					"report":   func() error { _, err := o.service.Reportable(ctx, v, post.ID, ""); return err },
					"to hide": func() error {
						_, err := o.service.ModeratePost(ctx, v, post.ID, community.Measure{Kind: community.MeasureHide, Reason: "because", Version: 1})
						return err
					},
				} {
					if err := read(); err == nil {
						t.Errorf("%s: %s finds %s", who, what, uri)
					}
				}
				if page, err := o.service.Home(ctx, v, community.Paging{}); err == nil {
					for _, s := range page.Items {
						if s.ID == post.ID || s.Replies != 0 || s.New {
							t.Errorf("%s: home shows what waits: %+v", who, s)
						}
					}
				}
			}
			if err := o.service.ReceiveReport(ctx, community.InboundReport{Domain: "far.example", PostIDs: []string{post.ID}, ActivityURI: uri + "/flag"}); err == nil {
				t.Error("a report repeats the words of what waits")
			}
		}
		if n := o.count("notices"); n != before {
			t.Errorf("%s notices, there were %s", n, before)
		}
		o.wantEvents("while they wait")
		if got := storagetest.Strings(t, o.db, "SELECT replies || ' ' || (last_activity_at > '2026-03-04 12:00:01') FROM posts WHERE id = 'post-ada'"); strings.HasPrefix(got[0], "1") {
			t.Errorf("the thread counts what waits: %q", got)
		}
		if uris, _ := o.unread(o.warden()); !slices.Equal(uris, []string{firstPost, secondPost, thirdPost}) {
			t.Errorf("an admin reads %q first", uris)
		}
		if _, err := o.service.HeldWords(ctx, o.ada(community.RoleMember), "", false, community.Paging{}); err == nil {
			t.Error("a member reads what waits")
		}
		o.exec("UPDATE memberships SET role = 'moderator' WHERE account_id = 'ada' AND group_id = 'carers'")
		if uris, _ := o.unread(o.ada(community.RoleMember)); !slices.Equal(uris, []string{firstPost, secondPost}) {
			t.Errorf("a moderator of carers reads %q first", uris)
		}
		o.exec("UPDATE posts SET readers = 'members' WHERE state = 'held'")
		if uris, _ := o.unread(o.warden()); !slices.Equal(uris, []string{thirdPost}) {
			t.Errorf("of what is for members alone an admin reads %q first, want what nobody else looks after", uris)
		}
		_, choices := o.unread(o.ada(community.RoleMember))
		done, err := o.service.DecideHeld(ctx, o.warden(), choices, true, "")
		if o.must(err); done.Decided != 0 || len(done.Not) != 2 {
			t.Errorf("an admin decides about what is for members alone: %+v", done)
		}
		if _, err := o.service.DecideHeld(ctx, o.ada(community.RoleMember), nil, true, ""); err == nil {
			t.Error("nothing at all was decided about")
		}
	})
}

// What was read is news from then on, under its own time: told, counted, and announced
// once. What answered it meanwhile stands below it.
func TestR34WhatIsApprovedStandsAndIsAnnouncedOnce(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		ctx := t.Context()
		o.decides("far.example", policy.Hold)
		const own, answer = "https://far.example/p/own", "https://elm.example/p/answer"
		o.becomes("a thread", o.posts(kim, own, ""), "held read_first")
		o.becomes("a reply", o.posts(kim, firstPost, "https://oak.example/p/ada"), "held read_first")
		o.becomes("an answer to it", o.posts(moe, answer, firstPost), "held orphan")
		o.clock.pass(5 * 24 * time.Hour)
		if n, err := o.service.EndOrphans(ctx); err != nil || n != 0 {
			t.Errorf("%d of what answers it ended, %v", n, err)
		}
		if _, err := o.store.TidyQueues(ctx, o.clock.Now().Add(40*24*time.Hour), 100); err != nil {
			t.Fatal(err)
		}
		published := storagetest.Strings(t, o.db, "SELECT '' || published_at FROM posts ORDER BY uri")
		if done := o.reads(o.warden(), true); done.Decided != 2 || len(done.Not) != 0 {
			t.Fatalf("approved: %+v", done)
		}
		for _, uri := range []string{own, firstPost, answer} {
			o.stands("approved", uri, "carers published signed")
		}
		const root = "https://oak.example/p/ada"
		o.thread("approved", root, root+" < ", firstPost+" < "+root, answer+" < "+firstPost)
		if got := storagetest.Strings(t, o.db, "SELECT '' || published_at FROM posts ORDER BY uri"); !slices.Equal(got, published) {
			t.Errorf("they stand at %q, want %q", got, published)
		}
		if got := storagetest.Strings(t, o.db, "SELECT p.uri FROM events AS e JOIN posts AS p ON p.id = e.post_id JOIN activities AS a ON a.id = e.about_id AND a.object_uri = p.uri AND a.raw IS NOT NULL WHERE e.kind = 'post_written' ORDER BY e.seq"); !slices.Equal(got, []string{own, firstPost, answer}) {
			t.Errorf("announced are %q", got)
		}
		o.wantEvents("approved", "post_written", "post_written", "post_written")
		if got := storagetest.Strings(t, o.db, "SELECT p.uri FROM notices AS n JOIN posts AS p ON p.id = n.post_id WHERE n.user_id = 'user-ada' ORDER BY p.uri"); !slices.Equal(got, []string{answer, firstPost}) {
			t.Errorf("ada hears of %q", got)
		}
		if got := storagetest.Strings(t, o.db, "SELECT outcome || ' ' || reason FROM activities WHERE object_uri = '"+own+"'"); !slices.Equal(got, []string{"accepted read_first"}) {
			t.Errorf("kept as a fact: %q", got)
		}
		if got := storagetest.Strings(t, o.db, "SELECT kind || ' ' || scope || ' ' || decided_by FROM decisions WHERE subject_kind = 'post'"); !slices.Equal(got, []string{"approve carers warden", "approve carers warden"}) {
			t.Errorf("decided: %q", got)
		}
		list, err := o.service.Home(ctx, o.ada(community.RoleMember), community.Paging{})
		if o.must(err); len(list.Items) == 0 || !list.Items[0].LastActivityAt.Equal(o.clock.Now()) {
			t.Errorf("home: %+v, want what was read to be news", list.Items)
		}
		if uris, _ := o.unread(o.warden()); len(uris) != 0 {
			t.Errorf("%q waits still", uris)
		}
		done, err := o.service.DecideHeld(ctx, o.warden(), []community.HeldChoice{{PostID: list.Items[0].ID}}, true, "")
		if o.must(err); done.Decided != 0 || len(done.Not) != 1 {
			t.Errorf("approved once more: %+v", done)
		}
		o.wantEvents("approved once more", "post_written", "post_written", "post_written")
	})
}

// An edit by somebody whose words are read first waits beside what is shown; the last
// one takes the place of those before it, and what its author deletes is gone at once.
func TestR34EditsWaitBesideWhatIsShown(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		const own = "https://far.example/p/own"
		said := 0
		edit := func(words string) string {
			said++
			doc := strings.Replace(postDocument(own, kim, o.carers.URI, "", words), `"type":"Note",`, fmt.Sprintf(`"type":"Note","updated":%q,`, noon.Add(time.Duration(said)*time.Minute).Format(time.RFC3339)), 1)
			return o.arrives("Update", kim, own, doc)
		}
		o.becomes("before", o.posts(kim, own, ""), "accepted ")
		o.clock.pass(time.Hour)
		o.decides("far.example", policy.Hold)
		o.becomes("an edit", edit("second"), "held read_first")
		o.becomes("another", edit("third"), "held read_first")
		said = 0
		o.becomes("the first again", edit("second"), "refused older")
		said = 2
		o.says("while it waits", own, "words of")
		o.stands("while it waits", own, "carers published signed")
		o.wantEvents("while it waits", "post_written")
		if n := o.count("post_versions"); n != "0" {
			t.Errorf("%s versions of what nobody read", n)
		}
		if done := o.reads(o.warden(), true); done.Decided != 1 {
			t.Fatalf("approved: %+v", done)
		}
		o.says("approved", own, "third")
		o.wantEvents("approved", "post_edited", "post_written")
		if got := storagetest.Strings(t, o.db, "SELECT a.uri FROM events AS e JOIN activities AS a ON a.id = e.about_id WHERE e.kind = 'post_edited' AND a.type = 'Update'"); len(got) != 1 {
			t.Errorf("passed on: %q", got)
		}
		o.becomes("as it is already", edit("third"), "accepted noted")
		o.becomes("one more", edit("fourth"), "held read_first")
		_, read := o.unread(o.warden())
		o.becomes("as it is again", edit("third"), "accepted noted")
		o.becomes("what nobody read", edit("fourth and more"), "held read_first")
		if done, err := o.service.DecideHeld(t.Context(), o.warden(), read, true, ""); err != nil || done.Decided != 0 || len(done.Not) != 1 {
			t.Errorf("approved is what nobody read: %+v, %v", done, err)
		}
		if done := o.reads(o.warden(), false); done.Decided != 1 {
			t.Fatalf("refused: %+v", done)
		}
		o.says("refused", own, "third")
		o.wantEvents("refused", "post_edited", "post_written")
		o.becomes("after a refusal", edit("fifth"), "held read_first")
		o.becomes("deleted", o.arrives("Delete", kim, own, fmt.Sprintf("%q", own)), "accepted noted")
		if n := o.count("held_words"); n != "0" {
			t.Errorf("%s of what was deleted wait", n)
		}
		if n := o.count("activities WHERE object_uri = '" + own + "' AND raw IS NOT NULL AND type = 'Update' AND post_id IS NOT NULL"); n != "0" {
			t.Errorf("the bytes of %s edits are kept", n)
		}
	})
}

// A new post that is changed before anybody read it is read, and announced, as it is in
// the end; one that is deleted was never here.
func TestR34UnreadPostIsWhatItsAuthorSaidLast(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		const own, gone, root = "https://far.example/p/own", "https://far.example/p/gone", "https://oak.example/p/ada"
		o.becomes("an orphan", o.posts(lee, secondPost, firstPost), "held orphan")
		o.becomes("changed", o.arrives("Update", lee, secondPost, postDocument(secondPost, lee, o.carers.URI, firstPost, "mended")), "accepted ")
		o.decides("far.example", policy.Hold)
		o.becomes("a thread", o.posts(kim, own, ""), "held read_first")
		o.becomes("another", o.posts(kim, gone, ""), "held read_first")
		_, before := o.unread(o.warden())
		for what, err := range map[string]error{
			"locked": o.service.LockThread(t.Context(), o.warden(), before[0].PostID, "why"), "pinned": o.service.PinThread(t.Context(), o.warden(), before[0].PostID),
		} {
			if !errors.Is(err, community.NotFound) {
				t.Errorf("what nobody read is %s, and its followers told: %v", what, err)
			}
		}
		o.becomes("changed", o.edits(kim, own, o.carers, "mended"), "held read_first")
		done, err := o.service.DecideHeld(t.Context(), o.warden(), before[:1], true, "")
		if o.must(err); done.Decided != 0 || len(done.Not) != 1 {
			t.Errorf("approved is what nobody read: %+v", done)
		}
		o.becomes("deleted", o.arrives("Delete", kim, gone, fmt.Sprintf("%q", gone)), "accepted noted")
		o.stands("deleted", gone)
		o.becomes("the parent", o.posts(kim, firstPost, root), "held read_first")
		o.reads(o.warden(), true)
		o.stands("what answered it is read now", secondPost, "carers held signed")
		o.reads(o.warden(), true)
		o.says("approved", own, "mended")
		for _, uri := range []string{own, secondPost} {
			told := storagetest.Strings(t, o.db, "SELECT e.kind || ' ' || coalesce(a.type, e.about_id) FROM events AS e JOIN posts AS p ON p.id = e.post_id LEFT JOIN activities AS a ON a.id = e.about_id WHERE p.uri = '"+uri+"'")
			want := map[string]string{own: "post_written Update", secondPost: "post_written " + community.AboutMended}[uri]
			if !slices.Equal(told, []string{want}) {
				t.Errorf("%s: told is %q, want %q", uri, told, want)
			}
		}
		o.thread("approved", root, root+" < ", firstPost+" < "+root, secondPost+" < "+firstPost)
		o.becomes("the deleted one again", o.posts(kim, gone, ""), "refused deleted")
	})
}

// What may not stand any more where it would is not approved; a refusal can be taken
// back for a month, and is kept from everybody.
func TestR34RefusedWordsCanBeTakenBackForAMonth(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		ctx, warden := t.Context(), o.warden()
		o.decides("far.example", policy.Hold)
		for _, uri := range []string{firstPost, secondPost} {
			o.becomes("a reply", o.posts(kim, uri, "https://oak.example/p/ada"), "held read_first")
		}
		o.becomes("one below", o.posts(lee, thirdPost, firstPost), "held orphan")
		if done := o.reads(warden, false); done.Decided != 2 {
			t.Fatalf("refused: %+v", done)
		}
		o.stands("refused", firstPost, "carers held signed")
		if got := storagetest.Strings(t, o.db, "SELECT DISTINCT outcome || ' ' || reason FROM activities WHERE object_uri = '"+firstPost+"'"); !slices.Equal(got, []string{"refused by_moderator"}) {
			t.Errorf("kept as a fact: %q", got)
		}
		for _, what := range []string{"notices", "events", "deliveries"} {
			if n := o.count(what); n != "0" {
				t.Errorf("%s %s say that something was refused", n, what)
			}
		}
		if uris, _ := o.unread(warden); len(uris) != 0 {
			t.Errorf("%q waits still", uris)
		}
		list, err := o.service.HeldWords(ctx, warden, "far.example", true, community.Paging{})
		if o.must(err); len(list.Items) != 2 {
			t.Fatalf("to be taken back are %d", len(list.Items))
		}
		first := []community.HeldChoice{list.Items[0].Choice()}
		o.exec("UPDATE memberships SET state = 'removed', removed_until = NULL WHERE account_id = 'kim'")
		done, err := o.service.DecideHeld(ctx, warden, first, true, "")
		if o.must(err); done.Decided != 0 || len(done.Not) != 1 || done.Not[0].Why.Error() == "" {
			t.Errorf("words of somebody who was removed: %+v", done)
		}
		o.exec("UPDATE memberships SET state = 'active' WHERE account_id = 'kim'")
		done, err = o.service.DecideHeld(ctx, warden, first, true, "")
		if o.must(err); done.Decided != 1 {
			t.Fatalf("taken back: %+v", done)
		}
		o.stands("taken back", firstPost, "carers published signed")
		if got := storagetest.Strings(t, o.db, "SELECT d.kind FROM decisions AS d JOIN decisions AS by_it ON by_it.undoes = d.id WHERE by_it.kind = 'approve'"); !slices.Equal(got, []string{"refuse"}) {
			t.Errorf("the approval undoes %q", got)
		}
		o.clock.pass(31 * 24 * time.Hour)
		if n, err := o.service.EndRefused(ctx); err != nil || n != 1 {
			t.Errorf("%d ended, %v", n, err)
		}
		o.stands("after a month", secondPost)
		if n := o.count("activities WHERE object_uri = '" + secondPost + "' AND raw IS NOT NULL"); n != "0" {
			t.Error("its bytes are kept")
		}
	})
}

// What was read leaves in one Announce for each server, as its software understands it,
// and nothing does before.
func TestR34ApprovedPostLeavesInOneAnnounce(t *testing.T) {
	eachDialects(t, func(d *dialects) {
		ctx := t.Context()
		_, err := d.service.SetPolicyAsOperator(ctx, community.PolicyDraft{Domain: d.lemmy.Host, Severity: policy.Hold})
		d.must(err)
		kim, uri := d.lemmy.Person("kim").ID, d.lemmy.URL+"/p/1"
		sends := func(kind, words string) {
			id := uri + "/" + kind
			raw := fmt.Sprintf(`{"id":%q,"type":%q,"actor":%q,"to":["https://www.w3.org/ns/activitystreams#Public"],"object":%s}`, id, kind, kim, postDocument(uri, kim, d.group.URI, "", words))
			d.must(d.store.SaveIncoming(ctx, federation.Activity{ID: "activity-" + kind, URI: id, Direction: federation.Incoming, Type: kind, ActorURI: kim, Domain: d.lemmy.Host,
				ObjectURI: uri, OrderKey: uri, State: federation.Waiting, Raw: []byte(raw), Size: len(raw), ReceivedAt: d.clock.Now()}))
			d.must(d.HandleDue(ctx))
		}
		sends("Create", "words that nobody read")
		d.wantHeard("while it waits", nil, nil, nil)
		sends("Update", "words that were read")
		d.wantHeard("while it waits still", nil, nil, nil)
		held, err := d.service.HeldWords(ctx, d.warden, "", false, community.Paging{})
		if d.must(err); len(held.Items) != 1 || !strings.Contains(held.Items[0].Words().HTML, "words that were read") {
			d.Fatalf("to be read is %+v", held.Items)
		}
		choice := []community.HeldChoice{held.Items[0].Choice()}
		done, err := d.service.DecideHeld(ctx, d.warden, choice, true, "")
		if d.must(err); done.Decided != 1 {
			d.Fatalf("approved: %+v", done)
		}
		announced := func(inner string) string { return "Announce " + inner }
		d.wantHeard("approved", []string{announced("Update")}, []string{"Announce"}, []string{announced("Update"), "Announce"})
		for _, l := range []listener{d.lemmy, d.stranger} {
			for _, r := range l.Deliveries() {
				if strings.Contains(string(r.Body), "nobody read") {
					d.Errorf("%s got what nobody read", l.Host)
				}
			}
		}
	})
}

// Who asks to come in from a server that is limited, or read first, waits for an answer
// even where everybody may come in, and moderators see why.
func TestR34FollowWaitsAsTheSeverityOfItsServerSays(t *testing.T) {
	eachDialects(t, func(d *dialects) {
		elm := fedtest.NewServer(t, "elm.example", fedtest.In(d.world), fedtest.Speaking(fedtest.Lemmy))
		for _, c := range []struct {
			severity, answer, fact string
		}{
			{policy.Allow, "Accept", "accepted "}, {policy.Watch, "Accept", "accepted noted"}, {policy.Limit, "", "held "}, {policy.Hold, "", "held "},
		} {
			_, err := d.service.SetPolicyAsOperator(d.Context(), community.PolicyDraft{Domain: elm.Host, Severity: c.severity})
			d.must(err)
			if got := d.asksFor(elm, "from-"+c.severity); got != c.answer {
				t.Errorf("%s: somebody who asks is answered %q, want %q", c.severity, got, c.answer)
			}
			facts := storagetest.Strings(t, d.db, "SELECT outcome || ' ' || reason FROM activities WHERE direction = 'in' ORDER BY seq")
			if got := facts[len(facts)-1]; got != c.fact {
				t.Errorf("%s: kept as a fact: %q, want %q", c.severity, got, c.fact)
			}
		}
		_, page, err := d.service.GroupMembers(d.Context(), d.warden, d.group.Name, "")
		if d.must(err); len(page.Asking) != 2 || !page.Asking[0].IsWary || !page.Asking[1].IsWary {
			t.Errorf("who asks: %+v, want two because of their server", page.Asking)
		}
		d.must(d.service.LiftPolicyAsOperator(d.Context(), elm.Host))
		if _, page, err = d.service.GroupMembers(d.Context(), d.warden, d.group.Name, ""); err != nil || len(page.Asking) != 2 || page.Asking[0].IsWary {
			t.Errorf("once it is lifted: %+v, %v, want both to ask for no such reason", page.Asking, err)
		}
	})
}

// Of somebody of a limited server those who are in the group hear, and no stranger to it.
func TestR34NobodyOutsideTheGroupHearsOfSomebodyLimited(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		ctx := t.Context()
		o.person(t, "bela")
		o.must(o.store.InsertUser(ctx, community.User{ID: "user-bela", Login: "login-bela", Role: community.RoleMember, State: community.UserActive, HomeOrder: community.HomeByActivity, CreatedAt: noon}))
		o.must(o.store.InsertAccountOwner(ctx, "bela", "user-bela", true, noon))
		naming := func(uri, words string) string {
			doc := postDocument(uri, kim, o.carers.URI, "", words)
			return strings.Replace(doc, `"type":"Note",`, `"type":"Note","tag":[{"type":"Mention","href":"https://oak.example/u/ada"},{"type":"Mention","href":"https://oak.example/u/bela"}],`, 1)
		}
		for i, c := range []struct {
			severity string
			heard    []string
		}{
			{policy.Allow, []string{"user-ada", "user-bela"}}, {policy.Watch, []string{"user-ada", "user-bela"}}, {policy.Limit, []string{"user-ada"}}, {policy.Hold, nil},
		} {
			o.decides("far.example", c.severity)
			uri := fmt.Sprintf("https://far.example/p/%d", i)
			heard := func() []string {
				return storagetest.Strings(t, o.db, "SELECT n.user_id FROM notices AS n JOIN posts AS p ON p.id = n.post_id WHERE p.uri = '"+uri+"' ORDER BY n.user_id")
			}
			o.arrives("Create", kim, uri, naming(uri, "words"))
			o.must(o.HandleDue(ctx))
			if got := heard(); !slices.Equal(got, c.heard) {
				t.Errorf("%s: %q hear of it, want %q", c.severity, got, c.heard)
			}
			if c.severity == policy.Limit {
				o.becomes("an edit", o.arrives("Update", kim, uri, naming(uri, "other words")), "accepted noted")
				if got := heard(); !slices.Equal(got, c.heard) {
					t.Errorf("an edit under limit: %q hear of it, want %q", got, c.heard)
				}
			}
			if c.severity == policy.Hold {
				o.reads(o.warden(), true)
				if got := heard(); !slices.Equal(got, []string{"user-ada", "user-bela"}) {
					t.Errorf("once it was read %q hear of it", got)
				}
			}
		}
	})
}

// Of a server whose pictures and files are not taken the words come without them, and
// what is here already is shown without them; taken back, what came before is whole.
func TestR34PicturesAndFilesAreLeftOutWhereTheyAreNotTaken(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		ctx := t.Context()
		rejects := func(host string, media bool) {
			_, err := o.service.SetPolicyAsOperator(ctx, community.PolicyDraft{Domain: host, Severity: policy.Allow, RejectMedia: media})
			o.must(err)
		}
		with := func(uri string, group community.Group, words string) string {
			doc := postDocument(uri, kim, group.URI, "", words+` <a href='https://far.example/inline.png'>inline</a>`)
			return strings.Replace(doc, `"type":"Note",`, `"type":"Note","attachment":[{"type":"Document","mediaType":"image/png","url":"https://far.example/media/1","name":"a cat"},
				{"type":"Link","href":"https://far.example/paper.pdf","name":"a paper"},{"type":"Link","href":"https://far.example/about","name":"a page"}],`, 1)
		}
		shown := func(uri string) string {
			t.Helper()
			post, err := o.store.PostByURI(ctx, uri)
			o.must(err)
			view, err := o.service.Thread(ctx, o.ada(community.RoleMember), post.ID, community.Paging{}, false)
			o.must(err)
			return view.Posts[0].HTML
		}
		has := func(when, html string, want bool) {
			t.Helper()
			for _, address := range []string{"far.example/paper.pdf", "far.example/inline.png"} {
				if got := strings.Contains(html, address); got != want {
					t.Errorf("%s: it leads to %s: %v, want %v", when, address, got, want)
				}
			}
			if !strings.Contains(html, "far.example/about") || !strings.Contains(html, "words") {
				t.Errorf("%s: the words or their link are gone: %s", when, html)
			}
		}
		o.becomes("before", o.arrives("Create", kim, firstPost, with(firstPost, o.carers, "words")), "accepted ")
		has("before", shown(firstPost), true)
		rejects("far.example", true)
		has("what is here", shown(firstPost), false)
		o.becomes("new", o.arrives("Create", kim, secondPost, with(secondPost, o.carers, "words")), "accepted ")
		o.becomes("passed on", o.arrives("Announce", o.quiet.URI, thirdPost, create(thirdPost, kim, with(thirdPost, o.quiet, "words"))), "accepted ")
		for _, uri := range []string{secondPost, thirdPost} {
			has(uri, o.wordsOf(uri), false)
			if strings.Contains(o.wordsOf(uri), "media/1") || strings.Contains(o.wordsOf(uri), "a cat") {
				t.Errorf("%s keeps what hung on it: %s", uri, o.wordsOf(uri))
			}
		}
		o.becomes("an edit", o.arrives("Update", kim, secondPost, with(secondPost, o.carers, "other words")), "accepted ")
		has("an edit", o.wordsOf(secondPost), false)
		rejects("far.example", false)
		has("taken back", shown(firstPost), true)
		rejects("elm.example", true)
		o.becomes("in a group of such a server", o.arrives("Update", kim, secondPost, with(secondPost, o.carers, "more words")), "accepted ")
		has("in a group of another server", o.wordsOf(secondPost), true)
		has("in a group of such a server", shown(thirdPost), false)
	})
}
