package storage

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"hearth/community"
)

// InsertActor stores an actor; Conflict when its URI or name was ever used.
func (s *Store) InsertActor(ctx context.Context, a community.Actor) error {
	if a.IsLocal() {
		former, err := s.formerNames(ctx, []string{a.Name})
		if err != nil {
			return err
		}
		if former[a.Name] {
			return community.Conflict
		}
	}
	return insert(ctx, s, "actors", &a)
}

// Actor is the actor of an id.
func (s *Store) Actor(ctx context.Context, id string) (community.Actor, error) {
	return one[community.Actor](ctx, s, "actors", "t.id = ?", id)
}

// ActorByName is the actor of a folded name at a folded domain, empty for here.
func (s *Store) ActorByName(ctx context.Context, domain, name string) (community.Actor, error) {
	return one[community.Actor](ctx, s, "actors", "t.domain = ? AND t.name = ?", domain, name)
}

// ActorByURI is the actor of an ActivityPub id, compared byte by byte.
func (s *Store) ActorByURI(ctx context.Context, uri string) (community.Actor, error) {
	return one[community.Actor](ctx, s, "actors", "t.uri = ?", uri)
}

// Actors are the actors of some ids, by id.
func (s *Store) Actors(ctx context.Context, ids []string) (map[string]community.Actor, error) {
	byID := make(map[string]community.Actor, len(ids))
	if len(ids) == 0 {
		return byID, nil
	}
	var rows []community.Actor
	if err := selectFrom(s, "actors", &rows).Where("t.id IN (?)", bun.List(ids)).Scan(ctx); err != nil {
		return nil, wrap("actors", err)
	}
	for _, a := range rows {
		byID[a.ID] = a
	}
	return byID, nil
}

// UpdateActor stores all of an actor but its id, domain and name, and whether its
// person is away.
func (s *Store) UpdateActor(ctx context.Context, a community.Actor) error {
	res, err := s.write.NewUpdate().Model(&a).ModelTableExpr("actors").
		ExcludeColumn("id", "domain", "name", "away_at").Where("id = ?", a.ID).Exec(ctx)
	if err != nil {
		return wrap("actor", err)
	}
	return touched(res)
}

// RenameActor is community.ActorStore's.
func (s *Store) RenameActor(ctx context.Context, id, name string) error {
	_, err := s.write.NewUpdate().Table("actors").Set("name = ?", name).Where("id = ? AND domain <> ''", id).Exec(ctx)
	return wrap("actor", err)
}

// TakenNames are those of some names that an actor of this server has or had.
func (s *Store) TakenNames(ctx context.Context, names []string) (map[string]bool, error) {
	taken, err := s.formerNames(ctx, names)
	if err != nil || len(names) == 0 {
		return taken, err
	}
	var found []string
	err = s.read.NewSelect().Table("actors").Column("name").
		Where("domain = '' AND name IN (?)", bun.List(names)).Scan(ctx, &found)
	for _, name := range found {
		taken[name] = true
	}
	return taken, wrap("actors", err)
}

// DiscloseActor notes when an actor agreed to be known elsewhere; the first time
// counts.
func (s *Store) DiscloseActor(ctx context.Context, id string, at time.Time) error {
	_, err := s.write.NewUpdate().Table("actors").Set("disclosed_at = ?", at).Where("id = ? AND disclosed_at IS NULL", id).Exec(ctx)
	return wrap("actor", err)
}
