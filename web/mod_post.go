package web

import (
	"net/http"

	"hearth/community"
)

// modPostPage is a post as the page shows it on which a moderator hides it, or
// shows it again.
type modPostPage struct {
	Reported reported
	State    string
	Held     bool // it is decided about elsewhere
	History  history
	Form     measureForm
}

func (s *Server) showModPost(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	p, err := s.service.PostToModerate(v.ctx(), v.viewer, v.Param("id"))
	if err != nil {
		return err
	}
	return s.renderModPost(v, http.StatusOK, p, v.firstLadder(s.postDesk(v, p)))
}

func (s *Server) doModPost(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	read := func() (moderated, error) {
		p, err := s.service.PostToModerate(v.ctx(), v.viewer, v.Param("id"))
		return s.postDesk(v, p), err
	}
	p, err := read()
	if err != nil {
		return err
	}
	return s.moderate(v, p, read)
}

func (s *Server) postDesk(v *visit, p community.PostToModerate) moderated {
	return moderated{
		path: modPostPath(p.Post.ID), measures: p.Measures, rules: p.Rules, place: p.Group.Title, server: p.Author.Domain, version: p.Post.Version, next: postPath(p.Post.ID),
		show: func(status int, form measureForm) error { return s.renderModPost(v, status, p, form) },
		decide: func(m community.Measure) error {
			_, err := s.service.ModeratePost(v.ctx(), v.viewer, p.Post.ID, m)
			return err
		},
	}
}

func (s *Server) renderModPost(v *visit, status int, p community.PostToModerate, form measureForm) error {
	page := modPostPage{
		Reported: reported{
			Title: p.Post.Title, Name: p.Author.Title, Domain: p.Author.Domain, Group: p.Group.Title, URL: postPath(p.Post.ID),
			Note:   Note{Text: v.noteOf(p.Post.Topics(), p.Post.NoteText), HTML: wordsUnder(2, p.Post.HTML), Lang: p.Post.Language},
			Person: modPersonPath(p.Author.ID, &p.Group),
		},
		History: v.history(&p.Group, nil, p.Past), Form: form,
	}
	if p.Post.IsUnseen() {
		page.State = v.t("held.here")
		page.Held = true
	}
	if p.Post.State == community.PostHidden {
		page.State = v.t("mod.post_hidden")
		if p.Changed {
			page.State = v.t("mod.post_hidden_edited")
		}
	}
	return v.render(status, "mod_post", v.inGroup(p.Group, v.t("mod.post_title")), page)
}
