package community

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"
)

// Door is how people may come in at this moment.
type Door struct {
	Mode       string // RegistrationApproval and its like
	Question   string // of an application; empty: the catalogue's
	MinimumAge int
	Full       bool // as many wait for an answer as may
}

// Arrival is somebody coming in: who they want to be, and what else the form said.
type Arrival struct {
	Newcomer
	Answer    string // to the application's question
	OldEnough bool   // at least the minimum age
	Doubtful  bool   // the form's trap was filled in (R07)
	Device    string
	Source    string // where it came from, coarse; kept only hashed, to count
}

// Admission is what came of an Arrival: a sign-in, or the code of a receipt.
type Admission struct {
	SignIn  SignIn
	Receipt string // empty for who came in at once
	Group   *Group // where an invitation leads
}

// What a door does with somebody.
const (
	admitAtOnce = "at once"
	admitAsked  = "asked" // when an admin has read what they say
	admitNobody = "nobody"
)

// admits is what a door does. An invitation opens every door but a closed one;
// who looks like a machine is never let in unread, and never turned away unread.
func admits(mode string, invited, doubtful bool) string {
	switch {
	case mode == RegistrationClosed, mode == RegistrationInvitation && !invited:
		return admitNobody
	case doubtful, mode == RegistrationApproval && !invited:
		return admitAsked
	}
	return admitAtOnce
}

// Limits of an application's answer, and of arrivals from one source.
const (
	longestAnswer      = 2000 // characters
	arrivalsPerSource  = 5
	arrivalsWindow     = 24 * time.Hour
	newcomersCountedAs = "newcomers"
)

// Door is what the page of joining shows. Full is only told of doors that ask.
func (s *Service) Door(ctx context.Context) (Door, error) {
	site, err := s.store.Site(ctx)
	if err != nil {
		return Door{}, err
	}
	d := Door{Mode: site.Registration, Question: site.Question, MinimumAge: site.MinimumAge}
	if site.Registration != RegistrationApproval {
		return d, nil
	}
	waiting, err := s.store.CountWaiting(ctx)
	d.Full = waiting >= site.ApplicationsWaiting
	return d, err
}

func (a Arrival) tidy() Arrival {
	a.Newcomer, a.Answer = a.Newcomer.tidy(), strings.TrimSpace(a.Answer)
	return a
}

// check gathers what is wrong with an arrival that will be admitted in a way.
func (a Arrival) check(ctx context.Context, s *Service, site Site, way string) error {
	var p problems
	a.Newcomer.check(&p, s.passwords, site.Name)
	if err := a.Newcomer.checkFree(ctx, s.store, &p); err != nil {
		return err
	}
	switch n := utf8.RuneCountInString(a.Answer); {
	case way == admitAsked && n == 0 && !a.Doubtful:
		p.add("answer", "join.answer_missing")
	case n > longestAnswer:
		p.add("answer", "join.answer_long", "Most", longestAnswer)
	}
	if !a.OldEnough {
		p.add("old_enough", "join.too_young", "Age", site.MinimumAge)
	}
	return p.err()
}
