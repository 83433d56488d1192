package storage

import (
	"context"
	"strings"
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
	Situation      string
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
	OfferedTo      *string
	SearchWords    string
	LastActivityAt time.Time
	ClosedAt       *time.Time
}

func newGroupRow(g community.Group) groupRow {
	return groupRow{g.ID, g.State, g.AskedBy, g.Purpose, g.PurposeHTML, g.ForWhom, g.NotFor, g.Situation, g.Language, g.Sensitive,
		g.Joining, g.Question, g.Readers, g.Reach, g.Listed, g.RulesVersion, g.FollowersURI, g.ModeratorsURI,
		g.FeaturedURI, g.OutboxURI, g.Microblogs, g.OfferedTo, searchWords(g), g.LastActivityAt, g.ClosedAt}
}

// searchWords is what a search looks in, folded here because the engines fold
// letters beyond ASCII differently.
func searchWords(g community.Group) string {
	return strings.ToLower(g.Title + "\n" + g.Name + "\n" + g.Purpose + "\n" + g.ForWhom)
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
	return s.read.NewSelect().Model(into).ModelTableExpr("actors AS t").ColumnExpr(columnsOf[groupRow](s, "g", "")).ColumnExpr(columnsOf[community.Actor](s, "t", "")).
		Join("JOIN groups AS g ON g.actor_id = t.id")
}

// Group is the group of an id.
func (s *Store) Group(ctx context.Context, id string) (community.Group, error) {
	var rows []community.Group
	in := s.planned()
	g, err := first(&rows, in.scan(ctx, s.selectGroups(&rows).Where("t.id = ?", in.arg(id)), &rows))
	return g, wrap("group", err)
}

// GroupByName is the group of a folded name at a folded domain.
func (s *Store) GroupByName(ctx context.Context, domain, name string) (community.Group, error) {
	var g community.Group
	err := s.selectGroups(&g).Where("t.domain = ? AND t.name = ?", domain, name).Scan(ctx)
	return g, wrap("group", err)
}

// LockGroup keeps others from changing a group, or who is in it, until the
// transaction ends. An update is the lock that both engines know.
func (s *Store) LockGroup(ctx context.Context, id string) error {
	res, err := s.write.ExecContext(ctx, "UPDATE groups SET state = state WHERE actor_id = ?", id)
	if err != nil {
		return wrap("group", err)
	}
	return touched(res)
}

// UpdateGroup stores the actor's and the group's columns, but for when it was
// last active: that belongs to the posts.
func (s *Store) UpdateGroup(ctx context.Context, g community.Group) error {
	if err := s.UpdateActor(ctx, g.Actor); err != nil {
		return err
	}
	row := newGroupRow(g)
	res, err := s.write.NewUpdate().Model(&row).ModelTableExpr("groups").
		ExcludeColumn("actor_id", "last_activity_at").Where("actor_id = ?", g.ID).Exec(ctx)
	if err != nil {
		return wrap("group", err)
	}
	return touched(res)
}

// InsertRules stores one version of a group's rules.
func (s *Store) InsertRules(ctx context.Context, rules []community.Rule) error {
	return insertAll(ctx, s, "group_rules", rules)
}

// Rules are one version of a group's rules, in order. The first version is 1:
// what a group elsewhere keeps to is not known here.
func (s *Store) Rules(ctx context.Context, groupID string, version int) ([]community.Rule, error) {
	var rows []community.Rule
	if version < 1 {
		return rows, nil
	}
	err := selectFrom(s, "group_rules", &rows).Where("t.group_id = ? AND t.version = ?", groupID, version).
		OrderExpr("t.position").Limit(100).Scan(ctx)
	return rows, wrap("rules", err)
}
