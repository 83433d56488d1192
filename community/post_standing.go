package community

import (
	"context"
	"strconv"
	"time"
)

// Standing is where a post of ours stands with the server of the group it was
// written in: what is known, and nothing that is only hoped.
type Standing struct {
	PostID           string
	Host             string
	SentAt           *time.Time // its server said it has it
	ShownAt          *time.Time // its server passed it on
	Refused          string     // a final no: the status that its server answered with, or RefusedHere; empty: none
	RejectedAt       *time.Time // its group said no, after its server took it
	Rejection        string     // what they said of why, in their own words; empty: nothing
	HiddenWhy        string     // what its group said of why it hid the post, or wants it looked at again; empty: nothing, or it did not
	UnreachableSince *time.Time // its server does not answer
	Unsent           string     // why its words, as they are now, are held back; empty: they are not
	AskAfter         *time.Time // of what is held back: when it had waited for too long
	Late             bool       // its server has it for longer than others take to show what they show
	Cut              bool       // this server does not talk with that one now
}

// ShownWithin is how long a server may have a post before its author is told that
// it may not mean to show it. Most say so neither way, and we do not either:
// docs/decisions/0017-words-that-were-not-taken.md.
const ShownWithin = 24 * time.Hour

// RefusedHere is the Refused of what was not sent because the policies of this
// server refuse the other.
const RefusedHere = "policy"

// RefusedDropped is the Refused of what was not sent because an admin here dropped
// what waited for the other server.
const RefusedDropped = "dropped"

// States of a Standing, as they come about.
const (
	StandingSending     = "sending"
	StandingReceived    = "received"
	StandingOverdue     = "overdue" // received, and not shown for longer than ShownWithin
	StandingShown       = "shown"
	StandingRefused     = "refused"
	StandingBarred      = "barred" // refused by the policies of this server
	StandingUnreachable = "unreachable"
	StandingUnsent      = "unsent"  // its author is asked
	StandingFailed      = "failed"  // its author is asked, because this server could not make it ready
	StandingLeft        = "left"    // its author is asked, because they left before it went
	StandingBehind      = "behind"  // it waits for what it answers
	StandingKept        = "kept"    // its author said, or what it answers makes, that it stays here
	StandingCut         = "cut"     // its server has it, and this one does not talk with it any more
	StandingDropped     = "dropped" // an admin of this server dropped it before it went
)

// IsChange says whether it is a change that is held back: earlier words arrived.
func (s Standing) IsChange() bool { return s.SentAt != nil }

// hasCopy says whether its server is known to have something of it.
func (s Standing) hasCopy() bool { return s.SentAt != nil || s.ShownAt != nil }

// State is the one that counts: being shown outweighs all that came before it,
// what its author is asked about outweighs that, and that nothing comes or goes any
// more outweighs what could be done about it.
func (s Standing) State() string {
	switch {
	case s.Cut && s.hasCopy() && s.RejectedAt == nil:
		return StandingCut
	case s.Cut && !s.hasCopy() && s.Refused == "" && s.Unsent != UnsentKept:
		return StandingBarred
	case s.Unsent == UnsentAsked:
		return StandingUnsent
	case s.Unsent == UnsentFailed:
		return StandingFailed
	case s.Unsent == UnsentLeft:
		return StandingLeft
	case s.Unsent == UnsentBehind:
		return StandingBehind
	case s.Unsent == UnsentKept:
		return StandingKept
	case s.Refused == RefusedDropped: // a change, where earlier words arrived
		return StandingDropped
	case s.ShownAt != nil:
		return StandingShown
	case s.Refused == RefusedHere:
		return StandingBarred
	case s.Refused != "", s.RejectedAt != nil:
		return StandingRefused
	case s.SentAt != nil && s.Late:
		return StandingOverdue
	case s.SentAt != nil:
		return StandingReceived
	case s.UnreachableSince != nil:
		return StandingUnreachable
	}
	return StandingSending
}

// Why a server may have refused a post, as far as its answer tells.
const (
	WhyNotAllowed = "not_allowed" // it takes nothing from here, or this author may not write there
	WhyUnknown    = "unknown"     // it does not know the group, or not any more
	WhyFaulty     = "faulty"      // it finds fault with the post
	WhyFailing    = "failing"     // it failed at it time and again
)

// Why is what the server's final answer means, by what peers answer with; empty
// where it refused nothing, or never was asked.
func (s Standing) Why() string {
	status, err := strconv.Atoi(s.Refused)
	switch {
	case err != nil || status == 0:
		return ""
	case status == 401 || status == 403 || status == 451:
		return WhyNotAllowed
	case status == 404 || status == 410:
		return WhyUnknown
	case status >= 400 && status < 500:
		return WhyFaulty
	}
	return WhyFailing
}

// addStandings says of the Viewer's own posts in a group elsewhere where they
// stand with its server. In groups of here it reads nothing.
func (s *Service) addStandings(ctx context.Context, g Group, posts []PostView) error {
	if g.IsLocal() {
		return nil
	}
	var own []string
	for _, p := range posts {
		if p.Mine && oneOf(p.State, PostPublished, PostHidden, PostFrozen) {
			own = append(own, p.ID)
		}
	}
	if len(own) == 0 {
		return nil
	}
	known, epoch, err := s.store.StandingsNow(ctx, own, g.Domain)
	if err != nil {
		return err
	}
	policies, err := s.policiesOf(ctx, epoch)
	if err != nil {
		return err
	}
	cut := policies.Judge(g.Domain).Refused()
	for i := range posts {
		standing := known[posts[i].ID]
		if posts[i].Mine {
			posts[i].HiddenWhy = standing.HiddenWhy
		}
		if !posts[i].Mine || !oneOf(posts[i].State, PostPublished, PostFrozen) {
			continue
		}
		standing.PostID, standing.Host, standing.Cut = posts[i].ID, g.Domain, cut
		standing.Late = standing.SentAt != nil && s.now().Sub(*standing.SentAt) >= ShownWithin
		posts[i].Standing = &standing
	}
	return nil
}
