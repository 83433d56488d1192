package storage

import (
	"context"

	"hearth/community"
)

// Members are people of a group in one state: by name after a handle, or those
// who ask the oldest first.
func (s *Store) Members(ctx context.Context, q community.MembersQuery) ([]community.Member, error) {
	var rows []community.Member
	sel := selectFrom(s, "memberships", &rows).ColumnExpr("a.name, a.domain, a.title").
		Join("JOIN actors AS a ON a.id = t.account_id").Where("t.group_id = ? AND t.state = ?", q.GroupID, q.State)
	if q.AfterName != "" {
		sel = sel.Where("(a.name, a.domain) > (?, ?)", q.AfterName, q.AfterDom)
	}
	if q.OldestFirst {
		sel = sel.OrderExpr("t.changed_at, t.id")
	} else {
		sel = sel.OrderExpr("a.name, a.domain")
	}
	err := sel.Limit(int64(q.Limit)).Scan(ctx)
	return rows, wrap("members", err)
}

// WaitingIn is how many ask to join a group, and who is asked to own it.
func (s *Store) WaitingIn(ctx context.Context, groupID string) (community.GroupWaiting, error) {
	var row struct {
		Asks    int
		Offered community.Account `bun:"embed:o_"`
	}
	err := s.read.NewSelect().Model(&row).ModelTableExpr("groups AS g").
		ColumnExpr("(SELECT count(*) FROM memberships AS m WHERE m.group_id = g.actor_id AND m.state = 'asked') AS asks").
		ColumnExpr(columnsOf[community.Actor](s, "a", "o_")).ColumnExpr(columnsOf[accountRow](s, "acc", "o_")).
		Join("LEFT JOIN actors AS a ON a.id = g.offered_to").Join("LEFT JOIN accounts AS acc ON acc.actor_id = g.offered_to").
		Where("g.actor_id = ?", groupID).Scan(ctx)
	return community.GroupWaiting{Asks: row.Asks, Offered: row.Offered}, wrap("group", err)
}

// LastPayload is of the newest Decision of a kind in a scope about somebody.
func (s *Store) LastPayload(ctx context.Context, scope, kind, subjectID string) (community.DecisionPayload, error) {
	var p community.DecisionPayload
	err := selectFrom(s, "decision_payloads", &p).Join("JOIN decisions AS d ON d.id = t.decision_id").
		Where("d.scope = ? AND d.kind = ? AND d.subject_id = ?", scope, kind, subjectID).
		OrderExpr("d.seq DESC").Limit(1).Scan(ctx)
	return p, wrap("decision", err)
}
