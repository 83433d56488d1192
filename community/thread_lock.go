package community

import (
	"context"
	"time"
)

// LockThread closes a thread to new replies, with a reason that its author
// reads. Only moderators of its group may; NotFound to those who may not read it.
func (s *Service) LockThread(ctx context.Context, v Viewer, id, reason string) error {
	if reason == "" {
		return &Error{Kind: Invalid, Key: "form.check", Fields: []FieldError{{Field: "reason", Key: "lock.reason_missing"}}}
	}
	return s.moderateThread(ctx, v, id, threadChange{DecidedLock, EventThreadLocked, reason, func(p *Post, now time.Time) bool {
		changed := p.LockedAt == nil
		p.LockedAt = &now
		return changed
	}})
}

// UnlockThread opens it again.
func (s *Service) UnlockThread(ctx context.Context, v Viewer, id string) error {
	return s.moderateThread(ctx, v, id, threadChange{DecidedUnlock, EventThreadUnlocked, "", func(p *Post, _ time.Time) bool {
		changed := p.LockedAt != nil
		p.LockedAt = nil
		return changed
	}})
}

// PinThread puts a thread before all others of its group; Conflict where there
// are as many as there may be.
func (s *Service) PinThread(ctx context.Context, v Viewer, id string) error {
	return s.moderateThread(ctx, v, id, threadChange{DecidedPin, EventThreadPinned, "", func(p *Post, now time.Time) bool {
		changed := p.PinnedAt == nil
		p.PinnedAt = &now
		return changed
	}})
}

// UnpinThread lets it take its place among the others.
func (s *Service) UnpinThread(ctx context.Context, v Viewer, id string) error {
	return s.moderateThread(ctx, v, id, threadChange{DecidedUnpin, EventThreadUnpinned, "", func(p *Post, _ time.Time) bool {
		changed := p.PinnedAt != nil
		p.PinnedAt = nil
		return changed
	}})
}

// threadChange is what a moderator does to a thread. change says whether there
// was anything to do.
type threadChange struct {
	decision, event, reason string
	change                  func(p *Post, now time.Time) bool
}

func (s *Service) moderateThread(ctx context.Context, v Viewer, id string, c threadChange) error {
	return s.store.InTx(ctx, func(tx Store) error {
		seen, err := s.threadToModerate(ctx, tx, v, id)
		if err != nil {
			return err
		}
		root, err := tx.PostToChange(ctx, id)
		if err != nil {
			return err
		}
		now := s.now()
		if !c.change(&root, now) {
			return nil
		}
		if c.decision == DecidedPin {
			if err := roomForPin(ctx, tx, root.GroupID); err != nil {
				return err
			}
		}
		if err := tx.UpdatePost(ctx, root); err != nil {
			return err
		}
		return s.recordThreadChange(ctx, tx, seen, root, c)
	})
}

// threadToModerate is a thread's root that the Viewer may moderate. NotFound
// where they may not read it, or it is no root; Forbidden to other readers.
func (s *Service) threadToModerate(ctx context.Context, tx Store, v Viewer, id string) (PostSeen, error) {
	seen, err := s.postFor(ctx, tx, v, id)
	if err == nil && (seen.Post.ID != seen.Root.ID || seen.Post.isTakenBack() || seen.Post.IsUnseen()) {
		err = fail(NotFound, "error.not_found")
	}
	if err == nil && !mayModerate(v, seen.Membership, s.now()) {
		err = fail(Forbidden, "error.forbidden")
	}
	return seen, err
}

func roomForPin(ctx context.Context, tx Store, groupID string) error {
	pinned, err := tx.CountPinned(ctx, groupID)
	if err == nil && pinned >= MaxPinned {
		return fail(Conflict, "pin.full", "Max", MaxPinned)
	}
	return err
}

// recordThreadChange writes the decision, tells the thread's author, and the
// world where it may hear of it.
func (s *Service) recordThreadChange(ctx context.Context, tx Store, seen PostSeen, root Post, c threadChange) error {
	d, err := s.decide(ctx, tx, Decision{
		Scope: root.GroupID, Kind: c.decision, DecidedBy: seen.Membership.AccountID,
		SubjectKind: "post", SubjectID: root.ID, AccountID: &root.AuthorID,
	}, DecisionWords{Reason: c.reason})
	if err != nil {
		return err
	}
	if err := s.tellOfDecision(ctx, tx, d, root, seen.Membership.AccountID); err != nil {
		return err
	}
	site, err := tx.Site(ctx)
	if err != nil || !federates(site, seen.Group, root) {
		return err
	}
	return tx.InsertEvent(ctx, newPostEvent(s.now(), c.event, root))
}

// ThreadToModerate is a thread that the Viewer may moderate, before they decide.
func (s *Service) ThreadToModerate(ctx context.Context, v Viewer, id string) (PostSeen, error) {
	return s.threadToModerate(ctx, s.store, v, id)
}
