package storage

import (
	"context"
)

type groupServerRow struct{ GroupID, Domain string }

// GroupServers are the servers that a group with reach 'named' reaches, by name.
func (s *Store) GroupServers(ctx context.Context, groupID string) ([]string, error) {
	var domains []string
	err := s.read.NewSelect().Table("group_servers").Column("domain").Where("group_id = ?", groupID).
		OrderExpr("domain").Limit(1000).Scan(ctx, &domains)
	return domains, wrap("group servers", err)
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
