package community

import (
	"context"
	"time"

	"hearth/community/secret"
)

// actorLife is how old what we know of an actor elsewhere may be before it is
// asked for again.
const actorLife = 24 * time.Hour

// IsStale says whether an actor elsewhere is to be fetched again.
func (a Actor) IsStale(now time.Time) bool {
	return !a.IsLocal() && (a.FetchedAt == nil || now.Sub(*a.FetchedAt) > actorLife)
}

// SaveRemoteAccount stores or refreshes an account elsewhere, known by its URI,
// and returns it with its id. What is decided about it here stays. Conflict
// when its name is another actor's.
func (s *Service) SaveRemoteAccount(ctx context.Context, a Account) (Account, error) {
	now := s.now()
	err := s.store.InTx(ctx, func(tx Store) error {
		known, err := tx.ActorByURI(ctx, a.URI)
		if isNotFound(err) {
			a.ID, a.CreatedAt, a.FetchedAt = secret.NewActorID(), now, &now
			return tx.InsertAccount(ctx, a)
		}
		if err != nil {
			return err
		}
		before, err := tx.Account(ctx, known.ID)
		if err != nil {
			return err
		}
		a.ID, a.CreatedAt, a.FetchedAt, a.Domain, a.Name = known.ID, known.CreatedAt, &now, known.Domain, known.Name
		a.SuspendedAt, a.SuspendedUntil = before.SuspendedAt, before.SuspendedUntil
		return tx.UpdateAccount(ctx, a)
	})
	return a, err
}

// SaveRemoteGroup stores or refreshes a group elsewhere, known by its URI.
func (s *Service) SaveRemoteGroup(ctx context.Context, g Group) (Group, error) {
	now := s.now()
	g.State, g.LastActivityAt = GroupActive, now
	err := s.store.InTx(ctx, func(tx Store) error {
		known, err := tx.ActorByURI(ctx, g.URI)
		if isNotFound(err) {
			g.ID, g.CreatedAt, g.FetchedAt = secret.NewActorID(), now, &now
			return tx.InsertGroup(ctx, g)
		}
		if err != nil {
			return err
		}
		before, err := tx.Group(ctx, known.ID)
		if err != nil {
			return err
		}
		g.ID, g.CreatedAt, g.FetchedAt, g.Domain, g.Name = known.ID, known.CreatedAt, &now, known.Domain, known.Name
		g.LastActivityAt, g.RulesVersion = before.LastActivityAt, before.RulesVersion
		return tx.UpdateGroup(ctx, g)
	})
	return g, err
}

// MarkActorGone notes that an actor elsewhere is no more.
func (s *Service) MarkActorGone(ctx context.Context, uri string) error {
	return s.store.InTx(ctx, func(tx Store) error {
		a, err := tx.ActorByURI(ctx, uri)
		if isNotFound(err) || err == nil && (a.IsLocal() || a.GoneAt != nil) {
			return nil
		}
		if err != nil {
			return err
		}
		now := s.now()
		a.GoneAt = &now
		return tx.UpdateActor(ctx, a)
	})
}
