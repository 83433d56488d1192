package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation"
)

func (s *Server) policyRoutes() {
	s.get("/about/federation", s.showNeighbours)
	s.get("/admin/federation", s.showPolicies)
	s.get("/admin/federation/why", s.showWhy)
	s.post("/admin/federation", s.doSetPolicy).holding("public_reason", "private_note")
	s.post("/admin/federation/lift", s.doLiftPolicy).on("/admin/federation")
	s.instanceRoutes()
}

// policyRow is one verdict in words.
type policyRow struct {
	Domain, Verdict, Reason, Note, Owner string
	Rejects                              []string // beside the verdict
	Since                                time.Time
}

func (v *visit) policyRows(page community.PolicyPage) []policyRow {
	var rows []policyRow
	for _, p := range page.Policies {
		row := policyRow{Domain: shownDomain(p.Domain), Verdict: v.t("policy.verdict." + p.Severity), Reason: p.PublicReason, Note: p.PrivateNote, Since: p.CreatedAt}
		if p.OwnerID != nil {
			row.Owner = page.Owners[*p.OwnerID].Title
		}
		if p.NoNewFollows {
			row.Rejects = append(row.Rejects, v.t("policy.rejects.no_new_follows"))
		}
		if p.RejectMedia {
			row.Rejects = append(row.Rejects, v.t("policy.rejects.reject_media"))
		}
		if p.RejectReports && page.Owners != nil {
			row.Rejects = append(row.Rejects, v.t("policy.rejects.reject_reports"))
		}
		rows = append(rows, row)
	}
	return rows
}

type neighboursPage struct {
	Door  string
	Rows  []policyRow
	Pager Pager
}

// showNeighbours says to everybody whom this server talks to and whom it
// refuses, with the public reasons and nothing else.
func (s *Server) showNeighbours(v *visit) error {
	page, err := s.service.PolicyList(v.ctx(), community.Viewer{}, v.Query("after"))
	if err != nil {
		return err
	}
	return v.page("about/federation", v.t("neighbours.title"), neighboursPage{
		Door: v.site.FrontDoor, Rows: v.policyRows(page), Pager: policyPager("/about/federation", page),
	})
}

type policiesPage struct {
	Door     string
	Rows     []policyRow
	Pager    Pager
	In       community.PolicyDraft
	Verdicts Choices
	Finer    Choices // between the three verdicts
	Rejects  Choices
	Problems Problems
	Sending  sendingPart
}

func (s *Server) showPolicies(v *visit) error {
	if err := v.admin(); err != nil {
		return err
	}
	in := community.PolicyDraft{Severity: policy.Suspend}
	if v.site.FrontDoor == community.FrontDoorChosen {
		in.Severity = policy.Allow
	}
	return s.renderPolicies(v, http.StatusOK, in, nil)
}

func (s *Server) renderPolicies(v *visit, status int, in community.PolicyDraft, problems Problems) error {
	page, err := s.service.PolicyList(v.ctx(), v.viewer, v.Query("after"))
	if err != nil {
		return err
	}
	sending, err := s.sendingPart(v)
	if err != nil {
		return err
	}
	return v.render(status, "admin/federation", v.t("policy.title"), policiesPage{
		Sending: sending,
		Door:    v.site.FrontDoor, Rows: v.policyRows(page), Pager: policyPager("/admin/federation", page), In: in, Problems: problems,
		Verdicts: v.options("severity", "policy.verdict", in.Severity, problems, policy.Allow, policy.Hold, policy.Suspend),
		Finer:    v.finerChoices(in.Severity),
		Rejects:  v.rejectChoices(in),
	})
}

// finerChoices are the verdicts that a volunteer need not know of: asked as the others
// are, further down.
func (v *visit) finerChoices(chosen string) Choices {
	c := v.options("severity", "policy.verdict", chosen, nil, policy.Watch, policy.Limit)
	c.ID, c.Legend = "finer", v.t("policy.verdict.finer")
	return c
}

// rejectChoices are what may be rejected of a server, whatever holds for it.
func (v *visit) rejectChoices(in community.PolicyDraft) Choices {
	one := func(field string, isSet bool) Choice {
		return Choice{Value: field, Label: v.t("policy.rejects." + field), Hint: v.t("policy.rejects." + field + "_hint"), Checked: isSet}
	}
	return Choices{Name: "rejects", Legend: v.t("policy.rejects.legend"), Several: true, Options: []Choice{
		one("no_new_follows", in.NoNewFollows), one("reject_media", in.RejectMedia), one("reject_reports", in.RejectReports),
	}}
}

func (s *Server) doSetPolicy(v *visit) error {
	if err := v.admin(); err != nil {
		return err
	}
	in := community.PolicyDraft{
		Domain: federation.ASCIIDomain(v.input("domain")), Severity: v.input("severity"),
		NoNewFollows: v.chose("rejects", "no_new_follows"), RejectMedia: v.chose("rejects", "reject_media"), RejectReports: v.chose("rejects", "reject_reports"),
		PublicReason: v.input("public_reason"), PrivateNote: v.input("private_note"),
	}
	policy, err := s.service.SetPolicy(v.ctx(), v.viewer, in)
	if problems, ok := v.problems(err); ok {
		in.Domain = v.input("domain")
		return s.renderPolicies(v, http.StatusUnprocessableEntity, in, problems)
	}
	if err != nil {
		return err
	}
	v.flash("policy.kept", "Domain", shownDomain(policy.Domain))
	return v.redirect("/admin/federation")
}

func (s *Server) doLiftPolicy(v *visit) error {
	if err := v.admin(); err != nil {
		return err
	}
	domain := federation.ASCIIDomain(v.input("domain"))
	if err := s.service.LiftPolicy(v.ctx(), v.viewer, domain); err != nil {
		return err
	}
	domain, _ = community.FoldDomain(domain) // or it would not have been lifted
	v.flash("policy.lifted", "Domain", shownDomain(domain))
	return v.redirect("/admin/federation")
}

func policyPager(path string, page community.PolicyPage) Pager {
	if page.Next == "" {
		return Pager{}
	}
	return Pager{Older: path + "?after=" + url.QueryEscape(page.Next)}
}

// shownDomains is a list of kept domains as people read them.
func shownDomains(domains []string, between string) string {
	shown := make([]string, len(domains))
	for i, d := range domains {
		shown[i] = shownDomain(d)
	}
	return strings.Join(shown, between)
}

// shownDomain is a kept domain as people read it.
func shownDomain(domain string) string {
	if shown, err := idna.Display.ToUnicode(domain); err == nil {
		return shown
	}
	return domain
}
