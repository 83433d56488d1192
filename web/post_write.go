package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"hearth/community"
)

func (s *Server) postRoutes() {
	s.get("/g/:name/new", s.showNew)
	s.post("/g/:name/new", s.withWords(s.doNew)).holding("title", "text", "note_text")
	s.get("/p/:id/reply", s.showReply)
	s.post("/p/:id/reply", s.withWords(s.doReply)).holding("text", "note_text")
	s.get("/p/:id/edit", s.showEdit)
	s.post("/p/:id/edit", s.withWords(s.doEdit)).holding("title", "text", "note_text")
	s.get("/p/:id/delete", s.showDelete)
	s.post("/p/:id/delete", s.doDelete)
	s.post("/p/:id/send", s.changeThread(s.service.SendUnsent, "unsent.sending")).on("/p/:id")
	s.post("/p/:id/keep", s.changeThread(s.service.KeepUnsent, "unsent.kept")).on("/p/:id")
	s.get("/p/:id/versions", s.showVersions)
	s.get("/talk", s.showTalk)
	s.post("/talk", s.withWords(s.doTalk)).holding("text")
}

// showNew is the page to begin a thread on. Visitors may write first: signing
// in and joining come after, and the words are kept.
func (s *Server) showNew(v *visit) error {
	view, err := s.service.GroupView(v.ctx(), v.viewer, v.Param("name"))
	if err != nil {
		return err
	}
	d, back := v.wordsFor(v.Request.URL.Path)
	if !back {
		d = v.newDraft(view.Group, "")
	}
	if why := s.service.MayBegin(v.viewer, view); why != nil {
		return s.stopped(v, view.Group, d, why)
	}
	if comesInFirst(view.Group, view.Membership) {
		return v.redirect(joinFirst(view.Group, v.Request.URL.EscapedPath()))
	}
	e := v.editorFor(view.Group, view.Membership, nil, d)
	return s.renderWrite(v, view.Group, writePage{Heading: v.t("editor.new_thread"), Back: back, Editor: e}, nil)
}

// doNew sends, previews or keeps what was written for a new thread.
func (s *Server) doNew(v *visit) error {
	d := v.draft()
	d.ParentID = ""
	if v.viewer.User == nil {
		return s.keepForLater(v, d, groupNewPath(v.Param("name")))
	}
	view, err := s.service.GroupView(v.ctx(), v.viewer, v.Param("name"))
	if err != nil {
		return s.stopped(v, community.Group{}, d, err)
	}
	d.GroupID = view.Group.ID
	page := writePage{Heading: v.t("editor.new_thread"), Editor: v.editorFor(view.Group, view.Membership, nil, d)}
	return s.sendWords(v, view.Group, page)
}

func groupNewPath(name string) string { return joinPath("g", name, "new") }

// showReply is the page to answer one post on.
func (s *Server) showReply(v *visit) error {
	answer, err := s.service.PostToAnswer(v.ctx(), v.viewer, v.Param("id"))
	if err != nil {
		return err
	}
	d, back := v.wordsFor(v.Request.URL.Path)
	if !back {
		d = v.newDraft(answer.Group, answer.Post.ID)
	}
	if answer.WhyNot != nil && !isWayIn(answer.WhyNot) {
		return s.stopped(v, answer.Group, d, answer.WhyNot)
	}
	if comesInFirst(answer.Group, answer.Membership) {
		return v.redirect(joinFirst(answer.Group, v.Request.URL.EscapedPath()))
	}
	return s.renderWrite(v, answer.Group, v.replyPage(answer, d, back), nil)
}

// comesInFirst says whether somebody joins before they write: in a group elsewhere
// its server decides, perhaps much later, and what they wrote would wait for that.
func comesInFirst(g community.Group, m community.Membership) bool {
	return !g.IsLocal() && !m.IsActive()
}

// joinFirst is where somebody joins, and from where they are led on.
func joinFirst(g community.Group, next string) string {
	return groupPath(g, "join") + "?next=" + url.QueryEscape(next)
}

// isWayIn says whether somebody who may not write yet can see to that
// themselves: they may write first.
func isWayIn(err error) bool {
	return contains([]string{"write.sign_in", "write.not_member", "write.rules_changed"}, keyOf(err))
}

func (v *visit) replyPage(answer community.AnswerView, d community.Draft, back bool) writePage {
	e := v.editorFor(answer.Group, answer.Membership, &answer.Root, d)
	name := answer.Post.Author.Title
	p := writePage{Heading: v.t("editor.reply_to", "Name", name), Back: back, Editor: e}
	a := v.article(community.ThreadView{Root: community.PostView{Post: answer.Root}}, answer.Post)
	a.Actions, a.More, a.Reply = nil, nil, false
	p.Answered = &a
	p.Thread, p.URL = v.threadTitle(answer.Root.Title, answer.Root.State), postPath(answer.Root.ID)
	return p
}

// doReply sends, previews or keeps a reply.
func (s *Server) doReply(v *visit) error {
	d := v.draft()
	d.ParentID = v.Param("id")
	if v.viewer.User == nil {
		return s.keepForLater(v, d, postPath(v.Param("id"), "reply"))
	}
	answer, err := s.service.PostToAnswer(v.ctx(), v.viewer, v.Param("id"))
	if err != nil {
		return s.stopped(v, community.Group{}, d, err)
	}
	d.GroupID = answer.Group.ID
	return s.sendWords(v, answer.Group, v.replyPage(answer, d, false))
}

// sendWords does with an editor's words what was pressed: shows them as they
// would stand, keeps them, or sends them.
func (s *Server) sendWords(v *visit, g community.Group, page writePage) (err error) {
	d := page.Editor.Draft
	switch v.input("do") {
	case "preview":
		page.Preview, err = s.previewOf(v, page.Editor.As, d)
		if err != nil {
			return err
		}
		return s.renderWrite(v, g, page, nil)
	case "keep":
		return s.keepDraft(v, d)
	}
	if err := s.agreeToCopies(v, g); err != nil {
		return s.stopped(v, g, d, err)
	}
	post, err := s.service.WritePost(v.ctx(), v.viewer, d)
	if problems, ok := v.problems(err); ok {
		return s.renderWrite(v, g, page, problems)
	}
	if err != nil {
		return s.stopped(v, g, d, err)
	}
	v.forgetWords()
	return v.redirect(postPath(post.ID))
}

// stopped answers words that cannot be sent, or not yet. Whoever can do
// something about it is led there, with the words kept; everybody else gets a
// page with the sentence and the words, to copy.
func (s *Server) stopped(v *visit, g community.Group, d community.Draft, why error) error {
	if statusOf(why) == http.StatusInternalServerError {
		return why
	}
	if key := keyOf(why); key == "write.not_member" || key == "write.rules_changed" {
		if next, err := s.keepForJoining(v, d); err == nil {
			v.flash("editor.kept_join")
			return v.redirect(groupPath(g, "join") + "?next=" + next)
		}
	}
	p := stoppedPage{Sentence: v.sentence(why), Draft: d, Kept: s.keepStopped(v, g, d) || strings.HasPrefix(v.Request.URL.Path, "/drafts/")}
	if problems, ok := v.problems(why); ok {
		p.Sentence = problems[0].Text
	}
	if g.ID != "" {
		p.Group, p.GroupURL = g.Title, groupPath(g)
	}
	title := v.t("editor.tab")
	if g.ID != "" {
		title = v.inGroup(g, title)
	}
	return v.render(statusOf(why), "post_stopped", title, p)
}

// stoppedPage is the words that could not be sent, and why.
type stoppedPage struct {
	Sentence string
	Group    string
	GroupURL string
	Draft    community.Draft
	Kept     bool // as a draft
}

// Words says whether there are any that were not sent.
func (p stoppedPage) Words() bool { return p.Draft.Text != "" || p.Draft.Title != "" }

// keepStopped keeps words that were sent and could not be taken as a draft, and
// says whether that could be done: a group may open again.
func (s *Server) keepStopped(v *visit, g community.Group, d community.Draft) bool {
	if v.Request.Method != http.MethodPost || v.viewer.User == nil || g.ID == "" || d.Text == "" && d.Title == "" {
		return false
	}
	return s.service.KeepDraft(v.ctx(), v.viewer, d) == nil
}

// keepForJoining keeps words as a draft until their author has joined, and
// returns where to go on.
func (s *Server) keepForJoining(v *visit, d community.Draft) (next string, err error) {
	if d.Text == "" && d.Title == "" {
		return v.Request.URL.EscapedPath(), nil
	}
	if err := s.service.KeepDraft(v.ctx(), v.viewer, d); err != nil {
		return "", err
	}
	v.forgetWords()
	return joinPath("drafts", d.ID), nil
}

// showEdit is the form to change one's own words.
func (s *Server) showEdit(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	d, seen, err := s.service.PostToEdit(v.ctx(), v.viewer, v.Param("id"))
	if err != nil {
		return err
	}
	kept, back := v.wordsFor(v.Request.URL.Path)
	if back {
		d = kept
	}
	return s.renderWrite(v, seen.Group, v.editPage(seen, d, back), nil)
}

func (v *visit) editPage(seen community.PostSeen, d community.Draft, back bool) writePage {
	var root *community.Post
	if seen.Post.ID != seen.Root.ID {
		root = &seen.Root
	}
	e := v.newEditor(seen.Group, seen.Membership, root, d) // how far copies go was said when it was written
	e.Action, e.Edits, e.Keeps, e.Joins, e.Button = postPath(seen.Post.ID, "edit"), true, false, "", v.t("editor.save")
	e.As, e.Seen = v.ownName(seen.Post.AuthorID), v.seenBy(seen.Group, seen.Post)
	e.Hint = v.writingHint(e.As)
	return writePage{
		Heading: v.t("editor.edit"), Back: back, Editor: e,
		Thread: v.threadTitle(seen.Root.Title, seen.Root.State), URL: postPath(seen.Root.ID),
	}
}

// doEdit saves the change, or shows it first.
func (s *Server) doEdit(v *visit) error {
	d, path := v.draft(), postPath(v.Param("id"), "edit")
	if v.viewer.User == nil {
		return s.keepForLater(v, d, path)
	}
	_, seen, err := s.service.PostToEdit(v.ctx(), v.viewer, v.Param("id"))
	if err != nil {
		return s.stopped(v, community.Group{}, d, err)
	}
	page := v.editPage(seen, d, false)
	if v.input("do") == "preview" {
		if page.Preview, err = s.previewOf(v, page.Editor.As, d); err != nil {
			return err
		}
		return s.renderWrite(v, seen.Group, page, nil)
	}
	post, err := s.service.EditPost(v.ctx(), v.viewer, v.Param("id"), d)
	if problems, ok := v.problems(err); ok {
		return s.renderWrite(v, seen.Group, page, problems)
	}
	if keyOf(err) == "edit.changed" {
		return s.renderChanged(v, seen, page, err)
	}
	if err != nil {
		return s.stopped(v, seen.Group, d, err)
	}
	v.forgetWords()
	v.flash("editor.saved")
	return v.redirect(postPath(post.ID))
}

// renderChanged shows an edit again that met another one: sending it once more
// puts it in place of what is there now.
func (s *Server) renderChanged(v *visit, seen community.PostSeen, page writePage, err error) error {
	page.Editor.Draft.Version = seen.Post.Version
	page.Editor.Problems = Problems{{Text: v.sentence(err)}}
	return v.renderEditor(http.StatusConflict, seen.Group, page)
}

// withWords is a handler of a form that carries words. A form larger than a
// server takes comes without any: its page says so, and the browser goes back to
// where they are.
func (s *Server) withWords(h handler) handler {
	return func(v *visit) error {
		var long *http.MaxBytesError
		if err := v.Request.ParseForm(); errors.As(err, &long) {
			sentence := v.t("editor.too_large")
			return v.render(http.StatusRequestEntityTooLarge, "error", sentence, errorPage{Status: http.StatusRequestEntityTooLarge, Sentence: sentence})
		}
		return h(v)
	}
}
