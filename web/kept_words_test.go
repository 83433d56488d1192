package web_test

import (
	"net/http"
	"strings"
	"testing"

	"hearth/community"
)

// endsElsewhere ends the sign-ins of somebody in every browser but a new one.
func (p *place) endsElsewhere(name string) {
	p.t.Helper()
	p.signedIn("login-"+name, roomPassword).post("/me/devices/end-others").leads()
}

func TestWordsOfAMemberAreShownToNobodyElseOnTheirBrowser(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersAnyone)
		b := p.member("ash", g)
		p.member("rowan", g)
		b.post("/talk", "group", "carers", "text", "a thing of my own").leads()
		b.get("/home").says("not sent yet are kept")
		pages := []string{"/talk", "/sign-in", "/join", "/g/carers", "/g/carers/join", "/g/carers/new", "/drafts", "/home"}
		nobodySees := func(who string) {
			for _, path := range pages {
				if a := b.get(path); a.StatusCode == http.StatusOK {
					a.hides("a thing of my own", "not sent yet are kept", "Your words are kept. They will be there", "Your words are back")
				}
			}
			if t.Failed() {
				t.Fatalf("that was %s", who)
			}
		}

		p.endsElsewhere("ash")
		nobodySees("a visitor, after the sign-in had ended")
		b.post("/sign-in", "login", "login-rowan", "password", roomPassword).leads()
		nobodySees("another member")
		form := b.get("/g/carers/new")
		b.post("/g/carers/new", "draft", draftOn(form), "text", "what rowan says").leads()

		b.post("/sign-in", "login", "login-ash", "password", roomPassword).leads()
		b.get("/home").says("not sent yet are kept", `href="/g/carers/new"`)
		b.get("/talk").says("a thing of my own</textarea>")
		b.get("/g/carers/new").says("a thing of my own</textarea>", "Your words are back")
	})
}

// What a form sends after its sign-in has ended is a member's still, whatever the
// group that it is for: /talk shows words of any form.
func TestWordsThatMeetAnEndedSignInAreShownToTheirMemberAlone(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		ash := p.member("ash", g)
		p.member("rowan", g)
		post := ash.write(g, "text", "what ash said before")
		for _, form := range []struct{ path, next string }{
			{"/g/carers/new", "/g/carers/new"},
			{"/p/" + post + "/reply", "/p/" + post + "/reply"},
			{"/p/" + post + "/edit", "/p/" + post + "/edit"},
			{"/drafts", "/g/carers/new"},
		} {
			b := p.signedIn("login-ash", roomPassword)
			p.endsElsewhere("ash")
			fields := []string{"text", "a thing of my own"}
			if form.path == "/drafts" {
				fields = append(fields, "group", "carers")
			}
			to := b.post(form.path, fields...).leads()
			b.get(to).says("Your words are kept. They will be there")
			b.get(to).hides("Your words are kept. They will be there")
			b.get("/talk").hides("a thing of my own")
			b.post("/sign-in", "login", "login-rowan", "password", roomPassword).leads()
			for _, path := range []string{"/talk", "/home", "/g/carers/new", "/p/" + post + "/reply"} {
				b.get(path).hides("a thing of my own", "not sent yet are kept", "Your words are back")
			}
			b.post("/sign-in", "login", "login-ash", "password", roomPassword).leads()
			b.get(form.next).says("a thing of my own</textarea>")
		}
	})
}

func TestWordsOfAVisitorAreTheirsOnceTheySignIn(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersAnyone)
		p.member("ash", g)
		p.member("rowan", g)
		b := p.browser()
		b.post("/talk", "group", "carers", "text", "a thing of my own").leads()
		b.get("/talk").says("a thing of my own</textarea>")
		b.post("/sign-in", "login", "login-ash", "password", roomPassword).leads()
		b.get("/home").says("not sent yet are kept")
		b.get("/g/carers/new").says("a thing of my own</textarea>", "Your words are back")

		p.endsElsewhere("ash")
		b.get("/talk").hides("a thing of my own")
		b.post("/sign-in", "login", "login-rowan", "password", roomPassword).leads()
		for _, path := range []string{"/talk", "/home", "/g/carers/new"} {
			b.get(path).hides("a thing of my own", "not sent yet are kept", "Your words are back")
		}
		b.post("/sign-in", "login", "login-ash", "password", roomPassword).leads()
		b.get("/g/carers/new").says("a thing of my own</textarea>", "Your words are back")
	})
}

func TestASentenceForWhoeverSignsInIsReadWhereSomebodyElseWasSignedIn(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		rowan := p.member("rowan")
		p.member("ash")
		rowan.post(p.resetLink("login-ash"), "password", resetTo).leads()
		rowan.get("/home").says("Your new password holds.")
	})
}

func TestASentenceForAMemberIsShownToNobodyElseOnTheirBrowser(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		p.member("maya", g)
		for _, ended := range []bool{false, true} {
			b := p.signedIn("login-maya", roomPassword)
			b.post("/me/about", "title", "maya", "about", "Hello.").wants(http.StatusSeeOther)
			if ended {
				p.endsElsewhere("maya")
			}
			if got := strings.Contains(b.get("/groups").body, "Saved."); got == ended {
				t.Errorf("with the sign-in ended: %v, the sentence is shown: %v", ended, got)
			}
		}
	})
}
