package web

import (
	"net/http"
	"net/url"

	"hearth/community"
	"hearth/community/markup"
)

// talkPage lets somebody write first and choose where; joining comes after.
type talkPage struct {
	Groups   Choices
	Text     string
	Member   bool
	MaxText  int
	Problems Problems
	Empty    Empty
}

func (s *Server) showTalk(v *visit) error {
	text := ""
	if kept, ok := v.words(); ok {
		text = kept.Draft.Text
	}
	return s.renderTalk(v, http.StatusOK, v.Query("group"), text, nil)
}

func (s *Server) renderTalk(v *visit, status int, chosen, text string, problems Problems) error {
	groups, err := s.talkGroups(v)
	if err != nil {
		return err
	}
	p := talkPage{
		Groups: Choices{Name: "group", Legend: v.t("talk.group"), Error: problems.For("group"), Required: true},
		Text:   text, Member: v.viewer.User != nil, MaxText: community.MaxText, Problems: problems,
		Empty: Empty{Title: v.t("talk.none"), Text: v.t("talk.none_text"), Actions: []Action{{Text: v.t("home.to_groups"), URL: "/groups", Kind: "second"}, {Text: v.t("nav.help"), URL: "/help", Kind: "second"}}},
	}
	for _, g := range groups {
		p.Groups.Options = append(p.Groups.Options, Choice{
			Value: g.Handle(), Label: g.Title, Checked: g.Handle() == chosen,
			Hint: markup.Excerpt(g.PurposeHTML, 140) + " " + v.t("group.reads."+g.Readers),
		})
	}
	if v.viewer.User != nil && v.pausedLine() != "" {
		p.Empty.Title, p.Empty.Text = v.t("write.paused"), v.t("talk.paused_text")
	}
	if len(p.Groups.Options) == 1 {
		p.Groups.Options[0].Checked = true // there is nothing to choose
	}
	return v.render(status, "post_talk", v.t("talk.title"), p)
}

// talkGroups are the groups of here that the reader writes in, or could after
// joining, the liveliest first.
func (s *Server) talkGroups(v *visit) (groups []community.Group, err error) {
	page, err := s.service.Groups(v.ctx(), v.viewer, community.GroupSearch{})
	for _, l := range page.Groups {
		open := l.Membership.IsActive() || l.Group.Joining != community.JoiningClosed
		view := community.GroupView{Group: l.Group, Membership: l.Membership}
		if l.Group.IsLocal() && open && s.service.MayBegin(v.viewer, view) == nil {
			groups = append(groups, l.Group)
		}
	}
	return groups, err
}

// doTalk keeps the words and leads on: a member to the form of the group, a
// visitor to join or sign in first.
func (s *Server) doTalk(v *visit) error {
	text, ref := v.input("text"), v.input("group")
	problems := v.talkProblems(text, ref)
	view, err := s.service.GroupView(v.ctx(), v.viewer, ref)
	if err == nil {
		err = s.service.MayBegin(v.viewer, view)
	}
	if len(problems) == 0 && err != nil {
		problems = Problems{{Field: "group", Text: v.t("talk.group_missing")}}
	}
	if len(problems) > 0 {
		return s.renderTalk(v, http.StatusUnprocessableEntity, ref, text, problems)
	}
	d := v.newDraft(view.Group, "")
	d.Text = text
	path := groupNewPath(view.Group.Handle())
	if err := s.keepWords(v, d, path); err != nil {
		return s.stopped(v, view.Group, d, err)
	}
	if v.viewer.User == nil {
		return v.redirect("/join?next=" + url.QueryEscape(path))
	}
	return v.redirect(path)
}

func (v *visit) talkProblems(text, group string) (p Problems) {
	if group == "" {
		p = append(p, Problem{Field: "group", Text: v.t("talk.group_missing")})
	}
	if text == "" {
		p = append(p, Problem{Field: "text", Text: v.t("write.empty")})
	}
	return p
}
