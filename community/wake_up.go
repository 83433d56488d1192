package community

import (
	"context"
	"time"
)

// toldAtOnce is how many people are told of something at a time.
const toldAtOnce = 500

// WakeUp is what a hearth does that was put back from a backup, before anybody
// is let in: it writes into its record that this was done, and tells everybody
// that what they deleted since may be here again. The Service's store is the
// transaction in which the backup was restored.
func (s *Service) WakeUp(ctx context.Context, takenAt time.Time) error {
	site, err := s.store.Site(ctx)
	if err != nil {
		return err
	}
	d, err := s.decide(ctx, s.store, Decision{
		Kind: DecidedRestore, DecidedBy: OperatorName, SubjectKind: SubjectSite,
	}, DecisionWords{Reason: takenAt.In(site.Location()).Format("2006-01-02 15:04 MST")})
	if err != nil {
		return err
	}
	for after := ""; ; {
		ids, err := s.store.UserIDsAfter(ctx, after, toldAtOnce)
		if err != nil || len(ids) == 0 {
			return err
		}
		notices := make([]Notice, len(ids))
		for i, id := range ids {
			notices[i] = newNotice(d.DecidedAt, id, NoticeDecision, d.ID)
		}
		if err := s.store.InsertNotices(ctx, notices); err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}
