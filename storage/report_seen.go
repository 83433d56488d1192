package storage

import (
	"context"

	"hearth/community"
)

// ReportSeen is a report with its group, the reported account, its membership
// and its post, and the reader's own membership, in one read.
func (s *Store) ReportSeen(ctx context.Context, id string, by community.Reader) (community.ReportSeen, error) {
	var row struct {
		Report  community.Report     `bun:"embed:t_"`
		Group   community.Group      `bun:"embed:g_"`
		Own     community.Membership `bun:"embed:own_"`
		Account community.Account    `bun:"embed:a_"`
		Member  community.Membership `bun:"embed:m_"`
		Post    community.Post       `bun:"embed:p_"`
	}
	q := s.read.NewSelect().Model(&row).ModelTableExpr("reports AS t").
		ColumnExpr(columnsOf[community.Report](s, "t", "t_")).
		ColumnExpr(columnsOf[community.Actor](s, "ga", "g_")).ColumnExpr(columnsOf[groupRow](s, "g", "g_")).
		ColumnExpr(columnsOf[community.Actor](s, "aa", "a_")).ColumnExpr(columnsOf[accountRow](s, "a", "a_")).
		ColumnExpr(columnsOf[community.Post](s, "p", "p_")).ColumnExpr(membershipColumns("m", "m_")).
		Join("JOIN actors AS aa ON aa.id = t.account_id").Join("JOIN accounts AS a ON a.actor_id = t.account_id").
		Join("LEFT JOIN groups AS g ON g.actor_id = t.group_id").Join("LEFT JOIN actors AS ga ON ga.id = t.group_id").
		Join("LEFT JOIN memberships AS m ON m.group_id = t.group_id AND m.account_id = t.account_id").
		Join("LEFT JOIN posts AS p ON p.id = t.post_id")
	if len(by.AccountIDs) > 0 {
		q = q.ColumnExpr(membershipColumns("own", "own_")).
			Join("LEFT JOIN memberships AS own ON own.id = (?)", s.viewerMembershipID(nil, "t.group_id", by.AccountIDs, by.Now))
	}
	err := q.Where("t.id = ?", id).Scan(ctx)
	return community.ReportSeen{Report: row.Report, Group: row.Group, Own: row.Own, Account: row.Account, Member: row.Member, Post: row.Post}, wrap("report", err)
}
