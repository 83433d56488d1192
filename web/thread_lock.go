package web

import (
	"context"
	"net/http"

	"hearth/community"
)

// lockPage asks a moderator for the reason to close a thread.
type lockPage struct {
	Title    string
	URL      string
	Reason   string
	Problems Problems
}

func (s *Server) showLock(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	return s.renderLock(v, http.StatusOK, "", nil)
}

func (s *Server) renderLock(v *visit, status int, reason string, problems Problems) error {
	seen, err := s.service.ThreadToModerate(v.ctx(), v.viewer, v.Param("id"))
	if err != nil {
		return err
	}
	return v.render(status, "thread_lock", v.inGroup(seen.Group, v.t("thread.tab")), lockPage{
		Title: v.threadTitle(seen.Root.Title, seen.Root.State), URL: postPath(seen.Root.ID), Reason: reason, Problems: problems,
	})
}

func (s *Server) doLock(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	err := s.service.LockThread(v.ctx(), v.viewer, v.Param("id"), v.input("reason"))
	if problems, ok := v.problems(err); ok {
		return s.renderLock(v, http.StatusUnprocessableEntity, v.input("reason"), problems)
	}
	if err != nil {
		return err
	}
	v.flash("thread.locked_now")
	return v.redirect(postPath(v.Param("id")))
}

// changeThread is a button that does one thing to a thread and leads back to it.
func (s *Server) changeThread(change func(context.Context, community.Viewer, string) error, done string) handler {
	return func(v *visit) error {
		if err := v.signedIn(); err != nil {
			return err
		}
		if err := change(v.ctx(), v.viewer, v.Param("id")); err != nil {
			return err
		}
		v.flash(done)
		return v.redirect(postPath(v.Param("id")))
	}
}
