package community

import (
	"context"

	"hearth/community/markup"
	"hearth/community/secret"
)

// InboundReport is another server asking for help with people or posts of this
// one (Flag). Who reported there is not known here and is not asked.
type InboundReport struct {
	Domain      string
	PostIDs     []string
	AccountID   string
	Words       string
	ActivityURI string
}

// maxFlagged bounds the posts of one Flag.
const maxFlagged = 20

// ReceiveReport puts a Flag into the report list: one report for each post, or
// one for the account. A Flag that names nothing of ours is NotFound.
func (s *Service) ReceiveReport(ctx context.Context, in InboundReport) error {
	var reports []Report
	for _, id := range in.PostIDs[:min(len(in.PostIDs), maxFlagged)] {
		post, err := s.store.Post(ctx, id)
		if err != nil || post.State == PostDraft {
			continue
		}
		r := s.inboundReport(in, post.AuthorID)
		r.PostID, r.GroupID, r.Snapshot, r.SnapshotVersion = &post.ID, &post.GroupID, markup.PlainText(post.HTML), post.Version
		reports = append(reports, r)
	}
	if len(reports) == 0 && in.AccountID != "" {
		reports = append(reports, s.inboundReport(in, in.AccountID))
	}
	if len(reports) == 0 {
		return fail(NotFound, "receive.unknown")
	}
	return s.store.InTx(ctx, func(tx Store) error {
		for _, r := range reports {
			if err := tx.InsertReport(ctx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) inboundReport(in InboundReport, accountID string) Report {
	now := s.now()
	return Report{
		ID: secret.NewID(now), CodeHash: secret.HashToken(secret.NewToken()), ReporterDomain: in.Domain, AccountID: accountID,
		Reason: ReasonOther, Words: in.Words, ActivityURI: in.ActivityURI, State: ReportOpen, CreatedAt: now,
	}
}
