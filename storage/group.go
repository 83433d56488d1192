package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
)

// groupRow is the part of a Group that is not its Actor.
type groupRow struct {
	ActorID        string
	State          string
	AskedBy        *string
	Purpose        string
	PurposeHTML    string
	ForWhom        string
	NotFor         string
	Language       string
	Sensitive      bool
	Joining        string
	Question       string
	Readers        string
	Reach          string
	Listed         bool
	RulesVersion   int
	FollowersURI   string
	ModeratorsURI  string
	FeaturedURI    string
	OutboxURI      string
	Microblogs     bool
	LastActivityAt time.Time
}

func newGroupRow(g community.Group) groupRow {
	return groupRow{g.ID, g.State, g.AskedBy, g.Purpose, g.PurposeHTML, g.ForWhom, g.NotFor, g.Language, g.Sensitive,
		g.Joining, g.Question, g.Readers, g.Reach, g.Listed, g.RulesVersion, g.FollowersURI, g.ModeratorsURI,
		g.FeaturedURI, g.OutboxURI, g.Microblogs, g.LastActivityAt}
}

// InsertGroup stores the actor and the group.
func (s *Store) InsertGroup(ctx context.Context, g community.Group) error {
	if err := s.InsertActor(ctx, g.Actor); err != nil {
		return err
	}
	row := newGroupRow(g)
	return insert(ctx, s, "groups", &row)
}

// selectGroups begins a read of groups: the group's columns and its actor's.
func (s *Store) selectGroups(into any) *bun.SelectQuery {
	return s.read.NewSelect().Model(into).ModelTableExpr("actors AS t").ColumnExpr("g.*, t.*").
		Join("JOIN groups AS g ON g.actor_id = t.id")
}

// Group is the group of an id.
func (s *Store) Group(ctx context.Context, id string) (community.Group, error) {
	var g community.Group
	err := s.selectGroups(&g).Where("t.id = ?", id).Scan(ctx)
	return g, wrap("group", err)
}

// GroupByName is the group of a folded name at a folded domain.
func (s *Store) GroupByName(ctx context.Context, domain, name string) (community.Group, error) {
	var g community.Group
	err := s.selectGroups(&g).Where("t.domain = ? AND t.name = ?", domain, name).Scan(ctx)
	return g, wrap("group", err)
}

// UpdateGroup stores the actor's and the group's columns.
func (s *Store) UpdateGroup(ctx context.Context, g community.Group) error {
	if err := s.UpdateActor(ctx, g.Actor); err != nil {
		return err
	}
	row := newGroupRow(g)
	return update(ctx, s, "groups", &row, "actor_id = ?", g.ID)
}

// InsertRules stores one version of a group's rules.
func (s *Store) InsertRules(ctx context.Context, rules []community.Rule) error {
	return insertAll(ctx, s, "group_rules", rules)
}

// Rules are one version of a group's rules, in order.
func (s *Store) Rules(ctx context.Context, groupID string, version int) ([]community.Rule, error) {
	var rows []community.Rule
	err := selectFrom(s, "group_rules", &rows).Where("t.group_id = ? AND t.version = ?", groupID, version).
		OrderExpr("t.position").Limit(100).Scan(ctx)
	return rows, wrap("rules", err)
}
