package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
)

// This file is the only one that reads account_owner, the link between a
// person and their accounts.

type accountOwnerRow struct {
	AccountID string
	UserID    string
	Main      bool
	Since     time.Time
}

// mainAccountOf begins a subquery for the account that others know a person by;
// the person's id follows.
const mainAccountOf = "SELECT own.account_id FROM account_owner AS own WHERE own.main AND own.user_id = "

// InsertAccountOwner says whose an account is.
func (s *Store) InsertAccountOwner(ctx context.Context, accountID, userID string, main bool, since time.Time) error {
	return insert(ctx, s, "account_owner", &accountOwnerRow{accountID, userID, main, since})
}

// OwnedAccounts are a person's accounts, the main one first.
func (s *Store) OwnedAccounts(ctx context.Context, userID string) ([]community.Account, error) {
	var rows []community.Account
	err := s.selectAccounts(&rows).Join("JOIN account_owner AS o ON o.account_id = t.id").
		Where("o.user_id = ?", userID).OrderExpr("o.main DESC, o.since, t.id").Limit(100).Scan(ctx)
	return rows, wrap("owned accounts", err)
}

// Entry is the site and a live sign-in with its person and their accounts, the
// main one first, in one read: every page of theirs begins with it.
func (s *Store) Entry(ctx context.Context, signInID string) (community.Entry, error) {
	var rows []struct {
		Site    community.Site `bun:"embed:t_"`
		SeenAt  time.Time
		User    community.User    `bun:"embed:u_"`
		Account community.Account `bun:"embed:a_"`
	}
	in := s.planned()
	q := s.read.NewSelect().Model(&rows).ModelTableExpr("site AS t").ColumnExpr(columnsOf[community.Site](s, "t", "t_")).
		ColumnExpr("i.seen_at").ColumnExpr(columnsOf[community.User](s, "u", "u_")).
		ColumnExpr(columnsOf[community.Actor](s, "a", "a_")).ColumnExpr(columnsOf[accountRow](s, "acc", "a_")).
		Join("LEFT JOIN sign_ins AS i ON i.id = ? AND i.ended_at IS NULL", in.arg(signInID)).
		Join("LEFT JOIN users AS u ON u.id = i.user_id").
		Join("LEFT JOIN account_owner AS o ON o.user_id = u.id").
		Join("LEFT JOIN actors AS a ON a.id = o.account_id").Join("LEFT JOIN accounts AS acc ON acc.actor_id = o.account_id").
		Where("t.id = 1").OrderExpr("o.main DESC, o.since, a.id").Limit(100)
	found, err := first(&rows, in.scan(ctx, q, &rows))
	if err != nil {
		return community.Entry{}, wrap("entry", err)
	}
	entry := community.Entry{Site: found.Site, User: found.User, Accounts: []community.Account{},
		SignIn: community.SignIn{ID: signInID, UserID: found.User.ID, SeenAt: found.SeenAt}}
	for _, r := range rows {
		if r.Account.ID != "" {
			entry.Accounts = append(entry.Accounts, r.Account)
		}
	}
	return entry, nil
}

// AccountOwner is the person who owns an account, or NotFound.
func (s *Store) AccountOwner(ctx context.Context, accountID string) (string, error) {
	row, err := one[accountOwnerRow](ctx, s, "account_owner", "t.account_id = ?", accountID)
	return row.UserID, err
}

// OwnerState is the state of the person who owns an account, or NotFound.
func (s *Store) OwnerState(ctx context.Context, accountID string) (string, error) {
	var row community.User
	err := s.read.NewSelect().Model(&row).ModelTableExpr("users AS u").ColumnExpr("u.state").
		Join("JOIN account_owner AS o ON o.user_id = u.id").Where("o.account_id = ?", accountID).Scan(ctx)
	return row.State, wrap("account owner", err)
}

// Team is the main accounts of admins and moderators, admins first.
func (s *Store) Team(ctx context.Context) ([]community.Account, error) {
	var rows []community.Account
	err := s.selectAccounts(&rows).Join("JOIN account_owner AS o ON o.account_id = t.id AND o.main").
		Join("JOIN users AS u ON u.id = o.user_id").
		Where("u.role IN ('admin', 'moderator') AND u.state = 'active'").
		OrderExpr("CASE WHEN u.role = 'admin' THEN 0 ELSE 1 END, t.name").Limit(100).Scan(ctx)
	return rows, wrap("team", err)
}

// selectPeople begins a read of people with their main account: nothing of a
// persona is in it.
func (s *Store) selectPeople(into any) *bun.SelectQuery {
	return s.read.NewSelect().Model(into).ModelTableExpr("users AS u").
		ColumnExpr("u.*, a.id AS account_id, a.title AS name").
		Join("JOIN account_owner AS o ON o.user_id = u.id AND o.main").
		Join("JOIN actors AS a ON a.id = o.account_id")
}

// Person is a person with their main account.
func (s *Store) Person(ctx context.Context, userID string) (community.Person, error) {
	var row community.Person
	err := s.selectPeople(&row).Where("u.id = ?", userID).Scan(ctx)
	return row, wrap("person", err)
}

// People are the newest people before an id whose names carry the words.
func (s *Store) People(ctx context.Context, words, before string, limit int) ([]community.Person, error) {
	var rows []community.Person
	q := s.selectPeople(&rows).OrderExpr("u.created_at DESC, u.id DESC").Limit(int64(limit))
	q = q.Where("NOT (u.state = 'refused' AND u.password_hash = '')") // who was forgotten
	if words != "" {
		like := "%" + escapeLike(words) + "%"
		q = q.Where(`(u.login LIKE ? ESCAPE '\' OR a.name LIKE ? ESCAPE '\')`, like, like)
	}
	if before != "" {
		q = q.Where("(u.created_at, u.id) < (SELECT created_at, id FROM users WHERE id = ?)", before)
	}
	return rows, wrap("people", q.Scan(ctx))
}

// selectApplicants begins a read of applications with the names asked for.
func (s *Store) selectApplicants(into any) *bun.SelectQuery {
	return s.read.NewSelect().Model(into).ModelTableExpr("applications AS t").
		ColumnExpr("t.*, u.login, a.title AS name").Join("JOIN users AS u ON u.id = t.user_id").
		Join("JOIN account_owner AS o ON o.user_id = u.id AND o.main").Join("JOIN actors AS a ON a.id = o.account_id")
}

// Applicant is an application with its names.
func (s *Store) Applicant(ctx context.Context, id string) (community.Applicant, error) {
	var row community.Applicant
	err := s.selectApplicants(&row).Where("t.id = ?", id).Scan(ctx)
	return row, wrap("applicant", err)
}

// WaitingApplicants are those who wait after an id, the longest first.
func (s *Store) WaitingApplicants(ctx context.Context, after string, limit int) ([]community.Applicant, error) {
	var rows []community.Applicant
	q := s.selectApplicants(&rows).Where("t.state = ?", community.ApplicationWaiting)
	err := bySmallest(q, "t.id", after).Limit(int64(limit)).Scan(ctx)
	return rows, wrap("applicants", err)
}

// Hearers are those of some accounts that belong to people of here, with what
// it takes to judge whether they may hear of an author in a group.
func (s *Store) Hearers(ctx context.Context, ask community.HearerQuery) ([]community.Hearer, error) {
	var rows []community.Hearer
	err := s.read.NewSelect().Model(&rows).ModelTableExpr("account_owner AS t").
		ColumnExpr("t.account_id, t.user_id, u.state").
		ColumnExpr("EXISTS (SELECT 1 FROM memberships AS m WHERE m.group_id = ? AND m.account_id = t.account_id AND m.state = 'active') AS is_member", ask.GroupID).
		ColumnExpr(`EXISTS (SELECT 1 FROM blocks AS b JOIN actors AS a ON a.id = ?0 WHERE b.user_id = t.user_id
			AND (b.kind = 'account' AND b.what = ?0 OR b.kind = 'server' AND b.what = a.domain)) AS blocks`, ask.AuthorID).
		Join("JOIN users AS u ON u.id = t.user_id").
		Where("t.account_id IN (?)", bun.List(ask.AccountIDs)).Scan(ctx)
	return rows, wrap("hearers", err)
}

// LookersAfter are the active people who look after a group and those who look
// after the instance, but for the person of an account.
func (s *Store) LookersAfter(ctx context.Context, groupID, butFor string) ([]community.Looker, error) {
	var rows []community.Looker
	group := s.read.NewSelect().TableExpr("memberships AS m").ColumnExpr("DISTINCT o.user_id, TRUE AS of_group").
		Join("JOIN account_owner AS o ON o.account_id = m.account_id").Join("JOIN users AS u ON u.id = o.user_id").
		Where("m.group_id = ? AND m.state = 'active' AND m.role IN ('owner', 'moderator') AND u.state = 'active'", groupID)
	instance := s.read.NewSelect().TableExpr("users AS u").ColumnExpr("u.id, FALSE").
		Where("u.role IN ('admin', 'moderator') AND u.state = 'active'")
	err := s.read.NewSelect().Model(&rows).ModelTableExpr("(?) AS t", group.UnionAll(instance)).ColumnExpr("t.user_id, t.of_group").
		Where("t.user_id NOT IN (SELECT x.user_id FROM account_owner AS x WHERE x.account_id = ?)", butFor).
		OrderExpr("t.user_id").Limit(600).Scan(ctx)
	return rows, wrap("lookers", err)
}

// AccountOwners are the people of some accounts, by account.
func (s *Store) AccountOwners(ctx context.Context, accountIDs []string) (map[string]string, error) {
	owners := make(map[string]string, len(accountIDs))
	if len(accountIDs) == 0 {
		return owners, nil
	}
	var rows []accountOwnerRow
	if err := selectFrom(s, "account_owner", &rows).Where("t.account_id IN (?)", bun.List(accountIDs)).Scan(ctx); err != nil {
		return nil, wrap("account owners", err)
	}
	for _, row := range rows {
		owners[row.AccountID] = row.UserID
	}
	return owners, nil
}

// accountsOf are all accounts of some people.
func (s *Store) accountsOf(ctx context.Context, userIDs []string) ([]string, error) {
	var ids []string
	err := s.read.NewSelect().Table("account_owner").Column("account_id").Where("user_id IN (?)", bun.List(userIDs)).Scan(ctx, &ids)
	return ids, wrap("account owners", err)
}

// Farewells are the servers asked to forget a person's accounts, with how they do
// and how many posts each was to delete.
func (s *Store) Farewells(ctx context.Context, userID string) ([]community.FarewellSeen, error) {
	var rows []community.FarewellSeen
	err := s.read.NewSelect().Model(&rows).ModelTableExpr("farewells AS t").ColumnExpr("t.*, l.failing_since").
		ColumnExpr("(SELECT count(*) FROM reach AS r JOIN posts AS p ON p.id = r.post_id WHERE p.author_id = t.account_id AND r.host = t.host AND "+mayHave+") AS posts").
		ColumnExpr("(SELECT count(r.delete_received_at) FROM reach AS r JOIN posts AS p ON p.id = r.post_id WHERE p.author_id = t.account_id AND r.host = t.host AND "+mayHave+") AS deleted").
		Join("JOIN account_owner AS o ON o.account_id = t.account_id").Join("LEFT JOIN lanes AS l ON l.host = t.host").
		Where("o.user_id = ?", userID).OrderExpr("t.host, t.account_id").Limit(2000).Scan(ctx)
	return rows, wrap("farewells", err)
}
