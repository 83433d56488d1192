package federation

import (
	"context"
	"time"

	"hearth/community"
	"hearth/community/policy"
)

// InstanceRow is a server that we met, as an admin sees it.
type InstanceRow struct {
	LaneRow
	Software    string
	Version     string
	FirstSeenAt *time.Time // nil: it was only ever sent to
	LastHeardAt *time.Time // nil: nothing of it ever verified
	HasLane     bool       // anything was ever sent there or came from there

	// Of one server alone, not of a list.
	SetAside int        // deliveries it failed at too often; WaitingMost stands for that many or more
	OldestAt *time.Time // since when the oldest delivery waits

	Verdict policy.Verdict // how it is treated now
}

// Filters of a list of servers.
const (
	InstancesTalking = "talking" // heard from within TrafficDays, and not refused
	InstancesLimited = "limited" // watched, limited or held
	InstancesRefused = "refused"
	InstancesSilent  = "silent"  // takes nothing now
	InstancesWaiting = "waiting" // something waits to be sent there, or it is paused
)

// InstanceFilters are all there are, in the order in which they are offered.
var InstanceFilters = []string{InstancesTalking, InstancesLimited, InstancesRefused, InstancesSilent, InstancesWaiting}

// InstanceQuery is which servers to list: by name after one, with something in
// their name, and of a filter ("" for all).
type InstanceQuery struct {
	After    string
	With     string
	Filter   string
	Limit    int
	Examined int // how many to look at for a filter; 0 for the usual number
}

// instancesExamined is how many servers are looked at for one page of a filter.
const instancesExamined = 2000

// InstancePage is servers by their name.
type InstancePage struct {
	Rows []InstanceRow
	Next string // the name after which the next page begins; empty at the end
}

// InstanceStore keeps what is known of servers.
type InstanceStore interface {
	// InstanceRows are the servers that we met, by name; Filter is not looked at,
	// and what waits is not counted.
	InstanceRows(ctx context.Context, q InstanceQuery) ([]InstanceRow, error)
	// InstanceRow is one server; where we never met it, its name alone.
	InstanceRow(ctx context.Context, domain string) (InstanceRow, error)
	// WaitingFor counts what waits for some hosts, of each up to WaitingMost.
	WaitingFor(ctx context.Context, hosts []string) (map[string]int, error)
	// InstanceTies are the groups that people there follow here, and those there
	// that people here follow, each up to a limit and those with most people first.
	InstanceTies(ctx context.Context, domain string, accountIDs []string, limit int) ([]InstanceTie, error)
}

// Instances lists the servers that we met. NotFound for those who are not admins.
func (f *Federation) Instances(ctx context.Context, v community.Viewer, q InstanceQuery) (InstancePage, error) {
	if !v.IsAdmin() {
		return InstancePage{}, community.NotFound
	}
	return f.InstancesAsOperator(ctx, q)
}

// InstancesAsOperator is Instances from the command line. A page of a filter may
// have fewer rows than asked for and a next one all the same: so many servers are
// looked at and not more.
func (f *Federation) InstancesAsOperator(ctx context.Context, q InstanceQuery) (InstancePage, error) {
	policies, err := f.service.Policies(ctx)
	if err != nil {
		return InstancePage{}, err
	}
	window := q
	window.Limit = q.Limit + 1
	if q.Filter != "" {
		window.Limit = max(q.Examined, instancesExamined)
	}
	all, err := f.store.InstanceRows(ctx, window)
	if err != nil {
		return InstancePage{}, err
	}
	page := InstancePage{}
	for i, row := range all {
		row.Verdict = policies.Judge(row.Host)
		if !row.isOf(q.Filter, f.now()) {
			continue
		}
		if len(page.Rows) == q.Limit {
			page.Next = all[i-1].Host
			break
		}
		page.Rows = append(page.Rows, row)
	}
	if page.Next == "" && len(all) == window.Limit && q.Filter != "" {
		page.Next = all[len(all)-1].Host
	}
	return page, f.countWaiting(ctx, page.Rows)
}

func (f *Federation) countWaiting(ctx context.Context, rows []InstanceRow) error {
	var hosts []string
	for _, r := range rows {
		if r.NextAt != nil || r.IsPaused() {
			hosts = append(hosts, r.Host)
		}
	}
	if len(hosts) == 0 {
		return nil
	}
	waiting, err := f.store.WaitingFor(ctx, hosts)
	for i := range rows {
		rows[i].Waiting = waiting[rows[i].Host]
	}
	return err
}

// isOf says whether a server is one of a filter.
func (r InstanceRow) isOf(filter string, now time.Time) bool {
	switch filter {
	case InstancesTalking:
		return !r.Verdict.Refused() && r.LastHeardAt != nil && now.Sub(*r.LastHeardAt) < TrafficDays*24*time.Hour
	case InstancesLimited:
		return !r.Verdict.Refused() && r.Verdict.Severity != policy.Allow
	case InstancesRefused:
		return r.Verdict.Refused()
	case InstancesSilent:
		return r.FailingSince != nil
	case InstancesWaiting:
		return r.NextAt != nil || r.IsPaused()
	}
	return true
}
