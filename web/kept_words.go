package web

import (
	"cmp"
	"encoding/json"
	"net/url"

	"hearth/community"
)

// keptWords are words on their way to a form, with the form they are for. They
// stand in the browser's own session, which leaving or signing out wipes. Where
// their author is signed in, or was when last anybody was, nobody else is shown
// them on that browser, whoever signs in after that sign-in has ended. The words of
// a visitor on a browser that knew nobody wait for whoever signs in or joins on it
// first, and are theirs then: that is what they are kept for.
type keptWords struct {
	Path  string
	By    string `json:",omitempty"` // the User who wrote them; empty for a visitor
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

// words are those kept in this browser that the reader may see.
func (v *visit) words() (kept keptWords, ok bool) {
	text := v.server.sessions.GetString(v.ctx(), sessionWords)
	if text == "" || json.Unmarshal([]byte(text), &kept) != nil || kept.By != "" && kept.By != v.userID() {
		return keptWords{}, false
	}
	return kept, true
}

// hasWords says whether words are kept that the reader may see.
func (v *visit) hasWords() bool {
	_, ok := v.words()
	return ok
}

// forgetWords leaves alone what is kept for somebody else.
func (v *visit) forgetWords() {
	if v.hasWords() {
		v.server.sessions.Remove(v.ctx(), sessionWords)
	}
}

// userID is who is signed in; empty for a visitor.
func (v *visit) userID() string {
	if v.viewer.User == nil {
		return ""
	}
	return v.viewer.User.ID
}

// keepForLater keeps a visitor's words in their browser's session and leads
// them to sign in, and from there back to the form. Words that are too long, or
// one visitor's too many, are shown again to copy. Where a sign-in has ended the
// next page alone says that they are kept: later it may be read by somebody else.
func (s *Server) keepForLater(v *visit, d community.Draft, path string) error {
	if err := s.keepWords(v, d, path); err != nil {
		return s.stopped(v, community.Group{}, d, err)
	}
	if !v.hasWords() {
		v.flash("sign_in.words_kept")
	}
	return v.redirect("/sign-in?next=" + url.QueryEscape(path))
}

// keepWords puts words into the browser's session, bounded in size and, for one
// source, in number.
func (s *Server) keepWords(v *visit, d community.Draft, path string) error {
	if err := s.service.CheckWords(v.ctx(), d, sourceOf(v.Context)); err != nil {
		return err
	}
	by := cmp.Or(v.userID(), s.sessions.GetString(v.ctx(), sessionUser))
	return s.putWords(v, keptWords{Path: path, By: by, Draft: d})
}

// ownWords gives a visitor's words to the User who just signed in.
func (s *Server) ownWords(v *visit, userID string) error {
	kept, ok := v.words()
	if !ok || kept.By != "" {
		return nil
	}
	kept.By = userID
	return s.putWords(v, kept)
}

func (s *Server) putWords(v *visit, kept keptWords) error {
	text, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	s.sessions.Put(v.ctx(), sessionWords, string(text))
	return nil
}
