package storage

import (
	"context"

	"github.com/uptrace/bun"

	"hearth/community"
)

// Groups is one page of the directory, the last active first.
func (s *Store) Groups(ctx context.Context, q community.GroupQuery) ([]community.GroupSeen, error) {
	var rows []groupSeenRow
	sel := s.selectGroupsSeen(&rows, q.AccountIDs, q.Now)
	if q.All {
		sel = sel.Where("g.state IN ('active', 'closed') AND t.domain = ''")
	} else if len(q.AccountIDs) > 0 {
		sel = sel.Where("g.state = 'active' AND g.listed AND (t.domain = '' OR " + followedFromHere + ") OR m.state IN ('active', 'asked')")
	} else {
		sel = sel.Where("g.state = 'active' AND g.listed AND t.domain = ''")
	}
	for _, word := range q.Words {
		sel = sel.Where(`g.search_words LIKE ? ESCAPE '\'`, "%"+escapeLike(word)+"%")
	}
	if q.Situation != "" {
		sel = sel.Where("g.situation = ?", q.Situation)
	}
	if q.Language != "" {
		sel = sel.Where("g.language = ?", q.Language)
	}
	if q.AfterID != "" {
		sel = sel.Where("(g.last_activity_at, g.actor_id) < (?, ?)", q.AfterTime, q.AfterID)
	}
	err := sel.OrderExpr("g.last_activity_at DESC, g.actor_id DESC").Limit(int64(q.Limit)).Scan(ctx)
	seen := make([]community.GroupSeen, len(rows))
	for i, row := range rows {
		seen[i] = row.seen()
	}
	return seen, wrap("groups", err)
}

// followedFromHere is about groups elsewhere that somebody of here is in, so that
// it is no secret that they are known here. One that somebody only looked at
// stays unsaid, and so does a sensitive one.
const followedFromHere = `NOT g.sensitive AND t.gone_at IS NULL AND EXISTS (SELECT 1 FROM memberships AS f JOIN actors AS fa ON fa.id = f.account_id
	WHERE f.group_id = t.id AND f.state = 'active' AND fa.domain = '')`

// GroupLanguages are the languages of listed groups of here.
func (s *Store) GroupLanguages(ctx context.Context) ([]string, error) {
	var tags []string
	err := s.read.NewSelect().Table("groups").ColumnExpr("DISTINCT language").
		Where("state = 'active' AND listed AND actor_id IN (SELECT id FROM actors WHERE domain = '')").OrderExpr("language").Limit(100).Scan(ctx, &tags)
	return tags, wrap("group languages", err)
}

// GroupsByID are the groups of some ids, by id.
func (s *Store) GroupsByID(ctx context.Context, ids []string) (map[string]community.Group, error) {
	byID := make(map[string]community.Group, len(ids))
	if len(ids) == 0 {
		return byID, nil
	}
	var rows []community.Group
	if err := s.selectGroups(&rows).Where("t.id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, wrap("groups", err)
	}
	for _, g := range rows {
		byID[g.ID] = g
	}
	return byID, nil
}

// selectAsked begins a read of groups with whoever asked for them.
func (s *Store) selectAsked(into *[]community.AskedGroup) *bun.SelectQuery {
	return s.selectGroups(into).ColumnExpr("asker.name AS asker_name, asker.title AS asker_title").
		Join("JOIN actors AS asker ON asker.id = g.asked_by")
}

// GroupsAsked is what waits for an admin, the oldest first.
func (s *Store) GroupsAsked(ctx context.Context, limit int) ([]community.AskedGroup, error) {
	var rows []community.AskedGroup
	err := s.selectAsked(&rows).Where("g.state = 'asked'").OrderExpr("t.created_at, t.id").Limit(int64(limit)).Scan(ctx)
	return rows, wrap("groups", err)
}

// CountGroupsAsked is how many wait for an admin.
func (s *Store) CountGroupsAsked(ctx context.Context) (int, error) {
	n, err := s.read.NewSelect().Table("groups").Where("state = 'asked'").Count(ctx)
	return int(n), wrap("groups", err)
}

// GroupsAskedBy is what some accounts asked for and have not got, with the
// answers, the newest first. What they took back themselves is not in it.
func (s *Store) GroupsAskedBy(ctx context.Context, accountIDs []string) ([]community.AskedGroup, error) {
	var rows []community.AskedGroup
	if len(accountIDs) == 0 {
		return rows, nil
	}
	err := s.selectAsked(&rows).ColumnExpr("p.payload").
		Join("LEFT JOIN decisions AS d ON d.subject_kind = ? AND d.subject_id = t.id AND d.kind = ?", community.SubjectGroup, community.DecidedGroupRefuse).
		Join("LEFT JOIN decision_payloads AS p ON p.decision_id = d.id").
		Where("g.asked_by IN (?)", bun.List(accountIDs)).Where("g.state = 'asked' OR g.state = 'refused' AND d.id IS NOT NULL").
		OrderExpr("t.created_at DESC, t.id").Limit(20).Scan(ctx)
	return rows, wrap("groups", err)
}
