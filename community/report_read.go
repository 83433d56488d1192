package community

import (
	"context"
	"time"
)

// ReportSeen is a report with all that is judged by: its group, whose it is, the
// post as it stands now, the reported account's membership and the reader's own.
// It never leaves the community. What there is not is the zero value.
type ReportSeen struct {
	Report  Report
	Group   Group
	Own     Membership
	Account Account
	Member  Membership
	Post    Post
}

// ReportView is a report as a moderator reads it.
type ReportView struct {
	Report   Report // without who sent it
	From     string // FromMember and its like
	Snapshot ReportSnapshot
	Group    *Group // nil where it is about an account
	Account  Account
	Rules    []Rule
	Changed  bool       // the post is another since it was reported
	Others   []Report   // open ones about the same thing, this one not among them
	Earlier  []Report   // about the same account, in this group alone
	Past     []PastStep // what was decided about the account, in this group alone
	Measures []string   // what the Viewer may do, the least first

	Moderates bool // the Viewer looks after the group itself
	Readable  bool // the Viewer can read the post where it stands

	Targets []ForwardTarget // servers that it can be sent on to
	Sent    []Forwarded     // and those that it was

	Version int    // of the post now, for Measure.Version
	UpTo    string // the newest report shown, for Measure.UpTo
}

// PastStep is a decision about somebody as moderators of the same place see it.
type PastStep struct {
	Decision
	Words DecisionWords
}

// pastShown bounds the history on a moderator's page.
const pastShown = 20

// ReportView is a report with what it takes to decide on it. NotFound for
// everybody who does not look after it.
func (s *Service) ReportView(ctx context.Context, v Viewer, id string) (ReportView, error) {
	seen, err := s.reportFor(ctx, s.store, v, id)
	if err != nil {
		return ReportView{}, err
	}
	view := seen.view(v, s.now())
	if view.Group != nil {
		if view.Rules, err = s.store.Rules(ctx, seen.Group.ID, seen.Group.RulesVersion); err != nil {
			return ReportView{}, err
		}
	}
	about, err := s.store.ReportsAbout(ctx, seen.Report.AccountID, seen.Report.GroupID, pastShown)
	if err != nil {
		return ReportView{}, err
	}
	view.sort(about)
	policies, err := s.Policies(ctx)
	if err != nil {
		return ReportView{}, err
	}
	if view.Targets, view.Sent, err = forwardable(ctx, s.store, policies, seen); err != nil {
		return ReportView{}, err
	}
	view.Past, err = s.pastSteps(ctx, v, seen.Report.AccountID, scopeOf(seen.Report.GroupID))
	return view, err
}

func (s *Service) reportFor(ctx context.Context, store Store, v Viewer, id string) (ReportSeen, error) {
	seen, err := store.ReportSeen(ctx, id, s.reader(v))
	if err == nil && !mayHandle(v, seen.Report, seen.Own, s.now()) {
		err = fail(NotFound, "error.not_found")
	}
	if err != nil {
		return ReportSeen{}, err
	}
	return seen, nil
}

func scopeOf(groupID *string) string {
	if groupID == nil {
		return ""
	}
	return *groupID
}

func (r ReportSeen) view(v Viewer, now time.Time) ReportView {
	view := ReportView{
		Report: r.Report.anonymous(), From: r.Report.from(), Snapshot: readSnapshot(r.Report.Snapshot), Account: r.Account,
		Changed: r.Report.PostID != nil && r.Post.Version != r.Report.SnapshotVersion, Version: r.Post.Version, UpTo: r.Report.ID,
	}
	if r.Report.GroupID != nil {
		view.Group = &r.Group
	}
	view.Moderates = mayModerate(v, r.Own, now) && r.Own.GroupID != ""
	view.Readable = r.Post.ID != "" && mayReadPost(v, r.Post, r.Group, r.Own, now)
	if r.Report.State == ReportOpen {
		view.Measures = measuresFor(v, r, now)
	}
	return view
}

// sort tells the other reports about the same thing, which one decision closes
// too, from those about something else.
func (w *ReportView) sort(about []Report) {
	for _, r := range about {
		switch {
		case r.ID == w.Report.ID:
		case r.State == ReportOpen && same(r.PostID, w.Report.PostID):
			w.Others = append(w.Others, r.anonymous())
			w.UpTo = max(w.UpTo, r.ID)
		default:
			w.Earlier = append(w.Earlier, r.anonymous())
		}
	}
}

func same(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }
