package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
)

// GroupSeen is a group, a person's membership in it and its number of members.
func (s *Store) GroupSeen(ctx context.Context, find community.GroupRef, accountIDs []string, now time.Time) (community.GroupSeen, error) {
	var row groupSeenRow
	q := s.selectGroupsSeen(&row, accountIDs, now)
	if find.ID != "" {
		q = q.Where("t.id = ?", find.ID)
	} else {
		q = q.Where("t.domain = coalesce((SELECT '' FROM site AS s WHERE lower(s.host) = ?), ?) AND t.name = ?", find.Domain, find.Domain, find.Name)
	}
	err := q.Scan(ctx)
	return row.seen(), wrap("group", err)
}

type groupSeenRow struct {
	community.Group
	Own     community.Membership `bun:"embed:own_"`
	Members int
	OwnerID string
}

func (r groupSeenRow) seen() community.GroupSeen {
	return community.GroupSeen{Group: r.Group, Membership: r.Own, Members: r.Members, OwnerID: r.OwnerID}
}

// selectGroupsSeen begins a read of groups g, each with a person's membership m
// and its number of members.
func (s *Store) selectGroupsSeen(into any, accountIDs []string, now time.Time) *bun.SelectQuery {
	q := s.selectGroups(into).
		ColumnExpr("(SELECT count(*) FROM memberships AS c WHERE c.group_id = t.id AND c.state = 'active') AS members").
		ColumnExpr("(SELECT o.account_id FROM memberships AS o WHERE o.group_id = t.id AND o.state = 'active' AND o.role = 'owner' LIMIT 1) AS owner_id")
	if len(accountIDs) == 0 {
		return q
	}
	return q.ColumnExpr(membershipColumns("m", "own_")).
		Join("LEFT JOIN memberships AS m ON m.id = (?)", s.viewerMembershipID(nil, "t.id", accountIDs, now))
}

// viewerMembershipID selects the id of a person's membership in a group (an
// expression) that says most: the active one, then a removal in force, then a
// request, then the last changed.
func (s *Store) viewerMembershipID(in *planned, group string, accountIDs []string, now time.Time) *bun.SelectQuery {
	return s.read.NewSelect().TableExpr("memberships AS v").Column("v.id").
		Where("v.group_id = "+group).Where("v.account_id IN (?)", in.list(accountIDs)).
		OrderExpr(`CASE WHEN v.state = 'active' THEN 0
			WHEN v.state = 'removed' AND (v.removed_until IS NULL OR v.removed_until > ?) THEN 1
			WHEN v.state = 'asked' THEN 2 ELSE 3 END, v.changed_at DESC`, in.arg(now)).Limit(1)
}

// membershipColumns are all columns of a membership's table alias, each under a prefix.
func membershipColumns(alias, prefix string) string {
	columns := ""
	for _, c := range []string{"id", "group_id", "account_id", "role", "state", "answer", "rules_version", "follow_uri", "removed_until", "barred_at", "barred_until", "barred_why", "created_at", "changed_at"} {
		if columns != "" {
			columns += ", "
		}
		columns += alias + "." + c + " AS " + prefix + c
	}
	return columns
}
