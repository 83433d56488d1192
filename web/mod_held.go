package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"hearth/community"
)

func (s *Server) heldRoutes() {
	s.get("/mod/held", s.showHeld)
	s.post("/mod/held", s.doHeld).holding("note")
}

// heldPage is words from elsewhere that nobody else has seen yet, or that were kept
// away and can still be shown.
type heldPage struct {
	Refused  bool
	Words    []heldWords
	Several  []heldSeveral
	Free     []string // servers whose words are no longer read first
	Pager    Pager
	Note     string // as typed, where it has to be mended
	Mending  string // the choice that it was typed for
	Problems Problems
}

// heldWords are one post, or what an edit would make of one.
type heldWords struct {
	Choice       string // what a form sends to decide about it as it was read
	Name, Domain string
	Group        string
	GroupURL     string
	Title        string
	Note         Note
	Since        time.Time
	Edited       string // where what it changes stands
	Answers      string // where what it answers stands
}

// heldSeveral are several words by one author.
type heldSeveral struct {
	Name    string
	Choices []string
}

func (s *Server) showHeld(v *visit) error {
	return s.renderHeld(v, http.StatusOK, heldPage{})
}

func (s *Server) renderHeld(v *visit, status int, p heldPage) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	p.Refused = v.Query("refused") != ""
	list, err := s.service.HeldWords(v.ctx(), v.viewer, v.Query("host"), p.Refused, v.paging())
	if err != nil {
		return err
	}
	by, free := map[string]int{}, map[string]bool{}
	for _, h := range list.Items {
		v.exit = v.exit || h.Group.Sensitive // its name stands on the page
		words := v.heldWords(h)
		p.Words = append(p.Words, words)
		if _, known := by[h.AuthorID]; !known {
			by[h.AuthorID] = len(p.Several)
			p.Several = append(p.Several, heldSeveral{Name: words.Name})
		}
		several := &p.Several[by[h.AuthorID]]
		several.Choices = append(several.Choices, words.Choice)
		if h.Free && !p.Refused && !free[h.Host] {
			free[h.Host], p.Free = true, append(p.Free, h.Host)
		}
	}
	p.Several = moreThanOne(p.Several)
	p.Pager = pagerOf(heldPath(v.Query("host"), p.Refused), list.Newer, list.Older)
	title := v.t("held.title")
	if p.Refused {
		title = v.t("held.refused_title")
	}
	return v.render(status, "mod_held", title, p)
}

// moreThanOne leaves those out by whom there is only one.
func moreThanOne(all []heldSeveral) (several []heldSeveral) {
	for _, one := range all {
		if len(one.Choices) > 1 {
			several = append(several, one)
		}
	}
	return several
}

// heldPath is the address of a list, to be followed by more of its query.
func heldPath(host string, refused bool) string {
	path := "/mod/held?"
	if refused {
		path += "refused=yes&"
	}
	if host != "" {
		path += "host=" + url.QueryEscape(host) + "&"
	}
	return path
}

func (v *visit) heldWords(h community.HeldSeen) heldWords {
	said := h.Words()
	words := heldWords{
		Choice: h.PostID + "." + h.Reading(), Name: v.nameOf(h.Author), Domain: h.Author.Domain, Group: h.Group.Title,
		GroupURL: groupPath(h.Group), Title: said.Title, Since: h.HeldAt,
		Note: Note{Text: v.noteOf(said.Topics(), said.NoteText), HTML: wordsUnder(3, said.HTML), Lang: h.Post.Language},
	}
	if h.IsEdit {
		words.Edited, words.Note.Lang = postPath(h.PostID), h.Language
	} else if h.Post.ParentID != nil {
		words.Answers = postPath(*h.Post.ParentID)
	}
	if h.RefusedAt != nil {
		words.Since = *h.RefusedAt
	}
	return words
}

func (s *Server) doHeld(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	approve := v.input("do") != "refuse"
	var done community.HeldDone
	var err error
	if host := v.input("all_of"); host != "" {
		done, err = s.service.ApproveHeldFrom(v.ctx(), v.viewer, host)
	} else {
		done, err = s.service.DecideHeld(v.ctx(), v.viewer, heldChoices(v.PostFormArray("post")), approve, v.input("note"))
	}
	if problems, ok := v.problems(err); ok {
		return s.renderHeld(v, http.StatusUnprocessableEntity, heldPage{Problems: problems, Note: v.input("note"), Mending: v.input("post")})
	}
	if err != nil {
		return err
	}
	v.tellHeld(done, approve)
	return v.redirect(strings.TrimRight(heldPath(v.Query("host"), v.Query("refused") != ""), "?&"))
}

// heldChoices are what a form says is decided about. What is no choice is none.
func heldChoices(sent []string) (choices []community.HeldChoice) {
	for _, choice := range sent {
		if id, reading, _ := strings.Cut(choice, "."); community.IsPostID(id) {
			choices = append(choices, community.HeldChoice{PostID: id, Reading: reading})
		}
	}
	return choices
}

// tellHeld says what became of decisions, and of those that could not be made why.
func (v *visit) tellHeld(done community.HeldDone, approve bool) {
	key := "held.kept"
	if approve {
		key = "held.shown"
	}
	said := v.tn(key, done.Decided)
	if len(done.Not) == 0 {
		v.flash("held.done", "Done", said)
		return
	}
	why := v.sentence(done.Not[0].Why)
	if done.Decided == 0 {
		v.flash("held.not_any", "Why", why)
		return
	}
	v.flash("held.not", "Done", said, "Count", len(done.Not), "Why", why)
}

// heldDuty says to an admin that words wait to be read.
func (s *Server) heldDuty(v *visit) (duty, error) {
	n, err := s.service.CountHeld(v.ctx(), v.viewer)
	if err != nil || n == 0 {
		return duty{}, err
	}
	return duty{v.tn("held.waiting", n), "/mod/held"}, nil
}
