package community

import (
	"context"
	"errors"
	"time"
)

// Tidied is how much a turn of the clock tidied up.
type Tidied struct {
	Answers      int // of applications, erased
	Refused      int // people who applied, forgotten
	IdleSignIns  int // ended
	EndedSignIns int // forgotten
	Sessions     int // of browsers, forgotten
	Tries        int // counts of tries, forgotten
	ResetLinks   int // forgotten
	Drafts       int // erased
	Orphans      int // replies whose parents did not come, erased
	Unread       int // words from elsewhere that moderators refused, erased
	Suspensions  int // of people, over
	Reports      int // looked at long ago, erased
	Moved        int // people who left or came back, of whom something was still to be moved
	Departed     int // people, deleted
	BeganToAsk   bool
}

// tidyBatch bounds what one turn of the clock changes of a kind; the next turn
// takes the next batch.
const tidyBatch = 500

// How long what is over is remembered: a sign-in, so that its device is known; a
// count of tries, longer than any window; a reset link, so that it can say it is over.
const (
	endedSignInsKept = 30 * 24 * time.Hour
	triesKept        = 48 * time.Hour
	resetLinksKept   = 7 * 24 * time.Hour
	reportsKept      = 365 * 24 * time.Hour // from when somebody looked at it (safety.md 3.1)
)

// Tidy is what time alone brings: the clock calls it every ten minutes, on any
// number of nodes. What fails does not keep the rest from being done.
func (s *Service) Tidy(ctx context.Context) (Tidied, error) {
	var done Tidied
	var errs []error
	for _, part := range s.tidying(&done) {
		n, err := part.batch(ctx)
		*part.count = n
		errs = append(errs, err)
	}
	began, err := s.GuardRegistration(ctx)
	done.BeganToAsk = began
	return done, errors.Join(append(errs, err)...)
}

// tidyPart is one batch of work and where its count goes.
type tidyPart struct {
	count *int
	batch func(ctx context.Context) (int, error)
}

func (s *Service) tidying(done *Tidied) []tidyPart {
	now := s.now()
	return []tidyPart{
		{&done.Refused, s.EraseRefused}, // first: the receipt says it of the answer and of them
		{&done.Answers, s.EraseAnswers},
		{&done.IdleSignIns, func(ctx context.Context) (int, error) {
			return s.store.EndIdleSignIns(ctx, now.Add(-SignInIdle), now, tidyBatch)
		}},
		{&done.EndedSignIns, func(ctx context.Context) (int, error) {
			return s.store.DeleteEndedSignIns(ctx, now.Add(-endedSignInsKept), tidyBatch)
		}},
		{&done.Sessions, func(ctx context.Context) (int, error) {
			return s.store.DeleteExpiredSessions(ctx, now, tidyBatch)
		}},
		{&done.Tries, func(ctx context.Context) (int, error) {
			return s.store.DeleteOldTries(ctx, now.Add(-triesKept), tidyBatch)
		}},
		{&done.Reports, func(ctx context.Context) (int, error) {
			return s.store.DeleteOldReports(ctx, now.Add(-reportsKept), tidyBatch)
		}},
		{&done.Drafts, s.EraseDrafts},
		{&done.Orphans, s.EndOrphans},
		{&done.Unread, s.EndRefused},
		{&done.Moved, s.MoveOn},
		{&done.Departed, s.EraseDeparted},
		{&done.Suspensions, func(ctx context.Context) (int, error) { return s.store.EndSuspensions(ctx, now) }},
		{&done.ResetLinks, func(ctx context.Context) (int, error) {
			return s.store.DeleteOldResetLinks(ctx, now.Add(-resetLinksKept), tidyBatch)
		}},
	}
}
