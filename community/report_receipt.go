package community

import (
	"context"
	"time"

	"hearth/community/secret"
)

// ReportReceipt is what whoever sent a report may know of it: that it waits, or
// that it was looked at, and whether something was done. No more: what was done
// is between the moderators and whom it concerns.
type ReportReceipt struct {
	State      string // ReportOpen, ReportActed or ReportKept
	Reason     string
	SentAt     time.Time
	ResolvedAt *time.Time
}

func receiptOf(r Report) ReportReceipt {
	return ReportReceipt{State: r.State, Reason: r.Reason, SentAt: r.CreatedAt, ResolvedAt: r.ResolvedAt}
}

// ReportReceipt is the receipt of a code, in whatever way it was typed. Whoever
// has the code may see it.
func (s *Service) ReportReceipt(ctx context.Context, code string) (ReportReceipt, error) {
	r, err := s.store.ReportByCode(ctx, secret.HashToken(secret.FoldCode(code)))
	if err != nil {
		return ReportReceipt{}, err
	}
	return receiptOf(r), nil
}

// OwnReport is the receipt of a report that the Viewer sent, by its id: where
// the notice leads. NotFound for anybody else's.
func (s *Service) OwnReport(ctx context.Context, v Viewer, id string) (ReportReceipt, error) {
	r, err := s.store.Report(ctx, id)
	if err == nil && (r.ReporterID == nil || !v.Owns(*r.ReporterID)) {
		err = fail(NotFound, "error.not_found")
	}
	if err != nil {
		return ReportReceipt{}, err
	}
	return receiptOf(r), nil
}
