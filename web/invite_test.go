package web_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"hearth/community"
)

var invitationLink = regexp.MustCompile(`https?://[^<]*(/invitation/[a-z0-9-]+)<`)

// invite makes an invitation as an admin does and returns its path.
func (p *place) invite(fields ...string) string {
	p.t.Helper()
	b := p.admin()
	form := map[string]string{"uses": "1", "days": "7"}
	for i := 0; i+1 < len(fields); i += 2 {
		form[fields[i]] = fields[i+1]
	}
	var pairs []string
	for name, value := range form {
		pairs = append(pairs, name, value)
	}
	if got := b.post("/admin/invitations", pairs...).leads(); got != "/admin/invitations" {
		p.t.Fatalf("making an invitation leads to %q", got)
	}
	page := b.get("/admin/invitations").wants(http.StatusOK).says("shown this once")
	b.get("/admin/invitations").wants(http.StatusOK).hides("shown this once")
	m := invitationLink.FindStringSubmatch(page.body)
	if m == nil {
		p.t.Fatal("the page of invitations shows no link")
	}
	return m[1]
}

func TestAnInvitationLetsOnePersonInAndIsUsedByPostOnly(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		link := p.invite()
		b := p.browser()
		b.get(link).wants(http.StatusOK)
		b.get(link).wants(http.StatusOK).says("You are invited to Willow Lane").hides("need not tell your story")
		p.join(b, link, "public_name", "bad name!").wants(http.StatusUnprocessableEntity)
		if got := p.join(b, link).leads(); got != "/home" {
			t.Errorf("leads to %q, want /home", got)
		}
		b.get("/me").wants(http.StatusOK).says("slow-river")
		p.browser().get(link).wants(http.StatusGone).says("has been used up")
		b.get(link).wants(http.StatusGone)
	})
}

func TestAnExpiredOrRevokedInvitationIsGone(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		expired, revoked := p.invite(), p.invite("days", "30")
		list, _, err := p.service.Invitations(context.Background(), p.viewer("warden"), "")
		if err != nil || len(list) != 2 {
			t.Fatalf("got %d invitations, %v", len(list), err)
		}
		admin := p.admin()
		for range 2 { // taken back twice is taken back
			admin.post("/admin/invitations/" + list[0].ID + "/revoke").leads()
		}
		p.browser().get(revoked).wants(http.StatusGone).says("taken back")
		p.clock.advance(7 * 24 * time.Hour)
		p.browser().get(expired).wants(http.StatusGone).says("that is over")
		p.admin().get("/admin/invitations").wants(http.StatusOK).says("taken back", "over")
	})
}

func TestTheLastPlaceOfAnInvitationGoesToOneOfTwo(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.registers(community.RegistrationInvitation)
		link, token := p.invite(), p.tokenNow()
		got := atOnce(2, func(i int) int {
			n := string(rune('a' + i))
			return p.browser().post(link, joining("_token", token, "login", "rowan-"+n, "public_name", "slow-river-"+n)...).StatusCode
		})
		if got[http.StatusSeeOther] != 1 || got[http.StatusGone] != 1 {
			t.Errorf("got %v, want one 303 and one 410", got)
		}
		list, _, err := p.service.People(context.Background(), p.viewer("warden"), "slow-river", "")
		if err != nil || len(list) != 1 {
			t.Errorf("got %d people, %v; want 1", len(list), err)
		}
	})
}

func TestWhoComesTooLateForAnInvitationKeepsTheirWordsForTheDoor(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		link, token := p.invite(), p.tokenNow()
		p.browser().post(link, joining("_token", token)...).leads()
		late := p.browser().post(link, joining("_token", token, "login", "hazel", "public_name", "soft-cloud")...)
		late.wants(http.StatusGone).says(`action="/join"`, "soft-cloud", "You can come in here without one")
	})
}

func TestInvitationsOpenEveryDoorButAClosedOne(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		link := p.invite("uses", "5")
		for i, mode := range []string{community.RegistrationApproval, community.RegistrationInvitation, community.RegistrationOpen} {
			p.registers(mode)
			n := string(rune('a' + i))
			p.join(p.browser(), link, "login", "rowan-"+n, "public_name", "slow-river-"+n).wants(http.StatusSeeOther)
		}
		p.registers(community.RegistrationClosed)
		p.browser().get(link).wants(http.StatusForbidden)
		p.browser().post(link, joining("_token", p.tokenNow())...).wants(http.StatusForbidden)
	})
}

func TestAnInvitationLeadsIntoItsGroup(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx := context.Background()
		now := p.clock.Now()
		group := community.Group{
			Actor: community.Actor{ID: "g1", URI: "g1", Type: community.ActorGroup, Name: "night-carers", Title: "Carers at night", CreatedAt: now},
			State: community.GroupActive, Joining: community.JoiningOpen, Readers: community.ReadersMembers, Reach: community.ReachNowhere, LastActivityAt: now,
		}
		if err := p.store.InsertGroup(ctx, group); err != nil {
			t.Fatal(err)
		}
		link := p.invite("group", "night-carers", "uses", "3", "note", "for the meeting")
		p.browser().get(link).wants(http.StatusOK).says("Carers at night")
		b := p.browser()
		if got := p.join(b, link).leads(); got != "/g/night-carers/join" {
			t.Errorf("leads to %q, want the group's page of joining", got)
		}
		if got := b.get(link).leads(); got != "/g/night-carers/join" {
			t.Errorf("a member who follows it is led to %q", got)
		}
		p.admin().get("/admin/invitations").wants(http.StatusOK).says("for the meeting", "Carers at night", "2 of 3 left")

		group.State = community.GroupClosed
		if err := p.store.UpdateGroup(ctx, group); err != nil {
			t.Fatal(err)
		}
		p.browser().get(link).wants(http.StatusOK).hides("Carers at night")
		p.admin().post("/admin/invitations", "uses", "1", "days", "1", "group", "night-carers").wants(http.StatusUnprocessableEntity).says("No group here that people can join")
	})
}

func TestInvitationsAreMadeWithinBounds(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b := p.admin()
		b.get("/admin/invitations").wants(http.StatusOK).says("No invitations yet")
		b.post("/admin/invitations", "uses", "0", "days", "400", "group", "nowhere", "note", strings.Repeat("n", 201)).
			wants(http.StatusUnprocessableEntity).says("1 to 100 people", "1 to 90 days", "No group here", "under 200 characters", `value="400"`)
		b.post("/admin/invitations", "uses", "many", "days", "7").wants(http.StatusUnprocessableEntity).says(`value="many"`)
	})
}

func TestAnInvitationIsFoundByItsCodeOrAddress(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		link := p.invite()
		code := strings.TrimPrefix(link, "/invitation/")
		for _, typed := range []string{code, strings.ToUpper(strings.ReplaceAll(code, "-", "")), p.server.URL + link} {
			if got := p.browser().post("/invitation", "code", typed).leads(); got != link {
				t.Errorf("%q leads to %q, want %q", typed, got, link)
			}
		}
		p.browser().get("/invitation/k7pm-3fqt-x2dz-h4wn").wants(http.StatusNotFound)
	})
}
