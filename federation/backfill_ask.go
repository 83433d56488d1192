package federation

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"hearth/community"
	"hearth/community/policy"
)

// ask puts one question to the group's server, a while after the last one, where
// that is still wanted and allowed. errAbsent for what cannot be had at all.
func (b *backfill) ask(ctx context.Context, url string, fetch func(context.Context, string) ([]byte, error)) ([]byte, error) {
	if b.past.Asked >= backfillAsks || b.past.Taken >= backfillPosts {
		return nil, errEnough
	}
	if slices.Contains(b.past.Passed, url) {
		return nil, errAbsent
	}
	body, err := b.askOnce(ctx, url, fetch)
	var fetched *FetchError
	switch {
	case err == nil:
		b.job.Attempts, b.job.Error = 0, ""
		if b.past.Failing == url {
			b.past.Failing, b.past.Tries = "", 0
		}
		return body, nil
	case !errors.As(err, &fetched):
		return nil, err
	case fetched.Fault != FetchUnreachable:
		return nil, fmt.Errorf("%w: %w", errAbsent, err)
	}
	return nil, b.inVain(ctx, url, fetched)
}

// askOnce puts a question, a while after the last one, where that is still wanted and
// allowed. Where the job is goes with the lease.
func (b *backfill) askOnce(ctx context.Context, url string, fetch func(context.Context, string) ([]byte, error)) ([]byte, error) {
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
	return fetch(ctx, url)
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
	if b.policies.JudgeIn(b.group.ID, b.job.Host).On(policy.Past) == policy.Refuse {
		return jobEnd{community.JobStopped, community.BackfillReadFirst}
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

// inVain is what follows from a question that was not answered, or by a 5xx: a wait;
// after some of them the document is passed over, where its server answers to others
// (errAbsent). A server that answers to nothing for a day is given up.
func (b *backfill) inVain(ctx context.Context, url string, fetch *FetchError) error {
	b.job.Attempts++
	if b.past.Failing != url {
		b.past.Failing, b.past.Tries = url, 0
	}
	b.past.Tries++
	switch {
	case b.job.Attempts > backfillTries || len(b.past.Passed) >= backfillPassed:
		return jobEnd{community.JobFailed, community.BackfillUnreachable}
	case b.past.Tries > backfillHiccups && url != b.group.URI && fetch.Status != http.StatusTooManyRequests:
		if isThere, err := b.isServerThere(ctx); err != nil {
			return err
		} else if isThere {
			b.past.Passed = append(b.past.Passed, url)
			b.past.Failing, b.past.Tries, b.job.Attempts, b.job.Error = "", 0, 0, ""
			return fmt.Errorf("%w: %w", errAbsent, fetch)
		}
	}
	return jobWait{community.BackfillUnreachable, b.f.now().Add(max(fetch.RetryAfter, backfillWait(max(b.past.Tries, b.job.Attempts))))}
}

// isServerThere says whether the group's server answers when asked for the group
// itself.
func (b *backfill) isServerThere(ctx context.Context) (bool, error) {
	_, err := b.askOnce(ctx, b.group.URI, b.f.fetcher.AtHome)
	var fetch *FetchError
	if errors.As(err, &fetch) {
		return fetch.Fault != FetchUnreachable, nil
	}
	return err == nil, err
}

// backfillWait doubles from a minute, for which a Fetcher remembers failures, to
// an hour.
func backfillWait(attempts int) time.Duration {
	return spread(min(time.Minute<<min(max(attempts-1, 0), 6), time.Hour))
}
