package federation_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/secret"
	"hearth/federation"
	"hearth/federation/fedtest"
)

// eachSender runs fn with a hearth that has somebody to send for: "ada", whose
// key every stranger trusts. Its clock is the world's.
func eachSender(t *testing.T, fn func(t *testing.T, h *hearth)) {
	t.Helper()
	eachHearth(t, func(t *testing.T, h *hearth) {
		h.prepareToSend(t)
		fn(t, h)
	})
}

func (h *hearth) prepareToSend(t testing.TB) {
	t.Helper()
	h.world.SetClock(h.clock.Now)
	h.plantKeys(t, 10) // enough that Run makes none
	ada := h.person(t, "ada")
	h.world.Trust(ada.URI+"#main-key", &fedtest.PrivateKey(0).PublicKey)
}

// plantKeys has keys ready, all of them the same, so that none need be made.
func (h *hearth) plantKeys(t testing.TB, n int) {
	t.Helper()
	private := fedtest.PrivateKey(0)
	for range n {
		row := federation.KeyRow{ID: secret.NewActorID(), PublicPEM: fedtest.PublicPEM(&private.PublicKey), CreatedAt: noon}
		var err error
		if row.PrivateKey, err = federation.SealPrivate(sealKey, row.ID, private); err != nil {
			t.Fatal(err)
		}
		if err := h.store.InsertKey(t.Context(), row); err != nil {
			t.Fatal(err)
		}
	}
}

// start runs a node until the test ends or stop is called; stop waits for what
// is under way, and for it to be written down.
func (h *hearth) start(t testing.TB) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); h.Run(ctx) }()
	stop = func() { cancel(); <-ended }
	t.Cleanup(stop)
	return stop
}

// mail is one delivery to be queued.
type mail struct {
	host, key string
	kind      string // Create where it is empty
	postID    *string
}

// queue saves deliveries as the publisher would, of an activity each. The object
// of the nth of a key is "key/n". It publishes by itself: call it before start,
// whose publisher would otherwise race it for the event.
func (h *hearth) queue(t testing.TB, mails ...mail) []string {
	t.Helper()
	parcel := federation.Parcel{At: h.clock.Now()}
	count, ids := map[string]int{}, make([]string, len(mails))
	for i, m := range mails {
		if m.kind == "" {
			m.kind = "Create"
		}
		count[m.host+m.key]++
		object := fmt.Sprintf("%s/%d", m.key, count[m.host+m.key])
		ids[i] = h.pack(&parcel, m, object)
	}
	h.publish(t, parcel)
	return ids
}

func (h *hearth) pack(parcel *federation.Parcel, m mail, object string) (id string) {
	id = secret.NewID(h.clock.Now())
	raw, err := json.Marshal(map[string]any{"id": "https://oak.example/x/" + id, "type": m.kind, "actor": "https://oak.example/u/ada", "object": object})
	if err != nil {
		panic(err)
	}
	parcel.Activities = append(parcel.Activities, federation.Activity{
		ID: id, URI: "https://oak.example/x/" + id, Type: m.kind, ActorURI: "https://oak.example/u/ada", ObjectURI: object,
		OrderKey: m.key, PostID: m.postID, Raw: raw, Size: len(raw), ReceivedAt: h.clock.Now(),
	})
	parcel.Deliveries = append(parcel.Deliveries, federation.Delivery{
		ActivityID: id, ActorID: "ada", Inbox: "https://" + m.host + "/inbox", Host: m.host, OrderKey: m.key, PostID: m.postID, CreatedAt: h.clock.Now(),
	})
	return id
}

func (h *hearth) publish(t testing.TB, parcel federation.Parcel) {
	t.Helper()
	ctx := t.Context()
	event := community.Event{ID: secret.NewID(h.clock.Now()), Kind: "test", OrderKey: "test", CreatedAt: h.clock.Now()}
	if err := h.store.InsertEvent(ctx, event); err != nil {
		t.Fatal(err)
	}
	token, events, err := h.store.ClaimEvents(ctx, "", h.clock.Now(), 1)
	if err != nil || len(events) != 1 {
		t.Fatalf("got %d events, %v; want one", len(events), err)
	}
	if err := errors.Join(h.store.SaveOutgoing(ctx, token, events[0].Event, parcel), h.store.ReleaseEvents(ctx, token)); err != nil {
		t.Fatal(err)
	}
}

// deliveryRow is a delivery as it stands in the database.
type deliveryRow struct {
	state, reason    string
	attempts, status int
}

// deliveries are all there are, in the order they were queued.
func (h *hearth) deliveries(t testing.TB) (all []deliveryRow) {
	t.Helper()
	rows, err := h.db.Query("SELECT state, last_error, attempts, status FROM deliveries ORDER BY seq")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var d deliveryRow
		if err := rows.Scan(&d.state, &d.reason, &d.attempts, &d.status); err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	return all
}

// states counts deliveries by their state.
func (h *hearth) states(t testing.TB) map[string]int {
	t.Helper()
	n := map[string]int{}
	for _, d := range h.deliveries(t) {
		n[d.state]++
	}
	return n
}

// objects are what a server was sent, in the order in which it came.
func objects(far *fedtest.Server) []string {
	var all []string
	for _, r := range far.Deliveries() {
		object, _ := r.Activity()["object"].(string)
		all = append(all, object)
	}
	return all
}

func ofKey(objects []string, key string) []string {
	return slices.DeleteFunc(slices.Clone(objects), func(o string) bool { return !strings.HasPrefix(o, key+"/") })
}

func (h *hearth) awaitObject(far *fedtest.Server, object string) {
	far.Await(object, func(r fedtest.Request) bool { return r.Activity()["object"] == object })
}

func TestOrderIsKeptWithinAKeyWhileOthersOvertake(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		var ill atomic.Bool
		ill.Store(true)
		far.AnswerDeliveries(func(w http.ResponseWriter, r *http.Request) {
			if ill.Load() && strings.Contains(bodyOf(r), `"a/1"`) {
				w.WriteHeader(500)
			}
		})
		h.queue(t, mail{host: far.Host, key: "a"}, mail{host: far.Host, key: "a"}, mail{host: far.Host, key: "b"}, mail{host: far.Host, key: "b"}, mail{host: far.Host, key: "a"})
		stop := h.start(t)
		h.awaitObject(far, "b/2")
		stop()
		if got := objects(far); !slices.Equal(got, []string{"a/1", "b/1", "b/2"}) {
			t.Errorf("got %v, want a/1 refused, then b/1 and b/2, nothing behind a/1", got)
		}
		ill.Store(false)
		h.clock.pass(2 * time.Minute)
		stop = h.start(t)
		h.awaitObject(far, "a/3")
		stop()
		if got, want := ofKey(objects(far), "a"), []string{"a/1", "a/1", "a/2", "a/3"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		if got := h.states(t); got[federation.DeliveryDone] != 5 {
			t.Errorf("got %v, want all five done", got)
		}
	})
}

type answering []http.HandlerFunc

func TestAnswersMeanWhatPeersMeanByThem(t *testing.T) {
	for _, c := range []struct {
		name                 string
		answers              answering
		state, reason        string
		status, tries, posts int
		failing              bool
		wait, most           time.Duration // how long the lane rests
	}{
		{name: "202", answers: answering{fedtest.Status(202)}, state: federation.DeliveryDone, status: 202, posts: 1},
		{name: "404", answers: answering{fedtest.Status(404)}, state: federation.DeliveryRefused, reason: "status 404", status: 404, posts: 1},
		{name: "410", answers: answering{fedtest.Status(410)}, state: federation.DeliveryRefused, reason: "status 410", status: 410, posts: 1},
		{name: "401 twice", answers: answering{fedtest.Status(401)}, state: federation.DeliveryRefused, reason: "status 401", status: 401, posts: 2},
		{name: "401 once", answers: answering{fedtest.Status(401), fedtest.Status(200)}, state: federation.DeliveryDone, status: 200, posts: 2},
		{name: "500", answers: answering{fedtest.Status(500)}, state: federation.DeliveryWaiting, reason: "status 500", status: 500, tries: 1, posts: 1},
		{name: "a redirect", answers: answering{fedtest.Redirect("/elsewhere")}, state: federation.DeliveryWaiting, reason: "status 302", status: 302, tries: 1, posts: 1},
		{name: "502", answers: answering{fedtest.Status(502)}, state: federation.DeliveryWaiting, reason: "status 502", status: 502, posts: 1, failing: true, wait: 30 * time.Second, most: 40 * time.Second},
		{name: "503, come back in two minutes", answers: answering{fedtest.Status(503, "Retry-After", "120")}, state: federation.DeliveryWaiting, reason: "status 503", status: 503, posts: 1, failing: true, wait: 2 * time.Minute, most: 2 * time.Minute},
		{name: "429, come back in three days", answers: answering{fedtest.Status(429, "Retry-After", "259200")}, state: federation.DeliveryWaiting, reason: "status 429", status: 429, posts: 1, failing: true, wait: 24 * time.Hour, most: 24 * time.Hour},
		{name: "nobody behind Cloudflare", answers: answering{fedtest.Status(522)}, state: federation.DeliveryWaiting, reason: "status 522", status: 522, posts: 1, failing: true, wait: 30 * time.Second, most: 40 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachSender(t, func(t *testing.T, h *hearth) {
				far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
				far.AnswerDeliveries(fedtest.InOrder(c.answers...))
				h.queue(t, mail{host: far.Host, key: "a"})
				stop := h.start(t)
				for range c.posts {
					far.AwaitActivity("Create")
				}
				stop()
				d := h.deliveries(t)[0]
				if want := (deliveryRow{c.state, c.reason, c.tries, c.status}); d != want {
					t.Errorf("got %+v, want %+v", d, want)
				}
				lane, err := h.store.Lane(t.Context(), far.Host)
				if err != nil || (lane.FailingSince != nil) != c.failing || lane.LeaseToken != nil {
					t.Errorf("the lane is failing since %v, held %v, %v; want failing %v and given back", lane.FailingSince, lane.LeaseToken, err, c.failing)
				}
				if c.failing {
					if rest := lane.NextAt.Sub(h.clock.Now()); rest < c.wait || rest > c.most {
						t.Errorf("the lane rests %s, want %s to %s", rest, c.wait, c.most)
					}
				}
			})
		})
	}
}

func bodyOf(r *http.Request) string {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	return string(body)
}

// workOnce delivers all that is due now.
func (h *hearth) workOnce(t testing.TB) {
	t.Helper()
	if err := h.DeliverOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (h *hearth) tidy(t testing.TB) {
	t.Helper()
	if err := h.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// awaitStates looks at the deliveries until they are as they should be.
func (h *hearth) awaitStates(t testing.TB, are func(map[string]int) bool) {
	t.Helper()
	var states map[string]int
	eventually(t, func() string { return fmt.Sprintf("the deliveries are %v", states) }, func() bool {
		states = h.states(t)
		return are(states)
	})
}

// post is a post of ada's in a group here.
func (h *hearth) post(t testing.TB, id string) *string {
	t.Helper()
	group := community.Group{Actor: community.Actor{ID: "g-" + id, URI: "https://oak.example/g/" + id, Type: community.ActorGroup, Name: "g-" + id, CreatedAt: noon}, LastActivityAt: noon}
	post := community.Post{ID: id, URI: "https://oak.example/p/" + id, GroupID: group.ID, AuthorID: "ada", ThreadID: id, State: community.PostPublished, PublishedAt: noon, ReceivedAt: noon, LastActivityAt: noon}
	if err := errors.Join(h.store.InsertGroup(t.Context(), group), h.store.InsertPost(t.Context(), post)); err != nil {
		t.Fatal(err)
	}
	return &id
}
