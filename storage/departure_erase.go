package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
)

// EraseDraftsOf deletes the drafts of some accounts.
func (s *Store) EraseDraftsOf(ctx context.Context, accountIDs []string) error {
	if len(accountIDs) == 0 {
		return nil
	}
	_, err := s.write.NewDelete().Table("posts").Where("state = 'draft' AND author_id IN (?)", bun.List(accountIDs)).Exec(ctx)
	return wrap("drafts", err)
}

// FollowsAway are the memberships of some accounts in groups elsewhere.
func (s *Store) FollowsAway(ctx context.Context, accountIDs []string) ([]community.Membership, error) {
	if len(accountIDs) == 0 {
		return nil, nil
	}
	var rows []community.Membership
	err := selectFrom(s, "memberships", &rows).Join("JOIN actors AS g ON g.id = t.group_id").
		Where("t.account_id IN (?) AND t.state = 'away' AND g.domain <> '' AND t.follow_uri <> ''", bun.List(accountIDs)).
		OrderExpr("t.id").Limit(1000).Scan(ctx)
	return rows, wrap("memberships", err)
}

// EraseAccount is community.DepartureStore's. Memberships in groups elsewhere are
// kept until their servers were told.
func (s *Store) EraseAccount(ctx context.Context, id string, now time.Time) error {
	actor, err := s.Actor(ctx, id)
	if err != nil {
		return err
	}
	if err := s.insertFormerName(ctx, actor.Name); err != nil {
		return err
	}
	return s.each(ctx, "account", []string{
		"DELETE FROM supports WHERE account_id = ?0",
		"DELETE FROM notices WHERE actor_id = ?0 OR account_id = ?0",
		"DELETE FROM consents WHERE account_id = ?0",
		"DELETE FROM blocks WHERE kind = 'account' AND what = ?0",
		"DELETE FROM severances WHERE account_id = ?0",
		"DELETE FROM memberships WHERE account_id = ?0 AND group_id IN (SELECT g.id FROM actors AS g WHERE g.domain = '')",
		"UPDATE memberships SET state = 'left', role = 'member', answer = '', before_away = '' WHERE account_id = ?0",
		"UPDATE posts SET before_away = '' WHERE author_id = ?0 AND before_away <> ''",
		"UPDATE reports SET contact = '' WHERE reporter_id = ?0 AND contact <> ''",
		"UPDATE invitations SET note = '' WHERE made_by = ?0",
		"UPDATE invitations SET revoked_at = ?1 WHERE made_by = ?0 AND revoked_at IS NULL",
		"UPDATE groups SET offered_to = NULL WHERE offered_to = ?0",
		"UPDATE accounts SET about = '', about_html = '', indexable = FALSE WHERE actor_id = ?0",
		"UPDATE actors SET name = id, title = '', url = uri, gone_at = ?1, away_at = NULL WHERE id = ?0",
	}, id, now)
}

// ErasePerson is community.DepartureStore's. The row stays for as long as the
// receipt does; no password opens it and no sign-in name is like its own.
func (s *Store) ErasePerson(ctx context.Context, userID string) error {
	return s.each(ctx, "user", []string{
		"DELETE FROM notices WHERE user_id = ?0",
		"DELETE FROM read_marks WHERE user_id = ?0",
		"DELETE FROM consents WHERE user_id = ?0",
		"DELETE FROM blocks WHERE user_id = ?0",
		"DELETE FROM applications WHERE user_id = ?0",
		"DELETE FROM reset_links WHERE user_id = ?0",
		"DELETE FROM sign_ins WHERE user_id = ?0",
		`UPDATE users SET login = 'left ' || id, password_hash = '', email = NULL, role = 'member', suspended_until = NULL, language = '',
			zone = '', country = '', home_order = 'activity', exit_everywhere = FALSE, discreet = FALSE, exit_explained_at = NULL WHERE id = ?0`,
	}, userID)
}

// InsertFarewells is community.DepartureStore's.
func (s *Store) InsertFarewells(ctx context.Context, accountID string, tellAt time.Time) (int, error) {
	return affect(s.write.NewRaw("INSERT INTO farewells (account_id, host, tell_at) SELECT ?1, k.host, ?2 FROM ("+knowsOf+") AS k WHERE TRUE "+
		"ON CONFLICT (account_id, host) DO NOTHING", bun.List([]string{accountID}), accountID, tellAt).Exec(ctx))
}
