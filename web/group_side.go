package web

import (
	"hearth/community"
)

// GroupSide is the part "group-side", for a page's "side": who can see what is
// written in a group, its rules, who looks after it, and what the reader is in it.
type GroupSide struct {
	You        string // what the reader is in the group, a sentence
	Actions    []Action
	See        []string // who can read, who can write, how far copies go
	Rules      []string
	RulesURL   string
	RulesLine  string // which version, and whether the reader accepted it
	Moderators []GroupPerson
	Size       string // a band for all but the moderators
	Past       string // how far a group elsewhere's earlier threads are here, a sentence
}

// GroupPerson is somebody who looks after a group.
type GroupPerson struct {
	Name   string
	URL    string
	Domain string
	Role   string
}

// groupPath is where people find a group, and pages below it.
func groupPath(g community.Group, rest ...string) string {
	return joinPath(anySlice("g", g.Handle(), rest)...)
}

// groupModPath is where its moderators look after it, and pages below that.
func groupModPath(g community.Group, rest ...string) string {
	return joinPath(anySlice("mod", "g", append([]string{g.Handle()}, rest...))...)
}

func anySlice(first, second string, rest []string) []any {
	segments := []any{first, second}
	for _, s := range rest {
		segments = append(segments, s)
	}
	return segments
}

// inGroup is what a page of a group sets first: the exit stays in reach where
// being seen could harm somebody. It returns the page's title for tab and
// history, which does not name such a group (experience.md, Principles).
func (v *visit) inGroup(g community.Group, title string) string {
	if !g.Sensitive {
		return v.t("group.tab", "Page", title, "Instance", v.site.Name)
	}
	v.exit = true
	return v.t("group.tab", "Page", v.t("group.discreet"), "Instance", v.site.Name)
}

// groupSide is the side column for a group as this reader may see it.
func (v *visit) groupSide(view community.GroupView) GroupSide {
	g, m := view.Group, view.Membership
	side := GroupSide{
		You: v.groupYou(view), Actions: v.groupActions(view), See: v.groupSees(g),
		RulesURL: groupPath(g, "rules"), RulesLine: v.rulesLine(g, m), Size: v.groupSize(view),
	}
	for _, r := range view.Rules {
		side.Rules = append(side.Rules, r.Text)
	}
	for _, a := range view.Moderators {
		role := v.t("group.role.moderator")
		if a.ID == view.OwnerID {
			role = v.t("group.role.owner")
		}
		side.Moderators = append(side.Moderators, GroupPerson{Name: a.Title, URL: profilePath(a.Actor), Domain: a.Domain, Role: role})
	}
	return side
}

// groupYou says what the reader is in the group; empty for a visitor.
func (v *visit) groupYou(view community.GroupView) string {
	g, m := view.Group, view.Membership
	switch {
	case g.State == community.GroupAsked:
		return v.t("group.you.group_asked")
	case g.State == community.GroupRefused:
		return v.t("group.you.group_refused")
	case g.State == community.GroupClosed:
		return v.t("group.you.group_closed")
	case view.RulesChanged:
		return v.t("group.you.rules_changed", "Version", g.RulesVersion)
	case m.IsActive() && m.Role == community.GroupOwner:
		return v.t("group.you.owner", "Name", v.ownName(m.AccountID))
	case m.IsActive() && m.Role == community.GroupModerator:
		return v.t("group.you.moderator", "Name", v.ownName(m.AccountID))
	case m.IsActive() && view.Barred:
		return v.groupYouBarred(view)
	case m.IsActive():
		return v.t("group.you.member", "Name", v.ownName(m.AccountID))
	case !g.IsLocal():
		return v.groupYouThere(view)
	case m.State == community.MemberAsked:
		return v.t("group.you.asked", "Name", v.ownName(m.AccountID))
	case m.State == community.MemberRemoved && !view.MayAsk && v.viewer.ActingID() == m.AccountID:
		return v.t("group.you.removed")
	case view.MayAsk && g.Joining == community.JoiningAsked:
		return v.t("group.you.may_ask")
	case view.MayAsk:
		return v.t("group.you.may_join")
	}
	return ""
}

// groupYouThere says what somebody who is not in a group elsewhere is in it, and
// who decides about it.
func (v *visit) groupYouThere(view community.GroupView) string {
	m, server := view.Membership, shownDomain(view.Group.Domain)
	switch {
	case m.State == community.MemberAsked:
		return v.t("group.you.asked_there", "Name", v.ownName(m.AccountID), "Server", server)
	case m.State == community.MemberSevered:
		return v.t("group.you.severed_there", "Server", server)
	case m.State == community.MemberRefused && view.MayAsk:
		return v.t("group.you.refused_there", "Server", server)
	case m.State == community.MemberUnheard && view.MayAsk:
		return v.t("group.you.unheard_there", "Name", v.ownName(m.AccountID), "Server", server, "Day", v.day(m.ChangedAt))
	case view.MayAsk && view.Group.Joining == community.JoiningAsked:
		return v.t("group.you.may_ask_there", "Server", server)
	case view.MayAsk:
		return v.t("group.you.may_join_there", "Server", server)
	}
	return ""
}

// groupYouBarred says that somebody may not write in a group elsewhere for now,
// and why, as its server says: to themselves alone.
func (v *visit) groupYouBarred(view community.GroupView) string {
	m := view.Membership
	said := []any{"Name", v.ownName(m.AccountID), "Server", shownDomain(view.Group.Domain)}
	you := v.t("group.you.barred_there", said...)
	if m.BarredUntil != nil {
		you = v.t("group.you.barred_there_until", append(said, "Until", v.day(*m.BarredUntil))...)
	}
	if m.BarredWhy != "" {
		you += " " + v.t("group.you.barred_why", "Why", m.BarredWhy)
	}
	return you
}

// groupActions is what the reader may do about being in the group.
func (v *visit) groupActions(view community.GroupView) []Action {
	g, m := view.Group, view.Membership
	var actions []Action
	add := func(shown bool, key, kind string, rest ...string) {
		if shown {
			actions = append(actions, Action{Text: v.t(key), URL: groupPath(g, rest...), Kind: kind})
		}
	}
	add(g.OfferedTo != nil && v.viewer.Owns(*g.OfferedTo), "group.do.hand_over", "second", "hand-over")
	add(view.RulesChanged && g.State == community.GroupActive, "group.do.accept", "second", "join")
	add(view.MayAsk && g.Joining == community.JoiningAsked, "group.do.ask", "second", "join")
	add(view.MayAsk && g.Joining == community.JoiningOpen && g.IsLocal(), "group.do.join", "second", "join")
	add(view.MayAsk && g.Joining == community.JoiningOpen && !g.IsLocal(), "group.do.follow", "second", "join")
	if view.MayModerate || v.viewer.IsAdmin() && g.IsLocal() {
		actions = append(actions, Action{Text: v.t("group.do.look_after"), URL: groupModPath(g), Kind: "quiet"})
	}
	add(m.State == community.MemberAsked || g.State == community.GroupAsked && g.AskedBy != nil && v.viewer.Owns(*g.AskedBy), "group.do.take_back", "quiet", "leave")
	add(m.IsActive(), "group.do.leave", "quiet", "leave")
	return actions
}

// groupSees says who can read what is written in a group, who writes, and how
// far copies go: one plain sentence each.
func (v *visit) groupSees(g community.Group) []string {
	writes := v.t("group.writes." + g.Joining)
	if !g.IsLocal() {
		writes = v.t("group.writes_there."+g.Joining, "Server", shownDomain(g.Domain))
	}
	return []string{v.t("group.reads." + g.Readers), writes, v.t("group.reaches." + v.reachOf(g))}
}

// reachOf is how far a group really reaches: nowhere where the site talks to nobody.
func (v *visit) reachOf(g community.Group) string {
	if v.site.IsClosed() && g.IsLocal() {
		return community.ReachNowhere
	}
	return g.Reach
}

// groupFacts are the facts of a group's card, a few words each.
func (v *visit) groupFacts(g community.Group) []string {
	facts := []string{v.t("group.fact.reads." + g.Readers), v.t("group.fact.writes." + g.Joining)}
	if name := languageName(g.Language); name != "" {
		facts = append(facts, name)
	}
	return facts
}

func (v *visit) rulesLine(g community.Group, m community.Membership) string {
	switch {
	case g.RulesVersion == 0:
		return ""
	case m.IsActive() && m.RulesVersion == g.RulesVersion:
		return v.t("group.rules.accepted", "Version", g.RulesVersion)
	case m.IsActive():
		return v.t("group.rules.accepted_earlier", "Version", g.RulesVersion, "Accepted", m.RulesVersion)
	}
	return v.t("group.rules.version", "Version", g.RulesVersion)
}

// groupSize is how many take part: the true number for the group's moderators,
// a band for everybody else (R14).
func (v *visit) groupSize(view community.GroupView) string {
	if !view.Group.IsLocal() {
		return v.t("group.size_there", "Band", v.server.pages.Catalogue.Band(v.lang, view.Members), "Server", shownDomain(view.Group.Domain))
	}
	if view.MayModerate {
		return v.server.pages.Catalogue.N(v.lang, "group.size_exact", view.Members, nil)
	}
	return v.t("group.size", "Band", v.server.pages.Catalogue.Band(v.lang, view.Members))
}

// ownName is what others call one of the reader's own accounts.
func (v *visit) ownName(accountID string) string {
	for _, a := range v.viewer.Accounts {
		if a.ID == accountID {
			return a.Title
		}
	}
	return ""
}
