package storage

import (
	"context"
	"errors"

	"github.com/uptrace/bun"

	"hearth/community"
)

// LastDecision is the newest of a scope. On PostgreSQL the scope is locked
// until the transaction ends, so that two deciders append one after the other;
// SQLite has one writer.
func (s *Store) LastDecision(ctx context.Context, scope string) (community.Decision, error) {
	if s.engine == postgres {
		if _, err := s.write.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtext(?))", "decisions:"+scope); err != nil {
			return community.Decision{}, wrap("decision", err)
		}
	}
	var d community.Decision
	err := selectFrom(s, "decisions", &d).Where("t.scope = ?", scope).OrderExpr("t.seq DESC").Limit(1).Scan(ctx)
	if err = wrap("decision", err); errors.Is(err, community.NotFound) {
		return community.Decision{}, nil
	}
	return d, err
}

// InsertDecision appends a decision and its payload.
func (s *Store) InsertDecision(ctx context.Context, d community.Decision, p community.DecisionPayload) error {
	if err := insert(ctx, s, "decisions", &d); err != nil {
		return err
	}
	return insert(ctx, s, "decision_payloads", &p)
}

// LastDecisionOn is the newest of a kind about one thing, or NotFound.
func (s *Store) LastDecisionOn(ctx context.Context, subjectKind, subjectID, kind string) (community.Decision, error) {
	var d community.Decision
	err := selectFrom(s, "decisions", &d).Where("t.subject_kind = ? AND t.subject_id = ? AND t.kind = ?", subjectKind, subjectID, kind).
		OrderExpr("t.decided_at DESC, t.seq DESC").Limit(1).Scan(ctx)
	return d, wrap("decision", err)
}

// PayloadOf are the words of a decision; NotFound once they were erased.
func (s *Store) PayloadOf(ctx context.Context, decisionID string) (community.DecisionPayload, error) {
	return one[community.DecisionPayload](ctx, s, "decision_payloads", "t.decision_id = ?", decisionID)
}

// selectDecisions begins a read of decisions with their payloads, as far as these
// were not erased.
func (s *Store) selectDecisions(into any) *bun.SelectQuery {
	return s.read.NewSelect().Model(into).ModelTableExpr("decisions AS t").ColumnExpr("t.*").
		ColumnExpr(columnsOf[community.DecisionPayload](s, "w", "w_")).
		Join("LEFT JOIN decision_payloads AS w ON w.decision_id = t.id")
}

// PastSteps are the decisions of a scope about an account, the newest first.
func (s *Store) PastSteps(ctx context.Context, accountID, scope string, limit int) ([]community.PastStep, error) {
	var rows []struct {
		community.Decision
		Payload community.DecisionPayload `bun:"embed:w_"`
	}
	err := s.selectDecisions(&rows).Where("t.account_id = ? AND t.scope = ?", accountID, scope).
		OrderExpr("t.decided_at DESC, t.seq DESC").Limit(int64(limit)).Scan(ctx)
	steps := make([]community.PastStep, len(rows))
	for i, r := range rows {
		steps[i] = community.PastStep{Decision: r.Decision, Words: r.Payload.Words()}
	}
	return steps, wrap("decisions", err)
}
