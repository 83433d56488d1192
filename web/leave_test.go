package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"hearth/community"
)

// tidy lets time pass and the clock tidy up.
func (p *place) tidyAfter(d time.Duration) {
	p.t.Helper()
	p.clock.advance(d)
	if _, err := p.service.Tidy(context.Background()); err != nil {
		p.t.Fatal(err)
	}
}

// leaves has a browser's member leave, and returns the address of the receipt.
func (p *place) leaves(b *browser) string {
	p.t.Helper()
	receipt := b.post("/me/leave", "password", memberPassword).leads()
	if !strings.HasPrefix(receipt, "/leave/receipt/") {
		p.t.Fatalf("leaving leads to %q, want to the receipt", receipt)
	}
	return receipt
}

func TestR43AMemberLeavesAndComesBack(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b, hazel := p.person("rowan", "slow-river"), p.person("hazel", "soft-cloud")
		phone := p.signedIn("rowan", memberPassword)
		b.get("/me").says("/me/leave")
		b.get("/me/leave").wants(http.StatusOK).says("21 days", "No other server has anything of you", "Taking a break is fine")
		b.post("/me/leave", "password", "guess").wants(http.StatusUnprocessableEntity).says("That is not your password")
		receipt := p.leaves(b)
		page := b.get(receipt).wants(http.StatusOK).says("Until", "you can sign in and take it back", strings.TrimPrefix(receipt, "/leave/receipt/"))
		page.hides("slow-river", "rowan")
		for _, gone := range []*browser{b, phone} {
			gone.get("/me").wants(http.StatusSeeOther)
		}
		for _, other := range []*browser{hazel, p.browser()} {
			strip := func(path string) string {
				a := other.get(path).wants(http.StatusNotFound)
				return strings.NewReplacer("slow-river", "", "nobody-here", "").Replace(a.body)
			}
			if strip("/@slow-river") != strip("/@nobody-here") {
				t.Error("the page of somebody who left reads differently from nobody's")
			}
		}
		b.post("/sign-in", "login", "rowan", "password", "guess").wants(http.StatusForbidden)
		if got := b.post("/sign-in", "login", "rowan", "password", memberPassword, "next", "/notices").leads(); got != "/left" {
			t.Fatalf("signing in leads to %q, want /left", got)
		}
		b.get("/left").wants(http.StatusOK).says("You left on", "Take it back", "Delete it now")
		b.get("/me").wants(http.StatusSeeOther)
		b.post("/left/now").wants(http.StatusUnprocessableEntity).says("tick the box")
		if got := b.post("/left/back").leads(); got != "/home" {
			t.Errorf("coming back leads to %q, want /home", got)
		}
		b.get("/me").wants(http.StatusOK).says("You are back", "slow-river")
		hazel.get("/@slow-river").wants(http.StatusOK)
		p.browser().get(receipt).wants(http.StatusNotFound)
		b.get("/left").wants(http.StatusSeeOther)
	})
}

func TestR43WhoeverWasDeletedIsGoneForEverybody(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b, admin := p.person("rowan", "slow-river"), p.admin()
		id := p.viewer("rowan").Acting.ID
		receipt := p.leaves(b)
		admin.get("/admin/people").says("slow-river", "<strong>left</strong>")
		admin.get("/mod/people/"+id).wants(http.StatusOK).says("slow-river", "may come back")
		b.post("/sign-in", "login", "rowan", "password", memberPassword).leads()
		if got := b.post("/left/now", "sure", "yes").leads(); got != "/left/done" {
			t.Fatalf("leads to %q, want /left/done", got)
		}
		b.get("/left/done").wants(http.StatusOK).says("If you have just said")
		admin.get("/left/done").wants(http.StatusSeeOther) // of whom nothing was deleted
		b.get(receipt).wants(http.StatusOK).says("is being deleted")
		p.tidyAfter(time.Minute)
		code := strings.ToUpper(strings.ReplaceAll(strings.TrimPrefix(receipt, "/leave/receipt/"), "-", " "))
		if got := b.post("/leave/receipt", "code", code).leads(); got != receipt {
			t.Errorf("the code leads to %q, want %q", got, receipt)
		}
		b.post("/leave/receipt", "code", "aaaa").wants(http.StatusUnprocessableEntity).says("No such code")
		b.get(receipt).wants(http.StatusOK).says("was deleted here", "No other server had anything of you").hides("slow-river")
		b.post("/sign-in", "login", "rowan", "password", memberPassword).wants(http.StatusForbidden)
		admin.get("/u/" + id).wants(http.StatusGone)
		admin.get("/@slow-river").wants(http.StatusNotFound)
		admin.get("/admin/people").says("Somebody who left").hides("slow-river", "rowan")
		admin.get("/admin/people?q=river").hides("slow-river", "Somebody who left")
		admin.get("/mod/people/" + id).wants(http.StatusOK).says("Somebody who left").hides("slow-river")
		admin.get("/mod/log").wants(http.StatusOK).hides("slow-river")
		p.tidyAfter(31 * 24 * time.Hour)
		b.get(receipt).wants(http.StatusNotFound)
		p.admin().get("/admin/people").hides("Somebody who left")
	})
}

func TestALostPasswordKeepsNobodyFromComingBack(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b, admin := p.person("rowan", "slow-river"), p.admin()
		user := p.viewer("rowan").User.ID
		p.leaves(b)
		admin.get("/admin/people/"+user).wants(http.StatusOK).says("They left", "Make a link").hides("What they may do")
		token, err := p.service.MakeResetLink(context.Background(), p.viewer("warden"), user)
		if err != nil {
			t.Fatal(err)
		}
		if got := b.post("/reset/"+token, "password", "orchard kettle harbour").leads(); got != "/left" {
			t.Errorf("the new password leads to %q, want /left", got)
		}
		p.tidyAfter(22 * 24 * time.Hour)
		if _, err := p.service.MakeResetLink(context.Background(), p.viewer("warden"), user); err == nil {
			t.Error("a link was made for somebody who is no more")
		}
	})
}

func TestTheOnlyAdminIsToldWhatComesFirst(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin := p.admin()
		admin.get("/me/leave").wants(http.StatusOK).says("You are the only admin", "/admin/people").hides(`name="password"`)
		admin.post("/me/leave", "password", adminPassword).wants(http.StatusConflict).says("You are the only admin")
		admin.get("/me").wants(http.StatusOK)
	})
}

func TestR43NoPageTellsThatAThreadsAuthorIsAway(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		rowan, hazel := p.member("rowan", g), p.member("hazel", g)
		root, err := p.service.WritePost(context.Background(), p.memberViewer("rowan"), community.Draft{GroupID: g.ID, Title: "A long night", Text: "rowan begins"})
		p.must(err)
		answer := p.seed(g, "hazel", root.ID, "hazel answers")
		hazel.post("/drafts", "parent", answer, "draft", "00000000000000000000000000", "text", "a draft", "do", "keep").leads()
		rowan.post("/me/leave", "password", roomPassword).leads()
		for _, path := range []string{"/p/" + answer + "/reply", "/p/" + answer + "/edit", "/drafts", "/@hazel"} {
			hazel.get(path).wants(http.StatusOK).says("Deleted by its author").hides("A long night", "A thread")
		}
	})
}
