package web

import (
	"net/http"
	"strconv"

	"hearth/community"
)

// editor is the part "editor": the form for a thread, a reply or an edit.
type editor struct {
	Action    string // where the form goes
	Draft     community.Draft
	Problems  Problems
	Title     bool // asks for a title and a wish: a thread, not a reply
	Short     bool // under a thread: the text alone, the rest one press away
	Edits     bool
	Keeps     bool   // may be kept as a draft here
	As        string // who writes
	Label     string // over the box
	Hint      string // beside it
	Seen      []string
	Copies    *Choices // to agree to copies on other servers, where that is still to do
	CopiesTo  string   // which servers these are
	ToCopies  string   // the page that has that box, where this form is too short for it
	Joins     string   // what comes between the words and their readers: signing in, joining
	Button    string
	MaxText   int
	MaxTitle  int
	MaxNote   int
	Topics    Choices
	Wants     Choices
	Languages []Choice
	More      bool // the rest of the form is open
}

// draft is what the form sent.
func (v *visit) draft() community.Draft {
	version, _ := strconv.Atoi(v.input("version"))
	id := v.input("draft")
	if !community.IsPostID(id) {
		id = v.server.service.NewDraftID()
	}
	return community.Draft{
		ID: id, GroupID: v.input("group"), ParentID: v.input("parent"), Title: v.input("title"),
		NoteTopics: v.PostFormArray("note_topics"), NoteText: v.input("note_text"), Wants: v.input("wants"),
		Language: v.input("language"), Text: v.input("text"), Version: version,
	}
}

// newDraft is an empty one, with an id of its own.
func (v *visit) newDraft(g community.Group, parentID string) community.Draft {
	return community.Draft{ID: v.server.service.NewDraftID(), GroupID: g.ID, ParentID: parentID, Language: g.Language}
}

// editorFor is newEditor, and for who has not agreed to copies yet the box to
// agree to them: their words stay here until they do (R42).
func (v *visit) editorFor(g community.Group, m community.Membership, root *community.Post, d community.Draft) editor {
	e := v.newEditor(g, m, root, d)
	g.Reach = v.reachOf(g)
	if root != nil {
		g.Reach = community.NarrowerReach(g.Reach, root.Reach)
	}
	copies, err := v.server.service.CopiesOf(v.ctx(), g, m)
	if err != nil {
		logOf(v.ctx()).err = err // the words can be written all the same, and stay here
	}
	if copies.Agreed || err != nil {
		return e
	}
	box := v.consentBox(community.ConsentFederate, v.federateText(g), nil, g.IsLocal())
	e.Copies, e.CopiesTo = &box, v.copiesTo(copies.Hosts)
	if g.IsLocal() {
		e.Seen = []string{e.Seen[0], v.t("editor.stays_until_agreed")}
	}
	return e
}

// agreeToCopies records what the editor's box says, before the words are sent.
func (s *Server) agreeToCopies(v *visit, g community.Group) error {
	if g.Reach == community.ReachNowhere || len(v.given(community.ConsentFederate, v.federateText(g))) == 0 {
		return nil
	}
	return s.service.GiveFederateConsent(v.ctx(), v.viewer, g.ID, v.federateText(g))
}

// newEditor is the form for a draft in a group; root is the thread it answers
// in, nil where it begins one.
func (v *visit) newEditor(g community.Group, m community.Membership, root *community.Post, d community.Draft) editor {
	e := editor{
		Draft: d, Title: root == nil, Label: v.t("editor.text"), Action: groupPath(g, "new"), Button: v.t("editor.send"),
		Seen: v.seenBy(g, community.Post{Readers: g.Readers, Reach: g.Reach}), As: v.ownName(m.AccountID),
		Keeps:   v.viewer.User != nil,
		MaxText: community.MaxText, MaxTitle: community.MaxTitle, MaxNote: community.MaxNote,
	}
	if root != nil {
		e.Action, e.Button, e.Seen = postPath(d.ParentID, "reply"), v.t("editor.reply"), v.seenBy(g, *root)
	}
	e.Hint = v.writingHint(e.As)
	switch {
	case v.viewer.User == nil:
		e.Joins = v.t("editor.sign_in_comes_after")
	case !m.IsActive():
		e.Joins = v.t("editor.joining_comes_after")
	}
	v.fillChoices(&e)
	return e
}

// writingHint says under which name the words will stand, and what they may hold.
func (v *visit) writingHint(name string) string {
	if name == "" {
		return v.t("editor.as_nobody")
	}
	return v.t("editor.as", "Name", name)
}

// fillChoices offers the rest of the form but its languages, open where something
// in it is set.
func (v *visit) fillChoices(e *editor) {
	d := e.Draft
	e.Topics = Choices{Name: "note_topics", Legend: v.t("editor.topics"), Hint: v.t("editor.topics_hint"), Several: true}
	for _, topic := range community.NoteTopics() {
		c := Choice{Value: topic, Label: v.t("topic." + topic)}
		for _, chosen := range d.NoteTopics {
			c.Checked = c.Checked || chosen == topic
		}
		e.Topics.Options = append(e.Topics.Options, c)
	}
	e.Wants = Choices{Name: "wants", Legend: v.t("wants.legend"), Error: e.Problems.For("wants")}
	for _, w := range []string{"", community.WantsHeard, community.WantsIdeas} {
		key := w
		if w == "" {
			key = "open"
		}
		e.Wants.Options = append(e.Wants.Options, Choice{Value: w, Label: v.t("wants." + key), Checked: d.Wants == w})
	}
	for _, field := range []string{"note_text", "wants", "language"} {
		e.More = e.More || e.Problems.For(field) != ""
	}
	e.More = e.More || len(d.NoteTopics) > 0 || d.NoteText != "" || d.Wants != ""
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// writePage is the page of an editor.
type writePage struct {
	Heading  string
	Group    string
	GroupURL string
	Thread   string // where words stand in one
	URL      string
	Back     bool // words that were kept are in the form
	Preview  *preview
	Answered *Article // what is answered
	Editor   editor
}

// preview is how the words would stand on a page.
type preview struct {
	Title   string
	Article Article
}

// previewOf is the draft as others would see it.
func (s *Server) previewOf(v *visit, name string, d community.Draft) (*preview, error) {
	html, err := s.service.PreviewWords(v.ctx(), d.Text)
	if err != nil {
		return nil, err
	}
	a := Article{
		ID: "preview", Author: name, Time: s.service.Now(), Wish: v.wish(d.Wants), Note: v.noteOf(d.NoteTopics, d.NoteText),
		HTML: wordsUnder(authorLevel(false), html), Lang: d.Language, NoteOpen: true,
	}
	return &preview{Title: d.Title, Article: a}, nil
}

// renderWrite shows an editor as a page, with what there is to mend.
func (s *Server) renderWrite(v *visit, g community.Group, p writePage, problems Problems) error {
	status := http.StatusOK
	if len(problems) > 0 {
		status = http.StatusUnprocessableEntity
		p.Editor.Problems = problems
		v.fillChoices(&p.Editor)
	}
	return v.renderEditor(status, g, p)
}

// renderEditor is the page of an editor, which unlike the form under a thread
// offers every language.
func (v *visit) renderEditor(status int, g community.Group, p writePage) error {
	p.Group, p.GroupURL = g.Title, groupPath(g)
	p.Editor.Languages = groupLanguagesWith(p.Editor.Draft.Language)
	return v.render(status, "post_write", v.inGroup(g, v.t("editor.tab")), p)
}
