package web_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"

	"hearth/community"
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
