package web

import (
	"time"

	"hearth/community"
)

func (s *Server) consentRoutes() {
	s.get("/me/consents", s.showConsents)
	s.post("/me/consents/:id", s.doWithdrawConsent).on("/me/consents")
}

// consentBox is a box with the whole text of a consent beside it. What it sends
// is the text's hash, so that nobody agrees to words they were not shown.
func (v *visit) consentBox(scope, text string, problems Problems, optional bool) Choices {
	legend := v.t("group_consent.legend." + scope)
	if scope == community.ConsentFederate && !optional {
		legend = v.t("group_consent.legend.federate_needed")
	}
	return Choices{
		Name: scope, Several: true, Required: !optional, Legend: legend, Error: problems.For(scope),
		Options: []Choice{{Value: community.ConsentHash(text), Label: text, Checked: v.PostForm(scope) == community.ConsentHash(text)}},
	}
}

// given is the consent that a form sent for a text as it stands now.
func (v *visit) given(scope, text string) []community.GivenConsent {
	if v.PostForm(scope) != community.ConsentHash(text) {
		return nil
	}
	return []community.GivenConsent{{Scope: scope, Text: text}}
}

// takePartText is what somebody agrees to who joins a group.
func (v *visit) takePartText(g community.Group) string {
	return v.t("group_consent.take_part", "Instance", v.site.Name, "Who", v.t("group.reads."+g.Readers))
}

// founderText is what somebody agrees to who begins one.
func (v *visit) founderText() string {
	return v.t("group_consent.take_part_founder", "Instance", v.site.Name)
}

// federateText is what somebody agrees to whose words may leave this server.
func (v *visit) federateText(g community.Group) string {
	if !g.IsLocal() {
		return v.t("group_consent.federate.elsewhere", "Server", shownDomain(g.Domain))
	}
	return v.t("group_consent.federate." + g.Reach)
}

// offersCopies says whether joining a group asks for the consent to copies: where
// words may leave this server, and always where the group lives on another.
func (v *visit) offersCopies(g community.Group) bool {
	return !g.IsLocal() || v.reachOf(g) != community.ReachNowhere
}

// consentRow is something the reader agreed to.
type consentRow struct {
	ID       string
	Text     string
	GivenAt  time.Time
	Name     string // as whom
	Group    string
	GroupURL string
	Leaves   bool // taking it back leaves the group
}

func (s *Server) showConsents(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	own, err := s.service.OwnConsents(v.ctx(), v.viewer)
	if err != nil {
		return err
	}
	rows := make([]consentRow, len(own))
	for i, c := range own {
		rows[i] = consentRow{ID: c.ID, Text: c.Text, GivenAt: c.GivenAt, Name: c.Account.Title, Leaves: c.Scope == community.ConsentTakePart}
		if c.GroupID != nil {
			rows[i].Group, rows[i].GroupURL = c.Group.Title, groupPath(c.Group)
			v.exit = v.exit || c.Group.Sensitive
		}
	}
	return v.page("consents", v.t("group_consent.title"), rows)
}

func (s *Server) doWithdrawConsent(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	if err := s.service.WithdrawConsent(v.ctx(), v.viewer, v.Param("id")); err != nil {
		return err
	}
	v.flash("group_consent.withdrawn")
	return v.redirect("/me/consents")
}
