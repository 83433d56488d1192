package web

import (
	"net/http"
	"time"

	"hearth/community"
)

func (s *Server) elsewhereRoutes() {
	s.get("/u/:id", s.leadToProfile)
	s.get("/g/:name/elsewhere", s.showWayBack)
	s.post("/g/:name/elsewhere", s.doWayBack)
}

// leadToProfile leads people from an account's id to its page.
func (s *Server) leadToProfile(v *visit) error {
	profile, err := s.service.ProfileOf(v.ctx(), v.viewer, v.Param("id"))
	if err != nil {
		return err
	}
	return v.redirect(profilePath(profile.Actor))
}

// Elsewhere is the part "elsewhere": whose server a group or person is on, and
// how things stand with it.
type Elsewhere struct {
	Server     string
	URL        string // the original
	Follow     string // whether it can be followed from here, a sentence; empty for people
	Before     string // where a group's older posts are, a sentence; empty where none come here at all
	Refused    bool
	CutSince   time.Time // when a decision ended contact with it; the zero time where none did
	KeptUntil  time.Time // and until when what that cut is kept
	Heard      time.Time // when something last came from there; zero for never
	FailsSince time.Time // zero where it answers
	Closed     time.Time // since when nobody writes in a group; zero where they do
}

// Troubled says whether nothing comes or goes, or nobody can write.
func (e Elsewhere) Troubled() bool { return e.Refused || !e.FailsSince.IsZero() || !e.Closed.IsZero() }

// elsewhere says how things stand with an actor's server; nil for one of here.
func (v *visit) elsewhere(a community.Actor) (*Elsewhere, error) {
	if a.IsLocal() {
		return nil, nil
	}
	state, err := v.server.service.ServerState(v.ctx(), a.Domain)
	e := Elsewhere{Server: shownDomain(a.Domain), URL: a.URL, Refused: state.Refused, CutSince: state.CutSince, KeptUntil: state.KeptUntil}
	if state.LastHeardAt != nil {
		e.Heard = *state.LastHeardAt
	}
	if state.FailingSince != nil {
		e.FailsSince = *state.FailingSince
	}
	return &e, err
}

// wayBack is where a visitor with an account elsewhere finds the way to follow a
// group from there; empty where they cannot.
func (v *visit) wayBack(g community.Group) string {
	if v.viewer.User != nil || v.server.config.Federation == nil || v.site.IsClosed() || !g.IsLocal() ||
		g.State != community.GroupActive || g.Reach != community.ReachAnywhere || g.DisclosedAt == nil {
		return ""
	}
	return groupPath(g, "elsewhere")
}

// groupElsewhere is elsewhere for a group, and whether the reader can follow it.
func (v *visit) groupElsewhere(view community.GroupView) (*Elsewhere, error) {
	e, err := v.elsewhere(view.Group.Actor)
	if e == nil || err != nil {
		return nil, err
	}
	state := "open"
	switch {
	case e.Refused:
		state = "refused"
	case view.Group.GoneAt != nil:
		state = "gone"
	case view.Group.State == community.GroupClosed:
		state = "closed_there"
	case view.Membership.IsActive():
		state = "followed"
	case view.Membership.State == community.MemberAsked:
		state = "asked"
	case view.Group.Joining == community.JoiningClosed:
		state = "closed"
	case view.Group.Joining == community.JoiningAsked:
		state = "by_asking"
	}
	e.Follow = v.t("elsewhere.follow."+state, "Server", e.Server)
	switch state {
	case "open", "by_asking", "asked", "followed":
		e.Before = v.t("elsewhere.from_now_on", "Server", e.Server)
	}
	if c := view.Group.ClosedAt; c != nil && view.Group.State == community.GroupClosed {
		e.Closed = *c
	}
	return e, nil
}

// wayBackPage asks somebody who has an account elsewhere for their server, and
// leads there.
type wayBackPage struct {
	Group    string
	GroupURL string
	Handle   string
	Address  string // the group's, to paste
	In       string
	Problems Problems
	Link     string // their server's page for it, once it is known
	Server   string
}

// followable is a group that somebody with an account elsewhere can follow.
func (s *Server) followable(v *visit) (community.SharedGroup, wayBackPage, error) {
	find := community.GroupRef{Name: community.Fold(v.Param("name"))}
	g, err := s.service.SharedGroup(v.ctx(), community.Viewer{}, find)
	if err == nil && (s.config.Federation == nil || g.State != community.GroupActive) {
		err = community.NotFound
	}
	return g, wayBackPage{Group: g.Title, GroupURL: groupPath(g.Group), Handle: "!" + g.Name + "@" + v.site.Host, Address: g.URI}, err
}

func (s *Server) showWayBack(v *visit) error {
	g, p, err := s.followable(v)
	if err != nil {
		return err
	}
	return v.page("elsewhere", v.inGroup(g.Group, v.t("elsewhere.title")), p)
}

// doWayBack shows the way as a link: which server a visitor is of stands in no
// address of ours, and a form leads to no other site.
func (s *Server) doWayBack(v *visit) error {
	g, p, err := s.followable(v)
	if err != nil {
		return err
	}
	if err := s.service.CountWayBack(v.ctx(), sourceOf(v.Context)); err != nil {
		return err
	}
	p.In = v.input("server")
	status := http.StatusOK
	link, server, err := s.config.Federation.WayBack(v.ctx(), p.In, g.URI)
	switch code := statusOf(err); {
	case err == nil:
		p.Link, p.Server = link, shownDomain(server)
	case code == http.StatusInternalServerError:
		return err
	default:
		status = code
		p.Problems = Problems{{Field: "server", Text: v.sentence(shownServer(err))}}
	}
	return v.render(status, "elsewhere", v.inGroup(g.Group, v.t("elsewhere.title")), p)
}
