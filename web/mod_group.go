package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"hearth/community"
)

func (s *Server) modGroupRoutes() {
	s.get("/mod/g/:name", s.showModGroup)
	s.post("/mod/g/:name/texts", s.doGroupTexts).on("/mod/g/:name").holding("title", "purpose", "for_whom", "not_for", "question")
	s.post("/mod/g/:name/rules", s.doGroupRules).on("/mod/g/:name").holding("rules")
	s.get("/mod/g/:name/audience", s.showAudience)
	s.post("/mod/g/:name/audience", s.doAudience).on("/mod/g/:name")
	s.post("/mod/g/:name/offer", s.doOfferGroup).on("/mod/g/:name")
	s.post("/mod/g/:name/close", s.doCloseGroup).on("/mod/g/:name").holding("reason")
	s.post("/mod/g/:name/reopen", s.doReopenGroup).on("/mod/g/:name").holding("reason")
	s.get("/mod/g/:name/members", s.showGroupMembers)
	s.post("/mod/g/:name/members/:account/answer", s.doAnswerJoin).on("/mod/g/:name/members").holding("reason")
	s.post("/mod/g/:name/members/:account/role", s.doSetModerator).on("/mod/g/:name/members")
}

// modGroupPage is where a group is looked after: what it says, its rules, its
// audience, who owns it. Admins who are not in it see only what they may do.
type modGroupPage struct {
	Title, URL, Mod string
	Texts           community.GroupTexts
	Rules           string
	Version         int      // of the rules that the form changes
	Newer           []string // the rules as somebody else changed them meanwhile
	Form            groupForm
	Sensitive       Choices
	Servers         string
	Microblogs      string // "yes" or "no", where there is nothing to choose
	Moderates       bool
	MayOwn, MayRun  bool
	Closed          bool
	Offered         string // whom the group is offered to
	Name            string // whom to offer it to, as typed
	Reason          string // why to close it or open it again, as typed
	Asks            int
	Problems        Problems
}

// desk is a group for those who look after it.
func (s *Server) desk(v *visit) (community.GroupDesk, error) {
	if err := v.signedIn(); err != nil {
		return community.GroupDesk{}, err
	}
	return s.service.GroupDesk(v.ctx(), v.viewer, v.Param("name"))
}

func (s *Server) showModGroup(v *visit) error {
	desk, err := s.desk(v)
	if err != nil {
		return err
	}
	p, err := s.modGroupPage(v, desk, desk.Group.Texts(), present(desk), nil)
	if err != nil {
		return err
	}
	return s.renderModGroup(v, http.StatusOK, desk, p)
}

// present is a group's audience with its named servers.
func present(desk community.GroupDesk) community.Audience {
	a := desk.Group.Audience()
	a.Servers = desk.Servers
	return a
}

// modGroupPage is the page with some texts and an audience in its forms, its own
// or those that have to be mended.
func (s *Server) modGroupPage(v *visit, desk community.GroupDesk, texts community.GroupTexts, a community.Audience, problems Problems) (modGroupPage, error) {
	g := desk.Group
	p := modGroupPage{
		Title: g.Title, URL: groupPath(g), Mod: groupModPath(g), Texts: texts, Version: g.RulesVersion, Rules: ruleLines(desk.Rules),
		Form: v.groupForm(texts, a, problems), Servers: shownDomains(a.Servers, "\n"), Microblogs: yesNo(a.Microblogs),
		Sensitive: v.options("sensitive", "group_form.sensitive", yesNo(a.Sensitive), problems, "yes", "no"),
		Moderates: desk.MayModerate, MayOwn: desk.MayOwn, MayRun: desk.MayRun, Closed: g.State == community.GroupClosed,
		Asks: desk.Asks, Problems: problems,
	}
	if desk.Offered != nil {
		p.Offered = desk.Offered.Title
	}
	return p, nil
}

func (s *Server) renderModGroup(v *visit, status int, desk community.GroupDesk, p modGroupPage) error {
	return v.render(status, "mod_group", v.inGroup(desk.Group, v.t("group_mod.title", "Group", desk.Group.Title)), p)
}

func ruleLines(rules []community.Rule) string {
	lines := make([]string, len(rules))
	for i, r := range rules {
		lines[i] = r.Text
	}
	return strings.Join(lines, "\n")
}

// changed answers a form of the page: back to it with a sentence, or shown again
// with what there is to mend, or with what somebody else did meanwhile, and what
// was typed, as refill puts it there.
func (s *Server) changed(v *visit, err error, done string, refill func(*modGroupPage)) error {
	problems, isForm := v.problems(err)
	if keyOf(err) != "" && statusOf(err) == http.StatusConflict {
		problems, isForm = Problems{{Text: v.sentence(err)}}, true
	}
	if err != nil && !isForm {
		return err
	}
	desk, deskErr := s.desk(v)
	switch {
	case err == nil && errors.Is(deskErr, community.NotFound):
		return v.redirect("/groups") // they no longer look after it
	case deskErr != nil:
		return deskErr
	case err == nil:
		v.flash(done)
		return v.redirect(groupModPath(desk.Group))
	}
	p, pageErr := s.modGroupPage(v, desk, desk.Group.Texts(), present(desk), problems)
	if pageErr != nil {
		return pageErr
	}
	refill(&p)
	return s.renderModGroup(v, statusOf(err), desk, p)
}

func (s *Server) doGroupTexts(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	texts := v.groupTexts()
	err := s.service.ChangeGroupTexts(v.ctx(), v.viewer, v.Param("name"), texts)
	return s.changed(v, err, "group_mod.saved", func(p *modGroupPage) {
		p.Texts = texts
		form := v.groupForm(texts, community.Audience{}, p.Problems)
		p.Form.Situations, p.Form.Languages, p.Form.Joining = form.Situations, form.Languages, form.Joining
	})
}

func (s *Server) doGroupRules(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	text := v.input("rules")
	seen, _ := strconv.Atoi(v.input("version"))
	err := s.service.ChangeRules(v.ctx(), v.viewer, v.Param("name"), seen, community.RuleLines(text))
	return s.changed(v, err, "group_mod.rules_saved", func(p *modGroupPage) {
		if keyOf(err) == "group_mod.rules_newer" {
			p.Newer, p.Problems = strings.Split(p.Rules, "\n"), Problems{{Field: "rules", Text: v.sentence(err)}}
		} else {
			p.Version = seen // nobody has told them of a newer one
		}
		p.Rules = text
	})
}

func (s *Server) doOfferGroup(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	name, done := v.input("name"), "group_mod.offered"
	if name == "" {
		done = "group_mod.offer_taken_back"
	}
	err := s.service.OfferGroup(v.ctx(), v.viewer, v.Param("name"), name)
	return s.changed(v, err, done, func(p *modGroupPage) { p.Name = name })
}

func (s *Server) doCloseGroup(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	err := s.service.CloseGroup(v.ctx(), v.viewer, v.Param("name"), v.input("reason"))
	return s.changed(v, err, "group_mod.closed", func(p *modGroupPage) { p.Reason = v.input("reason") })
}

func (s *Server) doReopenGroup(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	err := s.service.ReopenGroup(v.ctx(), v.viewer, v.Param("name"), v.input("reason"))
	return s.changed(v, err, "group_mod.reopened", func(p *modGroupPage) { p.Reason = v.input("reason") })
}
