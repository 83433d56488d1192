package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"hearth/community"
)

func TestWhoWasRefusedIsForgottenAfterThirtyDays(t *testing.T) {
	eachPlaceWithRows(t, func(t *testing.T, p *place, rows func(string) []string) {
		p.join(p.browser(), "/join", "login", "maya-signs", "public_name", "soft-rain").leads()
		p.decide("maya-signs", true, "")
		receipt := p.join(p.browser(), "/join", "login", "rowan-signs", "public_name", "still-lake").leads()
		p.decide("rowan-signs", false, "We are full.")
		everything := func() string {
			var all []string
			for _, query := range []string{
				"SELECT login || ' ' || password_hash FROM users WHERE state = 'refused'", "SELECT name || ' ' || title || ' ' || url FROM actors WHERE type = 'Person'",
				"SELECT name_hash FROM former_names", "SELECT payload FROM decision_payloads",
			} {
				all = append(all, rows(query)...)
			}
			return strings.Join(all, "\n")
		}
		p.browser().get(receipt).wants(http.StatusOK).says("deleted 30 days after the answer", "your names")
		p.clock.advance(answersKept - 1)
		if done := p.tidy(); done.Refused != 0 || !strings.Contains(everything(), "rowan-signs $argon2id") {
			t.Errorf("before 30 days: %d were forgotten, and what is kept is\n%s", done.Refused, everything())
		}
		p.clock.advance(1000)
		if done := p.tidy(); done.Refused != 1 {
			t.Errorf("after 30 days %d were forgotten, want 1", done.Refused)
		}
		if got := everything(); strings.Contains(got, "rowan-signs") || strings.Contains(got, "still-lake") || strings.Contains(got, "argon2") || !strings.Contains(got, "soft-rain") {
			t.Errorf("after 30 days there still is\n%s", got)
		}
		if done := p.tidy(); done.Refused != 0 {
			t.Errorf("the second turn forgot %d, want none", done.Refused)
		}
		p.browser().get(receipt).wants(http.StatusOK).says("was not accepted", "We are full.", "so have your names and your password")
		p.admin().get("/admin/people").wants(http.StatusOK).says("soft-rain").hides("rowan-signs", "still-lake", "left ")
		p.admin().get("/mod/log").says("Did not let somebody join", "about soft-rain", "Every entry fits").hides("still-lake")
		p.join(p.browser(), "/join", "login", "rowan-signs", "public_name", "still-lake").wants(http.StatusUnprocessableEntity).
			says("Names are never used twice").hides("signs in with that name")
		p.join(p.browser(), "/join", "login", "rowan-signs", "public_name", "other-lake").leads()
		p.browser().get("/about/privacy").wants(http.StatusOK).says("If it was no, your sign-in name and password go then, too")
	})
}

func TestAnInvitationLeadsIntoItsGroupAlsoWhenSomebodyReadsTheAnswerFirst(t *testing.T) {
	eachPlaceWithRows(t, func(t *testing.T, p *place, rows func(string) []string) {
		p.newGroup("night-carers", community.ReadersMembers, func(g *community.Group) { g.Listed = false })
		link := p.invite("group", "night-carers", "uses", "3")
		held := func(login, name string) string {
			return p.join(p.browser(), link, "login", login, "public_name", name, "website", "https://spam.example").leads()
		}
		yes, no := held("rowan-signs", "still-lake"), held("maya-signs", "soft-rain")
		p.browser().get(yes).wants(http.StatusOK).says("waiting to be read").hides("night-carers")
		p.decide("rowan-signs", true, "")
		p.decide("maya-signs", false, "Not now.")
		p.browser().get(no).wants(http.StatusOK).hides("night-carers")
		b := p.browser()
		b.get(yes).wants(http.StatusOK).says("You were invited into", "The night-carers", `href="/sign-in?next=%2Fg%2Fnight-carers%2Fjoin"`)
		if got := b.post("/sign-in", "login", "rowan-signs", "password", memberPassword, "next", "/g/night-carers/join").leads(); got != "/g/night-carers/join" {
			t.Errorf("signing in leads to %q, want the group", got)
		}
		b.get("/notices").wants(http.StatusOK).says("You were let in", "You were invited into The night-carers", `href="/g/night-carers/join"`)
		g, err := p.store.GroupByName(context.Background(), "", "night-carers")
		p.must(err)
		g.State = community.GroupClosed
		p.must(p.store.UpdateGroup(context.Background(), g))
		p.browser().get(yes).wants(http.StatusOK).says(`href="/sign-in"`).hides("night-carers")
		p.clock.advance(answersKept)
		p.tidy()
		if got := rows("SELECT count(*) FROM applications WHERE group_id IS NOT NULL"); got[0] != "0" {
			t.Errorf("after 30 days %s applications keep where they led", got[0])
		}
	})
}
