package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
)

// InsertDeparture stores that somebody left.
func (s *Store) InsertDeparture(ctx context.Context, d community.Departure) error {
	return insert(ctx, s, "departures", &d)
}

// Departure is a person's.
func (s *Store) Departure(ctx context.Context, userID string) (community.Departure, error) {
	return one[community.Departure](ctx, s, "departures", "t.user_id = ?", userID)
}

// DepartureByCode is the departure of a receipt's hashed code.
func (s *Store) DepartureByCode(ctx context.Context, codeHash string) (community.Departure, error) {
	return one[community.Departure](ctx, s, "departures", "t.code_hash = ?", codeHash)
}

// UpdateDeparture stores all of a departure.
func (s *Store) UpdateDeparture(ctx context.Context, d community.Departure) error {
	return update(ctx, s, "departures", &d, "user_id = ?", d.UserID)
}

// DeleteDeparture forgets that somebody left.
func (s *Store) DeleteDeparture(ctx context.Context, userID string) error {
	_, err := s.write.NewDelete().Table("departures").Where("user_id = ?", userID).Exec(ctx)
	return wrap("departures", err)
}

// DueDepartures are those to be deleted and not deleted yet, the oldest first.
func (s *Store) DueDepartures(ctx context.Context, now time.Time, limit int) ([]community.Departure, error) {
	var rows []community.Departure
	err := selectFrom(s, "departures", &rows).Where("t.ended_at IS NULL AND t.ends_at <= ? AND t.moving <> ?", now, community.MovingBack).
		OrderExpr("t.ends_at, t.user_id").Limit(int64(limit)).Scan(ctx)
	return rows, wrap("departures", err)
}

// MovingDepartures are those of which not all has gone its way yet, the oldest first.
func (s *Store) MovingDepartures(ctx context.Context, limit int) ([]community.Departure, error) {
	var rows []community.Departure
	err := selectFrom(s, "departures", &rows).Where("t.moving <> ''").OrderExpr("t.left_at, t.user_id").Limit(int64(limit)).Scan(ctx)
	return rows, wrap("departures", err)
}

// OwnedGroups are the open groups of here that some accounts own.
func (s *Store) OwnedGroups(ctx context.Context, accountIDs []string) ([]community.Group, error) {
	if len(accountIDs) == 0 {
		return nil, nil
	}
	var rows []community.Group
	err := s.selectGroups(&rows).Join("JOIN memberships AS m ON m.group_id = t.id").
		Where("m.account_id IN (?) AND m.state = 'active' AND m.role = 'owner'", bun.List(accountIDs)).
		Where("t.domain = '' AND g.state = ?", community.GroupActive).OrderExpr("t.title, t.id").Limit(500).Scan(ctx)
	return rows, wrap("groups", err)
}

// AskedGroups are the groups that some accounts asked for, and wait for.
func (s *Store) AskedGroups(ctx context.Context, accountIDs []string) ([]community.Group, error) {
	if len(accountIDs) == 0 {
		return nil, nil
	}
	var rows []community.Group
	err := s.selectGroups(&rows).Where("g.asked_by IN (?) AND g.state = ?", bun.List(accountIDs), community.GroupAsked).
		OrderExpr("t.id").Limit(500).Scan(ctx)
	return rows, wrap("groups", err)
}

// knowsOf selects the hosts that have, or may have, something of some accounts:
// copies of their words, and groups that they asked to be let into.
const knowsOf = `SELECT r.host FROM reach AS r JOIN posts AS p ON p.id = r.post_id
		WHERE p.author_id IN (?0) AND ` + mayHave + `
	UNION SELECT g.domain FROM memberships AS m JOIN actors AS g ON g.id = m.group_id
		WHERE m.account_id IN (?0) AND g.domain <> '' AND m.follow_uri <> ''`

// ServersTold are the hosts that know of some accounts, by name.
func (s *Store) ServersTold(ctx context.Context, accountIDs []string) ([]string, error) {
	if len(accountIDs) == 0 {
		return nil, nil
	}
	var hosts []string
	err := s.read.NewRaw("SELECT k.host FROM ("+knowsOf+") AS k ORDER BY k.host", bun.List(accountIDs)).Scan(ctx, &hosts)
	return hosts, wrap("reach", err)
}

// ForgetDeparted deletes a batch of people who were deleted before a time. Their
// accounts' ids stay, without a key and without anybody who owned them.
func (s *Store) ForgetDeparted(ctx context.Context, endedBefore time.Time, limit int) (int, error) {
	forgotten := 0
	err := s.inTx(ctx, func(tx *Store) error {
		var people []string
		err := tx.read.NewSelect().Table("departures").Column("user_id").
			Where("ended_at IS NOT NULL AND ended_at < ?", endedBefore).OrderExpr("ended_at").Limit(int64(limit)).Scan(ctx, &people)
		if err != nil || len(people) == 0 {
			return wrap("departures", err)
		}
		accounts, err := tx.accountsOf(ctx, people)
		if err != nil {
			return err
		}
		forgotten = len(people)
		return tx.deleteWhere(ctx, []deletion{
			{"farewells", "account_id IN (?)", accounts}, {"memberships", "account_id IN (?)", accounts}, {"actor_keys", "actor_id IN (?)", accounts},
			{"notices", "user_id IN (?)", people}, {"reset_links", "user_id IN (?)", people}, {"sign_ins", "user_id IN (?)", people},
			{"departures", "user_id IN (?)", people}, {"account_owner", "user_id IN (?)", people}, {"users", "id IN (?)", people},
		})
	})
	return forgotten, err
}

// deletion deletes the rows of a table that a list of ids finds.
type deletion struct {
	table, where string
	ids          []string
}

func (s *Store) deleteWhere(ctx context.Context, all []deletion) error {
	for _, d := range all {
		if len(d.ids) == 0 {
			continue
		}
		if _, err := s.write.NewDelete().Table(d.table).Where(d.where, bun.List(d.ids)).Exec(ctx); err != nil {
			return wrap(d.table, err)
		}
	}
	return nil
}
