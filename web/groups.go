package web

import (
	"net/url"

	"hearth/community"
	"hearth/community/markup"
)

func (s *Server) groupRoutes() {
	s.get("/groups", s.showGroups)
	s.get("/groups/new", s.showNewGroup)
	s.post("/groups/new", s.doNewGroup).on("/groups/new", "sensitive").holding("title", "purpose", "for_whom", "not_for", "question", "rules", "servers")
	s.get("/groups/asked", s.showAskedGroups)
	s.joinGroupRoutes()
	s.modGroupRoutes()
	s.consentRoutes()
	s.get("/admin/groups", s.showAdminGroups)
	s.post("/admin/groups/:id", s.doAnswerGroup).on("/admin/groups").holding("reason")
}

// groupsPage is the directory.
type groupsPage struct {
	In         community.GroupSearch
	Situations []Choice
	Languages  []Choice
	Cards      []GroupCard
	Searching  bool
	Narrowed   bool // by more than words
	Many       bool // so many that narrowing them down helps
	Pager      Pager
	Empty      Empty
	Make       *Action // to make a group, or to ask for one
	Asked      bool    // the reader has asked for groups
	Elsewhere  bool    // groups of other servers can be looked for
}

// fewGroups is how many one sees at a glance.
const fewGroups = 5

func (s *Server) showGroups(v *visit) error {
	in := community.GroupSearch{Words: v.Query("q"), Situation: v.Query("situation"), Language: v.Query("language"), After: v.Query("after")}
	if s.isAddress(in.Words) {
		return v.redirect("/search?" + url.Values{"q": {in.Words}}.Encode())
	}
	found, err := s.service.Groups(v.ctx(), v.viewer, in)
	if err != nil {
		return err
	}
	languages, err := s.service.GroupLanguages(v.ctx())
	if err != nil {
		return err
	}
	own, err := s.service.OwnGroupsAsked(v.ctx(), v.viewer)
	if err != nil {
		return err
	}
	p := groupsPage{
		In: in, Situations: v.situations(in.Situation, "groups.any_situation"), Cards: v.groupCards(found.Groups),
		Languages: append([]Choice{{Label: v.t("groups.any_language")}}, choose(languageChoices(languages), in.Language)...),
		Searching: in.Words != "" || in.Situation != "" || in.Language != "", Pager: groupsPager(in, found.Older), Make: s.makeGroup(v), Asked: len(own) > 0,
		Elsewhere: v.viewer.User != nil && !v.site.IsClosed(),
	}
	p.Narrowed = in.Situation != "" || in.Language != ""
	p.Many = p.Searching || len(p.Cards) > fewGroups || p.Pager != Pager{}
	p.Empty = v.noGroups(p)
	return v.page("groups", v.t("groups.title"), p)
}

// groupCards are groups as cards of a list.
func (v *visit) groupCards(groups []community.GroupListing) []GroupCard {
	cards := make([]GroupCard, len(groups))
	for i, l := range groups {
		v.exit = v.exit || l.Group.Sensitive && l.Membership.IsActive() // the card says so
		cards[i] = GroupCard{
			Title: l.Group.Title, URL: groupPath(l.Group), Domain: l.Group.Domain, Purpose: markup.Excerpt(l.Group.PurposeHTML, 200),
			Facts: append(v.groupFacts(l.Group), v.sizeFact(l)...), State: v.groupState(l), Lang: l.Group.Language,
		}
	}
	return cards
}

// sizeFact is how many take part in a group of here, in a band (R14). Of a group
// elsewhere only its own server knows.
func (v *visit) sizeFact(l community.GroupListing) []string {
	if !l.Group.IsLocal() {
		return nil
	}
	return []string{v.t("group.fact.size", "Band", v.server.pages.Catalogue.Band(v.lang, l.Members))}
}

// groupState is what a card says of the reader's own part in a group.
func (v *visit) groupState(l community.GroupListing) string {
	switch {
	case l.Group.State == community.GroupClosed:
		return v.t("groups.closed")
	case l.Membership.State == community.MemberAsked:
		return v.t("groups.you_asked")
	case l.Membership.IsActive():
		return v.t("groups.you_are_in")
	}
	return ""
}

// situations are the situations as a select's options, after one for any.
func (v *visit) situations(chosen, anyKey string) []Choice {
	choices := []Choice{{Label: v.t(anyKey)}}
	for _, s := range community.Situations() {
		choices = append(choices, Choice{Value: s, Label: v.t("group.situation." + s), Checked: s == chosen})
	}
	return choices
}

func groupsPager(in community.GroupSearch, older string) Pager {
	query := url.Values{}
	for name, value := range map[string]string{"q": in.Words, "situation": in.Situation, "language": in.Language} {
		if value != "" {
			query.Set(name, value)
		}
	}
	var p Pager
	if in.After != "" {
		p.Newer = "/groups?" + query.Encode()
	}
	if older != "" {
		query.Set("after", older)
		p.Older = "/groups?" + query.Encode()
	}
	return p
}

// makeGroup is the way to a new group, for those who may.
func (s *Server) makeGroup(v *visit) *Action {
	if v.viewer.User == nil || s.service.MayMakeGroup(v.viewer, v.site) != nil {
		return nil
	}
	a := Action{Text: v.t("groups.make"), URL: "/groups/new", Kind: "second"}
	if v.asksForGroups() {
		a.Text = v.t("groups.ask")
	}
	return &a
}

// asksForGroups says whether the reader's new group waits for an admin.
func (v *visit) asksForGroups() bool {
	return v.site.GroupCreation == community.GroupCreationAsked && !v.viewer.IsAdmin()
}

// noGroups says what to do where the list is empty.
func (v *visit) noGroups(p groupsPage) Empty {
	e := Empty{Title: v.t("groups.none"), Text: v.t("groups.none_text")}
	if p.Searching {
		return Empty{Title: v.t("groups.none_found"), Text: v.t("groups.none_found_text"), Actions: []Action{{Text: v.t("groups.all"), URL: "/groups", Kind: "second"}}}
	}
	if p.Make != nil {
		e.Actions = []Action{*p.Make}
	}
	return e
}

// welcomeGroups are a few groups that a visitor may look into.
func (s *Server) welcomeGroups(v *visit) ([]GroupCard, error) {
	found, err := s.service.Groups(v.ctx(), v.viewer, community.GroupSearch{})
	if err != nil {
		return nil, err
	}
	return v.groupCards(found.Groups[:min(len(found.Groups), 4)]), nil
}

// askedGroupRow is a group that somebody asked for, as they see it.
type askedGroupRow struct {
	Title, URL string
	Waiting    bool
	Reason     string
}

func (s *Server) showAskedGroups(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	own, err := s.service.OwnGroupsAsked(v.ctx(), v.viewer)
	if err != nil {
		return err
	}
	rows := make([]askedGroupRow, len(own))
	for i, g := range own {
		v.exit = v.exit || g.Sensitive
		rows[i] = askedGroupRow{Title: g.Title, URL: groupPath(g.Group), Waiting: g.State == community.GroupAsked, Reason: g.Reason()}
	}
	return v.page("groups_asked", v.t("groups.asked_title"), rows)
}
