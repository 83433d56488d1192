package federation_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation"
	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
)

func TestHangingHostDelaysNobody(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		stuck := fedtest.NewServer(t, "stuck.example", fedtest.In(h.world))
		stuck.AnswerDeliveries(fedtest.Hang())
		live := fedtest.NewServer(t, "live.example", fedtest.In(h.world))
		var mails []mail
		for range 20 {
			mails = append(mails, mail{host: stuck.Host, key: "a"}, mail{host: live.Host, key: "a"})
		}
		h.queue(t, mails...)
		stop := h.start(t)
		h.awaitObject(live, "a/20") // the hanging one is not even given up by then
		stuck.Await("one try", func(r fedtest.Request) bool { return r.Method == http.MethodPost })
		stuck.Unplug()
		stop()
		if n := len(stuck.Deliveries()); n != 1 {
			t.Errorf("the hanging host got %d at once, want one probe", n)
		}
		if got := h.states(t); got[federation.DeliveryDone] != 20 || got[federation.DeliveryWaiting] != 20 {
			t.Errorf("got %v, want 20 done and 20 waiting", got)
		}
	})
}

func TestWindowOpensAfterTheFirstSuccess(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		var now, most, first atomic.Int32
		ready := make(chan struct{})
		var once sync.Once
		far.AnswerDeliveries(func(w http.ResponseWriter, r *http.Request) {
			flying := now.Add(1)
			defer now.Add(-1)
			if first.CompareAndSwap(0, 1) {
				return // the first is alone; later ones wait for each other
			}
			for most.Load() < flying && !most.CompareAndSwap(most.Load(), flying) {
			}
			if flying == 8 {
				once.Do(func() { close(ready) })
			}
			<-ready
		})
		var mails []mail
		for i := range 20 {
			mails = append(mails, mail{host: far.Host, key: fmt.Sprint("k", i)})
		}
		h.queue(t, mails...)
		stop := h.start(t)
		h.awaitObject(far, "k19/1")
		stop()
		if n := most.Load(); n != 8 {
			t.Errorf("got %d at once, want 8", n)
		}
	})
}

func TestHostThatFailsIsProbedOnceAndLater(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		far.AnswerDeliveries(fedtest.Status(503))
		h.queue(t, mail{host: far.Host, key: "a"}, mail{host: far.Host, key: "b"}, mail{host: far.Host, key: "c"})
		for probe := range 5 {
			h.workOnce(t)
			h.workOnce(t) // at once again: it rests
			if n := len(far.Deliveries()); n != probe+1 {
				t.Fatalf("got %d attempts after %d rests, want one each", n, probe)
			}
			lane, err := h.store.Lane(t.Context(), far.Host)
			if err != nil || lane.NextAt.Sub(h.clock.Now()) < 30*time.Second {
				t.Fatalf("rests until %v, %v; want half a minute at least", lane.NextAt, err)
			}
			h.clock.pass(lane.NextAt.Sub(h.clock.Now()))
		}
	})
}

func TestHostThatAnswersNothingBut500IsLeftAlone(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		far.AnswerDeliveries(fedtest.Status(500))
		var mails []mail
		for i := range 40 {
			mails = append(mails, mail{host: far.Host, key: fmt.Sprint("k", i)})
		}
		h.queue(t, mails...)
		h.workOnce(t)
		if n := len(far.Deliveries()); n != 2 {
			t.Errorf("got %d attempts, want 2 before it is taken for the host's fault", n)
		}
		h.clock.pass(80 * time.Second)
		h.workOnce(t)
		if n := len(far.Deliveries()); n != 3 {
			t.Errorf("got %d attempts a minute later, want one more", n)
		}
	})
}

func TestDeliveryThatAlwaysFailsIsSetAsideAndItsKeyGoesOn(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		far.AnswerDeliveries(func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(bodyOf(r), `"a/1"`) {
				w.WriteHeader(500)
			}
		})
		h.queue(t, mail{host: far.Host, key: "b"}, mail{host: far.Host, key: "a"}, mail{host: far.Host, key: "a"})
		began := h.clock.Now()
		for range 12 {
			h.workOnce(t)
			if h.states(t)[federation.DeliverySetAside] > 0 {
				break
			}
			h.clock.pass(15 * time.Minute)
		}
		if after := h.clock.Now().Sub(began); after < time.Hour {
			t.Errorf("set aside after %s, want an hour at least", after)
		}
		h.workOnce(t)
		if got := ofKey(objects(far), "a"); len(got) != 6 || got[5] != "a/2" {
			t.Errorf("got %v, want a/1 five times and then a/2", got)
		}
		if got := h.states(t); got[federation.DeliverySetAside] != 1 || got[federation.DeliveryDone] != 2 {
			t.Errorf("got %v, want one set aside and two done", got)
		}
	})
}

func TestWhatComesLaterWaitsBehindWhatFailed(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		var well atomic.Bool
		far.AnswerDeliveries(func(w http.ResponseWriter, r *http.Request) {
			if !well.Load() && strings.Contains(bodyOf(r), `"a/1"`) {
				w.WriteHeader(500)
			}
		})
		h.queue(t, mail{host: far.Host, key: "b"}, mail{host: far.Host, key: "a"})
		h.workOnce(t)
		later := federation.Parcel{At: h.clock.Now()}
		h.pack(&later, mail{host: far.Host, key: "b"}, "b/2")
		h.pack(&later, mail{host: far.Host, key: "a"}, "a/2")
		h.publish(t, later)
		h.workOnce(t)
		if got := objects(far); !slices.Equal(ofKey(got, "a"), []string{"a/1"}) || !slices.Equal(ofKey(got, "b"), []string{"b/1", "b/2"}) {
			t.Errorf("got %v; want a/2 to wait behind a/1, and b/2 behind nothing", got)
		}
		well.Store(true)
		h.clock.pass(2 * time.Minute)
		h.workOnce(t)
		if got := ofKey(objects(far), "a"); !slices.Equal(got, []string{"a/1", "a/1", "a/2"}) {
			t.Errorf("got %v, want a/1 again and then a/2", got)
		}
	})
}

func TestDayOfOutageIsCaughtUpInOrder(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		far.AnswerDeliveries(fedtest.Status(502))
		for range 24 {
			h.queue(t, mail{host: far.Host, key: "a"}, mail{host: far.Host, key: "b"}, mail{host: far.Host, key: "a"})
			h.workOnce(t)
			h.clock.pass(time.Hour)
		}
		down := len(far.Deliveries())
		if down > 40 {
			t.Errorf("got %d attempts in a day without an answer, want few", down)
		}
		far.AnswerDeliveries(fedtest.Status(202))
		h.clock.pass(time.Hour)
		h.workOnce(t)
		sent := objects(far)[down:]
		if len(sent) != 72 {
			t.Fatalf("got %d after the outage, want 72", len(sent))
		}
		for _, key := range []string{"a", "b"} {
			if got, want := ofKey(sent, key), h.queued(t, key); !slices.Equal(got, want) {
				t.Errorf("%s: got %v, want the order they were queued in", key, got)
			}
		}
	})
}

// queued are the objects of a key as they were queued.
func (h *hearth) queued(t testing.TB, key string) []string {
	t.Helper()
	return ofKey(storagetest.Strings(t, h.db, "SELECT a.object_uri FROM deliveries AS d JOIN activities AS a ON a.id = d.activity_id ORDER BY d.seq"), key)
}

func TestHostIsDeadAfterSevenFailingDaysAndLosesItsMailAfterFourteen(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		far.AnswerDeliveries(fedtest.Status(503))
		h.queue(t, mail{host: far.Host, key: "a"})
		lane := func() federation.Lane {
			h.workOnce(t)
			lane, err := h.store.Lane(t.Context(), far.Host)
			if err != nil {
				t.Fatal(err)
			}
			return lane
		}
		for day := 1; day <= 6; day++ {
			lane()
			h.clock.pass(11 * time.Hour) // twice a day counts as one
			if got := lane(); got.IsDead() || got.FailingDays != day {
				t.Fatalf("after %d days: %d failing days, dead %v", day, got.FailingDays, got.IsDead())
			}
			h.clock.pass(13 * time.Hour)
		}
		if got := lane(); !got.IsDead() || !got.FailingSince.Equal(noon) {
			t.Errorf("on the seventh day: dead %v, failing since %v; want dead since %v", got.IsDead(), got.FailingSince, noon)
		}
		h.tidy(t)
		if got := h.states(t); got[federation.DeliveryWaiting] != 1 {
			t.Errorf("a dead host's mail: got %v, want it kept for now", got)
		}
		h.clock.pass(8*24*time.Hour + time.Minute)
		h.tidy(t)
		if got := h.states(t); got[federation.DeliveryExpired] != 1 {
			t.Errorf("a week later: got %v, want it expired", got)
		}
	})
}

func TestVerifiedRequestRevivesALane(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		far.AnswerDeliveries(fedtest.InOrder(fedtest.Status(502), fedtest.Status(202)))
		h.queue(t, mail{host: far.Host, key: "a"})
		h.workOnce(t)
		h.HeardFrom(t.Context(), far.Host)
		h.workOnce(t)
		if got := h.states(t); got[federation.DeliveryDone] != 1 {
			t.Errorf("got %v, want it delivered as soon as the host was heard from", got)
		}
		lane, err := h.store.Lane(t.Context(), far.Host)
		if err != nil || lane.FailingSince != nil || lane.SendWindow != 8 {
			t.Errorf("got failing since %v, window %d, %v; want a healthy lane", lane.FailingSince, lane.SendWindow, err)
		}
	})
}

// A host that sends but takes nothing is not well by that: it dies in its time,
// and since when it does not answer stays true.
func TestAServerThatOnlySendsIsTriedAgainAndStillFails(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		far.AnswerDeliveries(fedtest.Status(503))
		h.queue(t, mail{host: far.Host, key: "a"})
		h.workOnce(t)
		for day := 1; day <= 7; day++ {
			h.HeardFrom(t.Context(), far.Host)
			before := len(far.Deliveries())
			h.workOnce(t)
			if n := len(far.Deliveries()) - before; n != 1 {
				t.Fatalf("heard from on day %d: got %d attempts, want one", day, n)
			}
			lane, err := h.store.Lane(t.Context(), far.Host)
			if err != nil || lane.FailingSince == nil || !lane.FailingSince.Equal(noon) || lane.FailingDays != day || lane.IsDead() != (day == 7) {
				t.Fatalf("day %d: failing since %v on %d days, dead %v, %v", day, lane.FailingSince, lane.FailingDays, lane.IsDead(), err)
			}
			h.clock.pass(24 * time.Hour)
		}
	})
}

func TestServerHeardFromJustBeforeItFailedIsTriedAgainWhenItIsBack(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		far.AnswerDeliveries(fedtest.Status(502))
		h.HeardFrom(t.Context(), far.Host)
		h.queue(t, mail{host: far.Host, key: "a"})
		h.workOnce(t)
		for range 3 { // it sends, and takes nothing
			h.HeardFrom(t.Context(), far.Host)
			h.workOnce(t)
		}
		if n := len(far.Deliveries()); n != 2 {
			t.Errorf("got %d attempts within a minute, want the first and one when it was heard from again", n)
		}
		far.AnswerDeliveries(fedtest.Status(202))
		h.clock.pass(time.Minute)
		h.HeardFrom(t.Context(), far.Host)
		h.workOnce(t)
		if got := h.states(t); got[federation.DeliveryDone] != 1 {
			t.Errorf("got %v a minute later, want it delivered", got)
		}
	})
}

func TestRevivedLaneStillWaitsAsItWasAsked(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		far.AnswerDeliveries(fedtest.InOrder(fedtest.Status(429, "Retry-After", "3600"), fedtest.Status(202)))
		h.queue(t, mail{host: far.Host, key: "a"})
		h.workOnce(t)
		h.HeardFrom(t.Context(), far.Host)
		h.queue(t, mail{host: far.Host, key: "b"})
		h.workOnce(t)
		if n := len(far.Deliveries()); n != 1 {
			t.Errorf("got %d attempts within the hour it asked for, want one", n)
		}
		h.clock.pass(time.Hour)
		h.workOnce(t)
		if got := h.states(t); got[federation.DeliveryDone] != 2 {
			t.Errorf("got %v, want both delivered after the hour", got)
		}
	})
}

func TestPolicyRaisedAfterQueueingStopsEveryDelivery(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		live := fedtest.NewServer(t, "live.example", fedtest.In(h.world))
		h.queue(t, mail{host: far.Host, key: "a"}, mail{host: far.Host, key: "b"}, mail{host: live.Host, key: "a"})
		if _, err := h.service.SetPolicyAsOperator(t.Context(), community.PolicyDraft{Domain: far.Host, Severity: policy.Suspend}); err != nil {
			t.Fatal(err)
		}
		h.workOnce(t)
		if n := len(far.Requests()); n != 0 {
			t.Errorf("the refused host got %d requests, want none", n)
		}
		if got := h.states(t); got[federation.DeliveryCancelled] != 2 || got[federation.DeliveryDone] != 1 {
			t.Errorf("got %v, want two cancelled and one done", got)
		}
	})
}

func TestPolicyRaisedWhileALaneIsWorkedOnStopsTheRest(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		came, answer := make(chan struct{}, 10), make(chan struct{})
		far.AnswerDeliveries(func(http.ResponseWriter, *http.Request) { came <- struct{}{}; <-answer })
		var mails []mail
		for range 20 {
			mails = append(mails, mail{host: far.Host, key: "a"})
		}
		h.queue(t, mails...)
		stop := h.start(t)
		<-came
		if _, err := h.service.SetPolicyAsOperator(t.Context(), community.PolicyDraft{Domain: far.Host, Severity: policy.Suspend}); err != nil {
			t.Fatal(err)
		}
		close(answer)
		h.awaitStates(t, func(n map[string]int) bool { return n[federation.DeliveryCancelled] == 19 })
		stop()
		if n := len(far.Deliveries()); n != 1 {
			t.Errorf("got %d deliveries, want the one that was under way", n)
		}
	})
}

func TestHiddenPostsUnsentDeliveriesAreCancelledButItsDeletion(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		post, other := h.post(t, "p1"), h.post(t, "p2")
		h.queue(t, mail{host: far.Host, key: "a", postID: post}, mail{host: far.Host, key: "a", kind: "Update", postID: post},
			mail{host: far.Host, key: "a", kind: "Announce", postID: post}, mail{host: far.Host, key: "a", kind: "Delete", postID: post}, mail{host: far.Host, key: "b", postID: other})
		err := h.store.InTx(t.Context(), func(tx community.Store) error {
			if err := tx.CancelDeliveries(t.Context(), []string{*post}, time.Now()); err != nil {
				return err
			}
			return tx.BlankActivities(t.Context(), []string{*post})
		})
		if err != nil {
			t.Fatal(err)
		}
		var left int
		if err := h.db.QueryRow("SELECT count(*) FROM activities WHERE raw IS NOT NULL").Scan(&left); err != nil || left != 2 {
			t.Errorf("%d activities have bytes, %v; want the Delete and the other post's", left, err)
		}
		h.workOnce(t)
		var kinds []string
		for _, r := range far.Deliveries() {
			kinds = append(kinds, r.Type())
		}
		slices.Sort(kinds)
		if !slices.Equal(kinds, []string{"Create", "Delete"}) {
			t.Errorf("got %v, want the Delete, and the Create of the other post", kinds)
		}
	})
}

func TestReachSaysWhoHasACopyAndWhoKnowsItsDeletion(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		shut := fedtest.NewServer(t, "shut.example", fedtest.In(h.world))
		shut.AnswerDeliveries(fedtest.Status(403))
		post := h.post(t, "p1")
		h.queue(t, mail{host: far.Host, key: "a", postID: post}, mail{host: shut.Host, key: "a", postID: post})
		if _, err := h.db.Exec("INSERT INTO reach (post_id, host) VALUES ('p1', 'shut.example')"); err != nil {
			t.Fatal(err)
		}
		h.workOnce(t)
		var sent, refused string
		if err := h.db.QueryRow("SELECT CASE WHEN sent_at IS NULL THEN 'no' ELSE 'yes' END FROM reach WHERE host = 'far.example'").Scan(&sent); err != nil || sent != "yes" {
			t.Errorf("far.example has a copy: %q, %v; want yes, though nobody announced it", sent, err)
		}
		if err := h.db.QueryRow("SELECT refused FROM reach WHERE host = 'shut.example' AND sent_at IS NULL").Scan(&refused); err != nil || refused != "403" {
			t.Errorf("shut.example: refused %q, %v; want 403 and no copy", refused, err)
		}
		h.queue(t, mail{host: far.Host, key: "a", kind: "Delete", postID: post})
		h.workOnce(t)
		var known int
		if err := h.db.QueryRow("SELECT count(*) FROM reach WHERE host = 'far.example' AND delete_received_at IS NOT NULL").Scan(&known); err != nil || known != 1 {
			t.Errorf("far.example knows of the deletion: %d, %v; want 1", known, err)
		}
	})
}

func TestPausedLaneWaitsUntilItIsResumed(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		if err := h.store.PauseLane(t.Context(), far.Host, "ada"); err != nil {
			t.Fatal(err)
		}
		h.queue(t, mail{host: far.Host, key: "a"})
		h.workOnce(t)
		if n := len(far.Deliveries()); n != 0 {
			t.Errorf("got %d deliveries while paused, want none", n)
		}
		if err := h.store.ResumeLane(t.Context(), far.Host, h.clock.Now()); err != nil {
			t.Fatal(err)
		}
		h.workOnce(t)
		if n := len(far.Deliveries()); n != 1 {
			t.Errorf("got %d deliveries after that, want one", n)
		}
		if err := h.store.ResumeLane(t.Context(), far.Host, h.clock.Now()); err == nil {
			t.Error("a lane that was not paused was resumed")
		}
	})
}

func TestNewKeyIsToldOfUnderTheOldOne(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		ben := h.person(t, "ben")
		old, err := h.KeyOf(t.Context(), ben.ID)
		if err != nil {
			t.Fatal(err)
		}
		other := fedtest.PrivateKey(1)
		row := federation.KeyRow{ID: "newest", PublicPEM: fedtest.PublicPEM(&other.PublicKey), CreatedAt: noon.Add(-time.Hour)}
		if row.PrivateKey, err = federation.SealPrivate(sealKey, row.ID, other); err != nil {
			t.Fatal(err)
		}
		if err := h.store.InsertKey(t.Context(), row); err != nil {
			t.Fatal(err)
		}
		if err := h.RotateKey(t.Context(), ben.ID, ben.URI); err != nil {
			t.Fatal(err)
		}
		// One server knows the old key alone, one the new one alone.
		h.world.Trust(old.ID, &old.Private.PublicKey)
		before := fedtest.NewServer(t, "before.example", fedtest.In(h.world))
		h.sendAs(t, ben, before.Host, "Update", ben.URI)
		if got := before.AwaitActivity("Update"); got.Err != nil {
			t.Errorf("the Update is not signed with the key that is known: %v", got.Err)
		}
		h.clock.pass(time.Hour) // by now who was told of it knows it
		h.world.Trust(old.ID, &other.PublicKey)
		after := fedtest.NewServer(t, "after.example", fedtest.In(h.world))
		h.sendAs(t, ben, after.Host, "Create", "a/1")
		if got := after.AwaitActivity("Create"); got.Err != nil {
			t.Errorf("what comes after it is not signed with the new key: %v", got.Err)
		}
	})
}

// sendAs delivers one activity of another actor than ada.
func (h *hearth) sendAs(t testing.TB, a community.Actor, host, kind, object string) {
	t.Helper()
	parcel := federation.Parcel{At: h.clock.Now()}
	h.pack(&parcel, mail{host: host, key: "a", kind: kind}, object)
	parcel.Activities[0].ActorURI, parcel.Deliveries[0].ActorID = a.URI, a.ID
	h.publish(t, parcel)
	h.workOnce(t)
}
