package web_test

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/federation"
	"hearth/federation/fedtest"
)

func TestInboxAnswersInStatusesThatPeersUnderstand(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		far, refused := p.far("far.example"), p.far("refused.example")
		p.refuse("refused.example")
		g := p.group("open", community.ReadersAnyone, community.ReachAnywhere)
		ada := far.Person("ada")
		follow := ada.Activity("Follow", g.URI)
		unsigned := func(body string) fedtest.Answer {
			req, err := http.NewRequest(http.MethodPost, p.base+"/inbox", strings.NewReader(body))
			p.must(err)
			return far.Do(req)
		}
		gone := p.base + "/u/aaaaaaaaaaaaaaaaaaaaaaaaaa/inbox"
		for _, c := range []struct {
			name   string
			send   func() fedtest.Answer
			status int
		}{
			{"an activity", func() fedtest.Answer { return ada.Send(g.Inbox, follow) }, 202},
			{"the same again", func() fedtest.Answer { return ada.Send(p.base+"/inbox", follow) }, 202},
			{"to somebody who is not here", func() fedtest.Answer { return ada.Send(gone, ada.Activity("Like", g.URI)) }, 202},
			{"no JSON", func() fedtest.Answer { return ada.Send(g.Inbox, []byte("hello")) }, 400},
			{"no activity", func() fedtest.Answer { return ada.Send(g.Inbox, []byte(`{"type":"Note"}`)) }, 400},
			{"no signature", func() fedtest.Answer {
				return unsigned(`{"id":"https://far.example/x/9","type":"Follow","actor":"` + ada.ID + `","object":"` + g.URI + `"}`)
			}, 401},
			{"in another's name", func() fedtest.Answer { return far.Person("bo").Send(g.Inbox, ada.Activity("Follow", g.URI)) }, 403},
			{"of a refused server", func() fedtest.Answer {
				return refused.Person("eve").Send(g.Inbox, refused.Person("eve").Activity("Follow", g.URI))
			}, 403},
			{"too large", func() fedtest.Answer { return ada.Send(g.Inbox, bytes.Repeat([]byte("x"), 1<<20+1)) }, 413},
			{"read", func() fedtest.Answer { return p.fetch(g.Inbox) }, 405},
			{"read, the shared one", func() fedtest.Answer { return p.ask(p.base+"/inbox", "text/html") }, 405},
		} {
			got := c.send()
			if got.Status != c.status {
				t.Errorf("%s: got %d %s, want %d", c.name, got.Status, got.Body, c.status)
			}
			if got.Status >= 400 && (len(got.Body) > 100 || got.Header.Get("Content-Type") != "application/json") {
				t.Errorf("%s: got %q %s, want a short JSON error", c.name, got.Header.Get("Content-Type"), got.Body)
			}
		}
	})
}

func TestInboxCountsWhatItAnswers(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		far, refused := p.far("far.example"), p.far("refused.example")
		p.refuse("refused.example")
		g := p.group("open", community.ReadersAnyone, community.ReachAnywhere)
		ada, eve := far.Person("ada"), refused.Person("eve")
		follow := ada.Activity("Follow", g.URI)
		ada.Send(g.Inbox, follow)
		ada.Send(p.base+"/inbox", follow)
		ada.Send(g.Inbox, []byte("hello"))
		ada.Send(g.Inbox, bytes.Repeat([]byte("x"), 1<<20+1))
		far.Person("bo").Send(g.Inbox, ada.Activity("Follow", g.URI))
		eve.Send(g.Inbox, eve.Activity("Follow", g.URI))
		ada.Send(g.Inbox, ada.Activity("Announce", eve.Activity("Create", eve.ID)))
		farewell := map[string]any{"id": far.URL + "/x/farewell", "type": "Delete", "actor": far.URL + "/u/gone", "object": far.URL + "/u/gone"}
		ada.Send(g.Inbox, farewell)
		req, err := http.NewRequest(http.MethodPost, p.base+"/inbox", strings.NewReader(`{"id":"https://far.example/x/9","type":"Follow","actor":"`+ada.ID+`","object":"`+g.URI+`"}`))
		p.must(err)
		far.Do(req)
		want := map[string]int{
			"accepted": 1, "duplicate": 1, "refused shape": 1, "refused size": 1, "refused identity": 1, "refused policy": 2,
			"ignored": 1, "refused no_signature": 1,
		}
		if got := p.meter.counted(); !maps.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

// What waits too long is our own trouble: the door says so before it takes more,
// and only to those who bring something.
func TestFullInboxAsksToComeLater(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		ctx, far := context.Background(), p.far("far.example")
		g := p.group("open", community.ReadersAnyone, community.ReachAnywhere)
		ada := far.Person("ada")
		waiting := federation.Activity{
			ID: "waiting", URI: far.URL + "/x/waiting", Direction: federation.Incoming, Type: "Create", ActorURI: ada.ID, Domain: far.Host,
			OrderKey: "key", State: federation.Waiting, Raw: []byte("{}"), ReceivedAt: p.clock.Now(),
		}
		p.must(p.store.SaveIncoming(ctx, waiting))
		follow := ada.Activity("Follow", g.URI)
		p.clock.advance(time.Hour + time.Minute)
		got := ada.Send(g.Inbox, follow)
		if got.Status != http.StatusServiceUnavailable || got.Header.Get("Retry-After") != "300" || !strings.Contains(string(got.Body), "unavailable") || len(got.Body) > 100 {
			t.Errorf("while something waited for an hour: got %d, %v, %s; want 503 and Retry-After", got.Status, got.Header, got.Body)
		}
		if counted := p.meter.counted(); counted["busy"] != 1 || len(counted) != 1 {
			t.Errorf("counted %v, want one that was busy", counted)
		}
		if got := ada.Get(g.URI); got.Status != http.StatusOK {
			t.Errorf("reading meanwhile: got %d, want 200", got.Status)
		}
		batch, err := p.store.ClaimIncoming(ctx, p.clock.Now(), 10)
		p.must(err)
		done := []federation.IncomingResult{{Activity: batch.Activities[0], Outcome: federation.Outcome{Outcome: federation.Accepted}}}
		p.must(p.store.FinishIncoming(ctx, batch.Lease, p.clock.Now(), done, true))
		p.clock.advance(2 * time.Second) // what waits is counted once a second
		if got := ada.Send(g.Inbox, follow); got.Status != http.StatusAccepted {
			t.Errorf("the same after it was handled: got %d %s, want 202", got.Status, got.Body)
		}
	})
}

func TestInboxNeverSaysThatTheServerIsGone(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		g := p.group("open", community.ReadersAnyone, community.ReachAnywhere)
		at := p.clock.Now()
		g.GoneAt = &at
		p.must(p.store.UpdateGroup(context.Background(), g))
		ada := p.far("far.example").Person("ada")
		if got := ada.Send(g.Inbox, ada.Activity("Follow", g.URI)); got.Status != http.StatusAccepted {
			t.Errorf("a group that is gone: got %d, want 202", got.Status)
		}
		p.must(p.store.Close())
		if got := ada.Send(g.Inbox, ada.Activity("Follow", g.URI)); got.Status != http.StatusServiceUnavailable || got.Header.Get("Retry-After") == "" {
			t.Errorf("without a database: got %d, want 503 and Retry-After", got.Status)
		}
	})
}
