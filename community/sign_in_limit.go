package community

import (
	"context"
	"time"

	"hearth/community/secret"
)

// How often one may try to sign in within a quarter of an hour. A stranger must
// not be able to keep a member out by guessing at their name, so the small
// limits are on a name *from one place* and on a place. The limit on a name from
// everywhere is wide, and does not hold for a browser that was signed in to that
// account before: its tries are counted by themselves. Past that limit a member
// on a new device is let in by a reset link, which counts nothing.
const (
	triesWindow   = 15 * time.Minute
	triesFromOne  = 10  // at a name from one source, or on a known device
	triesOfSource = 40  // from one source, at any names
	triesAtName   = 100 // at a name, from everywhere
)

// tryLimit is one count and what it may come to.
type tryLimit struct {
	key  string
	most int
	own  bool // only about this person here: forgotten when they sign in
}

func limitsOf(try Try, known bool) []tryLimit {
	if known {
		return []tryLimit{{tryKey("device", try.Known), triesFromOne, true}}
	}
	return []tryLimit{
		{tryKey("source", try.Source), triesOfSource, false},
		{tryKey("login and source", try.Login+"\x00"+try.Source), triesFromOne, true},
		{tryKey("login", try.Login), triesAtName, false},
	}
}

// countTries counts in the order of the limits and stops at the first that is
// passed: a source past its own adds no more rows under ever new names.
func (s *Service) countTries(ctx context.Context, limits []tryLimit) error {
	for _, l := range limits {
		n, err := s.store.CountTry(ctx, l.key, s.now(), triesWindow)
		if err != nil {
			return err
		}
		if n > l.most {
			return fail(TooMany, "sign_in.slow_down")
		}
	}
	return nil
}

func (s *Service) forgetTries(ctx context.Context, limits []tryLimit) error {
	for _, l := range limits {
		if !l.own {
			continue
		}
		if err := s.store.ForgetTries(ctx, l.key); err != nil {
			return err
		}
	}
	return nil
}

// isKnown says whether this browser was signed in to this very account before,
// on a sign-in that is remembered, ended or not.
func (s *Service) isKnown(ctx context.Context, try Try, user User) (bool, error) {
	if try.Known == "" || user.ID == "" {
		return false, nil
	}
	before, err := s.store.SignIn(ctx, try.Known)
	if isNotFound(err) {
		return false, nil
	}
	return before.UserID == user.ID, err
}

func tryKey(kind, what string) string { return secret.HashToken(kind + ":" + what) }
