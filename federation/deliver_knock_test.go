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

	"hearth/federation"
	"hearth/federation/fedtest"
)

// knocked is how what came to a server's inboxes was signed, in order; "forged"
// where that does not hold.
func knocked(far *fedtest.Server) string {
	var ways []string
	for _, r := range far.Deliveries() {
		way := "draft"
		if isMessage(r.Header) {
			way = "message"
		}
		if r.Err != nil {
			way = "forged"
		}
		ways = append(ways, way)
	}
	return strings.Join(ways, " ")
}

func isMessage(h http.Header) bool { return h.Get("Signature-Input") != "" }

// onlyMessages takes what is signed by RFC 9421 and refuses the rest in one way.
func onlyMessages(refusal, taken http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if isMessage(r.Header) {
			taken(w, r)
			return
		}
		refusal(w, r)
	}
}

// sendsOne queues a delivery to a server, works until nothing is due, and gives
// how it was signed.
func (h *hearth) sendsOne(t *testing.T, far *fedtest.Server) string {
	t.Helper()
	before := len(far.Deliveries())
	h.queue(t, mail{host: far.Host, key: fmt.Sprint("key-", before)})
	h.workOnce(t)
	return strings.Join(strings.Fields(knocked(far))[before:], " ")
}

func TestServerIsKnockedAtTheOtherWayOnceADay(t *testing.T) {
	unauthorized, challenge := fedtest.Status(401), fedtest.Status(400, "Accept-Signature", `sig1=("@method");created`)
	no, taken := fedtest.Status(401), fedtest.Status(202)
	for _, c := range []struct {
		name               string
		refusal, answer    http.HandlerFunc
		first, again, late string // at first, a while later, a day later
		state              string
	}{
		{"one that takes RFC 9421 alone", unauthorized, taken, "draft draft message", "message", "draft draft message", federation.DeliveryDone},
		{"one that asks for it", challenge, taken, "draft message", "message", "draft message", federation.DeliveryDone},
		{"one that takes neither", unauthorized, no, "draft draft message", "draft draft", "draft draft message", federation.DeliveryRefused},
		{"one that fails at it", unauthorized, fedtest.Status(500), "draft draft message", "draft draft", "draft draft message", federation.DeliveryRefused},
		{"one that does not want it", unauthorized, fedtest.Status(404), "draft draft message", "message", "draft draft message", federation.DeliveryRefused},
		{"one that says 400 to all", fedtest.Status(400), taken, "draft", "draft", "draft", federation.DeliveryRefused},
		{"one that says 403 to all", fedtest.Status(403), taken, "draft", "draft", "draft", federation.DeliveryRefused},
		{"one that takes the draft", taken, taken, "draft", "draft", "draft", federation.DeliveryDone},
	} {
		t.Run(c.name, func(t *testing.T) {
			eachSender(t, func(t *testing.T, h *hearth) {
				far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
				far.AnswerDeliveries(onlyMessages(c.refusal, c.answer))
				for _, when := range []struct {
					pass time.Duration
					want string
				}{{0, c.first}, {time.Hour, c.again}, {22*time.Hour + 59*time.Minute, c.again}, {time.Minute, c.late}} {
					h.clock.pass(when.pass)
					if got := h.sendsOne(t, far); got != when.want {
						t.Errorf("%s later: signed by %s, want %s", when.pass, got, when.want)
					}
				}
				if got := h.states(t); got[c.state] != 4 {
					t.Errorf("got %v, want 4 %s", got, c.state)
				}
			})
		})
	}
}

// A server that is away when it is asked in the other way loses nothing by it.
func TestKnockThatFindsNobodyIsMadeAgain(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		far.AnswerDeliveries(onlyMessages(fedtest.Status(401), fedtest.InOrder(fedtest.Status(503), fedtest.Status(202))))
		if got := h.sendsOne(t, far); got != "draft draft message" {
			t.Errorf("signed by %s", got)
		}
		if got := h.states(t); got[federation.DeliveryWaiting] != 1 {
			t.Errorf("got %v, want it waiting", got)
		}
		h.clock.pass(time.Hour)
		h.workOnce(t)
		if got := knocked(far); got != "draft draft message draft draft message" {
			t.Errorf("signed by %s, want the same again", got)
		}
		if got := h.states(t); got[federation.DeliveryDone] != 1 {
			t.Errorf("got %v, want it done", got)
		}
	})
}

func TestServerThatGoesBackToTheDraftIsFollowed(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		far.AnswerDeliveries(onlyMessages(fedtest.Status(401), fedtest.Status(202)))
		h.sendsOne(t, far)
		far.AnswerDeliveries(onlyMessages(fedtest.Status(202), fedtest.Status(401)))
		for i, want := range []string{"message draft", "draft"} {
			if got := h.sendsOne(t, far); got != want {
				t.Errorf("delivery %d: signed by %s, want %s", i, got, want)
			}
		}
		if got := h.states(t); got[federation.DeliveryDone] != 3 {
			t.Errorf("got %v, want 3 done", got)
		}
	})
}

// All that is under way when a server stops to take the draft waits for the one
// that finds out what it takes.
func TestDeliveriesUnderWayShareOneKnock(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		h.sendsOne(t, far) // so that eight go out at once
		var arrivedAtOnce, knocks atomic.Int32
		all := make(chan struct{})
		var once sync.Once
		refuse := func(w http.ResponseWriter, r *http.Request) {
			if arrivedAtOnce.Add(1) == 8 {
				once.Do(func() { close(all) })
			}
			<-all
			w.WriteHeader(401)
		}
		taken := func(w http.ResponseWriter, r *http.Request) {
			knocks.Add(1)
			w.WriteHeader(202)
		}
		far.AnswerDeliveries(onlyMessages(refuse, taken))
		var mails []mail
		for i := range 8 {
			mails = append(mails, mail{host: far.Host, key: fmt.Sprint("at-once-", i)})
		}
		h.queue(t, mails...)
		h.workOnce(t)
		if got := h.states(t); got[federation.DeliveryDone] != 9 {
			t.Errorf("got %v, want 9 done", got)
		}
		if n := knocks.Load(); n != 8 {
			t.Errorf("%d were signed by RFC 9421, want each once", n)
		}
		if slices.Contains(strings.Fields(knocked(far)), "forged") {
			t.Errorf("signed by %s", knocked(far))
		}
	})
}

// As a key changes RFC 9421 is signed by the one that is known, like the draft.
func TestMessagesAreSignedByTheKeyThatIsKnown(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		ctx := t.Context()
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		far.AnswerDeliveries(onlyMessages(fedtest.Status(401), fedtest.Status(202)))
		h.sendsOne(t, far)
		ada, err := h.store.Actor(ctx, "ada")
		if err != nil {
			t.Fatal(err)
		}
		h.nextKey(t)
		if err := h.RotateKey(ctx, ada.ID, ada.URI); err != nil {
			t.Fatal(err)
		}
		if got := h.sendsOne(t, far); got != "message" {
			t.Errorf("of who knows the old key: signed by %s", got)
		}
		current, err := h.KeyOf(ctx, ada.ID)
		if err != nil {
			t.Fatal(err)
		}
		h.world.Trust(current.ID, &current.Private.PublicKey)
		var refused atomic.Int32
		far.AnswerDeliveries(func(w http.ResponseWriter, r *http.Request) {
			if refused.Add(1) == 1 {
				w.WriteHeader(401)
			}
		})
		if got := h.sendsOne(t, far); got != "forged message" {
			t.Errorf("of who knows the new key: signed by %s, want the old one and then the new", got)
		}
	})
}
