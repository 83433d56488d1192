package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"hearth/community"
)

func TestR41JoiningNeedsTheBoxAndTakingItBackIsOnePress(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		path := p.group(p.admin())
		rowan := p.person("rowan-signs", "rowan")
		door := rowan.get(path+"/join").wants(http.StatusOK).says("Listen first.", "version 1", "Who can read what is written here", "Anyone, without an account")
		rowan.post(path+"/join", "version", "1").wants(http.StatusUnprocessableEntity).says("Without this box ticked")
		rowan.post(path+"/join", "version", "1", "take_part", "some other text").wants(http.StatusUnprocessableEntity)
		if to := rowan.post(path+"/join", "version", "1", "take_part", door.field("take_part")).leads(); to != path {
			t.Errorf("joining leads to %q, want %q", to, path)
		}
		user, err := p.store.UserByLogin(context.Background(), "rowan-signs")
		if err != nil {
			t.Fatal(err)
		}
		given, err := p.store.LiveConsents(context.Background(), user.ID)
		if err != nil || len(given) != 1 {
			t.Fatalf("got %d consents, %v; want one", len(given), err)
		}
		if c := given[0]; c.Scope != community.ConsentTakePart || c.TextHash != community.ConsentHash(c.Text) || !strings.Contains(c.Text, "Willow Lane keeps that I am in this group") {
			t.Errorf("got %+v, want the text that was shown and its hash", c)
		}
		rowan.get("/me/consents").wants(http.StatusOK).says("Carers at night", "as rowan", "Take it back and leave")
		p.person("tomasz-signs", "tomasz").post("/me/consents/" + given[0].ID).wants(http.StatusNotFound)
		rowan.post("/me/consents/" + given[0].ID).wants(http.StatusSeeOther)
		rowan.get("/me/consents").says("There is nothing at the moment.")
		rowan.get(path + "/join").wants(http.StatusOK).says("Join Carers at night")
	})
}

func TestFromTheDoorBackToTheWords(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		path := p.group(p.admin())
		words := path + "/new"
		visitor := p.browser()
		door := path + "/join?next=" + url.QueryEscape(words)
		visitor.get(door).wants(http.StatusOK).says("/sign-in?next="+url.QueryEscape(door), "/join?next=").hides(`name="take_part"`)
		rowan := p.person("rowan-signs", "rowan")
		form := rowan.get(door)
		if form.field("next") != words {
			t.Fatalf("got next %q, want %q", form.field("next"), words)
		}
		if to := p.enter(rowan, path, "next", words); to != words {
			t.Errorf("joining leads to %q, want the words at %q", to, words)
		}
		if to := rowan.get(door).leads(); to != words {
			t.Errorf("who is in already is led to %q, want %q", to, words)
		}
		tomasz := p.person("tomasz-signs", "tomasz")
		if to := p.enter(tomasz, path, "next", "https://evil.example/"); to != "/home" {
			t.Errorf("a next elsewhere leads to %q, want home", to)
		}
	})
}

func TestJoiningLeadsToTheWordsThatWereKeptForTheGroup(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		path, other := p.group(p.admin()), "/g/"+p.newGroup("plain", community.ReadersAnyone).Name
		p.person("rowan-signs", "rowan")
		b := p.browser()
		b.post("/talk", "group", strings.TrimPrefix(path, "/g/"), "text", "what I wrote first").leads()
		b.post("/sign-in", "login", "rowan-signs", "password", memberPassword).leads()
		if to := p.enter(b, other); to != other {
			t.Errorf("joining a group that the words are not for leads to %q, want %q", to, other)
		}
		if to := p.enter(b, path); to != path+"/new" {
			t.Errorf("joining leads to %q, want the form at %q", to, path+"/new")
		}
		b.get(path + "/new").wants(http.StatusOK).says("what I wrote first</textarea>")
	})
}

func TestAskingToJoinIsAnsweredAndTheAnswerGone(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin := p.admin()
		path := p.group(admin, "joining", "asked", "question", "Whom do you look after?", "advised", "asked_anyone")
		rowan, tomasz := p.person("rowan-signs", "rowan"), p.person("tomasz-signs", "tomasz")
		door := rowan.get(path+"/join").wants(http.StatusOK).says("Ask to join", "Whom do you look after?")
		rowan.post(path+"/join", "version", "1", "take_part", door.field("take_part")).wants(http.StatusUnprocessableEntity).says("Please answer the group")
		rowan.get(path + "/join?next=/drafts/x").says("Your words are kept.")
		p.enter(rowan, path, "answer", "My father, at night.", "next", "/drafts/x")
		rowan.get("/groups").says("Your words are kept among your drafts.", "You asked to join")
		p.enter(tomasz, path, "answer", "Nobody.")
		rowan.get(path + "/join").wants(http.StatusOK).says("You have asked already.")
		admin.get("/mod"+path+"/members").wants(http.StatusOK).says("My father, at night.", "Whom do you look after?")
		admin.post("/mod"+path+"/members/"+p.account("rowan")+"/answer", "answer", "yes").wants(http.StatusSeeOther)
		admin.post("/mod"+path+"/members/"+p.account("tomasz")+"/answer", "answer", "no", "reason", "It is for carers alone.").wants(http.StatusSeeOther)
		admin.post("/mod"+path+"/members/"+p.account("tomasz")+"/answer", "answer", "yes").wants(http.StatusConflict)
		admin.get("/mod"+path+"/members").says("rowan").hides("My father", "tomasz")
		tomasz.get(path + "/join").says("It is for carers alone.")
		if to := rowan.get(path + "/join").leads(); to != path {
			t.Errorf("who was let in is led to %q", to)
		}
	})
}

// account is the id of an account of here.
func (p *place) account(name string) string {
	p.t.Helper()
	a, err := p.store.AccountByName(context.Background(), "", name)
	if err != nil {
		p.t.Fatal(err)
	}
	return a.ID
}

func TestOneJoinsByOneOfTheirNames(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		path := p.group(p.admin())
		rowan := p.person("rowan-signs", "rowan")
		rowan.get(path + "/join").hides("By which name?")
		user, err := p.store.UserByLogin(context.Background(), "rowan-signs")
		if err != nil {
			t.Fatal(err)
		}
		persona := community.Account{Actor: community.Actor{ID: "abcdefghijklmnopqrstuvwxyz", URI: "u", Type: community.ActorPerson, Name: "lantern", Title: "lantern", CreatedAt: p.clock.Now()}}
		if err := p.store.InsertAccount(context.Background(), persona); err != nil {
			t.Fatal(err)
		}
		if err := p.store.InsertAccountOwner(context.Background(), persona.ID, user.ID, false, p.clock.Now()); err != nil {
			t.Fatal(err)
		}
		rowan.get(path+"/join").says("By which name?", "lantern")
		p.enter(rowan, path, "account", persona.ID)
		rowan.get(path + "/leave").says("as lantern")
		rowan.post(path+"/join", "version", "1", "take_part", "x", "account", p.account("rowan")).wants(http.StatusConflict)
	})
}

func TestLeavingSaysWhatBecomesOfTheWords(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin := p.admin()
		path := p.group(admin)
		rowan := p.person("rowan-signs", "rowan")
		if to := rowan.get(path + "/leave").leads(); to != path {
			t.Errorf("leaving what one is not in leads to %q", to)
		}
		p.enter(rowan, path)
		rowan.get(path + "/leave").wants(http.StatusOK).says("What you wrote stays")
		rowan.post(path + "/leave").wants(http.StatusSeeOther)
		rowan.get(path + "/join").wants(http.StatusOK)
		admin.post(path + "/leave").wants(http.StatusConflict).says("Hand it over to somebody first")
	})
}

func TestCopiesElsewhereAreTheirOwnConsent(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin := p.admin()
		inside := p.group(admin)
		outside := p.group(admin, "title", "Carers everywhere", "reach", "named", "servers", "elm.example, oak.example")
		rowan := p.person("rowan-signs", "rowan")
		rowan.get(inside + "/join").hides(`name="federate"`)
		door := rowan.get(outside+"/join").says(`name="federate"`, "elm.example, oak.example", "You can leave this open.")
		p.enter(rowan, outside, "federate", door.field("federate"))
		rowan.get("/me/consents").says("I also agree that copies")
		account, err := p.store.AccountByName(context.Background(), "", "rowan")
		if err != nil || account.DisclosedAt == nil {
			t.Errorf("after the consent the account is disclosed at %v, %v; want a time", account.DisclosedAt, err)
		}
	})
}

func TestARemovedPersonSeesTheDoorAndNoForm(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		path := p.group(p.admin())
		rowan := p.person("rowan-signs", "rowan")
		p.enter(rowan, path)
		ctx := context.Background()
		seen, err := p.store.GroupSeen(ctx, community.GroupRef{Name: strings.TrimPrefix(path, "/g/")}, []string{p.account("rowan")}, p.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		m, until := seen.Membership, p.clock.Now().Add(48*time.Hour)
		m.State, m.RemovedUntil = community.MemberRemoved, &until
		if err := p.store.UpdateMembership(ctx, m); err != nil {
			t.Fatal(err)
		}
		rowan.get(path + "/join").wants(http.StatusOK).says("removed you from this group until 6 March 2026").hides(`name="take_part"`)
		rowan.post(path+"/join", "version", "1", "take_part", "x").wants(http.StatusForbidden)
		p.clock.advance(49 * time.Hour)
		p.enter(rowan, path)
	})
}
