package community

import (
	"context"
	"time"

	"hearth/community/secret"
)

// LeaveReceipt is what whoever has a departure's code may know of it. No name is
// in it.
type LeaveReceipt struct {
	LeftAt  time.Time
	EndsAt  time.Time
	Begun   bool       // there is no way back any more
	EndedAt *time.Time // all was deleted here; nil: not yet
	KeptTo  time.Time  // until when the receipt can be read, once all was deleted
	Servers []FarewellAnswer
}

// FarewellAnswer is what one server made of being asked to forget an account.
type FarewellAnswer struct {
	Host    string
	State   string // FarewellWaits and its like
	At      time.Time
	Posts   int // that it had, or may have had
	Deleted int // of them, that it said it received the deletion of
}

// What may stand in a FarewellAnswer, and what its At is.
const (
	FarewellWaits       = "waits"       // it will be told by then
	FarewellAsked       = "asked"       // it was told then, and has not answered
	FarewellReceived    = "received"    // it said then that it received it
	FarewellRefused     = "refused"     // it answered no
	FarewellUnreachable = "unreachable" // it does not answer, since then
	FarewellNoContact   = "no_contact"  // the two servers do not talk with each other
)

// farewellTried is for how long a server is asked again (Delivery, of dead hosts).
const farewellTried = 14 * 24 * time.Hour

// answer says where a farewell stands. What was received counts, whatever came after.
func (f FarewellSeen) answer(now time.Time, refused bool) FarewellAnswer {
	a := FarewellAnswer{Host: f.Host, State: FarewellAsked, At: f.TellAt, Posts: f.Posts, Deleted: f.Deleted}
	switch {
	case f.ReceivedAt != nil:
		a.State, a.At = FarewellReceived, *f.ReceivedAt
	case refused:
		a.State = FarewellNoContact
	case f.Refused != "":
		a.State = FarewellRefused
	case now.Before(f.TellAt):
		a.State = FarewellWaits
	case f.FailingSince != nil:
		a.State, a.At = FarewellUnreachable, *f.FailingSince
	case now.Sub(f.TellAt) > farewellTried:
		a.State = FarewellUnreachable
	}
	return a
}

// LeaveReceipt is the receipt of a code, in whatever way it was typed. Whoever has
// the code may see it, until 30 days after all was deleted; NotFound then, and for
// who came back.
func (s *Service) LeaveReceipt(ctx context.Context, code string) (LeaveReceipt, error) {
	d, err := s.store.DepartureByCode(ctx, secret.HashToken(secret.FoldCode(code)))
	if err == nil && d.Moving == MovingBack {
		err = fail(NotFound, "error.not_found")
	}
	if err != nil {
		return LeaveReceipt{}, err
	}
	now := s.now()
	r := LeaveReceipt{LeftAt: d.LeftAt, EndsAt: d.EndsAt, Begun: !d.mayComeBack(now), EndedAt: d.EndedAt}
	if d.EndedAt == nil {
		return r, nil
	}
	r.KeptTo = d.EndedAt.Add(receiptKept)
	policies, err := s.Policies(ctx)
	if err != nil {
		return LeaveReceipt{}, err
	}
	told, err := s.store.Farewells(ctx, d.UserID)
	for _, f := range told {
		r.Servers = append(r.Servers, f.answer(now, policies.Judge(f.Host).Refused()))
	}
	return r, err
}
