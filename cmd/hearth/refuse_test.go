package main

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation"
	"hearth/storage/storagetest"
)

// TestAHearthThatRefusesTheServerOfItsMembersGroup walks the refusal of the server
// of a group from the members' side: elm refuses oak, in whose group maya of elm is.
func TestAHearthThatRefusesTheServerOfItsMembersGroup(t *testing.T) {
	eachPair(t, func(p *pair) {
		p.elm.node.metrics.patience = time.Minute
		service := p.elm.node.house.service
		copied, err := p.elm.node.house.store.ActorByURI(p.ctx, p.carers.URI)
		p.must(err)
		atElm, _ := p.mayaWrites("words from before")
		p.must(until(p.ctx, "elm hears that it is shown", func() (bool, error) {
			view, err := service.Thread(p.ctx, p.maya.Viewer, atElm.ID, community.Paging{}, false)
			return err == nil && view.Posts[0].Standing.State() == community.StandingShown, err
		}))
		p.quiet(p.elm)
		browser := newMember(nil)
		p.must(browser.signsIn(p.elm.address(), "maya-in", demoPassword))
		_, err = service.SetPolicyAsOperator(p.ctx, community.PolicyDraft{Domain: "oak.localhost", Severity: policy.Suspend, PublicReason: "Too loud."})
		p.must(err)
		came := p.cameTo(p.oak)
		if came < 2 {
			p.Errorf("%d activities of elm came to oak before, want the Follow and the Create: this test sees nothing", came)
		}
		p.hears(p.maya, community.NoticeSevered)
		p.reads(browser, "/g/"+copied.ID, []string{"This server does not talk with oak.localhost", "No contact with oak.localhost", "Your membership is kept until", "Leave this group"},
			"Write something", "Follow it")
		p.reads(browser, "/p/"+atElm.ID, []string{"words from before", "you are not one at the moment"}, "Too loud.")
		if _, err := p.maya.write(p.ctx, community.Draft{GroupID: copied.ID, Title: "Not sent", Text: "words", Language: "en"}); err == nil {
			p.Error("maya wrote in the group of a refused server")
		}
		_, err = service.EditPost(p.ctx, p.maya.Viewer, atElm.ID, community.Draft{Title: "From elm", Text: "second words", Language: "en", Version: 1})
		if !errors.Is(err, community.Conflict) {
			p.Errorf("an edit of what is out of sight: got %v, want Conflict", err)
		}
		_, err = service.GiveSupport(p.ctx, p.maya.Viewer, atElm.ID, community.SupportWithYou, true)
		p.forbidden("support", err)
		p.must(browser.opens("/g/" + copied.ID + "/join"))
		p.must(browser.submits("/join", []string{"take_part", "federate"}))
		if m, err := p.elm.node.house.store.Membership(p.ctx, copied.ID, p.maya.ActingID()); err != nil || m.State != community.MemberSevered || browser.status < http.StatusBadRequest {
			p.Errorf("joining was answered %d and made her %s, %v: %s", browser.status, m.State, err, browser.words())
		}

		loud, err := p.rowan.write(p.ctx, community.Draft{GroupID: p.carers.ID, Title: "From oak", Text: "words", Language: "en"})
		p.must(err)
		const refusals = `hearth_inbox_requests_total{outcome="refused",reason="policy"}`
		p.must(until(p.ctx, "elm refuses what oak announces", func() (bool, error) { return measure(p.T, p.scrape(p.elm), refusals) >= 1, nil }))
		if _, err := p.elm.node.house.store.PostByURI(p.ctx, loud.URI); !errors.Is(err, community.NotFound) {
			p.Errorf("a refused server's post at elm: got %v, want NotFound", err)
		}
		_, err = service.DeletePost(p.ctx, p.maya.Viewer, atElm.ID)
		p.must(err) // her words are hers to delete here, whoever is talked with
		p.quiet(p.elm)
		if now := p.cameTo(p.oak); now != came {
			p.Errorf("elm sent %d activities to the server that it refuses", now-came)
		}

		p.must(service.LiftPolicyAsOperator(p.ctx, "oak.localhost"))
		p.must(until(p.ctx, "oak lets maya in again", func() (bool, error) {
			m, err := p.elm.node.house.store.Membership(p.ctx, copied.ID, p.maya.ActingID())
			return m.State == community.MemberActive, err
		}))
		p.hears(p.maya, community.NoticeRestored)
		p.quiet(p.elm)
		p.reads(browser, "/g/"+copied.ID, []string{"You follow it from here", "Write something"}, "From oak", "words from before")
		again, err := p.maya.write(p.ctx, community.Draft{GroupID: copied.ID, Title: "Heard again", Text: "words", Language: "en"})
		p.must(err)
		p.sees(p.oak, again.URI, "a thread after the lift", published)
	})
}

// reads opens a page that has some words, and not others.
func (p *pair) reads(m *member, page string, words []string, not ...string) {
	p.Helper()
	p.must(m.opens(page))
	for _, w := range words {
		if !m.reads(w) {
			p.Errorf("%s does not read %q: %s", page, w, m.words())
		}
	}
	for _, w := range not {
		if m.reads(w) {
			p.Errorf("%s reads %q: %s", page, w, m.words())
		}
	}
}

func (p *pair) forbidden(what string, err error) {
	p.Helper()
	if !errors.Is(err, community.Forbidden) {
		p.Errorf("%s: got %v, want Forbidden", what, err)
	}
}

// cameTo is how many activities came to a hearth, each kept before it was answered.
func (p *pair) cameTo(d *demoHearth) int {
	p.Helper()
	n, err := count(storagetest.SQL(p.T, d.database), "SELECT count(*) FROM activities WHERE direction = '"+federation.Incoming+"'")
	p.must(err)
	return n
}

// quiet waits until a hearth has nothing left to tell others.
func (p *pair) quiet(d *demoHearth) {
	p.Helper()
	db := storagetest.SQL(p.T, d.database)
	p.must(until(p.ctx, d.name+" is quiet", func() (bool, error) {
		n, err := count(db, `SELECT (SELECT count(*) FROM events WHERE done_at IS NULL) + (SELECT count(*) FROM activities WHERE state = 'waiting') +
			(SELECT count(*) FROM deliveries WHERE state = 'waiting')`)
		return n == 0, err
	}))
}
