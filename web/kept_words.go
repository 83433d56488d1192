package web

import (
	"encoding/json"
	"net/url"

	"hearth/community"
)

// keptWords are words that were sent before their author was signed in, with
// the form they came from. They stand in the browser's own session: nobody else
// ever sees them, and leaving or signing out wipes them.
type keptWords struct {
	Path  string
	Draft community.Draft
}

// wordsFor are the words kept for a form, and whether there are any.
func (v *visit) wordsFor(path string) (community.Draft, bool) {
	kept, ok := v.words()
	if !ok || kept.Path != path {
		return community.Draft{}, false
	}
	return kept.Draft, true
}

func (v *visit) words() (kept keptWords, ok bool) {
	text := v.server.sessions.GetString(v.ctx(), sessionWords)
	if text == "" || json.Unmarshal([]byte(text), &kept) != nil {
		return keptWords{}, false
	}
	return kept, true
}

func (v *visit) forgetWords() { v.server.sessions.Remove(v.ctx(), sessionWords) }

// keepForLater keeps a visitor's words in their browser's session and leads
// them to sign in, and from there back to the form. Words that are too long, or
// one visitor's too many, are shown again to copy.
func (s *Server) keepForLater(v *visit, d community.Draft, path string) error {
	if err := s.keepWords(v, d, path); err != nil {
		return s.stopped(v, community.Group{}, d, err)
	}
	return v.redirect("/sign-in?next=" + url.QueryEscape(path))
}

// keepWords puts words into the browser's session, bounded in size and, for one
// source, in number.
func (s *Server) keepWords(v *visit, d community.Draft, path string) error {
	if err := s.service.CheckWords(v.ctx(), d, sourceOf(v.Context)); err != nil {
		return err
	}
	text, err := json.Marshal(keptWords{path, d})
	if err != nil {
		return err
	}
	s.sessions.Put(v.ctx(), sessionWords, string(text))
	return nil
}
