package community

import (
	"context"
	"errors"
)

// DecideReport does what a moderator decided about a report, closes it and the
// others about the same thing that they were shown, and tells whom it concerns
// and those who sent them, in one transaction. NotFound for who does not look
// after it, Conflict where somebody was first or the post is another by now,
// Invalid with what to mend.
func (s *Service) DecideReport(ctx context.Context, v Viewer, id string, m Measure) (d Decision, err error) {
	m = m.tidy()
	err = s.store.InTx(ctx, func(tx Store) error {
		if _, err := tx.ReportToChange(ctx, id); err != nil {
			return err
		}
		seen, err := s.reportFor(ctx, tx, v, id)
		if err != nil {
			return err
		}
		if seen.Report.State != ReportOpen {
			return fail(Conflict, "moderate.decided")
		}
		if err := m.mayBeTaken(v, seen, s); err != nil {
			return err
		}
		if d, err = s.take(ctx, tx, v, seen, m); err != nil {
			return err
		}
		return s.resolve(ctx, tx, seen.Report, m, d)
	})
	return d, err
}

// mayBeTaken judges a Measure about a report: first its form, then whether it is
// the Viewer's to take, then whether it still can be.
func (m Measure) mayBeTaken(v Viewer, seen ReportSeen, s *Service) error {
	now := s.now()
	known := []string{MeasureLeave, MeasureShow, MeasureHide, MeasureRemove, MeasureSuspend}
	if err := m.check(now, known); err != nil {
		return err
	}
	switch {
	case oneOf(m.Kind, measuresFor(v, seen, now)...):
		return nil
	case m.Kind == MeasureSuspend && !v.IsInstanceModerator():
		return fail(Forbidden, "error.forbidden")
	}
	return fail(Conflict, "moderate.changed")
}

// take carries out a Measure about a report.
func (s *Service) take(ctx context.Context, tx Store, v Viewer, seen ReportSeen, m Measure) (Decision, error) {
	var g *Group
	if seen.Report.GroupID != nil {
		g = &seen.Group
	}
	who := moderatorOf(v, g, seen.Own, s.now())
	switch m.Kind {
	case MeasureHide:
		return s.hidePost(ctx, tx, who, seen.Post.ID, m)
	case MeasureShow:
		return s.showPost(ctx, tx, who, seen.Post.ID, m)
	case MeasureRemove:
		return s.removeMember(ctx, tx, who, seen.Member.AccountID, m)
	case MeasureSuspend:
		return s.suspendAccount(ctx, tx, v, seen.Account, m)
	case MeasureLeave:
		if seen.Member.Moderates() {
			who.group = nil // those whom a report is about do not find it in their own record
		}
		return s.record(ctx, tx, who, m, Decision{Kind: DecidedReport, SubjectKind: SubjectReport, SubjectID: seen.Report.ID}, 0)
	}
	return Decision{}, errMeasure
}

var errMeasure = errors.New("community: no such measure")

// resolve closes a report and the others about the same thing up to what its
// moderator was shown, and tells those who sent them.
func (s *Service) resolve(ctx context.Context, tx Store, r Report, m Measure, d Decision) error {
	r.State, r.ResolvedAt, r.ResolvedBy, r.DecisionID = ReportActed, &d.DecidedAt, &d.DecidedBy, &d.ID
	if m.Kind == MeasureLeave {
		r.State = ReportKept
	}
	resolved, err := tx.ResolveReports(ctx, r, max(r.ID, m.UpTo))
	if err != nil {
		return err
	}
	return s.tellReporters(ctx, tx, resolved)
}
