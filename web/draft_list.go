package web

import (
	"net/http"

	"hearth/community"
	"hearth/community/markup"
)

func (s *Server) draftRoutes() {
	s.get("/drafts", s.showDrafts)
	s.post("/drafts", s.withWords(s.doDrafts)).holding("title", "text", "note_text")
	s.get("/drafts/:id", s.showDraft)
	s.post("/drafts/:id/discard", s.doDiscard).on("/drafts")
}

// draftsPage is what somebody began and has not sent.
type draftsPage struct {
	Drafts []draftCard
	Empty  Empty
}

// draftCard is a draft in the list.
type draftCard struct {
	Title    string
	Words    string
	Lang     string
	Group    string
	Answers  string // whom it answers
	Saved    community.KeptDraft
	Continue string
	Discard  Action
}

func (s *Server) showDrafts(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	drafts, err := s.service.Drafts(v.ctx(), v.viewer)
	if err != nil {
		return err
	}
	p := draftsPage{Empty: Empty{Title: v.t("drafts.empty"), Text: v.t("drafts.empty_text"), Actions: []Action{{Text: v.t("nav.home"), URL: "/home", Kind: "second"}}}}
	for _, d := range drafts {
		v.exit = v.exit || d.Sensitive
		p.Drafts = append(p.Drafts, v.draftCard(d))
	}
	return v.page("draft_list", v.t("drafts.title"), p)
}

func (v *visit) draftCard(d community.KeptDraft) draftCard {
	c := draftCard{
		Title: d.Title, Words: markup.Excerpt(markup.Render(d.Source), 140), Lang: d.Language, Group: d.GroupTitle, Saved: d,
		Continue: joinPath("drafts", d.ID),
		Discard:  Action{Text: v.t("drafts.discard"), To: d.Title, URL: joinPath("drafts", d.ID, "discard"), Kind: "quiet", Post: true},
	}
	if d.ParentID != nil {
		c.Title, c.Answers = v.threadTitle(d.ThreadTitle, d.ThreadState), d.ParentAuthor
		if c.Answers == "" {
			c.Answers = v.t("post.somebody")
		}
	}
	if c.Title == "" {
		c.Title = v.t("drafts.untitled")
	}
	return c
}

// doDrafts keeps what a form has so far: for a button it leads to the list, for
// the page's own saving it answers without words.
func (s *Server) doDrafts(v *visit) error {
	d := v.draft()
	if v.viewer.User == nil {
		return s.keepForLater(v, d, editorPath(d))
	}
	if v.input("do") != "" {
		return s.keepDraft(v, d)
	}
	if d.Text == "" && d.Title == "" {
		v.Status(http.StatusNoContent)
		return nil
	}
	if err := s.service.KeepDraft(v.ctx(), v.viewer, d); err != nil {
		return err
	}
	v.Status(http.StatusNoContent)
	return nil
}

// editorPath is the form that a draft came from.
func editorPath(d community.Draft) string {
	if d.ParentID != "" {
		return postPath(d.ParentID, "reply")
	}
	return groupNewPath(d.GroupID)
}

// keepDraft keeps words for the button that says so.
func (s *Server) keepDraft(v *visit, d community.Draft) error {
	if err := s.service.KeepDraft(v.ctx(), v.viewer, d); err != nil {
		return s.stopped(v, community.Group{}, d, err)
	}
	v.forgetWords()
	v.flash("drafts.kept")
	return v.redirect("/drafts")
}

// showDraft goes on with a draft where it was left.
func (s *Server) showDraft(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	d, err := s.service.Draft(v.ctx(), v.viewer, v.Param("id"))
	if err != nil {
		return err
	}
	if d.ParentID == "" {
		return s.continueThread(v, d)
	}
	answer, err := s.service.PostToAnswer(v.ctx(), v.viewer, d.ParentID)
	if err == nil && answer.WhyNot != nil && !isWayIn(answer.WhyNot) {
		err = answer.WhyNot
	}
	if err != nil {
		return s.stopped(v, answer.Group, d, err)
	}
	return s.renderWrite(v, answer.Group, v.replyPage(answer, d, false), nil)
}

func (s *Server) continueThread(v *visit, d community.Draft) error {
	view, err := s.service.GroupView(v.ctx(), v.viewer, d.GroupID)
	if err == nil {
		err = s.service.MayBegin(v.viewer, view)
	}
	if err != nil {
		return s.stopped(v, view.Group, d, err)
	}
	e := v.editorFor(view.Group, view.Membership, nil, d)
	return s.renderWrite(v, view.Group, writePage{Heading: v.t("editor.new_thread"), Editor: e}, nil)
}

func (s *Server) doDiscard(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	if err := s.service.DiscardDraft(v.ctx(), v.viewer, v.Param("id")); err != nil {
		return err
	}
	v.flash("drafts.discarded")
	return v.redirect("/drafts")
}
