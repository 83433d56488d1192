package web

import (
	"net/http"
	"strings"

	"hearth/community"
)

// audiencePage says what a change of audience does before it is done.
type audiencePage struct {
	Title, Mod string
	Changes    []string
	Advice     []string
	Sees       []string // who can see it then
	From, To   audienceFields
}

// audienceFields is an audience as hidden fields carry it.
type audienceFields struct{ Sensitive, Readers, Reach, Listed, Servers, Microblogs string }

func newAudienceFields(a community.Audience) audienceFields {
	return audienceFields{yesNo(a.Sensitive), a.Readers, a.Reach, yesNo(a.Listed), strings.Join(a.Servers, " "), yesNo(a.Microblogs)}
}

// showAudience shows what the audience that its form asks for would do.
func (s *Server) showAudience(v *visit) error {
	desk, err := s.desk(v)
	if err != nil {
		return err
	}
	if !desk.MayOwn {
		return &community.Error{Kind: community.Forbidden, Key: "group_mod.owner_only"}
	}
	if v.Request.URL.RawQuery == "" { // opened by its address, with nothing chosen
		return v.redirect(groupModPath(desk.Group) + "#audience")
	}
	from := present(desk)
	to, advice, err := s.service.CheckAudience(v.ctx(), desk.Group, v.audience(v.Query))
	if problems, ok := v.problems(err); ok {
		p, err := s.modGroupPage(v, desk, desk.Group.Texts(), to, problems)
		if err != nil {
			return err
		}
		p.Servers = v.Query("servers")
		return s.renderModGroup(v, http.StatusUnprocessableEntity, desk, p)
	}
	if err != nil {
		return err
	}
	changes := from.Changes(to)
	if len(changes) == 0 {
		v.flash("group_mod.nothing_changed")
		return v.redirect(groupModPath(desk.Group))
	}
	return s.renderAudience(v, desk, from, to, changes, advice)
}

func (s *Server) renderAudience(v *visit, desk community.GroupDesk, from, to community.Audience, changes, advice []string) error {
	g := desk.Group
	then := g
	then.Readers, then.Reach = to.Readers, to.Reach
	p := audiencePage{Title: g.Title, Mod: groupModPath(g), Sees: v.groupSees(then), From: newAudienceFields(from), To: newAudienceFields(to)}
	for _, c := range changes {
		p.Changes = append(p.Changes, v.t("group_audience.change."+c))
	}
	for _, a := range advice {
		p.Advice = append(p.Advice, v.t("group_form.advice."+a))
	}
	return v.page("mod_group_audience", v.inGroup(g, v.t("group_audience.title")), p)
}

func (s *Server) doAudience(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	from := v.audience(func(name string) string { return v.input("from_" + name) })
	to := v.audience(v.input)
	err := s.service.ChangeAudience(v.ctx(), v.viewer, v.Param("name"), from, to)
	return s.changed(v, err, "group_audience.done", func(p *modGroupPage) {
		p.Form = v.groupForm(p.Texts, to, p.Problems)
		p.Servers = v.input("servers")
	})
}
