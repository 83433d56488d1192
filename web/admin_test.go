package web_test

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"hearth/community"
)

func TestAdminPagesAreNotThereForOthers(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		member, moderator := p.person("rowan", "slow-river"), p.personAs("hazel", "soft-cloud", community.RoleModerator)
		paths := []string{"/admin", "/admin/registration", "/admin/registration/x", "/admin/invitations", "/admin/people", "/admin/people/x", "/admin/site"}
		for _, path := range paths {
			member.get(path).wants(http.StatusNotFound)
			moderator.get(path).wants(http.StatusNotFound)
			p.browser().get(path).wants(http.StatusSeeOther)
		}
		for _, path := range []string{"/admin/registration", "/admin/registration/x", "/admin/invitations", "/admin/invitations/x/revoke", "/admin/people/x/role", "/admin/people/x/reset", "/admin/site"} {
			member.post(path, "role", "admin").wants(http.StatusNotFound)
			moderator.post(path, "role", "admin").wants(http.StatusNotFound)
			p.browser().post(path).wants(http.StatusSeeOther)
		}
		admin := p.admin()
		for _, path := range []string{"/admin", "/admin/registration", "/admin/invitations", "/admin/people", "/admin/site"} {
			admin.get(path).wants(http.StatusOK)
		}
	})
}

func TestASuspendedAdminIsNoAdmin(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		b := p.personAs("hazel", "soft-cloud", community.RoleAdmin)
		b.get("/admin").wants(http.StatusOK)
		if err := p.store.SetUserState(context.Background(), p.viewer("hazel").User.ID, community.UserSuspended, nil); err != nil {
			t.Fatal(err)
		}
		b.get("/admin").wants(http.StatusNotFound)
	})
}

var applicantLink = regexp.MustCompile(`href="(/admin/registration/[a-z0-9]+)"`)

func TestAdminsAnswerApplicants(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin := p.admin()
		admin.get("/admin").wants(http.StatusOK).says("Nothing waits")
		b := p.browser()
		receipt := p.join(b, "/join", "answer", "I care for my father.\nAt night.", "website", "filled").leads()
		admin.get("/admin").wants(http.StatusOK).says("1 person asks to join", `href="/admin/registration"`)
		m := applicantLink.FindStringSubmatch(admin.get("/admin/registration").wants(http.StatusOK).says("slow-river", "signs in as rowan", "maybe a machine").body)
		if m == nil {
			t.Fatal("the list leads to no applicant")
		}
		admin.get(m[1]).wants(http.StatusOK).says("I care for my father.\nAt night.")
		admin.post(m[1], "decision", "refuse", "reply", " ").wants(http.StatusUnprocessableEntity).says("write a sentence to them")
		admin.post(m[1], "decision", "approve", "reply", strings.Repeat("r", 601)).wants(http.StatusUnprocessableEntity).says("600 characters", strings.Repeat("r", 601))
		admin.post(m[1], "decision", "approve", "reply", "Welcome in.").leads()
		admin.get("/admin/registration").wants(http.StatusOK).says("They are in", "Nobody is waiting")
		admin.post(m[1], "decision", "refuse", "reply", "Too late.").wants(http.StatusConflict).says("has answered that request already", "Too late.</textarea>")
		admin.post(m[1], "decision", "approve", "reply", "").leads()
		admin.get("/admin/registration").says("has answered that request already")
		admin.get(m[1]).wants(http.StatusSeeOther)
		b.get(receipt).says("Welcome in.")
		member := p.signedIn("rowan", memberPassword)
		member.get("/me").wants(http.StatusOK)
		d, err := p.store.LastDecision(context.Background(), "")
		if err != nil || d.Kind != community.DecidedApplication || d.SubjectID != p.viewer("rowan").User.ID {
			t.Errorf("the decision: got %+v, %v", d, err)
		}
	})
}

func TestRegistrationIsChangedAsADecision(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin := p.admin()
		form := []string{"registration", "open", "question", "Who are you to each other?", "minimum_age", "16", "newcomers_per_day", "7", "applications_waiting", "8"}
		admin.post("/admin/registration", form...).leads()
		admin.get("/admin/registration").says("Saved.", `value="7"`, `value="8"`, "Who are you to each other?")
		p.browser().get("/join").says("at least 16 years old")
		d, err := p.store.LastDecision(context.Background(), "")
		if err != nil || d.Kind != community.DecidedSettings || d.Seq != 1 {
			t.Errorf("got %+v, %v", d, err)
		}
		admin.post("/admin/registration", form...).leads()
		if again, err := p.store.LastDecision(context.Background(), ""); err != nil || again.ID != d.ID {
			t.Errorf("saving the same again was recorded: %+v, %v", again, err)
		}
		admin.post("/admin/registration", "registration", "sideways", "question", strings.Repeat("q", 201), "minimum_age", "12", "newcomers_per_day", "lots", "applications_waiting", "0").
			wants(http.StatusUnprocessableEntity).says("Please choose one", "under 200 characters", "13 to 99", "1 to 1000", `value="lots"`)
	})
}

func TestThePlaceIsChangedAsADecision(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx, admin := context.Background(), p.admin()
		epoch, err := p.store.PolicyEpoch(ctx)
		if err != nil {
			t.Fatal(err)
		}
		admin.post("/admin/site", "name", "Oak Lane", "purpose", "A quiet place for carers.", "rules", "Listen first.\n\nKeep names out.", "contact", "https://oak.example/",
			"front_door", "closed", "group_creation", "open", "country", "ie", "zone", "Europe/Dublin").leads()
		admin.get("/admin/site").wants(http.StatusOK).says("Saved.", "Oak Lane", "It can never change", "Listen first.", `value="Europe/Dublin" selected`)
		p.browser().get("/rules").says("Listen first.", "Keep names out.")
		if now, err := p.store.PolicyEpoch(ctx); err != nil || now <= epoch {
			t.Errorf("another front door must be in force at once: epoch %d after %d, %v", now, epoch, err)
		}
		site, err := p.store.Site(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if actor, err := p.store.Actor(ctx, site.ActorID); err != nil || actor.Title != "Oak Lane" {
			t.Errorf("the instance actor is called %q, %v", actor.Title, err)
		}
		admin.post("/admin/site", "name", "O", "purpose", "short", "contact", "nowhere", "front_door", "ajar", "group_creation", "nobody", "country", "ZZ", "zone", "Local").
			wants(http.StatusUnprocessableEntity).says("2 to 60 characters", "10 to 400 characters", "neither an e-mail", "Please choose one", "time zone is not known")
	})
}

func TestTwoChangesOfThePlaceAtOnceBothHold(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx, admin := context.Background(), p.viewer("warden")
		site, err := p.service.Site(ctx)
		p.must(err)
		for i := range 10 { // they have to meet, and meet only now and then
			age, name := 20+i, "Oak Lane "+string(rune('a'+i))
			change := []func() error{
				func() error {
					return p.service.SaveRegistration(ctx, admin, community.RegistrationDraft{
						Mode: community.RegistrationOpen, MinimumAge: age, NewcomersPerDay: 5, ApplicationsWaiting: 5,
					})
				},
				func() error {
					in := community.SiteDraftOf(site)
					in.Name = name
					return p.service.SaveSite(ctx, admin, in)
				},
			}
			atOnce(2, func(i int) int {
				if err := change[i](); err != nil {
					t.Error(err)
				}
				return http.StatusOK
			})
			now, err := p.service.Site(ctx)
			if err != nil || now.MinimumAge != age || now.Name != name {
				t.Fatalf("round %d: age %d, name %q, %v: one change undid the other", i, now.MinimumAge, now.Name, err)
			}
		}
	})
}

func TestPeopleAreFoundByEitherName(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.person("rowan", "slow-river")
		p.person("hazel_x", "soft-cloud")
		admin := p.admin()
		admin.get("/admin/people").wants(http.StatusOK).says("slow-river", "soft-cloud", "quiet-heron")
		admin.get("/admin/people?q=ROWA").wants(http.StatusOK).says("slow-river").hides("soft-cloud")
		admin.get("/admin/people?q=cloud").wants(http.StatusOK).says("soft-cloud").hides("slow-river")
		admin.get("/admin/people?q=l_x").wants(http.StatusOK).says("soft-cloud").hides("slow-river")
		admin.get("/admin/people?q=%25").wants(http.StatusOK).says("Nobody has such a name")
	})
}

func TestThePeoplesListGoesOnPastAPage(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx := context.Background()
		p.registers(community.RegistrationOpen, func(s *community.Site) { s.NewcomersPerDay = 100 })
		for i := range 31 {
			if _, err := p.service.Join(ctx, arrival(i)); err != nil {
				t.Fatal(err)
			}
		}
		seen, before := map[string]bool{}, ""
		for range 3 {
			list, next, err := p.service.People(ctx, p.viewer("warden"), "", before)
			if err != nil {
				t.Fatal(err)
			}
			for _, person := range list {
				seen[person.Login] = true
			}
			if before = next; next == "" {
				break
			}
		}
		if len(seen) != 32 || before != "" {
			t.Errorf("the list shows %d people, want 32; it goes on at %q", len(seen), before)
		}
	})
}

func TestRolesChangeButTheLastAdminStays(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx := context.Background()
		hazel := p.person("hazel", "soft-cloud")
		admin, page := p.admin(), "/admin/people/"+p.viewer("hazel").User.ID
		own := "/admin/people/" + p.viewer("warden").User.ID
		admin.post(own+"/role", "role", "member").wants(http.StatusConflict).says("There must be an admin")
		admin.post(page+"/role", "role", "king").wants(http.StatusUnprocessableEntity)
		admin.post(page+"/role", "role", "admin").leads()
		admin.get(page).wants(http.StatusOK).says("they are told", "hazel")
		hazel.get("/admin").wants(http.StatusOK)
		if calls, err := p.service.Calls(ctx, p.viewer("hazel")); err != nil || !calls.Unread {
			t.Errorf("hazel was not told: %v, %v", calls, err)
		}
		hazel.post(own+"/role", "role", "member").leads()
		admin.get("/admin").wants(http.StatusNotFound)
		hazel.post(page+"/role", "role", "member").wants(http.StatusConflict)
	})
}

func TestTwoAdminsWhoDemoteEachOtherAtOnceLeaveOne(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx := context.Background()
		p.personAs("hazel", "soft-cloud", community.RoleAdmin)
		viewers := []community.Viewer{p.viewer("warden"), p.viewer("hazel")}
		for range 10 { // they have to meet, and meet only now and then
			got := atOnce(2, func(i int) int {
				err := p.service.ChangeRole(ctx, viewers[i], viewers[1-i].User.ID, community.RoleMember)
				if errors.Is(err, community.Conflict) {
					return http.StatusConflict
				}
				if err != nil {
					t.Error(err)
				}
				return http.StatusOK
			})
			admins, err := p.store.UserIDs(ctx, community.RoleAdmin)
			if err != nil || got[http.StatusOK] != 1 || len(admins) != 1 {
				t.Fatalf("got %v and %d admins, %v; want one done, one refused, one admin", got, len(admins), err)
			}
			for _, v := range viewers {
				p.must(p.store.SetUserRole(ctx, v.User.ID, community.RoleAdmin))
			}
		}
	})
}

func TestAnAdminMakesAResetLinkThatIsShownOnceAndKeptNowhere(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.person("rowan", "slow-river")
		admin, page := p.admin(), "/admin/people/"+p.viewer("rowan").User.ID
		if got := admin.post(page + "/reset").leads(); got != page {
			t.Errorf("leads to %q, want %q", got, page)
		}
		m := regexp.MustCompile(`https?://[^<]*(/reset/[\w-]+)<`).FindStringSubmatch(admin.get(page).wants(http.StatusOK).body)
		if m == nil {
			t.Fatal("the page shows no link")
		}
		admin.get(page).wants(http.StatusOK).hides(m[1])
		p.browser().post(m[1], "password", resetTo).leads()
		p.signedIn("rowan", resetTo)
	})
}

func TestPeopleWhoAreNotInGetNeitherRoleNorLink(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.join(p.browser(), "/join").leads()
		admin, page := p.admin(), "/admin/people/"+p.viewer("rowan").User.ID
		admin.get(page).wants(http.StatusOK).says("waits for an answer").hides("/role")
		admin.post(page+"/role", "role", "admin").wants(http.StatusConflict)
		admin.post(page + "/reset").wants(http.StatusConflict)
		admin.get("/admin/people/nobody").wants(http.StatusNotFound)
	})
}
