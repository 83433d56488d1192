package web

import (
	"html/template"
	"net/url"
	"time"

	"hearth/community"
)

type profilePage struct {
	Name      string
	Domain    string     // where it lives, if not here
	Elsewhere *Elsewhere // nil for somebody of here
	About     template.HTML
	Moved     string // the address where somebody elsewhere went on; empty for most
	Own       bool
	Full      bool // the reader may see more than the name
	Posts     []profilePost
	Pager     Pager
	Brakes    []Action // to report it, to block it, to look after it
}

// profilePost is something that an account wrote where the reader is too.
type profilePost struct {
	Title, URL, Group, GroupURL, Note string
	Answer                            bool
	When                              time.Time
}

// profilePath is the page of an account.
func profilePath(a community.Actor) string { return handlePath(a.Handle()) }

func handlePath(handle string) string { return "/@" + url.PathEscape(handle) }

// showProfile is what a reader may see of an account: nothing of its person.
func (s *Server) showProfile(v *visit) error {
	profile, err := s.service.Profile(v.ctx(), v.viewer, v.Param("name"))
	if err != nil {
		return err
	}
	p := profilePage{
		Name: profile.Title, Domain: profile.Domain, About: wordsUnder(1, profile.AboutHTML), Own: profile.Own, Full: profile.Full,
	}
	if p.Name == "" {
		p.Name = profile.Name
	}
	if p.Elsewhere, err = v.elsewhere(profile.Actor); err != nil {
		return err
	}
	if profile.Full {
		p.Moved = profile.MovedTo
	}
	p.Brakes = v.accountBrakes(profile)
	if profile.Full {
		if err := v.profilePosts(profile.Account, &p); err != nil {
			return err
		}
	}
	return v.page("me_profile", v.site.Name, p)
}

// profilePosts are the account's posts in groups that the reader is in as well.
func (v *visit) profilePosts(a community.Account, p *profilePage) error {
	page, err := v.server.service.PostsOf(v.ctx(), v.viewer, a.ID, v.paging())
	if err != nil {
		return err
	}
	p.Pager = pagerOf(profilePath(a.Actor)+"?", page.Newer, page.Older)
	for _, post := range page.Items {
		v.exit = v.exit || post.Sensitive
		p.Posts = append(p.Posts, profilePost{
			Title: v.threadTitle(post.ThreadTitle, post.ThreadState), URL: postPath(post.ID), When: post.PublishedAt,
			Group: post.GroupTitle, GroupURL: groupPath(community.Group{Actor: community.Actor{Name: post.GroupName, Domain: post.GroupDomain}}),
			Note: v.noteOf(post.Topics(), post.NoteText), Answer: post.IsReply(),
		})
	}
	return nil
}
