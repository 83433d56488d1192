package federation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hearth/community"
	"hearth/community/policy"
)

// maxRun bounds the posts that one transaction takes: it holds SQLite's only
// writer meanwhile.
const maxRun = 16

// inboxRun is what stands next in a batch and can be handled at once: posts that
// nothing has to be fetched for (docs/decisions/0019).
type inboxRun struct {
	length  int // of the batch, with those that stay behind others
	letters []letter
	keys    map[string]bool // their order keys, each once
	posts   map[string]bool // their URIs
}

// letter is an activity of a run: a post to be received, or an Outcome at once.
type letter struct {
	Activity
	inbound *community.Inbound
	outcome Outcome
	judged  *policy.Snapshot // by which it was
}

// together handles the run that stands next and says how long it was; 0 where
// there is none, or where it has to be handled one by one.
func (r *batchRun) together(ctx context.Context, left []Activity) (done int, err error) {
	run, results, err := r.tryTogether(ctx, left)
	switch {
	case err == nil && len(run.letters) > 0:
		r.noted(run, results, run.length == len(left))
		return run.length, nil
	case errors.Is(err, ErrLeaseLost):
		return 0, err
	case err != nil:
		if ctx.Err() == nil && !errors.Is(err, community.Conflict) {
			r.f.config.Log.Warn().Err(err).Str("host", r.batch.Host).Msg("several activities at once; they are handled one by one")
		}
		r.alone = max(run.length, 1)
	}
	return 0, nil
}

// tryTogether keeps a fault from ending the process: whose it was shows one by one.
func (r *batchRun) tryTogether(ctx context.Context, left []Activity) (run inboxRun, results []IncomingResult, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("federation: several at once: panic: %v", fault)
		}
	}()
	run = r.f.gatherRun(ctx, left, r.behind)
	if len(run.letters) == 0 {
		return run, nil, nil
	}
	results, err = r.handleTogether(ctx, run, run.length == len(left))
	return run, results, err
}

// handleTogether handles a run, and notes with it what became of it and of what
// was handled before; release gives the lane back.
func (r *batchRun) handleTogether(ctx context.Context, run inboxRun, release bool) (results []IncomingResult, err error) {
	err = r.f.store.Together(ctx, func(inbox InboxStore, house community.Store) error {
		received, err := run.receive(ctx, r.f.service.Within(house))
		if err != nil {
			return err
		}
		results = nil
		for i, l := range run.letters {
			results = append(results, IncomingResult{l.Activity, r.f.again(l.Activity, r.f.behindFollow(ctx, inbox, l.Activity, r.f.becomes(l, received[i])))})
		}
		return inbox.FinishIncoming(ctx, r.batch.Lease, r.f.now(), append(r.results[:len(r.results):len(r.results)], results...), release)
	})
	return results, err
}

// receive takes the posts of a run, and gives each letter what became of its own.
func (run inboxRun) receive(ctx context.Context, service *community.Service) ([]community.Received, error) {
	received := make([]community.Received, len(run.letters))
	var posts []community.Inbound
	var whose []int
	for i, l := range run.letters {
		if l.inbound != nil {
			posts, whose = append(posts, *l.inbound), append(whose, i)
		}
	}
	if len(posts) == 0 {
		return received, nil
	}
	all, err := service.ReceivePosts(ctx, posts)
	for i, one := range all {
		received[whose[i]] = one
	}
	return received, err
}

// becomes is the outcome of a letter whose post was received or not.
func (f *Federation) becomes(l letter, received community.Received) Outcome {
	switch {
	case l.inbound == nil:
		return l.outcome
	case received.No != nil:
		return f.outcomeOf(l.Activity, received.No)
	}
	return noted(l.judged, l.Domain, f.taken(received.Post))
}

// noted goes on from a run that is stored.
func (r *batchRun) noted(run inboxRun, results []IncomingResult, released bool) {
	for _, result := range results {
		r.f.config.Meter.Handled(measuredOutcome(result.Outcome))
		r.behind[result.Activity.OrderKey] = !result.Outcome.RetryAt.IsZero()
	}
	r.results, r.saved, r.released = nil, time.Now(), released
}

// gather reads what stands next until something has to be handled by itself.
func (f *Federation) gather(ctx context.Context, left []Activity, behind map[string]bool) inboxRun {
	run := inboxRun{keys: map[string]bool{}, posts: map[string]bool{}}
	policies, err := f.service.Policies(ctx)
	if err != nil {
		return run
	}
	known := newRunPlaces(f.store, run.posts)
	for _, a := range left {
		if behind[a.OrderKey] {
			run.length++
			continue
		}
		if len(run.letters) == maxRun || run.keys[a.OrderKey] {
			break
		}
		l, ok := f.readLetter(ctx, a, policies, known)
		if !ok {
			break
		}
		run.add(l)
	}
	return run
}

func (run *inboxRun) add(l letter) {
	run.length++
	run.letters = append(run.letters, l)
	run.keys[l.OrderKey] = true
	if l.inbound != nil {
		run.posts[l.inbound.URI] = true
	}
}

// readLetter finds out what an activity brings, and is false for what is to be
// handled by itself. It fetches nothing.
func (f *Federation) readLetter(ctx context.Context, a Activity, policies *policy.Snapshot, known *runPlaces) (letter, bool) {
	in, no := f.open(a, policies)
	if no.Outcome != "" {
		return letter{Activity: a, outcome: no}, true
	}
	in.known = known
	arrived, no, err := f.arrivalOf(ctx, in)
	if err != nil || arrived.post == nil {
		return letter{Activity: a, outcome: no}, err == nil && no.Outcome != ""
	}
	author, err := known.fresh(ctx, arrived.post.Author, f.now())
	if err != nil {
		return letter{}, false
	}
	inbound := f.inbound(in, arrived, author.ID)
	return letter{Activity: a, inbound: &inbound, judged: policies}, true
}

// arrivalOf is what a Create or the Announce of one Create brings; nothing and
// no Outcome for all else.
func (f *Federation) arrivalOf(ctx context.Context, in incoming) (arrival, Outcome, error) {
	switch in.act.Type {
	case "Create":
		return f.created(ctx, in)
	case "Announce":
		return f.announced(ctx, in)
	}
	return arrival{}, Outcome{}, nil
}

func (f *Federation) announced(ctx context.Context, in incoming) (arrival, Outcome, error) {
	objects := in.act.Object.All()
	if len(objects) != 1 || !objects[0].IsEmbedded() || objects[0].Type() != "Create" {
		return arrival{}, Outcome{}, nil
	}
	group, out, err := f.announcer(ctx, in)
	if err != nil || group.ID == "" {
		return arrival{}, out, err
	}
	f.hasSpoken(group)
	inner, err := objects[0].Activity()
	if err != nil {
		return arrival{}, Outcome{}, err
	}
	post, err := inner.Object.Post()
	if err != nil || f.isOurs(post.ID) {
		return arrival{}, Outcome{}, err
	}
	a, out := passedOn(group, inner, post)
	if a.post == nil {
		return a, out, nil
	}
	if a.verified == community.VerifiedGroup && (inner.HasProof || post.HasProof) {
		return arrival{}, Outcome{}, nil // whose key it is may have to be asked for
	}
	if ok, err := isOf(ctx, in.known, group, post, inner); err != nil || !ok {
		return arrival{}, refused("another_group"), err
	}
	return a, out, nil
}
