package federation

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"hearth/community"
)

// ask puts one question to the group's server, a while after the last one, where
// that is still wanted and allowed. errAbsent for what cannot be had at all.
func (b *backfill) ask(ctx context.Context, url string, fetch func(context.Context, string) ([]byte, error)) ([]byte, error) {
	if b.past.Asked >= backfillAsks || b.past.Taken >= backfillPosts {
		return nil, errEnough
	}
	if !b.f.breath(ctx, b.job.Host) {
		return nil, ctx.Err()
	}
	if err := b.mayGoOn(ctx); err != nil {
		return nil, err
	}
	b.keep()
	if err := b.f.store.SaveJob(ctx, *b.job, false); err != nil {
		return nil, err
	}
	b.past.Asked++
	body, err := fetch(ctx, url)
	if err == nil {
		b.job.Attempts, b.job.Error = 0, ""
	}
	return body, b.faultOf(err)
}

// mayGoOn says why nothing more is to be asked for: a policy, a pause, a group
// that nobody here follows any more, or that is no more, holds at once.
func (b *backfill) mayGoOn(ctx context.Context) (err error) {
	if b.policies, err = b.f.service.Policies(ctx); err != nil {
		return err
	}
	if b.policies.Judge(b.job.Host).Refused() {
		return jobEnd{community.JobStopped, community.BackfillRefused}
	}
	if b.group, err = b.f.store.Group(ctx, b.job.AboutID); err != nil {
		return err
	}
	if b.group.GoneAt != nil {
		return jobEnd{community.JobFailed, community.BackfillGone}
	}
	followed, err := b.f.store.HasLocalMembers(ctx, b.group.ID)
	if err == nil && !followed {
		err = jobEnd{community.JobStopped, community.BackfillLeft}
	}
	if err != nil {
		return err
	}
	lane, err := b.f.store.Lane(ctx, b.job.Host)
	if errors.Is(err, community.NotFound) {
		return nil
	}
	if err == nil && lane.PausedBy != nil {
		err = jobWait{community.BackfillPaused, b.f.now().Add(pausedLookEvery)}
	}
	return err
}

// pausedLookEvery is how often it is looked whether a server is still paused.
const pausedLookEvery = time.Minute

// faultOf is what a failed fetch means: errAbsent for the document, or a wait. One
// that its server fails at over and over is absent; a server that does not answer
// for a day is given up.
func (b *backfill) faultOf(err error) error {
	var fetch *FetchError
	if err == nil || !errors.As(err, &fetch) {
		return err
	}
	if fetch.Fault != FetchUnreachable {
		return fmt.Errorf("%w: %w", errAbsent, err)
	}
	b.job.Attempts++
	if fetch.Status == http.StatusInternalServerError && b.job.Attempts > backfillHiccups {
		b.job.Attempts = 0
		return fmt.Errorf("%w: %w", errAbsent, err)
	}
	if b.job.Attempts > backfillTries {
		return jobEnd{community.JobFailed, community.BackfillUnreachable}
	}
	return jobWait{community.BackfillUnreachable, b.f.now().Add(max(fetch.RetryAfter, backfillWait(b.job.Attempts)))}
}

// backfillWait doubles from a minute, for which a Fetcher remembers failures, to
// an hour.
func backfillWait(attempts int) time.Duration {
	return spread(min(time.Minute<<min(max(attempts-1, 0), 6), time.Hour))
}
