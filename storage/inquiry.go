package storage

import (
	"context"
	"time"

	"hearth/community"
	"hearth/federation"
)

// dueInquiry selects the inquiry that is due longest, of a host that is not being
// asked.
func (s *Store) dueInquiry() string {
	return `SELECT q.id FROM group_inquiries AS q WHERE q.next_at <= ? AND (q.lease_token IS NULL OR q.leased_until < ` + s.dbClock(0) + `)
		AND NOT EXISTS (SELECT 1 FROM group_inquiries AS o WHERE o.host = q.host AND o.lease_token IS NOT NULL AND o.leased_until >= ` + s.dbClock(0) + `)
		ORDER BY q.next_at, q.id LIMIT 1`
}

// ClaimInquiry leases the inquiry that is due longest (federation.InquiryStore).
func (s *Store) ClaimInquiry(ctx context.Context, now time.Time) (community.Inquiry, string, error) {
	picks := s.dueInquiry()
	var waits []struct{ ID string }
	in := s.planned()
	q := s.read.NewSelect().Model(&waits).ModelTableExpr("("+picks+") AS w", in.arg(now)).ColumnExpr("w.id")
	if err := in.scan(ctx, q, &waits); err != nil || len(waits) == 0 {
		return community.Inquiry{}, "", orNotFound(wrap("group_inquiries", err))
	}
	var rows []community.Inquiry
	token := s.newLease()
	err := s.inUnsyncedTx(ctx, func(tx *Store) error {
		rows = nil
		return tx.write.NewRaw("UPDATE group_inquiries SET lease_token = ?, leased_until = "+s.dbClock(federation.JobLeaseLife)+
			" WHERE "+s.claimed("id", picks)+" RETURNING id, uri, host, kind, group_id, shows, depth, attempts, created_at, next_at", token, now).Scan(ctx, &rows)
	})
	row, err := first(&rows, err)
	return row, token, wrap("group_inquiries", err)
}

// FinishInquiry is federation.InquiryStore's.
func (s *Store) FinishInquiry(ctx context.Context, id, token string, again time.Time) error {
	statement := s.write.NewRaw("DELETE FROM group_inquiries WHERE id = ? AND lease_token = ?", id, token)
	if !again.IsZero() {
		statement = s.write.NewRaw("UPDATE group_inquiries SET lease_token = NULL, leased_until = NULL, attempts = attempts + 1, next_at = ? WHERE id = ? AND lease_token = ?", again, id, token)
	}
	res, err := statement.Exec(ctx)
	if err != nil {
		return wrap("group_inquiries", err)
	}
	if touched(res) != nil {
		return federation.ErrLeaseLost
	}
	return nil
}
