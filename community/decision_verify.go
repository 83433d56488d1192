package community

import "context"

// Fit says whether an entry of a record stands as it was written.
type Fit string

// How an entry fits the one before it. Erased words are no break: what is left
// is the hash that they had.
const (
	FitWhole   Fit = "whole"
	FitErased  Fit = "redacted" // the words were erased, the rest stands
	FitMissing Fit = "missing"  // what should stand before it does not
	FitChanged Fit = "changed"  // the entry is another than it was
	FitWords   Fit = "words"    // its words are others than they were
)

// Holds says that nothing was changed or taken out.
func (f Fit) Holds() bool { return f == FitWhole || f == FitErased }

// fitOf checks an entry against the one before it, the zero value for the first,
// and its words, the zero value where they were erased. What was cut off at the
// end of a record cannot be told from it alone.
func fitOf(previous, d Decision, p DecisionPayload) Fit {
	switch {
	case d.Seq != previous.Seq+1 || d.PreviousHash != previous.Hash:
		return FitMissing
	case d.Hash != decisionHash(d):
		return FitChanged
	case p.DecisionID == "":
		return FitErased
	case d.PayloadHash != payloadHash(p):
		return FitWords
	}
	return FitWhole
}

// RecordCheck is what came of checking a whole record.
type RecordCheck struct {
	Scope   string
	Entries int64
	Erased  int64
	Broken  []RecordBreak // the first few
}

// RecordBreak is an entry that does not fit.
type RecordBreak struct {
	Seq int64
	Fit Fit
}

// maxBreaks bounds how many breaks of one record are told.
const maxBreaks = 20

const recordBatch = 500

// VerifyRecords checks the record of every place from its beginning, for the
// operator.
func (s *Service) VerifyRecords(ctx context.Context) ([]RecordCheck, error) {
	scopes, err := s.store.RecordScopes(ctx)
	if err != nil {
		return nil, err
	}
	checks := make([]RecordCheck, len(scopes))
	for i, scope := range scopes {
		if checks[i], err = s.verifyRecord(ctx, scope); err != nil {
			return nil, err
		}
	}
	return checks, nil
}

func (s *Service) verifyRecord(ctx context.Context, scope string) (RecordCheck, error) {
	check, previous := RecordCheck{Scope: scope}, Decision{}
	for {
		rows, err := s.store.RecordRowsAfter(ctx, scope, previous.Seq, recordBatch)
		if err != nil || len(rows) == 0 {
			return check, err
		}
		for _, row := range rows {
			check.add(row, fitOf(previous, row.Decision, row.Payload))
			previous = row.Decision
		}
	}
}

func (c *RecordCheck) add(row RecordRow, fit Fit) {
	c.Entries++
	switch {
	case fit == FitErased:
		c.Erased++
	case !fit.Holds() && len(c.Broken) < maxBreaks:
		c.Broken = append(c.Broken, RecordBreak{row.Seq, fit})
	}
}
