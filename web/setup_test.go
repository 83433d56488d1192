package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
)

var setupForm = []string{
	"login", "warden", "public_name", "quiet-heron", "password", adminPassword, "name", "Willow Lane",
	"purpose", "A place to talk for carers.", "rules", "Listen first.", "contact", "hello@willow.example",
	"minimum_age", "18", "country", "GB", "zone", "Europe/London", "registration", "approval", "front_door", "chosen",
}

func TestSetupMakesTheFirstAdminOnce(t *testing.T) {
	eachEmptyPlace(t, func(t *testing.T, p *place) {
		token, err := p.service.NewSetupToken(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		b := p.browser()
		b.get("/setup/"+token).wants(http.StatusOK).says("This address can never change", "http://"+p.host(), "Only this server", "Servers we choose", "Everyone except those we refuse")
		if got := b.post("/setup/"+token, setupForm...).leads(); got != "/admin" {
			t.Errorf("setup leads to %q, want /admin", got)
		}
		b.get("/admin/helplines").wants(http.StatusOK)
		p.browser().get("/rules").says("Listen first.")
		p.browser().get("/about").says("quiet-heron", "hello@willow.example", "You ask, and an admin answers.").hides("warden", "and you answer")
		p.browser().post("/setup/"+token, setupForm...).wants(http.StatusNotFound).
			says("A place to talk for carers.</textarea>", "Listen first.</textarea>", "hello@willow.example</textarea>")
		p.browser().get("/setup/" + token).wants(http.StatusNotFound)
		if _, err := p.service.NewSetupToken(context.Background()); err == nil {
			t.Error("a second setup address was made after setup")
		}
	})
}

func TestAUsedSetupAddressSaysSoAndNothingElse(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.browser().get("/setup/used").wants(http.StatusNotFound).says("This hearth is set up already.").hides("a letter wrong")
		p.browser().get("/no-such-page").wants(http.StatusNotFound).says("a letter wrong")
	})
}

func TestSetupKeepsWhatWasTypedAndNamesEachField(t *testing.T) {
	eachEmptyPlace(t, func(t *testing.T, p *place) {
		token, err := p.service.NewSetupToken(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		p.browser().post("/setup/"+token, "login", "warden", "public_name", "warden", "password", "sevenfold", "name", "Willow Lane",
			"purpose", "talk", "contact", "nowhere", "rules", "Listen first.\n"+strings.Repeat("r", 301), "minimum_age", "3", "country", "GB", "zone", "Nowhere/At-all", "registration", "approval").
			wants(http.StatusUnprocessableEntity).
			says("must not be your sign-in name", "at least 10 characters", "10 to 400 characters", "neither an e-mail address",
				"a number from 13 to 99", "each rule under 300 characters", `href="#f-rules"`, "time zone is not known", "Please choose one", `value="Willow Lane"`, `href="#f-password"`).
			hides("sevenfold")
		p.browser().get("/").wants(http.StatusServiceUnavailable)
	})
}

func TestASetupAddressIsReplacedByTheNext(t *testing.T) {
	eachEmptyPlace(t, func(t *testing.T, p *place) {
		first, _ := p.service.NewSetupToken(context.Background())
		second, _ := p.service.NewSetupToken(context.Background())
		p.browser().get("/setup/" + first).wants(http.StatusNotFound)
		p.browser().get("/setup/" + second).wants(http.StatusOK)
	})
}
