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

// FollowsAway are some of the memberships of some accounts in groups elsewhere.
func (s *Store) FollowsAway(ctx context.Context, accountIDs []string, limit int) ([]community.Membership, error) {
	if len(accountIDs) == 0 {
		return nil, nil
	}
	var rows []community.Membership
	err := selectFrom(s, "memberships", &rows).Join("JOIN actors AS g ON g.id = t.group_id").
		Where("t.account_id IN (?) AND t.state = 'away' AND g.domain <> '' AND t.follow_uri <> ''", bun.List(accountIDs)).
		OrderExpr("t.id").Limit(int64(limit)).Scan(ctx)
	return rows, wrap("memberships", err)
}

// tracesOf is what accounts leave but for posts, in the order in which it goes.
// Memberships in groups elsewhere are kept until their servers were told.
var tracesOf = []change{
	{table: "supports", key: "post_id, account_id, kind", where: "account_id = ?0"},
	{table: "notices", key: "id", where: "actor_id = ?0"},
	{table: "notices", key: "id", where: "account_id = ?0"},
	{table: "consents", key: "id", where: "account_id = ?0"},
	{table: "blocks", key: "user_id, kind, what", where: "kind = 'account' AND what = ?0"},
	{table: "severances", key: "id", where: "account_id = ?0"},
	{table: "memberships", key: "id", where: "account_id = ?0 AND group_id IN (SELECT g.id FROM actors AS g WHERE g.domain = '')"},
	{table: "memberships", key: "id", set: "state = 'left', role = 'member', answer = '', before_away = '', barred_why = ''",
		where: "account_id = ?0 AND (state <> 'left' OR role <> 'member' OR answer <> '' OR before_away <> '' OR barred_why <> '')"},
	{table: "posts", key: "id", set: "before_away = ''", where: "author_id = ?0 AND before_away <> ''"},
	{table: "reports", key: "id", set: "contact = ''", where: "reporter_id = ?0 AND contact <> ''"},
	{table: "invitations", key: "id", set: "note = '', revoked_at = coalesce(revoked_at, ?1)", where: "made_by = ?0 AND (note <> '' OR revoked_at IS NULL)"},
	{table: "groups", key: "actor_id", set: "offered_to = NULL", where: "offered_to = ?0"},
}

// EraseTraces is community.DepartureStore's.
func (s *Store) EraseTraces(ctx context.Context, accountID string, now time.Time, limit int) (more bool, err error) {
	return s.changeSome(ctx, tracesOf, limit, accountID, now)
}

// EraseAccount is community.DepartureStore's.
func (s *Store) EraseAccount(ctx context.Context, id string, now time.Time) error {
	actor, err := s.Actor(ctx, id)
	if err != nil {
		return err
	}
	if err := s.insertFormerName(ctx, actor.Name); err != nil {
		return err
	}
	return s.each(ctx, "account", []string{
		"UPDATE accounts SET about = '', about_html = '', indexable = FALSE WHERE actor_id = ?0",
		"UPDATE actors SET name = id, title = '', url = uri, gone_at = ?1, away_at = NULL WHERE id = ?0",
	}, id, now)
}

// belongings is what only a person has.
var belongings = []change{
	{table: "notices", key: "id", where: "user_id = ?0"},
	{table: "read_marks", key: "user_id, thread_id", where: "user_id = ?0"},
	{table: "consents", key: "id", where: "user_id = ?0"},
	{table: "blocks", key: "user_id, kind, what", where: "user_id = ?0"},
	{table: "applications", key: "id", where: "user_id = ?0"},
	{table: "reset_links", key: "token_hash", where: "user_id = ?0"},
	{table: "sign_ins", key: "id", where: "user_id = ?0"},
}

// EraseBelongings is community.DepartureStore's.
func (s *Store) EraseBelongings(ctx context.Context, userID string, limit int) (more bool, err error) {
	return s.changeSome(ctx, belongings, limit, userID)
}

// ErasePerson is community.DepartureStore's. The row stays for as long as the
// receipt does; no password opens it and no sign-in name is like its own.
func (s *Store) ErasePerson(ctx context.Context, userID string) error {
	return s.each(ctx, "user", []string{
		`UPDATE users SET login = 'left ' || id, password_hash = '', email = NULL, role = 'member', suspended_until = NULL, language = '',
			zone = '', country = '', home_order = 'activity', exit_everywhere = FALSE, discreet = FALSE, exit_explained_at = NULL WHERE id = ?0`,
	}, userID)
}

// farewellDueRow is a server to be asked to forget an account.
type farewellDueRow struct {
	AccountID string
	Host      string
	TellAt    time.Time
}

// InsertFarewells is community.DepartureStore's.
func (s *Store) InsertFarewells(ctx context.Context, accountID string, hosts []string, tellAt time.Time) error {
	if len(hosts) == 0 {
		return nil
	}
	rows := make([]farewellDueRow, len(hosts))
	for i, host := range hosts {
		rows[i] = farewellDueRow{accountID, host, tellAt}
	}
	_, err := s.write.NewInsert().Model(&rows).ModelTableExpr("farewells").On("CONFLICT (account_id, host) DO NOTHING").Exec(ctx)
	return wrap("farewells", err)
}

// HasFarewells is community.DepartureStore's.
func (s *Store) HasFarewells(ctx context.Context, accountID string) (bool, error) {
	return s.read.NewSelect().TableExpr("farewells AS t").Where("t.account_id = ?", accountID).Exists(ctx)
}
