package web

import (
	"cmp"
	"net/url"
	"strings"

	"hearth/community/policy"
	"hearth/federation"
)

// instanceRoutes are what an admin sees and does about the servers that we met.
func (s *Server) instanceRoutes() {
	s.get(instancesPath, s.showInstances)
	s.get(instancesPath+"/:domain", s.showInstance)
	s.post(instancesPath+"/pause", s.doPauseServer).on(instancesPath)
	s.post(instancesPath+"/resume", s.doResumeServer).on(instancesPath)
	s.post(instancesPath+"/retry", s.doRetryServer).on(instancesPath)
	s.post(instancesPath+"/drop", s.doDropWaiting).on(instancesPath)
}

const instancesPath = "/admin/federation/instances"

func instancePath(host string) string { return instancesPath + joinPath(host) }

const instancesPerPage = 50

type instancesPage struct {
	Words   string
	Filters []Choice
	Some    bool // it is searched or filtered
	Rows    []serverRow
	Pager   Pager
}

func (s *Server) showInstances(v *visit) error {
	if err := v.admin(); err != nil {
		return err
	}
	if s.config.Federation == nil {
		return s.notFound(v)
	}
	q := federation.InstanceQuery{After: v.Query("after"), With: federation.ASCIIDomain(strings.ToLower(v.Query("q"))), Filter: v.Query("only"), Limit: instancesPerPage}
	page, err := s.config.Federation.Instances(v.ctx(), v.viewer, q)
	if err != nil {
		return err
	}
	p := instancesPage{Words: v.Query("q"), Filters: v.instanceFilters(q.Filter), Some: q.With != "" || q.Filter != ""}
	for _, row := range page.Rows {
		p.Rows = append(p.Rows, v.instanceRow(row))
	}
	p.Pager = v.instancesPager(q, page.Next)
	return v.page("admin/instances", v.t("instance.list"), p)
}

func (v *visit) instanceFilters(chosen string) []Choice {
	filters := []Choice{{Label: v.t("instance.only.all"), Checked: chosen == ""}}
	for _, filter := range federation.InstanceFilters {
		filters = append(filters, Choice{Value: filter, Label: v.t("instance.only." + filter), Checked: chosen == filter})
	}
	return filters
}

// instancesPager keeps what was asked for beside the place in the list.
func (v *visit) instancesPager(q federation.InstanceQuery, next string) (p Pager) {
	asked := url.Values{}
	for name, value := range map[string]string{"q": v.Query("q"), "only": q.Filter} {
		if value != "" {
			asked.Set(name, value)
		}
	}
	if q.After != "" {
		p.Newer, p.NewerText = strings.TrimSuffix(instancesPath+"?"+asked.Encode(), "?"), v.t("delivery.first_page")
	}
	if next != "" {
		asked.Set("after", next)
		p.Older, p.OlderText = instancesPath+"?"+asked.Encode(), v.t("delivery.more")
	}
	return p
}

// instanceRow is a server in words, with what it runs and how it is treated.
func (v *visit) instanceRow(r federation.InstanceRow) serverRow {
	row := v.serverRow(r.LaneRow, v.server.service.Now())
	row.Software = v.softwareWords(r)
	row.MayTry = r.MayRetry(v.server.service.Now())
	row.Treated = v.t("instance.treated." + r.Verdict.Severity)
	row.Refused = r.Verdict.Refused()
	row.Differs = r.Verdict.Severity != policy.Allow
	if r.LastHeardAt != nil {
		row.Heard = *r.LastHeardAt
	}
	if r.FirstSeenAt != nil {
		row.First = *r.FirstSeenAt
	}
	return row
}

// softwareWords is what a server says it runs, which is for it to say.
func (v *visit) softwareWords(r federation.InstanceRow) string {
	return strings.TrimSpace(cmp.Or(r.Software, v.t("instance.software_unknown")) + " " + r.Version)
}
