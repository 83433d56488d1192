package federation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/community/secret"
	"hearth/federation/wire"
)

// maxBacklog and maxBacklogAge bound what may wait in the inbox before the door
// answers that it is busy.
const (
	maxBacklog    = 50_000
	maxBacklogAge = time.Hour
	busyFor       = 5 * time.Minute
)

// factsPerSecond and factsAtOnce bound the facts that are kept of refusals
// before anything was verified.
const (
	factsPerSecond = 5
	factsAtOnce    = 100
)

// ErrBusy is our own trouble: the sender is to come again after a while.
var ErrBusy = errors.New("federation: the inbox is full")

// NotWanted is what is refused for good, with one stable word.
type NotWanted struct{ Reason string }

func (n NotWanted) Error() string { return "federation: not wanted: " + n.Reason }

// Receive takes what a stranger's server posts to an inbox (ActivityPub 7.1).
// It judges in the order of cost: size, shape, policy, then the signature,
// whose key may have to be fetched; what is left is kept, once, and answered
// before anything is done with it.
//
// Errors: ErrCrowded, ErrUnread, ErrTooLarge; wire.Error for what is no activity; NotWanted for
// policy and for ids that their sender cannot vouch for; *Refusal for the
// signature; ErrBusy. A duplicate is no error.
func (f *Federation) Receive(ctx context.Context, r *http.Request) error {
	err := f.receive(ctx, r)
	f.config.Meter.Received(measured(err))
	return tellSender(err)
}

func (f *Federation) receive(ctx context.Context, r *http.Request) error {
	body, err := f.readBody(ctx, r.Body)
	if err != nil {
		return err
	}
	act, err := wire.Decode(body)
	if err != nil {
		return err
	}
	domain, err := f.senderOf(act)
	if err != nil {
		return err
	}
	policies, err := f.service.Policies(ctx)
	if err != nil {
		return err
	}
	if policies.Judge(domain).Refused() {
		return f.turnAway(ctx, act, domain, "policy")
	}
	if known, err := f.isFarewellOfNobody(ctx, act); err != nil {
		return err
	} else if known {
		return errFarewell
	}
	signer, err := f.verify(withPolicies(ctx, policies), r, body)
	if err != nil {
		return err
	}
	if signer.Owner != act.Actor {
		return f.turnAway(ctx, act, domain, "signer_is_not_actor")
	}
	if reason := f.innerRefusal(policies, act); reason != "" {
		return f.keepRefused(ctx, act, domain, reason)
	}
	return f.keep(ctx, act, domain)
}

// senderOf is the domain of an activity's actor. The activity's id must be of
// the actor's origin, before it is compared with any other (GHSA-4qhx-hhwf-8685).
func (f *Federation) senderOf(act *wire.Activity) (string, error) {
	origin, err := wire.ParseIRI(act.Actor, f.iriOptions())
	if err != nil {
		return "", err
	}
	if origin.Domain() == f.config.Host {
		return "", NotWanted{"own_actor"}
	}
	if !wire.SameOrigin(act.ID, act.Actor) {
		return "", NotWanted{"id_of_another_origin"}
	}
	return origin.Domain(), nil
}

// isFarewellOfNobody says whether somebody we never heard of says that they are
// gone: nothing to do, and above all nothing to fetch.
func (f *Federation) isFarewellOfNobody(ctx context.Context, act *wire.Activity) (bool, error) {
	if act.Type != "Delete" || act.Object.ID != act.Actor {
		return false, nil
	}
	_, err := f.store.ActorByURI(ctx, act.Actor)
	if errors.Is(err, community.NotFound) {
		return true, nil
	}
	return false, err
}

// innerRefusal is why what an Announce carries is not wanted: its author's
// server is refused, whoever passes it on (CVE-2026-23961).
// Of several it is refused here where none of them is wanted, and else each where
// it is handled.
func (f *Federation) innerRefusal(policies *policy.Snapshot, act *wire.Activity) string {
	if act.Type != "Announce" {
		return ""
	}
	all := unfold(act.Object)
	if len(all) == 0 {
		return ""
	}
	for _, ref := range all {
		if !f.isRefusedInside(policies, ref) {
			return ""
		}
	}
	return "inner_policy"
}

// isRefusedInside says whether something that an Announce carries is of a server
// that is refused.
func (f *Federation) isRefusedInside(policies *policy.Snapshot, ref wire.Ref) bool {
	for _, inner := range carried(ref) {
		origin, err := wire.ParseIRI(inner, f.iriOptions())
		if err == nil && origin.Domain() != f.config.Host && policies.Judge(origin.Domain()).Refused() {
			return true
		}
	}
	return false
}

// carried are the ids and actors of what an Announce carries.
func carried(ref wire.Ref) []string {
	ids := []string{ref.ID}
	if !ref.IsEmbedded() {
		return ids
	}
	if inner, err := ref.Activity(); err == nil {
		ids = append(ids, inner.Actor, inner.Object.ID)
		if post, err := inner.Object.Post(); err == nil {
			ids = append(ids, post.Author)
		}
	} else if post, err := ref.Post(); err == nil {
		ids = append(ids, post.Author)
	}
	return ids
}

// turnAway answers that something is not wanted, and keeps the fact. Nothing of
// it is verified: it takes no id's place, and of a flood only some is kept.
func (f *Federation) turnAway(ctx context.Context, act *wire.Activity, domain, reason string) error {
	if f.facts.Allow() {
		row := f.row(act, domain)
		now := f.now()
		row.URI, row.Raw, row.FinishedAt = "urn:hearth:refused:"+row.ID, nil, &now
		row.Kind, row.AboutDomain = string(policy.FactUnread), ""
		row.State, row.Outcome, row.Reason = Finished, Refused, reason
		if err := f.store.SaveIncoming(ctx, row); err != nil {
			return err
		}
	}
	return NotWanted{reason}
}

// keepRefused keeps a verified activity as a fact without effect.
func (f *Federation) keepRefused(ctx context.Context, act *wire.Activity, domain, reason string) error {
	row := f.row(act, domain)
	now := f.now()
	row.State, row.Outcome, row.Reason, row.Raw, row.FinishedAt = Finished, Refused, reason, nil, &now
	if err := duplicate(f.intake.keep(ctx, row)); err != nil {
		return err
	}
	return errKept
}

// keep queues a verified activity, once.
func (f *Federation) keep(ctx context.Context, act *wire.Activity, domain string) error {
	rows, oldest, err := f.incomingBacklog(ctx)
	if err != nil {
		return err
	}
	if rows >= maxBacklog || !oldest.IsZero() && f.now().Sub(oldest) > maxBacklogAge {
		return ErrBusy
	}
	err = duplicate(f.intake.keep(ctx, f.row(act, domain)))
	if err != nil && !errors.Is(err, errDuplicate) {
		return err
	}
	f.heardFrom(ctx, domain)
	if !f.atWork.is(domain) { // whoever is looks again
		f.WakeInbox()
	}
	return err
}

func duplicate(err error) error {
	if errors.Is(err, community.Conflict) {
		return errDuplicate
	}
	return err
}

// row is an incoming activity as it is kept.
func (f *Federation) row(act *wire.Activity, domain string) Activity {
	now := f.now()
	sum := sha256.Sum256(act.Raw)
	return Activity{
		ID: secret.NewID(now), URI: act.ID, Direction: Incoming, Type: act.Type, ActorURI: act.Actor, Domain: domain,
		AboutDomain: f.aboutOf(act, domain), Kind: string(kindOfFact(act)),
		ObjectURI: subjectOf(act), OrderKey: subjectOf(act), State: Waiting, Raw: act.Raw, Size: len(act.Raw),
		Hash: hex.EncodeToString(sum[:]), ReceivedAt: now,
	}
}

// subjectOf is the id of the post or actor that an activity is about in the
// end, which is what its order is kept by: a Delete must not overtake the Create
// that it undoes, whoever announces either.
func subjectOf(act *wire.Activity) string {
	for range 4 {
		switch act.Type {
		case "Announce", "Undo", "Accept", "Reject":
			inner, err := act.Object.Activity()
			if err != nil {
				return subjectID(act)
			}
			act = inner
		default:
			return subjectID(act)
		}
	}
	return subjectID(act)
}

func subjectID(act *wire.Activity) string {
	if act.Object.ID != "" {
		return act.Object.ID
	}
	return act.Actor
}
