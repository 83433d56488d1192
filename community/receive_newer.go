package community

import "time"

// saidAt is when an author says that they wrote words, or changed them last, and
// whether that can be told: what is not said, and what is not yet, is taken for the
// moment at which it came. docs/decisions/0033-which-words-are-newer.md.
func (in Inbound) saidAt(now time.Time) (at time.Time, isKnown bool) {
	at = in.Published
	if in.Updated.After(at) {
		at = in.Updated
	}
	if at.IsZero() || at.After(now) {
		return now, false
	}
	return at.UTC().Truncate(time.Microsecond), true
}

// date notes on a post when its words were written.
func (in Inbound) date(p *Post, now time.Time) {
	at, _ := in.saidAt(now)
	p.SaidAt = &at
}

// follows is Forbidden for an edit from before the words that a post has. A proof is
// good for ever, for whoever has it: one that does not say of its words that they are
// newer says no more than the group that passed it on.
func (in *Inbound) follows(p Post, now time.Time) error {
	at, isKnown := in.saidAt(now)
	if isKnown && p.SaidAt != nil && at.Before(*p.SaidAt) {
		return fail(Forbidden, "receive.older")
	}
	if in.IsProven && (!isKnown || p.SaidAt == nil || !at.After(*p.SaidAt)) {
		in.Verified = VerifiedGroup
	}
	return nil
}

// overrules says whether a post may take the place of one that its author's server
// did not have: as that server or its author says it, by a proof only what is newer
// than that answer.
func (in Inbound) overrules(known Post, now time.Time) bool {
	if known.Verified != VerifiedDenied || in.Verified == VerifiedGroup {
		return false
	}
	at, isKnown := in.saidAt(now)
	return !in.IsProven || isKnown && known.DeletedAt != nil && at.After(*known.DeletedAt)
}
