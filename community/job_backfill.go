package community

import (
	"context"
	"time"

	"hearth/community/secret"
)

// Why a backfill is not done, or has to wait (Job.Error).
const (
	BackfillLeft        = "left"        // nobody here is in the group any more
	BackfillRefused     = "refused"     // its server is refused here
	BackfillReadFirst   = "read_first"  // what it says is read here first
	BackfillGone        = "gone"        // its server took the group down
	BackfillWithheld    = "withheld"    // its server does not show the group to us
	BackfillUnreadable  = "unreadable"  // what its server shows cannot be read
	BackfillNoList      = "no_list"     // its server gives out no list of threads
	BackfillUnreachable = "unreachable" // its server does not answer
	BackfillPaused      = "paused"      // an admin paused the server
)

// backfillAgainAfter is how long ago a group has to have been backfilled for that
// to be done again, when it was left by all and is followed anew.
const backfillAgainAfter = 30 * 24 * time.Hour

// beginBackfill has what was written in a group elsewhere fetched: its server has
// just let the first account of here in, which alone was no member until now. It
// is done once (docs/decisions/0029).
func (s *Service) beginBackfill(ctx context.Context, tx Store, g Group, first bool) error {
	last, err := tx.LastJob(ctx, JobBackfill, g.ID)
	if err != nil && !isNotFound(err) {
		return err
	}
	now := s.now()
	isKnown, isOld := err == nil, now.Sub(last.CreatedAt) > backfillAgainAfter
	switch {
	case isKnown && last.State == JobStopped && !isOld:
		return tx.ReopenJob(ctx, last.ID, now)
	case isKnown && (!first || !isOld):
		return nil
	}
	return tx.InsertJob(ctx, Job{
		ID: secret.NewID(now), Kind: JobBackfill, AboutID: g.ID, Host: g.Domain, State: JobWaiting, CreatedAt: now, NextAt: now,
	})
}

// Backfill is how far what was written in a group elsewhere before it was
// followed has been fetched. It is for those who are in the group: for anybody
// else it would say when somebody came (safety.md R14). NotFound for them, and
// where there is none.
func (s *Service) Backfill(ctx context.Context, view GroupView) (Job, error) {
	if view.Group.IsLocal() || !view.Membership.IsActive() {
		return Job{}, fail(NotFound, "error.not_found")
	}
	return s.store.LastJob(ctx, JobBackfill, view.Group.ID)
}

// ReceivePast is ReceivePosts of what was written in a group elsewhere before it
// was followed here, as its server shows it. It is news to nobody: it makes no
// notice, no Event, and nothing unread. What is here already, or was deleted
// before it came, stays as it is.
func (s *Service) ReceivePast(ctx context.Context, posts []Inbound) ([]Received, error) {
	for i := range posts {
		posts[i].Backfilled, posts[i].Mentioned = true, nil
	}
	return s.ReceivePosts(ctx, posts)
}

// backdate puts a post of the past where it was, and gives it the times that it would
// have if it had come then: not before what it answers.
func (in Inbound) backdate(p *Post, parent *Post) {
	if !in.Backfilled {
		return
	}
	if parent != nil && !p.PublishedAt.After(parent.PublishedAt) {
		p.PublishedAt = parent.PublishedAt.Add(time.Microsecond)
	}
	p.Backfilled, p.ReceivedAt, p.LastActivityAt = true, p.PublishedAt, p.PublishedAt
	if in.Locked && !p.IsReply() {
		at := p.PublishedAt
		p.LockedAt = &at
	}
}
