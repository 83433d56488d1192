package web

import (
	"errors"
	"net/http"
	"strings"

	"hearth/community"
)

func (s *Server) threadRoutes() {
	s.get("/p/:id", s.showThread)
	s.get("/p/:id/unread", s.showUnread)
	s.get("/p/:id/lock", s.showLock)
	s.post("/p/:id/lock", s.doLock).holding("reason")
	s.post("/p/:id/unlock", s.changeThread(s.service.UnlockThread, "thread.unlocked")).on("/p/:id")
	s.post("/p/:id/pin", s.changeThread(s.service.PinThread, "thread.pinned_now")).on("/p/:id")
	s.post("/p/:id/unpin", s.changeThread(s.service.UnpinThread, "thread.unpinned")).on("/p/:id")
}

// threadPage is a page of a thread.
type threadPage struct {
	Group       string
	GroupURL    string
	Title       string
	Lang        string
	URL         string
	Root        *Article // nil on later pages
	Replies     []Article
	Pager       Pager
	FirstUnread string
	Unfinished  string // address of a draft that the reader began here
	Locked      bool
	WhyNot      string // why the reader cannot answer
	WayIn       *Action
	NewHere     *Action // for whoever has no account to sign in with
	Reply       *editor
	See         []string
}

// showThread is a thread, or leads to the place of a reply in its thread. A
// thread whose root is deleted can be read, and is Gone at the same time.
func (s *Server) showThread(v *visit) error {
	ask, from := v.threadPlace()
	view, err := s.service.Thread(v.ctx(), v.viewer, v.Param("id"), ask, from)
	if err != nil {
		return s.notThread(v, err)
	}
	if view.Root.ID != v.Param("id") {
		return s.leadToPost(v, view)
	}
	if v.isLooking() {
		if err := s.service.MarkRead(v.ctx(), v.viewer, view); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if view.Root.State == community.PostDeleted {
		status = http.StatusGone
	}
	return v.render(status, "thread_show", v.inGroup(view.Group, v.t("thread.tab")), v.threadPage(view))
}

// isLooking says whether a person is about to see the answer: not a browser that
// fetches ahead, nor a machine that asks whether the page is there.
func (v *visit) isLooking() bool {
	return v.Request.Method == http.MethodGet && !strings.Contains(v.GetHeader("Sec-Purpose")+v.GetHeader("Purpose"), "prefetch")
}

// threadPlace is where in a thread a page begins: with a post, after one, or
// before one.
func (v *visit) threadPlace() (ask community.Paging, from bool) {
	if at := community.ParseCursor(v.Query("from")); !at.IsZero() {
		return community.Paging{After: at}, true
	}
	return v.paging(), false
}

// paging is where a page of a list begins or ends.
func (v *visit) paging() community.Paging {
	if before := community.ParseCursor(v.Query("newer")); !before.IsZero() {
		return community.Paging{Before: before}
	}
	return community.Paging{After: community.ParseCursor(v.Query("older"))}
}

// pager leads along a list of which this is one page.
func pagerOf(path string, newer, older community.Cursor) (p Pager) {
	if !newer.IsZero() {
		p.Newer = path + "newer=" + newer.String()
	}
	if !older.IsZero() {
		p.Older = path + "older=" + older.String()
	}
	return p
}

// notThread leads the author of a draft to it; everybody else meets the error.
func (s *Server) notThread(v *visit, err error) error {
	if v.viewer.User == nil || !errors.Is(err, community.NotFound) {
		return err
	}
	if d, draftErr := s.service.Draft(v.ctx(), v.viewer, v.Param("id")); draftErr == nil {
		return v.redirect(joinPath("drafts", d.ID))
	}
	return err
}

func (s *Server) leadToPost(v *visit, view community.ThreadView) error {
	place, err := s.service.PostPlace(v.ctx(), v.viewer, v.Param("id"))
	if errors.Is(err, community.Gone) {
		return v.render(http.StatusGone, "post_gone", v.inGroup(view.Group, v.t("thread.tab")), postPath(place.ThreadID))
	}
	if err != nil {
		return err
	}
	return v.redirect(placePath(place))
}

// placePath is the address of a post in its thread.
func placePath(p community.PostPlace) string {
	path := postPath(p.ThreadID)
	if !p.From.IsZero() {
		path += "?from=" + p.From.String()
	}
	if p.PostID != p.ThreadID {
		path += "#p-" + p.PostID
	}
	return path
}

func postPath(id string, rest ...string) string { return joinPath(anySlice("p", id, rest)...) }

// showUnread leads to where the reader's unread words of a thread begin.
func (s *Server) showUnread(v *visit) error {
	place, err := s.service.UnreadPlace(v.ctx(), v.viewer, v.Param("id"))
	if err != nil {
		return err
	}
	return v.redirect(placePath(place))
}

func (v *visit) threadPage(view community.ThreadView) threadPage {
	root := view.Root
	p := threadPage{
		Group: view.Group.Title, GroupURL: groupPath(view.Group), Title: v.threadTitle(root.Title, root.State), Lang: root.Language,
		URL: postPath(root.ID), Pager: pagerOf(postPath(root.ID)+"?", view.Earlier, view.Later), Locked: root.LockedAt != nil,
		See: v.seenBy(view.Group, root.Post),
	}
	p.Pager.NewerText, p.Pager.OlderText = v.t("thread.earlier"), v.t("thread.later")
	p.Root, p.Replies = v.articles(view)
	if view.FirstUnread != "" {
		p.FirstUnread = "#p-" + view.FirstUnread
	}
	if view.Unfinished != "" {
		p.Unfinished = joinPath("drafts", view.Unfinished)
	}
	v.replyForm(view, &p)
	return p
}

// replyForm is the form under a thread, or why there is none and what to do.
func (v *visit) replyForm(view community.ThreadView, p *threadPage) {
	if view.WhyNot == nil {
		v.shortForm(view, p)
		return
	}
	key := keyOf(view.WhyNot)
	p.WhyNot = v.sentence(view.WhyNot)
	switch key {
	case "write.sign_in":
		p.WhyNot = v.t("thread.sign_in_to_answer")
		p.WayIn = &Action{Text: v.t("nav.sign_in"), URL: "/sign-in?next=" + v.Request.URL.EscapedPath()}
		p.NewHere = &Action{Text: v.t("sign_in.join"), URL: "/join?next=" + v.Request.URL.EscapedPath(), Kind: "second"}
	case "write.not_member":
		p.WayIn = &Action{Text: v.t("thread.join"), URL: groupPath(view.Group, "join") + "?next=" + p.URL, Kind: "second"}
	case "write.rules_changed":
		p.WayIn = &Action{Text: v.t("group.do.accept"), URL: groupPath(view.Group, "join") + "?next=" + p.URL, Kind: "second"}
	}
}

// shortForm is the form under a thread. Whoever has yet to say whether copies may
// leave finds the box for that on the page of the whole form: where nothing can
// be written without it, the thread only leads there.
func (v *visit) shortForm(view community.ThreadView, p *threadPage) {
	leaves := community.NarrowerReach(v.reachOf(view.Group), view.Root.Reach) != community.ReachNowhere
	whole := Action{Text: v.t("editor.to_copies"), URL: postPath(view.Root.ID, "reply"), Kind: "second"}
	if leaves && !view.Agreed && !view.Group.IsLocal() {
		p.WhyNot, p.WayIn = v.t("editor.copies_first"), &whole
		return
	}
	e := v.newEditor(view.Group, view.Membership, &view.Root.Post, v.newDraft(view.Group, view.Root.ID))
	e.Short, e.Label = true, v.t("thread.your_reply")
	if leaves && !view.Agreed {
		e.Seen = []string{e.Seen[0], v.t("editor.stays_until_agreed")}
		e.ToCopies = whole.URL
	}
	p.Reply = &e
}

// keyOf is the sentence of an error of the community.
func keyOf(err error) string {
	var e *community.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return ""
}

// threadTitle is a thread's title, or what stands in its place.
func (v *visit) threadTitle(title, state string) string {
	switch {
	case title != "":
		return title
	case state == community.PostDeleted || state == community.PostAway: // nobody can tell whether its author left
		return v.t("thread.title_deleted")
	case state == community.PostHidden:
		return v.t("thread.title_hidden")
	case state == community.PostFrozen:
		return v.t("thread.title_frozen")
	}
	return v.t("thread.title_none")
}

// seenBy says who can see a post and how far copies of it go, a sentence each:
// the narrower of its own and its group's.
func (v *visit) seenBy(g community.Group, p community.Post) []string {
	g.Readers = community.NarrowerReaders(g.Readers, p.Readers)
	g.Reach = community.NarrowerReach(g.Reach, p.Reach)
	return []string{v.t("group.reads." + g.Readers), v.t("group.reaches." + v.reachOf(g))}
}
