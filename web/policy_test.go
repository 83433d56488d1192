package web_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
)

func TestADecisionAboutAServerHoldsAtOnceAndIsTold(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx, admin := context.Background(), p.admin()
		verdict := func(host string) string {
			t.Helper()
			policies, err := p.service.Policies(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return policies.Judge(host).Severity
		}
		admin.get("/admin/federation").wants(http.StatusOK).says("No server has been decided about")
		if got := verdict("elm.example"); got != policy.Suspend {
			t.Errorf("a stranger before servers_we_choose names it: got %s, want suspend", got)
		}
		admin.post("/admin/federation", "domain", " https://Elm.Example/ ", "severity", "allow", "public_reason", "Neighbours", "private_note", "met at the fair").leads()
		if got := verdict("www.elm.example"); got != policy.Allow {
			t.Errorf("after allowing elm.example: got %s, want allow", got)
		}
		admin.get("/admin/federation").says("Decided about elm.example", "Talk freely", "Neighbours", "met at the fair", "decided by quiet-heron")
		p.browser().get("/about/federation").says("elm.example", "Neighbours", "Talk freely").hides("met at the fair", "quiet-heron")
		admin.post("/admin/federation/lift", "domain", "elm.example").leads()
		if got := verdict("elm.example"); got != policy.Suspend {
			t.Errorf("after taking it back: got %s, want suspend", got)
		}
		admin.post("/admin/federation/lift", "domain", "elm.example").wants(http.StatusNotFound).says("no decision about elm.example")
	})
}

func TestWhatIsRejectedOfAServerIsKeptAndTold(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin, outsider := p.admin(), p.browser()
		admin.get("/admin/federation").hides(`value="no_new_follows" checked`, `<details class="rest" open>`)
		admin.post("/admin/federation", "domain", "", "severity", "allow", "rejects", "no_new_follows").
			wants(http.StatusUnprocessableEntity).says(`value="no_new_follows" checked`, `<details class="rest" open>`).hides(`value="reject_reports" checked`)
		admin.post("/admin/federation", "domain", "elm.example", "severity", "allow", "rejects", "no_new_follows", "rejects", "reject_reports").leads()
		policies, err := p.service.Policies(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if v := policies.Judge("elm.example"); v.Refused() || !v.NoNewFollows || !v.RejectReports {
			t.Errorf("it is judged as %+v", v)
		}
		admin.get("/admin/federation").says("Talk freely", "No new follows", "No reports from there")
		admin.get("/mod/log").says("elm.example", "No new follows", "No reports from there")
		outsider.get("/about/federation").says("elm.example", "No new follows").hides("No reports")
	})
}

func TestAnAdminIsToldWhyAServerMayTalkToUs(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin := p.admin()
		admin.get("/admin/federation/why").wants(http.StatusOK).hides("because")
		admin.get("/admin/federation/why?domain=elm.example").says("elm.example may not talk to us, because nobody has chosen it")
		admin.post("/admin/federation", "domain", "loud.example", "severity", "suspend", "private_note", "met at the fair").leads()
		admin.post("/admin/federation", "domain", "kind.loud.example", "severity", "allow").leads()
		admin.get("/admin/federation/why?domain=Kind.Loud.Example.").says("kind.loud.example may not talk to us, because of the decision about loud.example",
			"The decision about kind.loud.example matches too and does not count", "one that refuses counts more")
		admin.get("/admin/federation/why?domain=b%C3%BCcher.loud.example").says("bücher.loud.example may not talk to us, because of the decision about loud.example")
		admin.get("/admin/federation/why?domain=a+b").wants(http.StatusUnprocessableEntity).says("That is not the name of a server", `value="a b"`)
		admin.get("/admin/federation/why?domain=" + url.QueryEscape(p.host())).says("is this server itself")
	})
}

func TestWhoIsNotAdminMayNotDecideAboutServers(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		visitor := p.browser()
		visitor.get("/admin/federation").leads()
		visitor.post("/admin/federation", "domain", "elm.example", "severity", "allow").leads()
		visitor.post("/admin/federation/lift", "domain", "elm.example").leads()
		if _, err := p.service.SetPolicy(context.Background(), community.Viewer{}, community.PolicyDraft{Domain: "elm.example", Severity: "allow"}); err == nil {
			t.Error("nobody in particular decided about a server")
		}
	})
}

func TestAWrongServerNameIsTheFormAgainWithEveryWord(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		for _, domain := range []string{"https://elm.example/g/carers", "elm", "", "a b.example", p.host()} {
			p.admin().post("/admin/federation", "domain", domain, "severity", "suspend", "private_note", "kept in the form").
				wants(http.StatusUnprocessableEntity).says("kept in the form")
		}
		p.admin().post("/admin/federation", "domain", "https://pasted.example/", "severity", "suspend").leads()
		p.admin().post("/admin/federation", "domain", "bücher.example", "severity", "suspend").leads()
		p.browser().get("/about/federation").says("bücher.example", "pasted.example").hides("https://pasted.example")
	})
}

func TestRefusingAServerCutsItsTiesAndKeepsThem(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx, now := context.Background(), p.clock.Now()
		remote := community.Account{Actor: community.Actor{ID: "far", URI: "https://a.loud.example/u/1", Type: "Person", Domain: "a.loud.example", Name: "far", CreatedAt: now}}
		near := community.Account{Actor: community.Actor{ID: "near", URI: "https://notloud.example/u/1", Type: "Person", Domain: "notloud.example", Name: "near", CreatedAt: now}}
		group := community.Group{Actor: community.Actor{ID: "group", URI: "https://here/g/1", Type: "Group", Name: "carers", CreatedAt: now}, State: "active", LastActivityAt: now}
		member := func(id, account string) community.Membership {
			return community.Membership{ID: id, GroupID: "group", AccountID: account, Role: "member", State: "active", CreatedAt: now, ChangedAt: now}
		}
		for _, err := range []error{
			p.store.InsertAccount(ctx, remote), p.store.InsertAccount(ctx, near), p.store.InsertGroup(ctx, group),
			p.store.InsertMembership(ctx, member("m1", "far")), p.store.InsertMembership(ctx, member("m2", "near")),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		p.clock.advance(time.Minute)
		p.admin().post("/admin/federation", "domain", "loud.example", "severity", "suspend").leads()
		for account, want := range map[string]string{"far": community.MemberSevered, "near": community.MemberActive} {
			m, err := p.store.Membership(ctx, "group", account)
			if err != nil || m.State != want {
				t.Errorf("%s's membership: got %s, %v; want %s", account, m.State, err, want)
			}
		}
		kept, err := p.store.Severances(ctx, "loud.example", 10)
		if err != nil || len(kept) != 1 || kept[0].MembershipID != "m1" || kept[0].Was != community.MemberActive {
			t.Errorf("kept ties: got %+v, %v; want the one of m1, once active", kept, err)
		}
	})
}
