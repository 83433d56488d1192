package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"hearth/community"
)

func (p *federated) finger(query string) (int, map[string]any) {
	p.t.Helper()
	got := p.ask(p.base+"/.well-known/webfinger?"+query, "")
	if got.Header.Get("Access-Control-Allow-Origin") != "*" {
		p.t.Errorf("%s: scripts of other pages may not read the answer", query)
	}
	var found map[string]any
	p.must(json.Unmarshal(got.Body, &found))
	if got.Status == http.StatusOK && got.Header.Get("Content-Type") != "application/jrd+json" {
		p.t.Errorf("%s: got %q, want application/jrd+json", query, got.Header.Get("Content-Type"))
	}
	return got.Status, found
}

func TestWebFingerAnswersForThoseWhoMayBeKnown(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		host := strings.TrimPrefix(p.base, "http://")
		kim, shy := p.account("kim", true), p.account("shy", false)
		open, shut, here := p.group("open", community.ReadersAnyone, community.ReachAnywhere), p.group("shut", community.ReadersAnyone, community.ReachNamed, "far.example"),
			p.group("here", community.ReadersAnyone, community.ReachNowhere)
		gone := p.account("gone", true)
		at := p.clock.Now()
		gone.GoneAt = &at
		p.must(p.store.UpdateAccount(context.Background(), gone))
		for _, c := range []struct {
			resource string
			status   int
			self     string
		}{
			{"acct:kim@" + host, 200, kim.URI},
			{"acct:KIM@" + strings.ToUpper(host), 200, kim.URI},
			{"acct:open@" + host, 200, open.URI},
			{"acct:" + host + "@" + host, 200, p.base + "/actor"},
			{kim.URI, 200, kim.URI},
			{kim.URL, 200, kim.URI},
			{open.URI, 200, open.URI},
			{open.URL, 200, open.URI},
			{p.base + "/actor", 200, p.base + "/actor"},

			{"acct:nobody@" + host, 404, ""},
			{"acct:shy@" + host, 404, ""},
			{shy.URI, 404, ""},
			{"acct:shut@" + host, 404, ""},
			{shut.URI, 404, ""},
			{"acct:here@" + host, 404, ""},
			{here.URI, 404, ""},
			{"acct:gone@" + host, 404, ""},
			{"acct:kim@far.example", 404, ""},
			{"https://far.example/u/kim", 404, ""},
			{p.base + "/rules", 404, ""},
			{"mailto:kim@" + host, 404, ""},

			{"", 400, ""},
			{"kim@" + host, 400, ""},
			{"acct:kim", 400, ""},
			{"acct:@" + host, 400, ""},
			{"acct:k im@" + host, 400, ""},
			{"https://", 400, ""},
			{"https://kim@" + host + "/", 400, ""},
		} {
			status, found := p.finger("resource=" + url.QueryEscape(c.resource))
			if status != c.status {
				t.Errorf("%q: got %d, want %d", c.resource, status, c.status)
			}
			if c.self != "" && !strings.Contains(fmt.Sprint(found["links"]), c.self) {
				t.Errorf("%q: got %v, want %s", c.resource, found, c.self)
			}
		}
		for _, query := range []string{"", "rel=self", "resource=acct:kim@" + host + "&resource=acct:open@" + host} {
			if status, _ := p.finger(query); status != http.StatusBadRequest {
				t.Errorf("%q: got %d, want 400", query, status)
			}
		}
		if _, found := p.finger("resource=acct:OPEN@" + host); found["subject"] != "acct:open@"+host {
			t.Errorf("got subject %v, want the name as it is kept", found["subject"])
		}
	})
}

func TestWebFingerLeadsToDocumentPageAndFollowing(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		g := p.group("open", community.ReadersAnyone, community.ReachAnywhere)
		_, found := p.finger("resource=" + url.QueryEscape(g.URI))
		got := fmt.Sprint(found["links"])
		for _, want := range []string{g.URI, "application/activity+json", g.URL, "text/html", p.base + "/authorize_interaction?uri={uri}"} {
			if !strings.Contains(got, want) {
				t.Errorf("got links %s, want %q among them", got, want)
			}
		}
		_, found = p.finger("rel=self&resource=" + url.QueryEscape(g.URI))
		if links := found["links"].([]any); len(links) != 1 {
			t.Errorf("asked for self alone: got %v, want one link", links)
		}
	})
}

// R16: a group that names servers is known by name to those alone.
func TestR16WebFingerOfANamedGroupIsForItsServers(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		p.group("shut", community.ReadersMembers, community.ReachNamed, "friend.example")
		address := p.base + "/.well-known/webfinger?resource=acct:shut@" + strings.TrimPrefix(p.base, "http://")
		for host, status := range map[string]int{"friend.example": http.StatusOK, "stranger.example": http.StatusNotFound} {
			if got := p.far(host).Instance().Get(address); got.Status != status {
				t.Errorf("%s: got %d, want %d", host, got.Status, status)
			}
		}
	})
}

func TestServerIsDescribed(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		links := p.ask(p.base+"/.well-known/nodeinfo", "")
		for _, want := range []string{p.base + "/nodeinfo/2.0", p.base + "/nodeinfo/2.1", p.base + "/actor"} {
			if !strings.Contains(string(links.Body), want) {
				t.Errorf("got %s, want %s", links.Body, want)
			}
		}
		meta := p.ask(p.base+"/.well-known/host-meta", "")
		if meta.Header.Get("Content-Type") != "application/xrd+xml" || !strings.Contains(string(meta.Body), p.base+"/.well-known/webfinger?resource={uri}") {
			t.Errorf("host-meta: got %q %s", meta.Header.Get("Content-Type"), meta.Body)
		}
	})
}

// R17: what stays here is not counted either.
func TestR17NodeInfoCountsInBandsAndOnlyWhatLeaves(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		kim := p.account("kim", true)
		open, here := p.group("open", community.ReadersAnyone, community.ReachAnywhere), p.group("here", community.ReadersAnyone, community.ReachNowhere)
		for range 12 {
			p.post(open, kim)
			p.post(here, kim)
		}
		for _, schema := range []string{"2.0", "2.1"} {
			got := p.ask(p.base+"/nodeinfo/"+schema, "")
			if want := `application/json; profile="http://nodeinfo.diaspora.software/ns/schema/` + schema + `#"`; got.Header.Get("Content-Type") != want {
				t.Errorf("got %q, want %q", got.Header.Get("Content-Type"), want)
			}
			var info struct {
				Software          struct{ Name, Version string }
				OpenRegistrations bool
				Usage             struct {
					LocalPosts int
					Users      struct{ Total int }
				}
			}
			p.must(json.Unmarshal(got.Body, &info))
			if info.Software.Name != "hearth" || info.Software.Version != "1.0.0" || !info.OpenRegistrations {
				t.Errorf("got %+v, want hearth 1.0.0 that takes people in", info)
			}
			if info.Usage.LocalPosts != 10 || info.Usage.Users.Total != 0 {
				t.Errorf("got %+v, want 10 posts for the 12 that leave, and too few people to count", info.Usage)
			}
			if strings.Contains(string(got.Body), "quiet") || strings.Contains(string(got.Body), "open\"") {
				t.Errorf("got %s, want no group in it", got.Body)
			}
		}
		site, err := p.service.Site(context.Background())
		p.must(err)
		site.Registration = community.RegistrationInvitation
		p.must(p.store.UpdateSite(context.Background(), site))
		if got := p.ask(p.base+"/nodeinfo/2.1", ""); !strings.Contains(string(got.Body), `"openRegistrations":false`) {
			t.Errorf("by invitation: got %s, want openRegistrations false", got.Body)
		}
	})
}
