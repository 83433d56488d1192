package federation

import (
	"context"
	"time"

	"hearth/community"
	"hearth/community/policy"
)

// InstanceTie is a group that people of one server follow on the other.
type InstanceTie struct {
	GroupID string
	Name    string
	Title   string
	Domain  string // empty for one of here
	People  int
	MayRead bool // the reader may read what stands in it
}

// InstanceView is all that an admin sees of a server.
type InstanceView struct {
	InstanceRow
	Met     bool               // anything came from there, or was sent there
	Why     policy.Explanation // of how it is treated
	Ties    []InstanceTie
	Traffic []Traffic
}

// tiesShown is how many groups are shown, each way.
const tiesShown = 50

// Instance is one server, known or not. NotFound for those who are not admins;
// Invalid for what is no name of a server.
func (f *Federation) Instance(ctx context.Context, v community.Viewer, domain string) (InstanceView, error) {
	if !v.IsAdmin() {
		return InstanceView{}, community.NotFound
	}
	var own []string
	for _, a := range v.Accounts {
		own = append(own, a.ID)
	}
	return f.instance(ctx, own, domain)
}

// InstanceAsOperator is Instance from the command line, where nobody reads groups
// of members.
func (f *Federation) InstanceAsOperator(ctx context.Context, domain string) (InstanceView, error) {
	return f.instance(ctx, nil, domain)
}

func (f *Federation) instance(ctx context.Context, own []string, typed string) (view InstanceView, err error) {
	domain, err := community.FoldDomain(typed)
	if err != nil {
		return view, err
	}
	policies, err := f.service.Policies(ctx)
	if err != nil {
		return view, err
	}
	if view.InstanceRow, err = f.store.InstanceRow(ctx, domain); err != nil {
		return view, err
	}
	view.Met = view.FirstSeenAt != nil || view.HasLane
	view.Verdict, view.Why = policies.Judge(domain), policies.Explain(domain)
	if view.Ties, err = f.store.InstanceTies(ctx, domain, own, tiesShown); err != nil {
		return view, err
	}
	if view.Traffic, err = f.store.Traffic(ctx, TrafficQuery{Domain: domain, Now: f.now()}); err != nil {
		return view, err
	}
	return view, nil
}

// MayRetry says whether trying at once would do anything: something waits that is
// not due, or was set aside.
func (r InstanceRow) MayRetry(now time.Time) bool {
	return r.MayTry(now) || r.SetAside > 0 && !r.IsPaused() && !r.IsLeftAlone(now)
}
