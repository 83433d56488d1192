package storage

import (
	"context"

	"github.com/uptrace/bun"

	"hearth/community"
)

// LastRules are the versions of a group's rules from one on, the newest first.
func (s *Store) LastRules(ctx context.Context, groupID string, from int) ([]community.Rule, error) {
	var rows []community.Rule
	err := selectFrom(s, "group_rules", &rows).Where("t.group_id = ? AND t.version >= ?", groupID, from).
		OrderExpr("t.version DESC, t.position").Limit(500).Scan(ctx)
	return rows, wrap("rules", err)
}

// RulesOf are the present rules of several groups, by group.
func (s *Store) RulesOf(ctx context.Context, groupIDs []string) (map[string][]community.Rule, error) {
	byGroup := make(map[string][]community.Rule, len(groupIDs))
	if len(groupIDs) == 0 {
		return byGroup, nil
	}
	var rows []community.Rule
	err := selectFrom(s, "group_rules", &rows).Join("JOIN groups AS g ON g.actor_id = t.group_id AND g.rules_version = t.version").
		Where("t.group_id IN (?)", bun.List(groupIDs)).OrderExpr("t.group_id, t.position").Limit(5000).Scan(ctx)
	for _, r := range rows {
		byGroup[r.GroupID] = append(byGroup[r.GroupID], r)
	}
	return byGroup, wrap("rules", err)
}
