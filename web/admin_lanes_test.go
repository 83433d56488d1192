package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/secret"
	"hearth/federation"
)

// queued has n messages wait for a server, and the server fare as health says.
func (p *federated) queued(host string, n int, health *federation.LaneHealth) {
	p.t.Helper()
	ctx, now := context.Background(), p.clock.Now()
	parcel := federation.Parcel{At: now}
	for range n {
		id := secret.NewID(now)
		parcel.Activities = append(parcel.Activities, federation.Activity{ID: id, URI: p.base + "/x/" + id, Type: "Create", Raw: []byte("{}"), ReceivedAt: now})
		parcel.Deliveries = append(parcel.Deliveries, federation.Delivery{ActivityID: id, ActorID: "somebody", Inbox: "https://" + host + "/inbox", Host: host, OrderKey: "key", CreatedAt: now})
	}
	p.must(p.store.InsertEvent(ctx, community.Event{ID: secret.NewID(now), Kind: "test", OrderKey: "test", CreatedAt: now}))
	token, events, err := p.store.ClaimEvents(ctx, "", now, 1)
	p.must(err)
	p.must(errors.Join(p.store.SaveOutgoing(ctx, token, events[0].Event, parcel), p.store.ReleaseEvents(ctx, token)))
	if health == nil {
		return
	}
	lanes, err := p.store.ClaimLanes(ctx, now, 100)
	p.must(err)
	for _, l := range lanes {
		report := federation.LaneReport{Lease: federation.Lease{Host: l.Host, Token: *l.LeaseToken}, Release: true}
		if l.Host == host {
			report.Health = health
		}
		_, err := p.store.FinishDeliveries(ctx, now, []federation.LaneReport{report})
		p.must(err)
	}
}

// failing is a server that has taken nothing for some days.
func (p *federated) failing(days int, last string) *federation.LaneHealth {
	since, next := p.clock.Now().Add(-time.Duration(days)*24*time.Hour), p.clock.Now().Add(time.Hour)
	return &federation.LaneHealth{FailingSince: &since, FailingDays: days, LastFailedOn: "2026-03-04", LastError: last, SendWindow: 1, NextAt: &next}
}

func (p *federated) lane(host string) federation.Lane {
	p.t.Helper()
	lane, err := p.store.Lane(context.Background(), host)
	p.must(err)
	return lane
}

func TestAdminSeesHowSendingGoes(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		admin := p.admin()
		admin.get("/admin/federation/instances").wants(http.StatusOK).says("No server yet")
		admin.get("/admin/federation").wants(http.StatusOK).says("Nothing waits to be sent", `href="/admin/federation/instances"`)
		asked := p.clock.Now().Add(2 * time.Hour)
		slow := p.failing(1, "status 429")
		slow.AskedUntil = &asked
		p.queued("elm.example", 2, p.failing(2, "status 503"))
		p.queued("gone.example", 1, p.failing(7, "timeout"))
		p.queued("slow.example", 1, slow)
		p.queued("well.example", 0, nil)
		for _, path := range []string{"/admin/federation", "/admin/federation/instances"} {
			admin.get(path).wants(http.StatusOK).says(
				"elm.example", "2 messages wait", "Takes nothing now", "nobody behind it (503)", "next try",
				"gone.example", "1 message waits", "Has taken nothing for a week", "took too long to answer", "is dropped after another week",
				"slow.example", "asked us to send more slowly (429)", "left alone until then",
			)
		}
	})
}

func TestEveryAnswerOfAServerHasPlainWords(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		said := map[string]string{
			"status 400": "last answer was 400", "status 401": "did not accept our signature", "status 410": "gone for good", "status 429": "more slowly",
			"status 500": "error of its own (500)", "status 502": "nobody behind it (502)", "status 530": "nobody behind it (530)",
			"timeout": "too long to answer", "unreachable": "could not be reached", "prohibited address": "must not call", "not signed": "could not sign",
		}
		n := 0
		for last := range said {
			n++
			p.queued(fmt.Sprintf("s%d.example", n), 1, p.failing(1, last))
		}
		page := p.admin().get("/admin/federation/instances").wants(http.StatusOK)
		for _, words := range said {
			page.says(words)
		}
	})
}

func TestAdminPausesAServerAndSendsAgain(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		p.queued("elm.example", 1, nil)
		admin := p.admin()
		if got := admin.post("/admin/federation/instances/pause", "host", "elm.example").leads(); got != "/admin/federation/instances/elm.example" {
			t.Errorf("leads to %q", got)
		}
		admin.get("/admin/federation/instances").says("Nothing is sent to elm.example from now on", "Paused", "paused by quiet-heron", "1 message waits").hides("Try now")
		if p.lane("elm.example").PausedBy == nil {
			t.Error("the server is not paused")
		}
		admin.post("/admin/federation/instances/pause", "host", "elm.example").wants(http.StatusConflict).says("paused already")
		admin.get("/mod/log").says("Stopped sending to a server for a while", "quiet-heron")
		admin.post("/admin/federation/instances/resume", "host", "elm.example").leads()
		admin.get("/admin/federation/instances").says("Sending to elm.example again").hides("Paused")
		lane := p.lane("elm.example")
		if lane.PausedBy != nil || lane.NextAt == nil || lane.NextAt.After(p.clock.Now()) {
			t.Errorf("got %+v, want it due and not paused", lane)
		}
		admin.post("/admin/federation/instances/resume", "host", "elm.example").wants(http.StatusConflict).says("is not paused")
		admin.get("/mod/log").says("Sent to a server again")
		p.decisions("pause", "resume")
	})
}

// decisions are the kinds of the last ones of the instance, which undo each other.
func (p *federated) decisions(first, second string) {
	p.t.Helper()
	ctx := context.Background()
	paused, err := p.store.LastDecisionOn(ctx, community.SubjectDomain, "elm.example", first)
	p.must(err)
	resumed, err := p.store.LastDecisionOn(ctx, community.SubjectDomain, "elm.example", second)
	p.must(err)
	if resumed.Undoes == nil || *resumed.Undoes != paused.ID || resumed.Seq != paused.Seq+1 {
		p.t.Errorf("got %+v after %+v, want the one to undo the other, and no third", resumed, paused)
	}
}

func TestAdminTriesAServerAtOnce(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		asked := p.clock.Now().Add(2 * time.Hour)
		slow := p.failing(1, "status 429")
		slow.AskedUntil = &asked
		p.queued("elm.example", 1, p.failing(3, "status 503"))
		p.queued("slow.example", 1, slow)
		admin := p.admin()
		if n := strings.Count(admin.get("/admin/federation/instances").body, "Try now"); n != 1 {
			t.Errorf("got %d buttons to try, want one: the other server asked to be left alone", n)
		}
		admin.post("/admin/federation/instances/retry", "host", "elm.example").leads()
		admin.get("/admin/federation/instances").says("Trying elm.example now")
		lane := p.lane("elm.example")
		if lane.NextAt.After(p.clock.Now()) || lane.FailingSince == nil || lane.FailingDays != 3 {
			t.Errorf("got %+v, want it due now, and failing as before", lane)
		}
		for _, host := range []string{"slow.example", "nobody.example", ""} {
			if got := admin.post("/admin/federation/instances/retry", "host", host).StatusCode; got != http.StatusConflict && got != http.StatusUnprocessableEntity {
				t.Errorf("%q: got %d, want it refused", host, got)
			}
		}
		if p.lane("slow.example").NextAt.Before(p.clock.Now().Add(time.Hour)) {
			t.Error("a server that asked to be left alone is tried")
		}
	})
}

func TestServersComeAPageAtATime(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		for i := range 52 {
			p.must(p.store.PauseLane(context.Background(), fmt.Sprintf("s%02d.example", i), community.OperatorName))
		}
		admin := p.admin()
		first := admin.get("/admin/federation/instances").says("s00.example", "s49.example", "paused by whoever runs the machine", `href="/admin/federation/instances?after=s49.example"`).hides("s50.example")
		if n := strings.Count(first.body, "Send again"); n != 50 {
			t.Errorf("got %d servers, want 50", n)
		}
		admin.get("/admin/federation/instances?after=s49.example").says("s50.example", "s51.example", "The first servers").hides("s49.example", "More servers")
		admin.get("/admin/federation").says("s09.example", "All servers we have met").hides("s10.example")
	})
}

func TestOnlyAdminsSeeAndStopWhatIsSent(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		p.queued("elm.example", 1, nil)
		visitor, member, moderator := p.browser(), p.person("robin-in", "robin-quiet"), p.personAs("wren-in", "wren-quiet", community.RoleModerator)
		visitor.get("/admin/federation/instances").leads()
		for _, b := range []*browser{member, moderator} {
			b.get("/admin/federation/instances").wants(http.StatusNotFound).hides("elm.example")
		}
		for _, do := range []string{"pause", "resume", "retry", "drop"} {
			path := "/admin/federation/instances/" + do
			if got := visitor.post(path, "host", "elm.example").leads(); !strings.HasPrefix(got, "/sign-in") {
				t.Errorf("%s by a visitor leads to %q", do, got)
			}
			for _, b := range []*browser{member, moderator} {
				b.post(path, "host", "elm.example").wants(http.StatusNotFound)
			}
		}
		if p.lane("elm.example").PausedBy != nil {
			t.Error("somebody who is no admin paused a server")
		}
		p.browser().get("/about/federation").hides("elm.example")
	})
}
