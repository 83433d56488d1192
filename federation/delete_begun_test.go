package federation_test

import (
	"testing"
	"time"

	"hearth/community"
	"hearth/federation"
	"hearth/federation/fedtest"
	"hearth/federation/wire"
)

// exec runs a statement behind the Store.
func (w *writers) exec(statement string) {
	w.Helper()
	_, err := w.db.ExecContext(w.Context(), statement)
	w.must(err)
}

// givesBack claims far.example's lane and gives it back without having sent anything.
func (w *writers) givesBack() {
	w.Helper()
	lanes, err := w.store.ClaimLanes(w.Context(), w.clock.Now(), 10)
	w.must(err)
	var reports []federation.LaneReport
	for _, l := range lanes {
		reports = append(reports, federation.LaneReport{Lease: federation.Lease{Host: l.Host, Token: *l.LeaseToken}, Release: true})
	}
	if len(reports) != 1 {
		w.Fatalf("claimed %d lanes, want one", len(reports))
	}
	_, err = w.store.FinishDeliveries(w.Context(), w.clock.Now(), reports)
	w.must(err)
}

func TestR18OnlyAServerThatMayHaveAPostHearsOfItsDeletion(t *testing.T) {
	for name, c := range map[string]struct {
		before, after func(w *writers)
		want          int
	}{
		"nobody looked at the queue":            {want: 0},
		"somebody looked, and sent nothing yet": {before: (*writers).givesBack, want: 0},
		"an attempt failed": {
			before: func(w *writers) {
				w.far.AnswerDeliveries(fedtest.Status(down))
				w.must(w.DeliverOnce(w.Context()))
			},
			after: func(w *writers) { w.far.AnswerDeliveries(fedtest.Status(202)) },
			want:  1, // the other post waited behind it
		},
		"somebody is at it": {
			before: func(w *writers) {
				w.exec("UPDATE lanes SET lease_token = 'another', leased_until = '2999-01-01 00:00:00+00:00' WHERE host = 'far.example'")
			},
			after: func(w *writers) {
				w.exec("UPDATE lanes SET lease_token = NULL, leased_until = NULL WHERE host = 'far.example'")
			},
			want: 2,
		},
		"somebody was killed at it": {
			before: func(w *writers) {
				w.exec("UPDATE lanes SET lease_token = 'dead', leased_until = '2020-01-01 00:00:00+00:00' WHERE host = 'far.example'")
				w.givesBack()
			},
			want: 2,
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachWriters(t, func(w *writers) {
				g := w.ownGroup("carers")
				w.stranger("kim", g)
				here := w.writeIn(g)
				w.must(w.PublishOnce(w.Context()))
				there := w.write(w.ada, "", "there")
				if c.before != nil {
					c.before(w)
				}
				for _, post := range []community.Post{here, there} {
					_, err := w.service.DeletePost(w.Context(), w.ada, post.ID)
					w.must(err)
				}
				if c.after != nil {
					c.after(w)
				}
				w.must(w.PublishOnce(w.Context()))
				w.clock.pass(2 * time.Hour) // until a lane that failed is tried again
				w.must(w.DeliverOnce(w.Context()))
				w.must(w.DeliverOnce(w.Context()))
				deletions := 0
				for _, kind := range w.told() {
					if kind == "Delete" {
						deletions++
					}
				}
				if deletions != c.want {
					w.Errorf("%s was told %q, want %d deletions", w.far.Host, w.told(), c.want)
				}
			})
		})
	}
}

// What a server asked for itself it has, whatever became of the queue.
func TestR18AServerThatTookACopyHearsOfItsDeletionThoughNoneWasSent(t *testing.T) {
	eachWriters(t, func(w *writers) {
		w.person(w.T, "cora")
		warden := w.warden()
		g := w.ownGroup("carers")
		w.stranger("kim", g)
		w.must(w.store.InsertMembership(w.Context(), community.Membership{ID: "cora-in", GroupID: g.ID, AccountID: "cora", Role: community.GroupModerator, State: community.MemberActive, CreatedAt: noon, ChangedAt: noon}))
		post := w.writeIn(g)
		w.must(w.PublishOnce(w.Context()))
		w.moderate(warden, post, community.MeasureHide) // it was queued, and does not go
		w.publishAndDeliver()
		w.wantTold()
		w.moderate(warden, post, community.MeasureShow)
		_, err := w.PostDocument(w.Context(), community.Viewer{Domain: w.far.Host, Remote: w.far.URL + "/u/kim"}, post.ID)
		w.must(err)
		_, err = w.service.DeletePost(w.Context(), w.ada, post.ID)
		w.must(err)
		w.publishAndDeliver()
		w.wantTold("Delete")
	})
}

// Nor does it matter that what was to be sent there waits still.
func TestR18AServerThatTookACopyBeforeItsTurnHearsOfTheDeletion(t *testing.T) {
	eachWriters(t, func(w *writers) {
		g := w.ownGroup("carers")
		w.stranger("kim", g)
		post := w.writeIn(g)
		w.must(w.PublishOnce(w.Context()))
		_, err := w.PostDocument(w.Context(), community.Viewer{Domain: w.far.Host, Remote: w.far.URL + "/u/kim"}, post.ID)
		w.must(err)
		w.must(w.KeepCopiesOnce(w.Context()))
		_, err = w.service.DeletePost(w.Context(), w.ada, post.ID)
		w.must(err)
		w.publishAndDeliver()
		w.wantTold("Delete")
	})
}

// Whoever wrote it hears that it was hidden, though nobody was told of it yet.
func TestTheAuthorsServerHearsOfHidingThatCameBeforeTheAnnounce(t *testing.T) {
	eachWriters(t, func(w *writers) {
		w.person(w.T, "cora")
		warden := w.warden()
		g := w.ownGroup("carers")
		kim := w.stranger("kim", g)
		w.must(w.store.InsertMembership(w.Context(), community.Membership{ID: "cora-in", GroupID: g.ID, AccountID: "cora", Role: community.GroupModerator, State: community.MemberActive, CreatedAt: noon, ChangedAt: noon}))
		note := map[string]any{"id": w.far.URL + "/p/1", "type": "Page", "attributedTo": kim.URI, "name": "A title", "content": "<p>words</p>", "to": []string{wire.Public}, "cc": []string{g.URI}, "audience": g.URI}
		create := w.incoming(w.far.Person("kim").Activity("Create", note))
		w.must(w.store.SaveIncoming(w.Context(), create))
		if out := w.Handled(w.Context(), create); out.Outcome != federation.Accepted {
			w.Fatalf("the post was %s (%s), want accepted", out.Outcome, out.Reason)
		}
		post, err := w.store.PostByURI(w.Context(), w.far.URL+"/p/1")
		w.must(err)
		w.must(w.PublishOnce(w.Context())) // the Announce is queued, and does not go
		w.moderate(warden, post, community.MeasureHide)
		w.publishAndDeliver()
		w.wantTold("Delete")
	})
}
