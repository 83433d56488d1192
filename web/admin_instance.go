package web

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"time"

	"hearth/community"
	"hearth/federation"
)

// instancePage is all that an admin sees of one server.
type instancePage struct {
	serverRow
	Met      bool
	Why      []string
	SetAside string
	Oldest   time.Time
	MayDrop  bool
	Theirs   []instanceTie // groups here that people there follow
	Ours     []instanceTie // groups there that people here follow
	Charts   []Chart
	Refusals []Table
	History  []recordLine
	More     bool // there is more of it than is shown
}

// historyShown is how many decisions about a server stand on its page.
const historyShown = 20

// instanceTie is a followed group; without a title where the admin may not read it.
type instanceTie struct {
	Title, URL, People string
}

func (s *Server) showInstance(v *visit) error {
	if err := v.admin(); err != nil {
		return err
	}
	if s.config.Federation == nil {
		return s.notFound(v)
	}
	view, err := s.config.Federation.Instance(v.ctx(), v.viewer, federation.ASCIIDomain(v.Param("domain")))
	if errors.Is(err, community.Invalid) {
		return s.notFound(v)
	}
	if err != nil {
		return err
	}
	p := instancePage{
		serverRow: v.instanceRow(view.InstanceRow), Met: view.Met, Why: whyLines(v.t, view.Why), MayDrop: view.Waiting > 0,
		Charts: v.trafficCharts(view.Host, view.Traffic), Refusals: v.refusalTables(view.Traffic),
	}
	if view.SetAside > 0 {
		p.SetAside = v.tn("instance.set_aside", view.SetAside)
	}
	if view.OldestAt != nil {
		p.Oldest = *view.OldestAt
	}
	p.Theirs, p.Ours = v.instanceTies(view.Ties)
	decided, err := s.service.RecordOfServer(v.ctx(), v.viewer, view.Host, historyShown+1)
	if err != nil {
		return err
	}
	p.More = len(decided) > historyShown
	for _, d := range decided[:min(len(decided), historyShown)] {
		p.History = append(p.History, v.recordLine(d))
	}
	return v.page("admin/instance", p.Domain, p)
}

// instanceTies names the groups that the admin may read, and counts the others.
func (v *visit) instanceTies(ties []federation.InstanceTie) (theirs, ours []instanceTie) {
	for _, t := range ties {
		tie := instanceTie{Title: v.t("instance.some_group"), People: v.server.pages.Catalogue.Band(v.lang, t.People)}
		if t.MayRead {
			tie.Title, tie.URL = t.Title, groupPath(community.Group{Actor: community.Actor{ID: t.GroupID, Name: t.Name, Domain: t.Domain}})
		}
		if t.Domain == "" {
			theirs = append(theirs, tie)
		} else {
			ours = append(ours, tie)
		}
	}
	return theirs, ours
}

// trafficSeries is one colour of a chart of what passed: its words, and which
// outcomes it adds up.
type trafficSeries struct {
	key      string
	outcomes []string
}

// What became of what came in, and of what was sent.
var (
	cameIn = []trafficSeries{
		{"taken", []string{federation.Accepted}}, {"held", []string{federation.Held}}, {"refused", []string{federation.Refused}},
		{"nothing", []string{federation.Ignored, federation.Waiting}},
	}
	wentOut = []trafficSeries{
		{"taken_there", []string{federation.DeliveryDone}}, {"refused_there", []string{federation.DeliveryRefused, federation.DeliverySetAside}},
		{"given_up", []string{federation.DeliveryExpired, federation.DeliveryCancelled}},
	}
)

// trafficCharts draw what passed between here and a server.
func (v *visit) trafficCharts(host string, traffic []federation.Traffic) []Chart {
	return []Chart{
		v.trafficChart(v.t("instance.came", "Domain", shownDomain(host)), traffic, federation.Incoming, cameIn),
		v.trafficChart(v.t("instance.went", "Domain", shownDomain(host)), traffic, federation.Outgoing, wentOut),
	}
}

func (v *visit) trafficChart(title string, traffic []federation.Traffic, direction string, of []trafficSeries) Chart {
	chart, byDay := Chart{Title: title}, map[string][]int{}
	for _, one := range of {
		chart.Series = append(chart.Series, v.t("instance.series."+one.key))
	}
	for _, t := range traffic {
		if t.Direction != direction {
			continue
		}
		if byDay[t.Day] == nil {
			byDay[t.Day] = make([]int, len(of))
		}
		if i := slices.IndexFunc(of, func(one trafficSeries) bool { return slices.Contains(one.outcomes, t.Outcome) }); i >= 0 {
			byDay[t.Day][i] += t.Count
		}
	}
	chart.Bars = v.dayBars(v.server.service.Now(), federation.TrafficDays, func(day time.Time) []int {
		if counts := byDay[day.Format(time.DateOnly)]; counts != nil {
			return counts
		}
		return make([]int, len(of))
	})
	return chart
}

// refusalTables count what we did not take, and what was not taken of us, by why.
func (v *visit) refusalTables(traffic []federation.Traffic) (tables []Table) {
	ours, theirs := map[string]int{}, map[string]int{}
	for _, t := range traffic {
		switch {
		case t.Direction == federation.Incoming && t.Outcome == federation.Refused:
			ours[v.named("receive.", t.Reason, refusalsInWords...)] += t.Count
		case t.Direction == federation.Outgoing && slices.Contains([]string{federation.DeliveryRefused, federation.DeliverySetAside}, t.Outcome):
			theirs[v.answerWords(t.Reason)] += t.Count
		}
	}
	for _, one := range []struct {
		title  string
		counts map[string]int
	}{{v.t("instance.refused_here"), ours}, {v.t("instance.refused_there"), theirs}} {
		if len(one.counts) > 0 {
			tables = append(tables, v.countTable(one.title, one.counts))
		}
	}
	return tables
}

// countTable is counts by their words, the most first.
func (v *visit) countTable(title string, counts map[string]int) Table {
	table := Table{Caption: title, Head: []string{v.t("instance.why"), v.t("instance.how_many")}}
	words := make([]string, 0, len(counts))
	for word := range counts {
		words = append(words, word)
	}
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b)) })
	for _, word := range words {
		table.Rows = append(table.Rows, []Cell{{Text: cmp.Or(word, v.t("instance.no_reason"))}, {Text: strconv.Itoa(counts[word]), Number: true}})
	}
	return table
}

// refusalsInWords are the reasons for which there is a sentence; the others are
// words for whoever looks into the log.
var refusalsInWords = []string{
	"unknown", "policy_changed", "group_closed", "group_stays_here", "suspended", "gone", "removed", "not_member", "not_named", "nobody_follows",
	"locked", "parent_gone", "deleted", "another_group", "policy", "older", "not_author", "no_group", "no_such_follow",
}
