package community

import (
	"context"
	"time"
)

// Standing is where a post of ours stands with the server of the group it was
// written in: what is known, and nothing that is only hoped.
type Standing struct {
	PostID           string
	Host             string
	SentAt           *time.Time // its server said it has it
	ShownAt          *time.Time // its server passed it on
	Refused          string     // its server's or our own final no, one stable word
	UnreachableSince *time.Time // its server does not answer
	Unsent           string     // why its words, as they are now, are held back; empty: they are not
	AskAfter         *time.Time // of what is held back: when it had waited for too long
}

// States of a Standing, as they come about.
const (
	StandingSending     = "sending"
	StandingReceived    = "received"
	StandingShown       = "shown"
	StandingRefused     = "refused"
	StandingUnreachable = "unreachable"
	StandingUnsent      = "unsent" // its author is asked
	StandingBehind      = "behind" // it waits for what it answers
	StandingKept        = "kept"   // its author said, or what it answers makes, that it stays here
)

// IsChange says whether it is a change that is held back: earlier words arrived.
func (s Standing) IsChange() bool { return s.SentAt != nil }

// State is the one that counts: being shown outweighs all that came before it,
// and what its author is asked about outweighs that.
func (s Standing) State() string {
	switch {
	case s.Unsent == UnsentAsked:
		return StandingUnsent
	case s.Unsent == UnsentBehind:
		return StandingBehind
	case s.Unsent == UnsentKept:
		return StandingKept
	case s.ShownAt != nil:
		return StandingShown
	case s.Refused != "":
		return StandingRefused
	case s.SentAt != nil:
		return StandingReceived
	case s.UnreachableSince != nil:
		return StandingUnreachable
	}
	return StandingSending
}

// addStandings says of the Viewer's own posts in a group elsewhere where they
// stand with its server. In groups of here it reads nothing.
func (s *Service) addStandings(ctx context.Context, g Group, posts []PostView) error {
	if g.IsLocal() {
		return nil
	}
	var own []string
	for _, p := range posts {
		if p.Mine && p.State == PostPublished {
			own = append(own, p.ID)
		}
	}
	if len(own) == 0 {
		return nil
	}
	known, err := s.store.Standings(ctx, own, g.Domain)
	if err != nil {
		return err
	}
	for i := range posts {
		if !posts[i].Mine || posts[i].State != PostPublished {
			continue
		}
		standing := known[posts[i].ID]
		standing.PostID, standing.Host = posts[i].ID, g.Domain
		posts[i].Standing = &standing
	}
	return nil
}
