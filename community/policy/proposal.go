package policy

// Proposal is what somebody might decide about other servers. Nothing of it holds.
// It names each domain once.
type Proposal struct {
	Set      []Policy // each in place of what the instance, or its group, has decided about the domain
	Lift     []Scope  // taken back
	Door     string   // DoorOpen and its like; empty: as it is
	FromList bool     // it is a list's, and never overrides what somebody here decided
}

// Scope is what a policy is about: a domain and all below it, for the instance or
// for one group.
type Scope struct {
	Domain  string // folded
	GroupID string // empty: the instance
}

// Scope is what the policy is about.
func (p *Policy) Scope() Scope { return Scope{p.Domain, p.GroupID} }

// IsEmpty says that the proposal asks for nothing.
func (p *Proposal) IsEmpty() bool { return len(p.Set) == 0 && len(p.Lift) == 0 && p.Door == "" }

// With is the snapshot as it would be if a proposal held, conflicts and all. It is
// of the same epoch, so that it is never mistaken for what does hold.
func (s *Snapshot) With(p Proposal) *Snapshot {
	then := &Snapshot{epoch: s.epoch, door: s.door, host: s.host, house: s.house.copied(), byGroup: make(map[string]verdicts, len(s.byGroup))}
	for group, its := range s.byGroup {
		then.byGroup[group] = its.copied()
	}
	if p.Door != "" {
		then.door = p.Door
	}
	for _, l := range p.Lift {
		delete(then.of(l.GroupID), l.Domain)
	}
	for _, set := range p.Set {
		then.of(set.GroupID)[set.Domain] = set
	}
	return then
}

func (v verdicts) copied() verdicts {
	all := make(verdicts, len(v))
	for domain, p := range v {
		all[domain] = p
	}
	return all
}

// Decided is what was decided about exactly this domain, for the instance or the
// group.
func (s *Snapshot) Decided(at Scope) (p Policy, ok bool) {
	if at.GroupID == "" {
		p, ok = s.house[at.Domain]
		return p, ok
	}
	p, ok = s.byGroup[at.GroupID][at.Domain]
	return p, ok
}

// JudgeAt is Judge for the instance, and JudgeIn for a group.
func (s *Snapshot) JudgeAt(at Scope) Verdict {
	if at.GroupID == "" {
		return s.Judge(at.Domain)
	}
	return s.JudgeIn(at.GroupID, at.Domain)
}

// Door is whom the instance talks to where no policy says more.
func (s *Snapshot) Door() string { return s.door }
