package web

import (
	"html/template"

	"hearth/community"
)

func (s *Server) groupShowRoutes() {
	s.get("/g/:name", s.showGroup)
}

// groupPage is a group: its threads, or for those who may not read, its door.
type groupPage struct {
	Group       community.Group
	Purpose     template.HTML
	MayRead     bool
	Write       bool // the reader writes here, or may after signing in or joining
	WriteURL    string
	FirstUnread string
	Newest      string // address of the other order
	ByNewest    bool
	Pinned      []ThreadCard
	Threads     []ThreadCard
	Pager       Pager
	Empty       Empty
	DoorActions []Action
	Elsewhere   *Elsewhere // nil for a group of here
	WayBack     string     // for a visitor with an account elsewhere
	Side        GroupSide
}

// showGroup is a group's page. An id in the address leads people to its name.
func (s *Server) showGroup(v *visit) error {
	view, err := s.service.GroupView(v.ctx(), v.viewer, v.Param("name"))
	if err != nil {
		return err
	}
	if v.Param("name") != view.Group.Handle() {
		return v.redirect(groupPath(view.Group))
	}
	order := community.ByActivity
	if v.Query("order") == community.ByNewest {
		order = community.ByNewest
	}
	ask := v.paging()
	page, pinned, err := s.service.Threads(v.ctx(), v.viewer, view, order, ask)
	if err != nil {
		return err
	}
	if !ask.Before.IsZero() && page.Newer.IsZero() {
		return v.redirect(groupPath(view.Group) + orderQuery(order))
	}
	p := v.groupPage(view, order, page, pinned)
	if p.Elsewhere, err = v.groupElsewhere(view); err != nil {
		return err
	}
	if p.Elsewhere != nil && p.Elsewhere.Refused {
		p.closeDoor(view.Membership)
		v.sayKept(&p.Side, view, *p.Elsewhere)
	}
	if p.Side.Past, err = v.groupPast(view, p.Elsewhere); err != nil {
		return err
	}
	p.WayBack = v.wayBack(view.Group)
	return v.page("group_show", v.inGroup(view.Group, v.groupTab(view.Group)), p)
}

// closeDoor takes away what leads nowhere while this server refuses the group's:
// nobody comes in, and nothing that is written arrives.
func (p *groupPage) closeDoor(m community.Membership) {
	p.Write, p.DoorActions = false, nil
	p.Empty.Actions = nil
	if !m.IsActive() && m.State != community.MemberAsked {
		p.Side.Actions = nil
		if m.State != community.MemberSevered {
			p.Side.You = ""
		}
	}
}

// sayKept says to somebody whom the end of contact took out of a group until when they
// may come back by themselves, and lets them leave it before.
func (v *visit) sayKept(side *GroupSide, view community.GroupView, there Elsewhere) {
	if view.Membership.State != community.MemberSevered || !v.server.service.Now().Before(there.KeptUntil) {
		return
	}
	side.You = v.t("group.you.severed_kept", "Server", there.Server, "Since", v.day(there.CutSince), "Until", v.day(there.KeptUntil))
	side.Actions = []Action{{Text: v.t("group.do.leave"), URL: groupPath(view.Group, "leave"), Kind: "quiet"}}
}

// groupTab is what the tab says of a group that may be named there.
func (v *visit) groupTab(g community.Group) string { return g.Title }

func orderQuery(order string) string {
	if order == community.ByNewest {
		return "?order=" + community.ByNewest
	}
	return ""
}

func (v *visit) groupPage(view community.GroupView, order string, page community.Page[community.ThreadSummary], pinned []community.ThreadSummary) groupPage {
	g := view.Group
	p := groupPage{
		Group: g, Purpose: wordsUnder(1, g.PurposeHTML), MayRead: view.MayRead, WriteURL: groupPath(g, "new"),
		Write: mayWriteFirst(view), ByNewest: order == community.ByNewest,
		Pinned: v.threadCards(pinned, false), Threads: v.threadCards(page.Items, false), Side: v.groupSide(view),
	}
	base := groupPath(g) + "?"
	if p.ByNewest {
		base += "order=" + order + "&"
	}
	p.Pager = pagerOf(base, page.Newer, page.Older)
	p.Pager.OlderText = v.t("thread.older_threads")
	p.FirstUnread = firstUnread(pinned, page.Items)
	p.Empty = Empty{Title: v.t("group_page.empty"), Text: v.t("group_page.empty_text")}
	switch {
	case view.MayWrite:
		p.Empty.Text = v.t("group_page.empty_write")
	case view.Group.State == community.GroupClosed:
		p.Empty.Text = ""
	}
	if !view.MayRead {
		p.DoorActions = v.doorActions(view)
	}
	return p
}

// mayWriteFirst says whether the reader may write here, or first and come in
// after. In a group elsewhere coming in is its server's to decide, and may take
// long: there they come in first.
func mayWriteFirst(view community.GroupView) bool {
	if view.Group.State != community.GroupActive {
		return false
	}
	return view.MayWrite || view.RulesChanged || view.MayAsk && view.Group.IsLocal()
}

// doorActions are the ways in for somebody who may not read here.
func (v *visit) doorActions(view community.GroupView) []Action {
	if v.viewer.User == nil {
		return []Action{
			{Text: v.t("nav.sign_in"), URL: "/sign-in?next=" + groupPath(view.Group)},
			{Text: v.t("sign_in.join"), URL: "/join?next=" + groupPath(view.Group), Kind: "second"},
		}
	}
	if !view.MayAsk {
		return nil
	}
	key := "group.do.join"
	if view.Group.Joining == community.JoiningAsked {
		key = "group.do.ask"
	}
	return []Action{{Text: v.t(key), URL: groupPath(view.Group, "join")}}
}

// firstUnread leads to where the first thread with something new goes on.
func firstUnread(lists ...[]community.ThreadSummary) string {
	for _, list := range lists {
		for _, t := range list {
			if t.New && !t.Blocked {
				return postPath(t.ID, "unread")
			}
		}
	}
	return ""
}

// threadCards are threads in a list; the group is named where a list has several.
func (v *visit) threadCards(threads []community.ThreadSummary, groups bool) []ThreadCard {
	cards := make([]ThreadCard, 0, len(threads))
	for _, t := range threads {
		cards = append(cards, v.threadCard(t, groups))
	}
	return cards
}

func (v *visit) threadCard(t community.ThreadSummary, groups bool) ThreadCard {
	c := ThreadCard{
		Title: v.threadTitle(t.Title, t.State), URL: postPath(t.ID), Note: v.noteOf(t.Topics(), t.NoteText),
		Author: t.Author.Title, Domain: t.Author.Domain, Role: v.roleOf(t.Author.Role), Replies: t.Replies, Last: t.LastActivityAt,
		Wish: v.wish(t.Wants), New: t.New, Pinned: t.PinnedAt != nil, Locked: t.LockedAt != nil, Lang: t.Language,
	}
	if t.Replies == 0 {
		c.Last = t.PublishedAt
	}
	if groups {
		c.Group = t.GroupTitle
		c.GroupURL = groupPath(community.Group{Actor: community.Actor{Name: t.GroupName, Domain: t.GroupDomain}})
	}
	if t.State == community.PostHeld || (t.State == community.PostHidden || t.State == community.PostFrozen) && t.Title != "" {
		c.State = v.t("post.state." + t.State)
	}
	if t.Blocked {
		c.Title, c.Note, c.Author, c.Domain, c.Wish, c.New = v.t("post.blocked"), "", "", "", "", false
	}
	return c
}
