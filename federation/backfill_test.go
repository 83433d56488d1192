package federation_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/community/secret"
	"hearth/federation"
	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
)

// follower is a hearth of which ada has asked to follow a group of far.example
// that has a past, and nobody else is in it.
type follower struct {
	*writers
	actor *fedtest.Actor // of the group
	lena  *fedtest.Actor // who writes in it, at home
}

func eachFollower(t *testing.T, fn func(f *follower)) {
	t.Helper()
	eachWriters(t, func(w *writers) {
		f := &follower{writers: w, actor: w.far.Group("quiet"), lena: w.far.Person("lena")}
		f.actor.Edit(func(document map[string]any) { document["featured"] = f.actor.ID + "/featured" })
		f.serves("/c/quiet/featured")
		f.out(w.bela)
		f.asks(w.ada)
		fn(f)
	})
}

// out takes somebody out of the group.
func (f *follower) out(v community.Viewer) {
	f.Helper()
	f.becomes(v, community.MemberLeft, "")
}

// asks has somebody ask to follow the group.
func (f *follower) asks(v community.Viewer) {
	f.Helper()
	f.becomes(v, community.MemberAsked, followOf(v))
}

func followOf(v community.Viewer) string { return "https://oak.example/x/follow-" + v.Acting.ID }

func (f *follower) becomes(v community.Viewer, state, follow string) {
	f.Helper()
	m, err := f.store.Membership(f.Context(), f.group.ID, v.Acting.ID)
	f.must(err)
	m.State, m.FollowURI, m.ChangedAt = state, follow, f.clock.Now()
	f.must(f.store.UpdateMembership(f.Context(), m))
}

// isLetIn has the group's server answer yes to whoever asked.
func (f *follower) isLetIn(v community.Viewer) {
	f.Helper()
	policies, err := f.service.Policies(f.Context())
	f.must(err)
	f.must(f.service.ReceiveFollowAnswer(f.Context(), followOf(v), f.group.URI, true, policies.Epoch()))
}

// follows is asks and isLetIn, and all that comes of it.
func (f *follower) follows(v community.Viewer) {
	f.Helper()
	f.asks(v)
	f.isLetIn(v)
	f.works()
}

func (f *follower) works() {
	f.Helper()
	f.must(f.WorkJobs(f.Context(), nil))
}

// page is a thread of the group, served under its own id: hours of it ago.
func (f *follower) page(name string, hours int, more ...map[string]any) map[string]any {
	uri := f.far.URL + "/p/" + name
	page := map[string]any{
		"id": uri, "type": "Page", "name": name, "published": f.ago(hours),
		"context": uri + "/context",
	}
	f.serves("/p/" + name + "/context")
	return f.lena.Note(f.group.URI, "<p>words of "+name+"</p>", append([]map[string]any{page}, more...)...)
}

func (f *follower) ago(hours int) string {
	return f.clock.Now().Add(-time.Duration(hours) * time.Hour).UTC().Format(time.RFC3339)
}

// answer is an answer to something, served under its own id.
func (f *follower) answer(name string, to map[string]any, hours int, more ...map[string]any) map[string]any {
	own := map[string]any{"id": f.far.URL + "/p/" + name, "inReplyTo": to["id"], "published": f.ago(hours)}
	return f.lena.Note(f.group.URI, "<p>words of "+name+"</p>", append([]map[string]any{own}, more...)...)
}

// announced is the group's Announce of the Create of something, as Lemmy has it in
// its outbox.
func (f *follower) announced(object map[string]any) map[string]any {
	create := map[string]any{"id": fmt.Sprint(object["id"], "#create"), "type": "Create", "actor": object["attributedTo"], "object": object, "to": []any{fedtest.Public}, "cc": []any{}}
	return map[string]any{"id": fmt.Sprint(f.group.URI, "/announce/", object["name"]), "type": "Announce", "actor": f.group.URI, "object": create, "to": []any{fedtest.Public}, "cc": []any{}}
}

// serves puts a collection at a path.
func (f *follower) serves(path string, items ...any) {
	f.far.Serve(path, map[string]any{"@context": "https://www.w3.org/ns/activitystreams", "id": f.far.URL + path, "type": "OrderedCollection", "orderedItems": append([]any{}, items...)})
}

// job is the backfill's.
func (f *follower) job() community.Job {
	f.Helper()
	j, err := f.store.LastJob(f.Context(), community.JobBackfill, f.group.ID)
	f.must(err)
	return j
}

func (f *follower) wantsJob(state, why string) {
	f.Helper()
	if j := f.job(); j.State != state || j.Error != why {
		f.Errorf("the job is %s: %q, want %s: %q", j.State, j.Error, state, why)
	}
}

// known are the posts that are here, by the last part of their address, in order.
func (f *follower) known() []string {
	f.Helper()
	uris := storagetest.Strings(f.T, f.db, "SELECT uri FROM posts WHERE state <> 'orphan' ORDER BY uri")
	for i, uri := range uris {
		uris[i] = uri[strings.LastIndexByte(uri, '/')+1:]
	}
	return uris
}

func (f *follower) wantsKnown(want ...string) {
	f.Helper()
	if got := f.known(); !slices.Equal(got, want) {
		f.Errorf("known are %q, want %q", got, want)
	}
}

// asked are the paths that far.example was asked for.
func (f *follower) asked() (paths []string) {
	for _, r := range f.far.Requests() {
		if r.Method == http.MethodGet {
			paths = append(paths, r.Path)
		}
	}
	return paths
}

func TestAGroupFollowedHasAPast(t *testing.T) {
	eachFollower(t, func(f *follower) {
		mention := map[string]any{"tag": []any{map[string]any{"type": "Mention", "href": f.ada.Acting.URI}}}
		first := f.page("first", 72, mention)
		second := f.page("second", 48, map[string]any{"commentsEnabled": false})
		third := f.page("third", 24)
		one := f.answer("one", first, 71, mention)
		two := f.answer("two", one, 70)
		late := f.answer("late", second, 49) // by a clock that is wrong
		f.serves("/p/first/context", first["id"], one["id"], two["id"])
		f.serves("/p/second/context", late)
		f.serves("/c/quiet/featured", third)
		f.actor.Publish(f.announced(first), f.announced(second), map[string]any{"id": f.group.URI + "/announce/third", "type": "Announce", "actor": f.group.URI, "object": third["id"]})

		f.works()
		f.wantsKnown()
		if _, err := f.store.LastJob(f.Context(), community.JobBackfill, f.group.ID); err == nil || len(f.asked()) > 0 {
			f.Error("it is asked for before the group's server said yes")
		}
		f.isLetIn(f.ada)
		rested := 0
		f.must(f.WorkJobs(f.Context(), func() { rested++ }))
		f.wantsJob(community.JobDone, "")
		f.wantsKnown("first", "late", "one", "second", "third", "two")
		if asked := f.asked(); rested < len(asked) {
			f.Errorf("rested %d times between %d questions: %q", rested, len(asked), asked)
		}
		f.wantsThreads("third", "second", "first")
		f.wantsNothingNew()

		for uri, verified := range map[any]string{first["id"]: community.VerifiedOrigin, one["id"]: community.VerifiedOrigin} {
			post, err := f.store.PostByURI(f.Context(), uri.(string))
			if f.must(err); post.Verified != verified || !post.Backfilled {
				f.Errorf("%s: verified %q, backfilled %v", uri, post.Verified, post.Backfilled)
			}
		}
		view, err := f.service.GroupView(f.Context(), f.ada, f.group.ID)
		f.must(err)
		page, pinned, err := f.service.Threads(f.Context(), f.ada, view, community.ByActivity, community.Paging{})
		f.must(err)
		if len(pinned) != 1 || pinned[0].Title != "third" || page.Items[0].LockedAt == nil || page.Items[1].Replies != 2 {
			f.Errorf("pinned %v, threads %+v: want third pinned, second locked, two answers to first", pinned, page.Items)
		}
	})
}

// wantsThreads wants the group's threads in this order, pinned ones first, at
// their own times.
func (f *follower) wantsThreads(want ...string) {
	f.Helper()
	view, err := f.service.GroupView(f.Context(), f.ada, f.group.ID)
	f.must(err)
	page, pinned, err := f.service.Threads(f.Context(), f.ada, view, community.ByActivity, community.Paging{})
	f.must(err)
	var got []string
	for _, thread := range slices.Concat(pinned, page.Items) {
		got = append(got, thread.Title)
		if thread.New {
			f.Errorf("%s is new", thread.Title)
		}
		if !thread.LastActivityAt.Before(f.clock.Now().Add(-23 * time.Hour)) {
			f.Errorf("%s was last written in at %s", thread.Title, thread.LastActivityAt)
		}
	}
	if !slices.Equal(got, want) {
		f.Errorf("threads are %q, want %q", got, want)
	}
	root, err := f.store.PostByURI(f.Context(), f.far.URL+"/p/first")
	f.must(err)
	f.must(f.store.SaveReadMark(f.Context(), f.ada.User.ID, root.ID, noon.Add(-1000*time.Hour)))
	thread, err := f.service.Thread(f.Context(), f.ada, root.ID, community.Paging{}, false)
	f.must(err)
	var words []string
	for _, post := range thread.Posts {
		words = append(words, post.URI[strings.LastIndexByte(post.URI, '/')+1:])
		if post.New {
			f.Errorf("%s is new", post.URI)
		}
	}
	if want := []string{"first", "one", "two"}; !slices.Equal(words, want) {
		f.Errorf("the thread is %q, want %q", words, want)
	}
	if place, err := f.service.UnreadPlace(f.Context(), f.ada, root.ID); err != nil || place.PostID != root.ID {
		f.Errorf("unread begins at %+v, %v: want the beginning", place, err)
	}
}

// wantsNothingNew wants that nobody was told of anything, here or elsewhere, but
// that the group's server said yes.
func (f *follower) wantsNothingNew() {
	f.Helper()
	if kinds := f.kinds(f.ada); !slices.Equal(kinds, []string{community.NoticeJoined}) {
		f.Errorf("ada has notices of %q, want only that she was let in", kinds)
	}
	if events := storagetest.Strings(f.T, f.db, "SELECT kind FROM events"); len(events) > 0 {
		f.Errorf("events: %q", events)
	}
	if n := storagetest.Strings(f.T, f.db, "SELECT seq FROM deliveries"); len(n) > 0 {
		f.Errorf("%d deliveries", len(n))
	}
}

func TestABackfillIsDoneOnce(t *testing.T) {
	eachFollower(t, func(f *follower) {
		f.actor.Publish(f.announced(f.page("first", 72)))
		f.follows(f.ada)
		f.wantsKnown("first")
		once := len(f.asked())
		f.actor.Publish(f.announced(f.page("missed", 71)))
		f.follows(f.bela)
		f.out(f.ada)
		f.follows(f.ada)
		f.clock.pass(31 * 24 * time.Hour)
		f.out(f.ada)
		f.follows(f.ada) // bela was there all the time
		if asked := f.asked()[once:]; len(asked) > 0 {
			f.Errorf("asked again for %q", asked)
		}
		f.out(f.ada)
		f.out(f.bela)
		f.follows(f.bela) // it was left by all
		f.wantsKnown("first", "missed")
	})
}

func TestABackfillStopsWhenAllHaveLeftAndGoesOnWhenSomebodyComesBack(t *testing.T) {
	eachFollower(t, func(f *follower) {
		for i := range 5 {
			f.actor.Publish(f.announced(f.page(fmt.Sprint("thread-", i), 72+i)))
		}
		f.isLetIn(f.ada)
		leaves := f.after(6, func() { f.out(f.ada) })
		f.must(f.WorkJobs(f.Context(), leaves))
		f.wantsJob(community.JobStopped, community.BackfillLeft)
		before := f.asked()
		if len(before) != 5 {
			f.Errorf("asked %q, want nothing more after all had left", before)
		}
		f.follows(f.bela)
		f.wantsJob(community.JobDone, "")
		if again := f.asked()[len(before):]; slices.Contains(again, "/c/quiet/outbox") || len(again) == 0 {
			f.Errorf("then asked %q, want it to go on where it was", again)
		}
	})
}

// after is to be called often, and does something the time n.
func (f *follower) after(n int, do func()) func() {
	return func() {
		if n--; n == 0 {
			do()
		}
	}
}

func TestARefusalStopsABackfillAtOnce(t *testing.T) {
	eachFollower(t, func(f *follower) {
		for i := range 5 {
			f.actor.Publish(f.announced(f.page(fmt.Sprint("thread-", i), 72+i)))
		}
		f.isLetIn(f.ada)
		f.must(f.WorkJobs(f.Context(), f.after(6, f.refuses)))
		f.wantsJob(community.JobStopped, community.BackfillRefused)
		if asked := f.asked(); len(asked) != 5 {
			f.Errorf("asked %q, want nothing more after the refusal", asked)
		}
	})
}

func (f *follower) refuses() {
	f.Helper()
	f.must(f.store.InTx(f.Context(), func(tx community.Store) error {
		if _, err := tx.RaisePolicyEpoch(f.Context()); err != nil {
			return err
		}
		return tx.SavePolicy(f.Context(), policy.Policy{Domain: f.far.Host, Severity: policy.Suspend, CreatedAt: noon, ChangedAt: noon})
	}))
}

func TestWhatIsKnownOrWasDeletedFirstStaysAsItIs(t *testing.T) {
	eachFollower(t, func(f *follower) {
		gone, edited := f.page("gone", 72), f.page("edited", 72)
		f.actor.Publish(f.announced(gone), f.announced(edited), f.announced(f.page("stays", 71)))
		f.must(f.store.InsertWithdrawal(f.Context(), gone["id"].(string), gone["attributedTo"].(string), noon))
		f.follows(f.ada)
		f.wantsKnown("edited", "stays")
		f.exec("UPDATE posts SET html = 'later words', version = 2 WHERE uri LIKE '%/edited'")
		f.exec("UPDATE posts SET html = '', state = 'deleted' WHERE uri LIKE '%/stays'")
		f.exec("DELETE FROM jobs")
		f.out(f.ada)
		f.follows(f.ada)
		if got := storagetest.Strings(f.T, f.db, "SELECT html || ' ' || state FROM posts ORDER BY uri"); !slices.Equal(got, []string{"later words published", " deleted"}) {
			f.Errorf("they are now %q", got)
		}
	})
}

func (f *follower) exec(statement string) {
	f.Helper()
	_, err := f.db.Exec(statement)
	f.must(err)
}

func TestABackfillAsksOtherServersForTheirPeopleAlone(t *testing.T) {
	eachFollower(t, func(f *follower) {
		elm := fedtest.NewServer(f.T, "elm.example", fedtest.In(f.world))
		moe, noa := elm.Person("moe"), elm.Person("noa")
		f.stranger(moe.ID)
		moes := moe.Note(f.group.URI, "<p>by moe</p>", map[string]any{"name": "moes", "id": elm.URL + "/p/moes", "context": elm.URL + "/p/moes/context", "replies": elm.URL + "/p/moes/replies", "published": f.ago(70)})
		noas := noa.Note(f.group.URI, "<p>by noa</p>", map[string]any{"name": "noas", "id": elm.URL + "/p/noas"})
		named := moe.Note(f.group.URI, "<p>named</p>", map[string]any{"name": "named", "id": elm.URL + "/p/named"})
		moved := f.page("moved", 3)
		f.far.Handle("/p/moved", fedtest.Redirect(elm.URL+"/p/moes"))
		thread := f.page("thread", 71)
		lost := f.answer("lost", named, 60) // what it answers is at elm.example
		f.serves("/p/thread/context", named["id"], lost["id"], moved["id"])
		first := map[string]any{"id": f.actor.ID + "/outbox", "type": "OrderedCollection", "first": map[string]any{
			"type": "OrderedCollectionPage", "next": elm.URL + "/next",
			"orderedItems": []any{f.announced(moes), f.announced(noas), f.announced(thread), named["id"], moved["id"]},
		}}
		f.far.Serve("/c/quiet/outbox", first)
		f.follows(f.ada)
		f.wantsJob(community.JobDone, "")
		f.wantsKnown("moes", "noas", "thread")
		if asked := elm.Requests(); len(asked) != 1 || asked[0].Path != "/u/noa" {
			f.Errorf("elm.example was asked %d times, want for noa alone", len(asked))
		}
		for _, of := range []map[string]any{moes, noas} {
			post, err := f.store.PostByURI(f.Context(), of["id"].(string))
			if f.must(err); post.Verified != community.VerifiedGroup {
				f.Errorf("what only the group's server says is %q", post.Verified)
			}
		}
		f.wantsNothingNew()
		// Within a day the authors' server is asked, and nobody hears of that either.
		elm.Handle("/p/noas", fedtest.Status(http.StatusGone))
		f.must(f.InquireDue(f.Context()))
		before := len(elm.Requests())
		if before > 2 {
			f.Errorf("it was asked for %d posts at once", before-1)
		}
		f.clock.pass(25 * time.Hour)
		f.must(f.InquireDue(f.Context()))
		if got := storagetest.Strings(f.T, f.db, "SELECT verified || ' ' || state FROM posts WHERE uri LIKE 'https://elm.example%' ORDER BY uri"); !slices.Equal(got, []string{"origin published", "denied deleted"}) {
			f.Errorf("by their own server they are %q", got)
		}
		f.wantsNothingNew()
	})
}

// stranger is an account elsewhere that is known here.
func (f *follower) stranger(uri string) {
	f.Helper()
	host := strings.Split(uri, "/")[2]
	_, err := f.service.SaveRemoteAccount(f.Context(), community.Account{Actor: community.Actor{
		URI: uri, Type: community.ActorPerson, Domain: host, Name: uri[strings.LastIndexByte(uri, '/')+1:], Inbox: uri + "/inbox",
	}})
	f.must(err)
}

func TestWhatIsNotForTheGroupIsNotTakenFromItsServer(t *testing.T) {
	eachFollower(t, func(f *follower) {
		f.must(f.store.InsertGroup(f.Context(), community.Group{Actor: community.Actor{ID: secret.NewActorID(), URI: f.far.URL + "/c/loud", Type: community.ActorGroup, Domain: f.far.Host, Name: "loud", CreatedAt: noon}, State: community.GroupActive, LastActivityAt: noon}))
		thread := f.page("thread", 72)
		unlike := func(name string, more map[string]any) map[string]any {
			return f.announced(f.page(name, 50, more))
		}
		suspended := f.far.Person("sue")
		f.stranger(suspended.ID)
		f.exec("UPDATE accounts SET suspended_at = '2026-01-01 00:00:00+00:00' WHERE actor_id IN (SELECT id FROM actors WHERE name = 'sue')")
		forged := f.announced(f.page("forged", 9))
		forged["actor"] = f.lena.ID
		mismatched := f.announced(f.page("mismatched", 9))
		mismatched["object"].(map[string]any)["actor"] = suspended.ID
		f.actor.Publish(
			f.announced(thread),
			unlike("of-another-group", map[string]any{"audience": f.far.URL + "/c/loud", "to": []any{f.far.URL + "/c/loud", fedtest.Public}}),
			unlike("to-one-person", map[string]any{"audience": nil, "to": []any{f.far.URL + "/u/lena"}}),
			unlike("by-another-origin", map[string]any{"attributedTo": "https://elm.example/u/moe"}),
			unlike("by-nobody", map[string]any{"attributedTo": nil}),
			unlike("by-the-suspended", map[string]any{"attributedTo": suspended.ID}),
			unlike("by-oak", map[string]any{"attributedTo": f.ada.Acting.URI}),
			unlike("for-members", map[string]any{"to": []any{f.group.URI}}),
			map[string]any{"id": f.group.URI + "/x/1", "type": "Announce", "actor": f.group.URI, "object": map[string]any{"id": f.group.URI + "/x/2", "type": "Like", "actor": f.lena.ID, "object": thread}},
			map[string]any{"id": f.far.URL + "/p/was", "type": "Tombstone"}, forged, mismatched,
		)
		f.serves("/p/thread/context", f.answer("whispered", thread, 60, map[string]any{"to": []any{f.lena.ID}, "audience": nil})["id"], f.answer("answer", thread, 60)["id"])
		f.follows(f.ada)
		f.wantsJob(community.JobDone, "")
		f.wantsKnown("answer", "for-members", "thread")
		if got := storagetest.Strings(f.T, f.db, "SELECT readers FROM posts WHERE uri LIKE '%/for-members'"); !slices.Equal(got, []string{community.ReadersMembers}) {
			f.Errorf("what is said to the group alone is read by %q", got)
		}
	})
}

func TestWhatCannotBeHadOfAPastIsLeftOut(t *testing.T) {
	html := fedtest.Body("text/html", []byte("<p>hello</p>"))
	for name, c := range map[string]struct {
		path       string
		answer     http.HandlerFunc
		state, why string
		known      []string
	}{
		"group is gone":          {"/c/quiet", fedtest.Status(http.StatusGone), community.JobFailed, "gone", nil},
		"group is not shown":     {"/c/quiet", fedtest.Status(http.StatusNotFound), community.JobFailed, "withheld", nil},
		"group is for others":    {"/c/quiet", fedtest.Status(http.StatusForbidden), community.JobFailed, "withheld", nil},
		"group is a page":        {"/c/quiet", html, community.JobFailed, "unreadable", nil},
		"outbox is a page":       {"/c/quiet/outbox", html, community.JobFailed, "no_list", nil},
		"outbox is an upload":    {"/c/quiet/outbox", fedtest.Body("application/json", []byte(`{"type":"OrderedCollection","orderedItems":[]}`)), community.JobFailed, "no_list", nil},
		"outbox is not there":    {"/c/quiet/outbox", fedtest.Status(http.StatusNotFound), community.JobFailed, "no_list", nil},
		"outbox is a note":       {"/c/quiet/outbox", fedtest.Body("application/activity+json", []byte(`{"type":"Note","id":"https://far.example/n"}`)), community.JobFailed, "no_list", nil},
		"featured is a page":     {"/c/quiet/featured", html, community.JobDone, "", []string{"answer", "thread"}},
		"thread has no context":  {"/p/thread/context", fedtest.Status(http.StatusGone), community.JobDone, "", []string{"thread"}},
		"answer is a page":       {"/p/answer", html, community.JobDone, "", []string{"thread"}},
		"answer was deleted":     {"/p/answer", fedtest.Status(http.StatusGone), community.JobDone, "", []string{"thread"}},
		"answer says another id": {"/p/answer", fedtest.Body("application/activity+json", []byte(`{"id":"https://far.example/p/other","type":"Note","content":"x"}`)), community.JobDone, "", []string{"thread"}},
	} {
		t.Run(name, func(t *testing.T) {
			eachFollower(t, func(f *follower) {
				thread := f.page("thread", 72)
				f.serves("/p/thread/context", f.answer("answer", thread, 70)["id"])
				f.actor.Publish(f.announced(thread))
				f.far.Handle(c.path, c.answer)
				f.follows(f.ada)
				f.wantsJob(c.state, c.why)
				f.wantsKnown(c.known...)
			})
		})
	}
}

func TestABackfillWaitsForAServerThatDoesNotAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		waits  time.Duration
	}{
		"busy":         {fedtest.Status(http.StatusTooManyRequests, "Retry-After", "1800"), 30 * time.Minute},
		"being mended": {fedtest.Status(http.StatusServiceUnavailable), time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			eachFollower(t, func(f *follower) {
				f.actor.Publish(f.announced(f.page("thread", 72)))
				body := f.lists("/p/thread/context", f.answer("answer", f.page("thread", 72), 70))
				f.far.Handle("/p/thread/context", fedtest.InOrder(c.answer, body))
				f.follows(f.ada)
				f.wantsJob(community.JobWaiting, "unreachable")
				f.wantsKnown("thread")
				if wait := f.job().NextAt.Sub(f.clock.Now()); wait < c.waits || wait > 2*c.waits {
					f.Errorf("it waits for %s, want about %s", wait, c.waits)
				}
				asked := len(f.asked())
				f.works()
				f.clock.pass(f.job().NextAt.Sub(f.clock.Now()))
				if again := f.asked()[asked:]; len(again) > 0 {
					f.Errorf("asked for %q while it waits", again)
				}
				f.works()
				f.wantsJob(community.JobDone, "")
				f.wantsKnown("answer", "thread")
			})
		})
	}
}

// lists answers with a collection.
func (f *follower) lists(path string, items ...any) http.HandlerFunc {
	body, err := json.Marshal(map[string]any{"id": f.far.URL + path, "type": "OrderedCollection", "orderedItems": items})
	f.must(err)
	return fedtest.Body("application/activity+json", body)
}

func TestABackfillGivesUpWhatNeverAnswers(t *testing.T) {
	eachFollower(t, func(f *follower) {
		f.actor.Publish(f.announced(f.page("thread", 72)), f.announced(f.page("other", 73)))
		f.far.Handle("/p/thread/context", fedtest.Status(http.StatusInternalServerError))
		f.follows(f.ada)
		for range 10 {
			f.clock.pass(2 * time.Hour)
			f.works()
		}
		f.wantsJob(community.JobDone, "") // one document that only fails is passed over
		f.out(f.ada)
		f.exec("DELETE FROM jobs")
		f.far.Unplug()
		f.follows(f.ada)
		tries := 0
		for ; f.job().IsOpen() && tries < 100; tries++ {
			f.clock.pass(2 * time.Hour)
			f.works()
		}
		f.wantsJob(community.JobFailed, "unreachable")
	})
}

// One thing that its server never gives holds up nothing else, whatever it is.
func TestABackfillPassesOverWhatAServerNeverGives(t *testing.T) {
	for _, path := range []string{"/p/thread/context", "/p/thread", "/u/lena", "/c/quiet/moderators"} {
		t.Run(path, func(t *testing.T) {
			eachFollower(t, func(f *follower) {
				ben := f.far.Person("ben")
				other := f.page("other", 73, map[string]any{"attributedTo": ben.ID})
				f.page("thread", 72)
				f.serves("/c/quiet/outbox", f.far.URL+"/p/thread", other["id"])
				f.far.Handle(path, fedtest.Status(http.StatusServiceUnavailable))
				f.follows(f.ada)
				f.wantsJob(community.JobWaiting, "unreachable")
				for range 12 {
					f.clock.pass(2 * time.Hour)
					f.works()
				}
				f.wantsJob(community.JobDone, "")
				if !slices.Contains(f.known(), "other") {
					f.Errorf("known are %q", f.known())
				}
			})
		})
	}
}

// Other servers are asked for few of their people, and nobody waits for them.
func TestABackfillAsksOtherServersForAFewOfTheirPeople(t *testing.T) {
	eachFollower(t, func(f *follower) {
		elm, fir := fedtest.NewServer(f.T, "elm.example", fedtest.In(f.world)), fedtest.NewServer(f.T, "fir.example", fedtest.In(f.world))
		var all []map[string]any
		for i := range 25 {
			name := fmt.Sprint("moe-", i)
			all = append(all, f.announced(elm.Person(name).Note(f.group.URI, "<p>words</p>", map[string]any{"name": name, "id": elm.URL + "/p/" + name})))
			all = append(all, f.announced(fir.Person(name).Note(f.group.URI, "<p>words</p>", map[string]any{"name": "fir" + name, "id": fir.URL + "/p/" + name})))
			fir.Handle("/u/"+name, fedtest.Status(http.StatusServiceUnavailable))
		}
		f.actor.Publish(all...)
		f.follows(f.ada)
		f.wantsJob(community.JobDone, "")
		if elms, firs := len(elm.Requests()), len(fir.Requests()); elms != 20 || firs != 1 {
			f.Errorf("elm.example was asked %d times and fir.example %d, want 20 and 1", elms, firs)
		}
	})
}

// A fault of ours is tried for hours, and then set aside: it does not go on for ever.
func TestAJobThatFailsHereIsSetAside(t *testing.T) {
	eachFollower(t, func(f *follower) {
		f.isLetIn(f.ada)
		f.must(f.store.InsertJob(f.Context(), community.Job{ID: "broken", Kind: community.JobHide, AboutID: "broken", Cursor: "{", State: community.JobWaiting, CreatedAt: noon, NextAt: noon}))
		f.exec("ALTER TABLE group_moderators RENAME TO elsewhere")
		for range 9 {
			for f.WorkJobs(f.Context(), nil) != nil { // each of them fails
			}
			f.clock.pass(2 * time.Hour)
		}
		waits := "SELECT state || ' ' || error FROM jobs ORDER BY kind"
		if got := storagetest.Strings(f.T, f.db, waits); !slices.Equal(got, []string{"waiting ", "waiting "}) {
			f.Errorf("after nine times they are %q", got)
		}
		for f.WorkJobs(f.Context(), nil) != nil {
		}
		if got := storagetest.Strings(f.T, f.db, waits); !slices.Equal(got, []string{"failed fault", "failed fault"}) {
			f.Errorf("after ten times they are %q", got)
		}
		f.exec("ALTER TABLE elsewhere RENAME TO group_moderators")
	})
}

// Whoever looks after the group is asked for with its past.
func TestABackfillBringsWhoLooksAfterTheGroup(t *testing.T) {
	eachFollower(t, func(f *follower) {
		elm := fedtest.NewServer(f.T, "elm.example", fedtest.In(f.world))
		lee, gone := elm.Person("lee"), elm.URL+"/u/gone"
		f.serves("/c/quiet/moderators", f.lena.ID, lee.ID, gone)
		f.follows(f.ada)
		f.wantsJob(community.JobDone, "")
		ids, err := f.store.ModeratorsThere(f.Context(), f.group.ID)
		f.must(err)
		named, err := f.store.ModeratorAccountsThere(f.Context(), f.group.ID)
		if f.must(err); !slices.Equal(ids, []string{f.lena.ID, lee.ID, gone}) || len(named) != 2 {
			f.Errorf("moderators are %q, known %d of them; want three, and two known", ids, len(named))
		}
	})
}

func TestACollectionWithoutEndEnds(t *testing.T) {
	eachFollower(t, func(f *follower) {
		served := 0
		page := func(next func(path string) string) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				served++
				body, _ := json.Marshal(map[string]any{"id": f.far.URL + r.URL.Path, "type": "OrderedCollectionPage", "orderedItems": []any{}, "next": next(r.URL.Path)})
				fedtest.Body("application/activity+json", body)(w, r)
			}
		}
		f.far.Handle("/c/quiet/featured", page(func(path string) string { return f.far.URL + path })) // names itself
		for i := range 50 {
			f.far.Handle(fmt.Sprint("/c/quiet/outbox/", i), page(func(string) string { return fmt.Sprint(f.far.URL, "/c/quiet/outbox/", i+1) }))
		}
		f.far.Serve("/c/quiet/outbox", map[string]any{"type": "OrderedCollection", "first": f.far.URL + "/c/quiet/outbox/0"})
		f.follows(f.ada)
		f.wantsJob(community.JobDone, "")
		if served != 11 {
			f.Errorf("%d pages were asked for, want one that names itself and ten of one without end", served)
		}
	})
}

func TestABackfillHasABound(t *testing.T) {
	eachFollower(t, func(f *follower) {
		var all []any
		for i := range 4 {
			all = append(all, f.page(fmt.Sprint("thread-", i), 72)["id"])
		}
		f.serves("/c/quiet/outbox", all...)
		f.isLetIn(f.ada)
		f.exec(`UPDATE jobs SET cursor = '{"asked":994}'`) // the group, its moderators, featured, the outbox, a thread, its author
		f.works()
		f.wantsJob(community.JobDone, "")
		f.wantsKnown("thread-0")
		f.exec("DELETE FROM jobs")
		f.out(f.ada)
		f.asks(f.ada)
		f.isLetIn(f.ada)
		f.exec(`UPDATE jobs SET cursor = '{"taken":998}'`)
		f.works()
		f.wantsKnown("thread-0", "thread-1", "thread-2")
	})
}

func TestAnAnswerBringsWhatItAnswers(t *testing.T) {
	eachFollower(t, func(f *follower) {
		thread := f.page("thread", 72, map[string]any{"context": nil, "replies": f.far.URL + "/p/thread/replies"})
		one := f.answer("one", thread, 71, map[string]any{"replies": f.far.URL + "/p/one/replies"})
		two := f.answer("two", one, 70)
		deep := f.answer("deep", two, 69)
		f.serves("/p/thread/replies", one["id"])
		f.serves("/p/one/replies", deep["id"]) // which answers one that nothing names
		inside := f.answer("inside", map[string]any{"id": f.far.URL + "/p/piefed"}, 60)
		piefed := f.page("piefed", 61, map[string]any{"context": nil, "replies": []any{inside}})
		f.actor.Publish(f.announced(thread), f.announced(piefed))
		f.follows(f.ada)
		f.wantsKnown("deep", "inside", "one", "piefed", "thread", "two")
	})
}

func TestABackfillThatWasKilledGoesOnWhereItWas(t *testing.T) {
	eachFollower(t, func(f *follower) {
		var all []any
		for i := range 6 {
			all = append(all, f.page(fmt.Sprint("thread-", i), 72)["id"])
		}
		f.serves("/c/quiet/outbox", all...)
		f.isLetIn(f.ada)
		ctx := f.Context()
		claimed, err := f.store.ClaimJob(ctx, f.clock.Now(), true)
		f.must(err)
		if _, err := f.another(f.T).store.ClaimJob(ctx, f.clock.Now(), true); err == nil {
			f.Fatal("two work on one job")
		}
		f.exec("UPDATE jobs SET lease_token = NULL") // its time is over
		killed := make(chan struct{})
		f.must(f.WorkJobs(ctx, f.after(8, func() { close(killed); f.exec("UPDATE jobs SET lease_token = 'another''s'") })))
		<-killed
		if err := f.store.SaveJob(ctx, claimed, true); err != federation.ErrLeaseLost {
			f.Errorf("whoever lost the job saves it: %v", err)
		}
		before := f.asked()
		f.exec("UPDATE jobs SET lease_token = NULL")
		f.must(f.another(f.T).WorkJobs(ctx, nil))
		f.wantsJob(community.JobDone, "")
		f.wantsKnown("thread-0", "thread-1", "thread-2", "thread-3", "thread-4", "thread-5")
		again := f.asked()[len(before):]
		for _, path := range []string{"/c/quiet/outbox", "/p/thread-0"} {
			if slices.Contains(again, path) {
				f.Errorf("asked for %s again: %q", path, again)
			}
		}
	})
}

func TestGroupsOfOneServerAreBackfilledOneAfterTheOther(t *testing.T) {
	eachFollower(t, func(f *follower) {
		f.isLetIn(f.ada)
		job := f.job()
		job.ID, job.AboutID = secret.NewID(f.clock.Now().Add(time.Second)), "another"
		f.must(f.store.InsertJob(f.Context(), job))
		first, err := f.store.ClaimJob(f.Context(), f.clock.Now(), true)
		f.must(err)
		if second, err := f.store.ClaimJob(f.Context(), f.clock.Now(), true); err == nil {
			f.Errorf("%s is worked on beside %s", second.AboutID, first.AboutID)
		}
		first.State = community.JobDone
		f.must(f.store.SaveJob(f.Context(), first, true))
		second, err := f.store.ClaimJob(f.Context(), f.clock.Now(), true)
		if f.must(err); second.AboutID != "another" {
			f.Errorf("then comes %s", second.AboutID)
		}
	})
}

func TestAPausedServerIsNotAsked(t *testing.T) {
	eachFollower(t, func(f *follower) {
		f.actor.Publish(f.announced(f.page("thread", 72)))
		f.must(f.store.PauseLane(f.Context(), f.far.Host, "warden"))
		f.follows(f.ada)
		f.wantsJob(community.JobWaiting, "paused")
		if asked := f.asked(); len(asked) > 0 {
			f.Errorf("asked for %q", asked)
		}
		f.must(f.store.ResumeLane(f.Context(), f.far.Host, f.clock.Now()))
		f.clock.pass(time.Hour)
		f.works()
		f.wantsKnown("thread")
	})
}
