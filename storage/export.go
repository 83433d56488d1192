package storage

import (
	"context"

	"github.com/uptrace/bun"

	"hearth/community"
)

// exportMost bounds each kind of thing in an export.
const exportMost = 10_000

// ExportedMemberships are the groups that some accounts are or were in.
func (s *Store) ExportedMemberships(ctx context.Context, accountIDs []string) ([]community.ExportedMembership, error) {
	var rows []community.ExportedMembership
	err := s.read.NewSelect().Model(&rows).ModelTableExpr("memberships AS t").
		ColumnExpr(`a.uri AS "as", g.uri AS "group", g.title, t.role, t.state, t.answer, t.created_at AS since, t.changed_at AS changed`).
		Join("JOIN actors AS a ON a.id = t.account_id").Join("JOIN actors AS g ON g.id = t.group_id").
		Where("t.account_id IN (?)", bun.List(accountIDs)).OrderExpr("t.created_at, t.id").Limit(exportMost).Scan(ctx)
	return rows, wrap("memberships", err)
}

// ExportedConsents are what a person agreed to, the oldest first.
func (s *Store) ExportedConsents(ctx context.Context, userID string) ([]community.ExportedConsent, error) {
	var rows []community.ExportedConsent
	err := s.read.NewSelect().Model(&rows).ModelTableExpr("consents AS t").
		ColumnExpr(`coalesce(g.uri, '') AS "group", t.scope, t.text, t.given_at, t.withdrawn_at`).
		Join("LEFT JOIN actors AS g ON g.id = t.group_id").
		Where("t.user_id = ?", userID).OrderExpr("t.given_at, t.id").Limit(exportMost).Scan(ctx)
	return rows, wrap("consents", err)
}

// ExportedReports are the reports that some accounts sent.
func (s *Store) ExportedReports(ctx context.Context, accountIDs []string) ([]community.ExportedReport, error) {
	var rows []community.ExportedReport
	err := s.read.NewSelect().Model(&rows).ModelTableExpr("reports AS t").
		ColumnExpr("coalesce(p.uri, '') AS post, t.reason, t.words, t.contact, t.state, t.created_at AS sent_at, t.resolved_at").
		Join("LEFT JOIN posts AS p ON p.id = t.post_id").
		Where("t.reporter_id IN (?)", bun.List(accountIDs)).OrderExpr("t.id").Limit(exportMost).Scan(ctx)
	return rows, wrap("reports", err)
}

// ExportedSupport is the support that some accounts gave.
func (s *Store) ExportedSupport(ctx context.Context, accountIDs []string) ([]community.ExportedSupport, error) {
	var rows []community.ExportedSupport
	err := s.read.NewSelect().Model(&rows).ModelTableExpr("supports AS t").ColumnExpr("p.uri AS post, t.kind, t.given_at").
		Join("JOIN posts AS p ON p.id = t.post_id").
		Where("t.account_id IN (?)", bun.List(accountIDs)).OrderExpr("t.given_at, t.post_id").Limit(exportMost).Scan(ctx)
	return rows, wrap("support", err)
}

// DecisionsAbout are what was decided about some accounts, or about their person.
func (s *Store) DecisionsAbout(ctx context.Context, accountIDs []string, userID string) ([]community.DecisionAbout, error) {
	var rows []struct {
		community.Decision
		Payload community.DecisionPayload `bun:"embed:w_"`
		PostURI string
	}
	err := s.selectDecisions(&rows).ColumnExpr("coalesce(p.uri, '') AS post_uri").
		Join("LEFT JOIN posts AS p ON t.subject_kind = 'post' AND p.id = t.subject_id").
		Where("t.account_id IN (?) OR t.subject_kind = ? AND t.subject_id = ?", bun.List(accountIDs), community.SubjectUser, userID).
		OrderExpr("t.decided_at, t.id").Limit(exportMost).Scan(ctx)
	about := make([]community.DecisionAbout, len(rows))
	for i, r := range rows {
		about[i] = community.DecisionAbout{Decision: r.Decision, Payload: r.Payload, PostURI: r.PostURI}
	}
	return about, wrap("decisions", err)
}

// PostsToExport are the next posts of some accounts that have words, or their drafts.
func (s *Store) PostsToExport(ctx context.Context, accountIDs []string, drafts bool, after string, limit int) ([]community.PostToExport, error) {
	states := []string{community.PostPublished, community.PostHidden, community.PostHeld, community.PostFrozen}
	if drafts {
		states = []string{community.PostDraft}
	}
	var rows []community.PostToExport
	q := s.read.NewSelect().Model(&rows).ModelTableExpr("posts AS t").ColumnExpr(columnsOf[community.Post](s, "t", "")).
		ColumnExpr("g.uri AS group_uri, g.title AS group_title, coalesce(p.uri, '') AS parent_uri").
		Join("JOIN actors AS g ON g.id = t.group_id").Join("LEFT JOIN posts AS p ON p.id = t.parent_id").
		Where("t.author_id IN (?) AND t.state IN (?)", bun.List(accountIDs), bun.List(states))
	err := bySmallest(q, "t.id", after).Limit(int64(limit)).Scan(ctx)
	return rows, wrap("posts", err)
}

// VersionsOf are what some posts said before.
func (s *Store) VersionsOf(ctx context.Context, postIDs []string) ([]community.PostVersion, error) {
	var rows []community.PostVersion
	err := selectFrom(s, "post_versions", &rows).Where("t.post_id IN (?)", bun.List(postIDs)).OrderExpr("t.post_id, t.version").Limit(exportMost).Scan(ctx)
	return rows, wrap("post versions", err)
}
