package web

import "hearth/community"

// deletePage asks an author once, and says what deleting does.
type deletePage struct {
	URL    string
	Left   bool // copies may be on other servers
	Answer bool // a reply, not a thread
	Post   Article
}

func (s *Server) showDelete(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	p, g, err := s.service.PostToDelete(v.ctx(), v.viewer, v.Param("id"))
	if err != nil {
		return err
	}
	a := v.article(community.ThreadView{}, community.PostView{Post: p, Words: true, Author: community.Byline{Title: v.ownName(p.AuthorID)}})
	a.Actions, a.More, a.AuthorURL, a.Parent, a.Reply = nil, nil, "", "", false
	return v.page("post_delete", v.inGroup(g, v.t("delete.tab")), deletePage{
		URL: postPath(p.ID), Left: p.Reach != community.ReachNowhere && !v.site.IsClosed(), Answer: p.IsReply(), Post: a,
	})
}

// doDelete erases the words and leads to what is left of the thread.
func (s *Server) doDelete(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	post, err := s.service.DeletePost(v.ctx(), v.viewer, v.Param("id"))
	if err != nil {
		return err
	}
	v.flash("thread.deleted")
	if post.ID != post.ThreadID || post.Replies > 0 {
		return v.redirect(postPath(post.ThreadID))
	}
	return v.redirect("/home")
}
