package storage

import (
	"context"

	"github.com/uptrace/bun"
)

type groupServerRow struct{ GroupID, Domain string }

// GroupServers are the servers that a group with reach 'named' reaches, by name.
func (s *Store) GroupServers(ctx context.Context, groupID string) ([]string, error) {
	rows, err := s.serversOf(ctx, []string{groupID})
	domains := make([]string, len(rows))
	for i, row := range rows {
		domains[i] = row.Domain
	}
	return domains, err
}

// serversOf are the servers that some groups name, by name. A group's are as
// many as its owner wrote down.
func (s *Store) serversOf(ctx context.Context, groupIDs []string) ([]groupServerRow, error) {
	var rows []groupServerRow
	err := s.read.NewSelect().Table("group_servers").Column("group_id", "domain").Where("group_id IN (?)", bun.List(groupIDs)).
		OrderExpr("domain, group_id").Scan(ctx, &rows)
	return rows, wrap("group servers", err)
}

// ReplaceGroupServers stores the servers of a group in place of what was there.
func (s *Store) ReplaceGroupServers(ctx context.Context, groupID string, domains []string) error {
	if _, err := s.write.NewDelete().Table("group_servers").Where("group_id = ?", groupID).Exec(ctx); err != nil {
		return wrap("group servers", err)
	}
	rows := make([]groupServerRow, len(domains))
	for i, d := range domains {
		rows[i] = groupServerRow{groupID, d}
	}
	return insertAll(ctx, s, "group_servers", rows)
}
