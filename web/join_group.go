package web

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"hearth/community"
)

func (s *Server) joinGroupRoutes() {
	s.get("/g/:name/join", s.showJoinGroup)
	s.post("/g/:name/join", s.doJoinGroup).on("/g/:name/join", "next").holding("answer")
	s.get("/g/:name/leave", s.showLeaveGroup)
	s.post("/g/:name/leave", s.doLeaveGroup)
	s.get("/g/:name/rules", s.showGroupRules)
	s.get("/g/:name/hand-over", s.showHandOver)
	s.post("/g/:name/hand-over", s.doHandOver)
}

// joinGroupPage is the door of a group: what it is, who can see it, and the form
// of coming in, for those who may.
type joinGroupPage struct {
	Title, URL      string
	Lang            string
	Purpose         template.HTML
	ForWhom, NotFor string
	Writes          string
	Rules           []string
	Version         int
	Who             Table
	Moderators      []GroupPerson

	Sentence string // why there is no form
	Refusal  string // what a moderator answered the last time
	SignIn   string // for a visitor, where signing in leads
	NewHere  string
	Form     bool
	Again    bool   // a member accepts what changed
	Asks     bool   // a moderator decides
	RulesAt  string // the group's server, if it is not this one
	Original string // the group's page there
	Answers  bool   // and reads an answer to the group's question
	Names    Choices
	Question string
	Answer   string
	TakePart Choices
	Federate *Choices // where copies may leave
	Later    bool     // it may be left open
	CopiesTo string   // the servers that copies would go to today
	Next     string
	Words    bool // words are kept and will be there
	Problems Problems
}

func (s *Server) showJoinGroup(v *visit) error {
	view, err := s.service.GroupView(v.ctx(), v.viewer, v.Param("name"))
	if err != nil {
		return err
	}
	if view.Membership.IsActive() && !view.RulesChanged {
		return v.redirect(v.nextOr(v.Query("next"), groupPath(view.Group)))
	}
	return s.renderJoinGroup(v, http.StatusOK, view, nil)
}

// nextOr is a path of ours that somebody came with, or another.
func (v *visit) nextOr(next, otherwise string) string {
	if next == "" {
		return otherwise
	}
	return safeNext(next)
}

func (s *Server) renderJoinGroup(v *visit, status int, view community.GroupView, problems Problems) error {
	g := view.Group
	who, err := s.whoCanSee(v, view)
	if err != nil {
		return err
	}
	p := joinGroupPage{
		Title: g.Title, URL: groupPath(g), Lang: g.Language, Purpose: wordsUnder(1, g.PurposeHTML), ForWhom: g.ForWhom, NotFor: g.NotFor,
		Writes: v.groupSees(g)[1], Version: g.RulesVersion, Who: who, Moderators: v.groupSide(view).Moderators,
		Again: view.RulesChanged, Asks: g.Joining == community.JoiningAsked && !view.RulesChanged, Answers: g.IsLocal(), RulesAt: shownDomain(g.Domain), Original: g.URL,
		Question: g.Question, Answer: v.input("answer"), Problems: problems,
		Next: v.Query("next"),
	}
	for _, r := range view.Rules {
		p.Rules = append(p.Rules, r.Text)
	}
	if v.Request.Method == http.MethodPost {
		p.Next = v.input("next")
	}
	p.Words = v.hasWords() || leadsToWords(p.Next)
	if p.Refusal, err = s.service.JoinRefusal(v.ctx(), v.viewer, view); err != nil {
		return err
	}
	if err := s.joinForm(v, view, &p); err != nil {
		return err
	}
	return v.render(status, "join_group", v.inGroup(g, p.heading(v)), p)
}

func (p joinGroupPage) heading(v *visit) string {
	return v.t(p.HeadingKey(), "Group", p.Title)
}

// HeadingKey is the sentence over the page.
func (p joinGroupPage) HeadingKey() string {
	switch {
	case p.Again:
		return "group_join.title_again"
	case p.Asks:
		return "group_join.title_ask"
	}
	return "group_join.title"
}

// joinForm fills in the form, or says why there is none.
func (s *Server) joinForm(v *visit, view community.GroupView, p *joinGroupPage) error {
	g := view.Group
	if err := s.service.MayJoin(v.viewer, view); err != nil && !view.RulesChanged {
		p.Sentence = v.sentence(err)
		return nil
	}
	if v.viewer.User == nil {
		back := groupPath(g, "join")
		if p.Next != "" {
			back += "?next=" + url.QueryEscape(p.Next)
		}
		p.SignIn, p.NewHere = "/sign-in?next="+url.QueryEscape(back), "/join?next="+url.QueryEscape(back)
		return nil
	}
	p.Form = true
	p.TakePart = v.consentBox(community.ConsentTakePart, v.takePartText(g), p.Problems, false)
	if v.offersCopies(g) {
		box := v.consentBox(community.ConsentFederate, v.federateText(g), p.Problems, g.IsLocal())
		p.Federate, p.Later = &box, g.IsLocal()
	}
	if !view.RulesChanged && len(v.viewer.Accounts) > 1 {
		p.Names = v.ownNames(v.input("account"), p.Problems)
	}
	if !p.Later {
		return nil // where the group lives stands in the words that are agreed to
	}
	servers, err := s.service.ServersWithCopies(v.ctx(), g)
	p.CopiesTo = v.copiesTo(servers)
	return err
}

// copiesTo says which servers copies of what is written would go to today.
func (v *visit) copiesTo(servers []string) string {
	if len(servers) == 0 {
		return v.t("editor.copies_none_yet")
	}
	return v.t("editor.copies_to", "Servers", shownDomains(servers, ", "))
}

// ownNames are the reader's names, as choices by which to come in.
func (v *visit) ownNames(chosen string, problems Problems) Choices {
	if chosen == "" {
		chosen = v.viewer.ActingID()
	}
	c := Choices{Name: "account", Legend: v.t("group_join.as"), Hint: v.t("group_join.as_hint"), Error: problems.For("account"), Required: true}
	for _, a := range v.viewer.Accounts {
		c.Options = append(c.Options, Choice{Value: a.ID, Label: a.Title, Checked: a.ID == chosen})
	}
	return c
}

// whoCanSee is the plain diagram of who can see what is written in a group.
func (s *Server) whoCanSee(v *visit, view community.GroupView) (Table, error) {
	g := view.Group
	row := func(who string, may bool) []Cell {
		if may {
			return []Cell{{Text: who}, {Text: v.t("group_who.can"), Label: "ok"}}
		}
		return []Cell{{Text: who}, {Text: v.t("group_who.cannot")}}
	}
	elsewhere := []Cell{{Text: v.t("group_who.elsewhere")}, {Text: v.t("group_who.cannot")}}
	switch v.reachOf(g) {
	case community.ReachNamed:
		servers, err := s.service.GroupServers(v.ctx(), view)
		if err != nil {
			return Table{}, err
		}
		elsewhere[1] = Cell{Text: v.t("group_who.named", "Servers", shownDomains(servers, ", "))}
	case community.ReachAnywhere:
		elsewhere[1] = Cell{Text: v.t("group_who.anywhere")}
	}
	return Table{
		Caption: v.t("group_who.caption"), Head: []string{v.t("group_who.who"), v.t("group_who.reads")},
		Rows: [][]Cell{
			row(v.t("group_who.members"), true),
			row(v.t("group_who.instance", "Instance", v.site.Name), g.Readers != community.ReadersMembers),
			elsewhere,
			row(v.t("group_who.anyone"), g.Readers == community.ReadersAnyone),
			{{Text: v.t("group_who.operators")}, {Text: v.t("group_who.if_needed")}},
		},
	}, nil
}

func (s *Server) doJoinGroup(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	view, err := s.service.GroupView(v.ctx(), v.viewer, v.Param("name"))
	if err != nil {
		return err
	}
	g := view.Group
	in := community.JoinRequest{AccountID: v.input("account"), Answer: v.input("answer"), Consents: v.given(community.ConsentTakePart, v.takePartText(g))}
	in.RulesVersion, _ = strconv.Atoi(v.input("version"))
	if v.offersCopies(g) {
		in.Consents = append(in.Consents, v.given(community.ConsentFederate, v.federateText(g))...)
	}
	state := community.MemberActive
	if view.RulesChanged {
		err = s.service.AcceptRules(v.ctx(), v.viewer, g.ID, in)
	} else {
		var m community.Membership
		m, err = s.service.JoinGroup(v.ctx(), v.viewer, g.ID, in)
		state = m.State
	}
	if problems, ok := v.problems(err); ok {
		return s.renderJoinGroup(v, http.StatusUnprocessableEntity, view, problems)
	}
	if err != nil {
		return err
	}
	return s.joined(v, view, state)
}

// leadsToWords says whether somebody came from words that are kept as a draft.
func leadsToWords(next string) bool { return strings.HasPrefix(next, "/drafts/") }

// joined leads on: to where somebody came from, once they are in.
func (s *Server) joined(v *visit, view community.GroupView, state string) error {
	switch {
	case state == community.MemberAsked && !view.Group.IsLocal():
		v.flash("group_join.asked_elsewhere", "Server", shownDomain(view.Group.Domain))
		return v.redirect(groupPath(view.Group))
	case state == community.MemberAsked && leadsToWords(v.input("next")):
		v.flash("group_join.asked_words")
		return v.redirect(groupPath(view.Group))
	case state == community.MemberAsked:
		v.flash("group_join.asked")
		return v.redirect(groupPath(view.Group))
	case view.RulesChanged:
		v.flash("group_join.accepted")
	default:
		v.flash("group_join.in")
	}
	return v.redirect(v.nextOr(v.input("next"), v.wordsIn(view.Group)))
}

// wordsIn is the form for which words were kept that are meant for the group,
// or the group's page.
func (v *visit) wordsIn(g community.Group) string {
	if kept, ok := v.words(); ok && kept.Draft.GroupID == g.ID {
		return kept.Path
	}
	return groupPath(g)
}
