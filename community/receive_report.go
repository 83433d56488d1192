package community

import (
	"context"
	"time"

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

// maxFlagged bounds the posts of one Flag; flagsTold those of one server in an
// hour that moderators get notices of. The others only stand in the list.
const (
	maxFlagged   = 20
	flagsTold    = 20
	flagsToldFor = time.Hour
)

// ReceiveReport puts a Flag into the report list, and tells the moderators whom
// it concerns: one report for each post, or one for the account. A Flag that
// names nothing of ours is NotFound.
func (s *Service) ReceiveReport(ctx context.Context, in InboundReport) error {
	var reports []Report
	for _, id := range in.PostIDs[:min(len(in.PostIDs), maxFlagged)] {
		post, err := s.store.Post(ctx, id)
		if err != nil && !isNotFound(err) {
			return err
		}
		if err != nil || post.State == PostDraft || post.IsUnseen() {
			continue
		}
		r := s.inboundReport(in, post.AuthorID)
		r.PostID, r.GroupID, r.SnapshotVersion = &post.ID, &post.GroupID, post.Version
		if r.Snapshot, err = snapshotOfPost(post).encode(); err != nil {
			return err
		}
		reports = append(reports, r)
	}
	if len(reports) == 0 && in.AccountID != "" {
		account, err := s.store.Account(ctx, in.AccountID)
		if err != nil {
			return err
		}
		r := s.inboundReport(in, account.ID)
		if r.Snapshot, err = snapshotOfAccount(account).encode(); err != nil {
			return err
		}
		reports = append(reports, r)
	}
	if len(reports) == 0 {
		return fail(NotFound, "receive.unknown")
	}
	tries, err := s.store.CountTry(ctx, tryKey("flag", in.Domain), s.now(), flagsToldFor)
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx Store) error {
		for _, r := range reports {
			if err := tx.InsertReport(ctx, r); err != nil {
				return err
			}
			if tries > flagsTold {
				continue
			}
			if err := s.tellOfReport(ctx, tx, r); err != nil {
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
