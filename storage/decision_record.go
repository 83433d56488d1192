package storage

import (
	"context"

	"github.com/uptrace/bun"

	"hearth/community"
)

// selectRecord begins a read of a scope's record, with the names it shows.
func (s *Store) selectRecord(rows *[]recordRow, scope string) *bun.SelectQuery {
	return s.selectDecisions(rows).ColumnExpr("coalesce(b.title, t.decided_by) AS by_name, coalesce(a.title, '') AS account_title").
		ColumnExpr(subjectTitle+" AS subject_title").
		Join("LEFT JOIN actors AS b ON b.id = t.decided_by").Join("LEFT JOIN actors AS a ON a.id = t.account_id").
		Where("t.scope = ?", scope)
}

type recordRow struct {
	community.Decision
	Payload      community.DecisionPayload `bun:"embed:w_"`
	ByName       string
	AccountTitle string
	SubjectTitle string
}

// subjectTitle is the name of whom or which group a decision t is about, as it is
// now; empty for anything else, and for who is gone.
const subjectTitle = "coalesce((SELECT su.title FROM actors AS su WHERE su.id = CASE t.subject_kind" +
	" WHEN 'user' THEN (" + mainAccountOf + "t.subject_id)" +
	" WHEN 'account' THEN t.subject_id WHEN 'group' THEN t.subject_id END), '')"

func recordRows(rows []recordRow) []community.RecordRow {
	record := make([]community.RecordRow, len(rows))
	for i, r := range rows {
		record[i] = community.RecordRow{Decision: r.Decision, Payload: r.Payload, By: r.ByName, AccountTitle: r.AccountTitle, SubjectTitle: r.SubjectTitle}
	}
	return record
}

// RecordRows are a scope's decisions before a number (0: all), the newest first.
func (s *Store) RecordRows(ctx context.Context, scope string, before int64, limit int) ([]community.RecordRow, error) {
	var rows []recordRow
	q := s.selectRecord(&rows, scope)
	if before > 0 {
		q = q.Where("t.seq < ?", before)
	}
	err := q.OrderExpr("t.seq DESC").Limit(int64(limit)).Scan(ctx)
	return recordRows(rows), wrap("decisions", err)
}

// RecordRowsAfter are a scope's decisions after a number, the oldest first.
func (s *Store) RecordRowsAfter(ctx context.Context, scope string, after int64, limit int) ([]community.RecordRow, error) {
	var rows []recordRow
	err := s.selectRecord(&rows, scope).Where("t.seq > ?", after).OrderExpr("t.seq").Limit(int64(limit)).Scan(ctx)
	return recordRows(rows), wrap("decisions", err)
}

// RecordRowsOn is community.DecisionStore's.
func (s *Store) RecordRowsOn(ctx context.Context, subjectKind, subjectID string, limit int) ([]community.RecordRow, error) {
	var rows []recordRow
	err := s.selectRecord(&rows, "").Where("t.subject_kind = ? AND t.subject_id = ?", subjectKind, subjectID).
		OrderExpr("t.decided_at DESC, t.seq DESC").Limit(int64(limit)).Scan(ctx)
	return recordRows(rows), wrap("decisions", err)
}

// RecordScopes are the scopes that have decisions. There is one for each group.
func (s *Store) RecordScopes(ctx context.Context) ([]string, error) {
	var scopes []string
	err := s.read.NewSelect().TableExpr("decisions AS t").ColumnExpr("DISTINCT t.scope").OrderExpr("t.scope").Scan(ctx, &scopes)
	return scopes, wrap("decisions", err)
}

// DecisionSeen is a decision with its words, place, account and post, what undid
// it, and the reader's own membership in the place, in one read.
func (s *Store) DecisionSeen(ctx context.Context, id string, by community.Reader) (community.DecisionSeen, error) {
	var row struct {
		Decision  community.Decision        `bun:"embed:t_"`
		Payload   community.DecisionPayload `bun:"embed:w_"`
		Group     community.Group           `bun:"embed:g_"`
		Own       community.Membership      `bun:"embed:own_"`
		Account   community.Account         `bun:"embed:a_"`
		Post      community.Post            `bun:"embed:p_"`
		UndoneBy  string
		DeciderBy string
		Subject   string
	}
	q := s.read.NewSelect().Model(&row).ModelTableExpr("decisions AS t").
		ColumnExpr(columnsOf[community.Decision](s, "t", "t_")).ColumnExpr(columnsOf[community.DecisionPayload](s, "w", "w_")).
		ColumnExpr(columnsOf[community.Actor](s, "ga", "g_")).ColumnExpr(columnsOf[groupRow](s, "g", "g_")).
		ColumnExpr(columnsOf[community.Actor](s, "aa", "a_")).ColumnExpr(columnsOf[accountRow](s, "a", "a_")).
		ColumnExpr(columnsOf[community.Post](s, "p", "p_")).
		ColumnExpr("coalesce((SELECT max(u.id) FROM decisions AS u WHERE u.undoes = t.id), '') AS undone_by").
		ColumnExpr("coalesce(b.title, t.decided_by) AS decider_by").ColumnExpr(subjectTitle + " AS subject").
		Join("LEFT JOIN decision_payloads AS w ON w.decision_id = t.id").Join("LEFT JOIN actors AS b ON b.id = t.decided_by").
		Join("LEFT JOIN groups AS g ON g.actor_id = t.scope").Join("LEFT JOIN actors AS ga ON ga.id = t.scope").
		Join("LEFT JOIN accounts AS a ON a.actor_id = t.account_id").Join("LEFT JOIN actors AS aa ON aa.id = t.account_id").
		Join("LEFT JOIN posts AS p ON t.subject_kind = 'post' AND p.id = t.subject_id")
	if len(by.AccountIDs) > 0 {
		q = q.ColumnExpr(membershipColumns("own", "own_")).
			Join("LEFT JOIN memberships AS own ON own.id = (?)", s.viewerMembershipID(nil, "t.scope", by.AccountIDs, by.Now))
	}
	err := q.Where("t.id = ?", id).Scan(ctx)
	return community.DecisionSeen{
		Decision: row.Decision, Payload: row.Payload, Group: row.Group, Own: row.Own, Account: row.Account, Post: row.Post,
		UndoneBy: row.UndoneBy, DeciderBy: row.DeciderBy, Subject: row.Subject,
	}, wrap("decision", err)
}
