package web

import (
	"net/url"
	"time"

	"hearth/community"
)

type peoplePage struct {
	Words  string
	People []personRow
	Pager  Pager
}

// personRow is one person in words.
type personRow struct {
	URL, Name, Login, Role, State string
	Since                         time.Time
}

func (s *Server) showPeople(v *visit) error {
	if err := v.admin(); err != nil {
		return err
	}
	words := v.Query("q")
	list, next, err := s.service.People(v.ctx(), v.viewer, words, v.Query("before"))
	if err != nil {
		return err
	}
	p := peoplePage{Words: words}
	for _, person := range list {
		p.People = append(p.People, v.personRow(person))
	}
	if next != "" {
		p.Pager = Pager{Older: "/admin/people?" + url.Values{"q": {words}, "before": {next}}.Encode()}
	}
	return v.page("admin/people", v.t("admin.people.title"), p)
}

func (v *visit) personRow(p community.Person) personRow {
	row := personRow{URL: joinPath("admin", "people", p.ID), Name: p.Name, Login: p.Login, Since: p.CreatedAt}
	if p.Name == "" {
		row.Name, row.Login = v.t("person.former"), ""
	}
	if p.Role != community.RoleMember {
		row.Role = v.t("person_role." + p.Role)
	}
	if p.State != community.UserActive {
		row.State = v.t("person_state." + p.State)
	}
	return row
}
