package federation

import (
	"context"
	"errors"
	"strings"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation/wire"
)

// incoming is an activity that is being worked on, decoded again from its bytes.
type incoming struct {
	Activity
	act      *wire.Activity
	epoch    int64
	policies *policy.Snapshot // of that epoch
	known    places
}

// places are what an activity may be about, as far as it is known here.
type places interface {
	ActorByURI(ctx context.Context, uri string) (community.Actor, error)
	Account(ctx context.Context, id string) (community.Account, error)
	Group(ctx context.Context, id string) (community.Group, error)
	PostByURI(ctx context.Context, uri string) (community.Post, error)
}

// handler does what one type of activity asks for. An error becomes an Outcome
// in outcomeOf.
type handler func(f *Federation, ctx context.Context, in incoming) (Outcome, error)

// handlers are by type (ActivityPub 7). What is not here is kept as a fact,
// without effect.
func handlerOf(kind string) handler {
	switch kind {
	case "Follow":
		return (*Federation).handleFollow
	case "Accept", "Reject":
		return (*Federation).handleAnswer
	case "Undo":
		return (*Federation).handleUndo
	case "Create":
		return (*Federation).handleCreate
	case "Update":
		return (*Federation).handleChange
	case "Delete":
		return (*Federation).handleDelete
	case "Lock", "Add", "Remove", "Block", "Warn", "Resolve":
		return (*Federation).handleAct
	case "Move":
		return (*Federation).handleMove
	case "Like", "EmojiReact", "Dislike":
		return (*Federation).handleReaction
	case "PollVote":
		return (*Federation).handleVote
	case "Announce":
		return (*Federation).handleAnnounce
	case "Flag":
		return (*Federation).handleFlag
	}
	return nil
}

// handle does what an activity asks for, and says what became of it.
func (f *Federation) handle(ctx context.Context, a Activity) Outcome {
	ctx = withBudget(ctx, maxFetches)
	policies, err := f.service.Policies(ctx)
	if err != nil {
		return f.retry(a)
	}
	in, no := f.open(a, policies)
	if no.Outcome != "" {
		return no
	}
	h := handlerOf(in.act.Type)
	if h == nil {
		return ignored("type")
	}
	out, err := h(f, ctx, in)
	out = noted(policies, a.Domain, out)
	if err != nil {
		out = f.behindFollow(ctx, f.store, a, f.outcomeOf(a, err))
		out.Alone = errors.Is(err, community.NotFound) && isChange(in.act)
	}
	return out
}

// noted marks what passed from a server that an eye is kept on, so that it is counted
// apart.
func noted(policies *policy.Snapshot, domain string, out Outcome) Outcome {
	if out.Outcome == Accepted && out.Reason == "" && policies.Judge(domain).On(policy.TheirPost) == policy.Noted {
		out.Reason = "noted"
	}
	return out
}

// isChange says whether an activity, whoever passes it on, is about something that
// it does not bring. Where that is not here yet, it is on its way: few servers send
// in order.
func isChange(act *wire.Activity) bool {
	for range 4 {
		inner, err := act.Object.Activity()
		if act.Type != "Announce" || err != nil {
			break
		}
		act = inner
	}
	return act.Type != "Create" && act.Type != "Announce"
}

// open reads an activity again, and judges again where it comes from: the policy
// may have changed since it came. An Outcome says that it goes no further.
func (f *Federation) open(a Activity, policies *policy.Snapshot) (incoming, Outcome) {
	act, err := wire.Decode(a.Raw)
	if err != nil {
		return incoming{}, refused("unreadable")
	}
	if policies.Judge(a.Domain).Refused() {
		return incoming{}, refused("policy")
	}
	if reason := f.innerRefusal(policies, act); reason != "" {
		return incoming{}, refused(reason)
	}
	return incoming{a, act, policies.Epoch(), policies, f.store}, Outcome{}
}

// outcomeOf says what an error means for the activity: no for good, or again
// later.
func (f *Federation) outcomeOf(a Activity, err error) Outcome {
	var e *community.Error
	var shape wire.Error
	switch {
	case errors.As(err, &e) && e.Kind == community.Forbidden:
		return Outcome{Outcome: Refused, Reason: reasonOf(e.Key)}
	case errors.As(err, &e) && e.Kind == community.TooMany:
		return f.retryFor(a, giveUpAfter, reasonOf(e.Key))
	case errors.As(err, &e) && e.Kind == community.NotFound:
		return f.retryFor(a, time.Hour, reasonOf(e.Key))
	case errors.As(err, &shape):
		return Outcome{Outcome: Refused, Reason: shape.Reason}
	case errors.Is(err, errSpent):
		return refused("too_many_fetches")
	case errors.Is(err, errRefused), errors.Is(err, errOwnKey):
		return Outcome{Outcome: Refused, Reason: "inner_policy"}
	case errors.Is(err, FetchGone), errors.Is(err, FetchRefused), errors.Is(err, FetchNotAcceptable):
		return Outcome{Outcome: Refused, Reason: "fetch_failed"}
	}
	return f.retry(a)
}

// reasonOf is the last word of a sentence's key.
func reasonOf(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }

// retry puts an activity off, longer each time; the queue gives it up in the end.
func (f *Federation) retry(a Activity) Outcome { return f.retryFor(a, 24*time.Hour, "gave_up") }

func (f *Federation) retryFor(a Activity, most time.Duration, reason string) Outcome {
	now := f.now()
	if now.Sub(a.ReceivedAt) > most {
		return Outcome{Outcome: Refused, Reason: reason}
	}
	pause := min(time.Duration(1<<min(a.Attempts, 10))*2*time.Second, 15*time.Minute)
	return Outcome{RetryAt: now.Add(pause), Reason: reason}
}

var accepted = Outcome{Outcome: Accepted}

func ignored(reason string) Outcome { return Outcome{Outcome: Ignored, Reason: reason} }
func refused(reason string) Outcome { return Outcome{Outcome: Refused, Reason: reason} }
