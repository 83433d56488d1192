package web

import "hearth/community"

func (s *Server) noticeRoutes() {
	s.get("/notices", s.showNotices)
}

// noticesPage is what the reader should hear about.
type noticesPage struct {
	Notices []noticeLine
	Pager   Pager
	Empty   Empty
}

// noticeLine is one notice: a sentence that leads somewhere. It has no words of
// any post in it.
type noticeLine struct {
	Sentence string
	URL      string
	New      bool
	Notice   community.NoticeView
	As       string // which of the reader's names it is about, where there are several
}

func (s *Server) showNotices(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	ask := v.paging()
	page, err := s.service.Notices(v.ctx(), v.viewer, ask)
	if err != nil {
		return err
	}
	if !ask.Before.IsZero() && page.Newer.IsZero() {
		return v.redirect("/notices")
	}
	if v.isLooking() {
		if err := s.service.ReadNotices(v.ctx(), v.viewer, page.Items); err != nil {
			return err
		}
	}
	p := noticesPage{
		Pager: pagerOf("/notices?", page.Newer, page.Older),
		Empty: Empty{Title: v.t("notices.empty"), Text: v.t("notices.empty_text"), Actions: []Action{{Text: v.t("nav.home"), URL: "/home", Kind: "second"}}},
	}
	for _, n := range page.Items {
		v.exit = v.exit || n.Sensitive
		p.Notices = append(p.Notices, v.noticeLine(n))
	}
	return v.page("notice_list", v.t("notices.title"), p)
}

func (v *visit) noticeLine(n community.NoticeView) noticeLine {
	line := noticeLine{Sentence: v.noticeSentence(n), URL: noticeURL(n), New: n.ReadAt == nil, Notice: n}
	if n.MyNames > 1 {
		line.As = n.AccountTitle
	}
	return line
}

// noticeKey is the sentence of each kind; one that this binary does not know
// says that something is new and no more.
func noticeKey(n community.NoticeView) string {
	switch n.Kind {
	case community.NoticeReply, community.NoticeMention, community.NoticeAnswer, community.NoticeSupport, community.NoticeJoinAsked,
		community.NoticeJoined, community.NoticeJoinRefused, community.NoticeGroupAsked, community.NoticeGroupDecided,
		community.NoticeReport, community.NoticeReportDone, community.NoticeApplication, community.NoticeRegistration, community.NoticeHandOver,
		community.NoticeHandOverDeclined, community.NoticeUnsent, community.NoticeSevered, community.NoticeRestored, community.NoticeLetGo,
		community.NoticeHiddenThere, community.NoticeShownThere, community.NoticeLockedThere, community.NoticeUnlockedThere,
		community.NoticeClosedThere, community.NoticeOpenedThere, community.NoticeGoneThere, community.NoticeInvited,
		community.NoticeBarredThere, community.NoticeUnbarredThere, community.NoticeWarnedThere, community.NoticeUnheard:
		return "notice." + n.Kind
	case community.NoticeGroupClosed:
		return "notice.group_closed" + stateSuffix(n.DecisionRule)
	case community.NoticeDecision:
		return decisionKey(n)
	}
	return "notice.something"
}

// decisionKey is the sentence for a decision that its reader is told of, with
// what it came to where that is one word.
func decisionKey(n community.NoticeView) string {
	switch {
	case n.DecisionKind == community.DecidedSettings && isStateRule(n.DecisionRule):
		return "notice.group_closed" + stateSuffix(n.DecisionRule)
	case n.DecisionKind != community.DecidedRole:
	case n.DecidedAbout != "" && (n.AccountID == nil || *n.AccountID != n.DecidedAbout):
		return "notice.decided.stepped_down"
	case contains([]string{community.RoleMember, community.RoleModerator, community.RoleAdmin}, n.DecisionRule):
		return "notice.decided.role_" + n.DecisionRule
	}
	return decidedKey(n.DecisionKind)
}

func stateSuffix(rule string) string {
	if rule == "state."+community.GroupActive {
		return "_no_more"
	}
	return ""
}

// decidedKey is the sentence for what a moderator decided about somebody.
func decidedKey(kind string) string {
	switch kind {
	case community.DecidedHide, community.DecidedShow, community.DecidedRemove, community.DecidedReadmit, community.DecidedLock,
		community.DecidedUnlock, community.DecidedPin, community.DecidedUnpin, community.DecidedSuspend, community.DecidedLift, community.DecidedRole,
		community.DecidedApplication, community.DecidedResetLink, community.DecidedRestore, community.DecidedSettings, community.DecidedHandOver,
		community.DecidedJoin, community.DecidedJoinRefuse, community.DecidedGroup, community.DecidedGroupRefuse:
		return "notice.decided." + kind
	}
	return "notice.decision"
}

func (v *visit) noticeSentence(n community.NoticeView) string {
	actor, group := n.ActorTitle, n.GroupTitle
	if actor == "" {
		actor = v.t("post.somebody")
	}
	if group == "" {
		group = v.site.Name
	}
	return v.t(noticeKey(n), "Name", actor, "Group", group)
}

// noticeURL is where a notice leads.
func noticeURL(n community.NoticeView) string {
	group := community.Group{Actor: community.Actor{Name: n.GroupName, Domain: n.GroupDomain}}
	switch n.Kind {
	case community.NoticeJoinAsked:
		return groupModPath(group, "members")
	case community.NoticeHandOver:
		return groupPath(group, "hand-over")
	case community.NoticeJoinRefused, community.NoticeInvited:
		return groupPath(group, "join")
	case community.NoticeGroupAsked:
		return "/admin/groups"
	case community.NoticeApplication, community.NoticeRegistration:
		return "/admin/registration"
	case community.NoticeReport:
		return modItemPath(n.AboutID)
	case community.NoticeReportDone:
		return joinPath("me", "reports", n.AboutID)
	case community.NoticeDecision:
		if n.DecisionKind == community.DecidedRestore {
			return "/home" // the record is for admins
		}
		return joinPath("decisions", n.AboutID)
	case community.NoticeGroupDecided:
		if n.DecisionKind == community.DecidedGroupRefuse {
			return "/groups/asked"
		}
	}
	switch {
	case n.PostID != nil:
		return postPath(*n.PostID)
	case n.GroupID != nil && n.GroupName != "":
		return groupPath(group)
	}
	return ""
}
