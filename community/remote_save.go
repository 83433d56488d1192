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
			a.ID, a.CreatedAt, a.FetchedAt, a.MovedTo = secret.NewActorID(), now, &now, ""
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
		if a.MovedTo != "" { // believed when both say so: ReceiveMove
			a.MovedTo = known.MovedTo
		}
		a.SuspendedAt, a.SuspendedUntil = before.SuspendedAt, before.SuspendedUntil
		return tx.UpdateAccount(ctx, a)
	})
	return a, err
}

// RenameRemote gives an actor elsewhere the name that its own server has it under
// now. Conflict where another actor there has that name; nobody is found by the old
// one any more, and everything they wrote stands under the new.
func (s *Service) RenameRemote(ctx context.Context, id, name string) error {
	return s.store.InTx(ctx, func(tx Store) error {
		a, err := tx.Actor(ctx, id)
		if err != nil || a.IsLocal() || a.Name == name {
			return err
		}
		other, err := tx.ActorByName(ctx, a.Domain, name)
		if err == nil && other.ID != id {
			return fail(Conflict, "error.conflict")
		}
		if err != nil && !isNotFound(err) {
			return err
		}
		return tx.RenameActor(ctx, id, name)
	})
}

// ReceiveMove notes where an actor elsewhere has moved, as both say; their caller
// has asked both.
func (s *Service) ReceiveMove(ctx context.Context, uri, to string) error {
	return s.store.InTx(ctx, func(tx Store) error {
		a, err := tx.ActorByURI(ctx, uri)
		if err != nil || a.IsLocal() {
			return err
		}
		a.MovedTo = to
		return tx.UpdateActor(ctx, a)
	})
}

// goneAtOnce bounds the posts that one transaction erases.
const goneAtOnce = 100

// MarkActorGone notes that an actor elsewhere is no more, as they say themselves:
// the words of all their posts are erased, threads stay readable, and they are in
// no group any more. What was begun and not ended goes on when it is said again.
// Of a group what others wrote in it stays, and nobody writes in it any more.
func (s *Service) MarkActorGone(ctx context.Context, uri string) error {
	a, err := s.store.ActorByURI(ctx, uri)
	if isNotFound(err) || err == nil && a.IsLocal() {
		return nil
	}
	if err != nil {
		return err
	}
	if a.Type == ActorGroup {
		return s.markGroupGone(ctx, a.ID)
	}
	if a.GoneAt == nil {
		now := s.now()
		a.GoneAt = &now
		err := s.store.InTx(ctx, func(tx Store) error {
			if err := tx.UpdateActor(ctx, a); err != nil {
				return err
			}
			return tx.EndMemberships(ctx, a.ID, now)
		})
		if err != nil {
			return err
		}
	}
	for more := true; more; {
		err := s.store.InTx(ctx, func(tx Store) (err error) {
			more, err = s.erasePostsOf(ctx, tx, a.ID)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// erasePostsOf erases some posts of somebody elsewhere who is no more. Followers
// of a group here hear from the group that they are gone: of their author nothing
// can be passed on that speaks of a post.
func (s *Service) erasePostsOf(ctx context.Context, tx Store, accountID string) (more bool, err error) {
	groups := map[string]Group{}
	return s.eraseSome(ctx, tx, accountID, func(post Post) ([]Event, error) {
		group, err := once(groups, post.GroupID, func() (Group, error) { return tx.Group(ctx, post.GroupID) })
		if err != nil || !group.IsLocal() {
			return nil, err
		}
		return []Event{newPostEvent(s.now(), EventPostHidden, post)}, nil
	})
}
