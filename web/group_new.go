package web

import (
	"net/http"
	"strings"

	"hearth/community"
	"hearth/community/secret"
	"hearth/federation"
)

// newGroupPage is the form of a new group. Sensitive is chosen on a page before
// it, because all that follows starts differently.
type newGroupPage struct {
	Asks     bool // an admin decides
	In       community.GroupDraft
	Rules    string
	Random   string // a discreet handle
	Handle   Choices
	OwnName  string
	Form     groupForm
	Servers  string
	Agree    Choices
	Problems Problems
}

// groupForm is the choices that the forms of a group share.
type groupForm struct {
	Situations, Languages           []Choice
	Joining, Readers, Reach, Listed Choices
	Microblogs                      Choices // asked of a group that is there
	MayReach                        bool    // the site talks to other servers
}

func (v *visit) groupForm(t community.GroupTexts, a community.Audience, p Problems) groupForm {
	reaches := []string{community.ReachNowhere, community.ReachNamed, community.ReachAnywhere}
	if v.site.IsClosed() {
		reaches = reaches[:1]
	}
	return groupForm{
		Situations: v.situations(t.Situation, "group_form.situation_choose"), Languages: groupLanguagesWith(t.Language),
		Joining:    v.options("joining", "group_form.joining", t.Joining, p, community.JoiningOpen, community.JoiningAsked, community.JoiningClosed),
		Readers:    v.options("readers", "group_form.readers", a.Readers, p, community.ReadersMembers, community.ReadersInstance, community.ReadersAnyone),
		Reach:      v.options("reach", "group_form.reach", a.Reach, p, reaches...),
		Listed:     v.options("listed", "group_form.listed", yesNo(a.Listed), p, "yes", "no"),
		Microblogs: v.microblogs(a, p), MayReach: !v.site.IsClosed(),
	}
}

// microblogs is whether microblog servers may follow: nothing to choose where it
// could harm somebody to be seen there.
func (v *visit) microblogs(a community.Audience, p Problems) Choices {
	c := v.options("microblogs", "group_form.microblogs", yesNo(a.Microblogs && !a.Sensitive), p, "yes", "no")
	if a.Sensitive {
		c.Hint, c.Options[0].Disabled = v.t("group_form.microblogs_sensitive"), true
	}
	return c
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func (s *Server) showNewGroup(v *visit) error {
	if err := s.mayMakeGroup(v); err != nil {
		return err
	}
	sensitive := v.Query("sensitive")
	if sensitive != "yes" && sensitive != "no" {
		return v.page("group_kind", v.t(v.newGroupTitle()), nil)
	}
	p := newGroupPage{Random: secret.DiscreetName(), In: community.GroupDraft{
		GroupTexts: community.GroupTexts{Language: v.lang, Joining: community.JoiningOpen},
		Audience:   community.StartingAudience(sensitive == "yes"),
	}}
	handle := "title"
	if p.In.Sensitive {
		handle = "random"
	}
	return s.renderNewGroup(v, http.StatusOK, p, handle)
}

func (s *Server) mayMakeGroup(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	return s.service.MayMakeGroup(v.viewer, v.site)
}

func (v *visit) newGroupTitle() string {
	if v.asksForGroups() {
		return "groups.ask"
	}
	return "groups.make"
}

func (s *Server) renderNewGroup(v *visit, status int, p newGroupPage, handle string) error {
	p.Asks = v.asksForGroups()
	p.Handle = v.options("handle", "group_form.handle", handle, p.Problems, "random", "title", "own")
	for i := range p.Handle.Options {
		if o := &p.Handle.Options[i]; o.Value == "random" {
			o.Label = v.t("group_form.handle.random_is", "Name", p.Random)
		}
	}
	p.Form = v.groupForm(p.In.GroupTexts, p.In.Audience, p.Problems)
	p.Agree = v.consentBox(community.ConsentTakePart, v.founderText(), p.Problems, false)
	return v.render(status, "group_new", v.t(v.newGroupTitle()), p)
}

func (s *Server) doNewGroup(v *visit) error {
	if err := s.mayMakeGroup(v); err != nil {
		return err
	}
	p := newGroupPage{Rules: v.input("rules"), Random: v.input("random"), OwnName: v.input("name"), Servers: v.input("servers")}
	p.In = community.GroupDraft{
		GroupTexts: v.groupTexts(), Audience: v.audience(v.input), Rules: community.RuleLines(p.Rules), Advised: v.input("advised"),
		Consents: v.given(community.ConsentTakePart, v.founderText()),
	}
	p.In.Name = p.handle(v.input("handle"))
	g, err := s.service.MakeGroup(v.ctx(), v.viewer, p.In)
	if problems, ok := v.problems(err); ok {
		p.Problems = problems
		for i := range problems {
			if problems[i].Advice {
				problems[i].Text += " " + v.t("group_form.as_you_like")
				p.In.Advised = p.In.Advice()
			}
		}
		return s.renderNewGroup(v, http.StatusUnprocessableEntity, p, v.input("handle"))
	}
	if err != nil {
		return err
	}
	if g.State == community.GroupAsked {
		v.flash("groups.asked")
		return v.redirect("/groups/asked")
	}
	v.flash("groups.made")
	return v.redirect(groupPath(g))
}

// handle is the name that somebody chose, by whichever way.
func (p newGroupPage) handle(way string) string {
	switch way {
	case "random":
		return p.Random
	case "title":
		return community.SuggestedName(p.In.Title)
	}
	return p.OwnName
}

// groupTexts are the texts that a form of a group sent.
func (v *visit) groupTexts() community.GroupTexts {
	return community.GroupTexts{
		Title: v.input("title"), Purpose: v.input("purpose"), ForWhom: v.input("for_whom"), NotFor: v.input("not_for"),
		Situation: v.input("situation"), Language: v.input("language"), Joining: v.input("joining"), Question: v.input("question"),
	}
}

// audience is the audience that a form of a group sent, by post or in its address.
func (v *visit) audience(input func(string) string) community.Audience {
	a := community.Audience{
		Sensitive: input("sensitive") == "yes", Readers: input("readers"), Reach: input("reach"), Listed: input("listed") == "yes",
		Microblogs: input("microblogs") == "yes",
	}
	if a.Reach == community.ReachNamed {
		for _, domain := range strings.FieldsFunc(input("servers"), func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) }) {
			a.Servers = append(a.Servers, federation.ASCIIDomain(domain))
		}
	}
	return a
}
