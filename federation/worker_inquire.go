package federation

import (
	"context"
	"errors"
	"time"

	"hearth/community"
	"hearth/community/secret"
	"hearth/federation/wire"
)

// inquireEvery is how often it is looked for what is due without a wake.
const inquireEvery = 15 * time.Second

// inquiryGivenUp is how long a server is asked again that does not answer: a
// parent's as long as anything waits for it, an author's for longer.
const (
	parentGivenUp = 3 * 24 * time.Hour
	originGivenUp = 7 * 24 * time.Hour
)

// runInquiries asks for missing parents, and the authors' servers for what only
// groups say.
func (f *Federation) runInquiries(ctx context.Context) {
	for ctx.Err() == nil {
		asked, err := f.inquireNext(ctx)
		f.complain(ctx, err, "asking for a post")
		if asked && err == nil {
			continue
		}
		f.awaitFor(ctx, f.inquiring, inquireEvery)
	}
}

// inquiryWithin bounds one: a post and its author are asked for, and what the lease
// is for has to end within it.
const inquiryWithin = JobLeaseLife * 3 / 4

// inquireNext does what is due longest, and says whether anything was.
func (f *Federation) inquireNext(ctx context.Context) (bool, error) {
	work, cancel := outlive(ctx, f.grace)
	defer cancel()
	q, token, err := f.store.ClaimInquiry(work, f.now())
	if errors.Is(err, community.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	asking, over := context.WithTimeout(work, inquiryWithin)
	again := f.inquire(asking, q)
	over()
	if ctx.Err() != nil && !again.IsZero() {
		again = f.now() // it was not given the time
	}
	err = f.store.FinishInquiry(context.WithoutCancel(work), q.ID, token, again)
	if errors.Is(err, ErrLeaseLost) {
		return true, nil // somebody else does it
	}
	return true, err
}

// inquire asks for a post, and says when again; the zero time for never. A fault in
// it ends it: it would be met again.
func (f *Federation) inquire(ctx context.Context, q community.Inquiry) (again time.Time) {
	defer func() {
		if fault := recover(); fault != nil {
			f.config.Log.Error().Str("post", q.URI).Any("fault", fault).Msg("a post could not be asked for")
			again = time.Time{}
		}
	}()
	policies, err := f.service.Policies(ctx)
	givenUp := originGivenUp
	switch {
	case err != nil:
	case q.Kind == community.InquireOrigin:
		err = f.askOrigin(ctx, q, policies.Epoch())
	case q.Kind == community.InquireGone:
		return f.inquireGone(ctx, q, policies.Epoch())
	default:
		givenUp, err = parentGivenUp, f.askParent(ctx, q, policies.Epoch())
	}
	if err == nil || isAnswer(err) || f.now().Sub(q.CreatedAt) >= givenUp {
		return time.Time{}
	}
	return f.now().Add(inquiryPause(q.Attempts, err))
}

// inquireGone is inquire about a deletion. A server that says nothing of the post is
// asked until the end, by which the group's word is all that there is.
func (f *Federation) inquireGone(ctx context.Context, q community.Inquiry, epoch int64) (again time.Time) {
	err := f.askWhetherGone(ctx, q, epoch)
	if err != nil && !isSettled(err) && f.now().Sub(q.CreatedAt) >= originGivenUp {
		err = f.service.EraseUnanswered(ctx, q.URI, epoch)
	}
	if err == nil || isSettled(err) {
		return time.Time{}
	}
	return f.now().Add(inquiryPause(q.Attempts, err))
}

// isSettled says of a deletion whether there is nothing more to ask: the post is there
// for some, or it is not here any more.
func isSettled(err error) bool {
	return errors.Is(err, errNotForAll) || errors.Is(err, community.NotFound)
}

// isAnswer says whether an error is the last word: no asking again will change it.
func isAnswer(err error) bool {
	var e *community.Error
	var fetch *FetchError
	switch {
	case errors.As(err, &e):
		return e.Kind == community.Forbidden || e.Kind == community.NotFound
	case errors.Is(err, errRefused), errors.Is(err, errOwnKey), errors.As(err, new(wire.Error)):
		return true
	case errors.As(err, &fetch):
		return fetch.Fault != FetchUnreachable
	}
	return false
}

// quickTries is how often it is tried again at once what something else came before.
const quickTries = 3

// inquiryPause is how long it is waited before a server is asked again: a minute at
// first, four times as long each time, half a day at most, and as long as it says;
// not to the second, so that what failed together is not asked for together.
func inquiryPause(attempts int, err error) time.Duration {
	pause := min(time.Minute<<(2*min(attempts, 5)), 12*time.Hour)
	var fetch *FetchError
	if errors.As(err, &fetch) {
		pause = max(pause, fetch.RetryAfter)
	}
	if errors.Is(err, community.Conflict) && attempts < quickTries {
		pause = time.Second
	}
	return pause + secret.Spread(pause/4+time.Second)
}
