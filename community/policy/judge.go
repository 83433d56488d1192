package policy

import "strings"

// Snapshot is all policies as they stood at one epoch, judged in memory. It is
// never changed: a new epoch is a new value.
type Snapshot struct {
	epoch   int64
	door    string
	host    string // our own
	house   verdicts
	byGroup map[string]verdicts
}

// verdicts are the policies of the instance, or of one group, by domain.
type verdicts map[string]Policy

// Verdict is what the policies say about a host: the severity, and which policy
// decided. Domain is empty where the front door alone did.
type Verdict struct {
	Severity      string
	Domain        string
	RejectMedia   bool
	RejectReports bool
	NoNewFollows  bool
}

// NewSnapshot is a snapshot of an epoch, by the front door (DoorOpen and its like) and
// the name of this server's own host.
func NewSnapshot(epoch int64, door, host string, all []Policy) *Snapshot {
	s := &Snapshot{epoch: epoch, door: door, host: host, house: make(verdicts, len(all)), byGroup: map[string]verdicts{}}
	for _, p := range all {
		s.of(p.GroupID)[p.Domain] = p
	}
	return s
}

func (s *Snapshot) of(groupID string) verdicts {
	if groupID == "" {
		return s.house
	}
	if s.byGroup[groupID] == nil {
		s.byGroup[groupID] = verdicts{}
	}
	return s.byGroup[groupID]
}

// Epoch is the one that the snapshot is of.
func (s *Snapshot) Epoch() int64 { return s.epoch }

// Judge says how the instance treats a folded host, with its port where it has
// one. A policy holds for its domain and for all below it, on label boundaries.
// Among several that match, GoToSocial's documented precedence holds: where the
// front door is "chosen", a refusal beats an allowance; where it is "open", an
// allowance beats a refusal. Judge makes no garbage.
func (s *Snapshot) Judge(host string) Verdict {
	if host == s.host && host != "" {
		return Verdict{Severity: Allow}
	}
	if s.door == DoorClosed || host == "" {
		return Verdict{Severity: Suspend}
	}
	found, ok := s.match(s.house, host)
	switch {
	case ok:
		return found
	case s.door == DoorOpen:
		return Verdict{Severity: Allow}
	}
	return Verdict{Severity: Suspend}
}

// Listed says what the decisions of the instance alone say about a host, whatever the
// front door says where there is none.
func (s *Snapshot) Listed(host string) (v Verdict, ok bool) {
	if host == s.host {
		return v, false
	}
	return s.match(s.house, host)
}

// Decisive is the policy that decides about a host; false where none does.
func (s *Snapshot) Decisive(host string) (p Policy, ok bool) {
	v, ok := s.Listed(host)
	if !ok {
		return p, false
	}
	p, ok = s.house[v.Domain]
	return p, ok
}

// Above are a host and the domains above it, the nearest first: the ones whose
// policies hold for it.
func Above(host string) (domains []string) {
	for domain := host; domain != ""; domain = parent(domain) {
		domains = append(domains, domain)
	}
	return domains
}

// JudgeIn says how a group treats a host: as the instance does, or stricter. A
// group's allowance is nothing to the instance's refusal, and what either of them
// rejects is rejected. JudgeIn makes no garbage.
func (s *Snapshot) JudgeIn(groupID, host string) Verdict {
	house := s.Judge(host)
	if host == s.host {
		return house
	}
	own, ok := s.match(s.byGroup[groupID], host)
	if !ok {
		return house
	}
	if Rank(own.Severity) > Rank(house.Severity) {
		house.Severity, house.Domain = own.Severity, own.Domain
	}
	house.reject(own)
	return house
}

// match is the verdict on a host of the policies of it and its parents. Where an
// allowance decides, what it says alone holds; else what any of them rejects is
// rejected.
func (s *Snapshot) match(among verdicts, host string) (best Verdict, ok bool) {
	if len(among) == 0 {
		return best, false
	}
	var rejected Verdict
	for domain := host; domain != ""; domain = parent(domain) {
		one, known := among[domain]
		if !known {
			continue
		}
		found := verdictOf(one)
		rejected.reject(found)
		if !ok || s.beats(found.Severity, best.Severity) {
			best, ok = found, true
		}
	}
	if best.Severity != Allow {
		best.reject(rejected)
	}
	return best, ok
}

func verdictOf(p Policy) Verdict {
	return Verdict{p.Severity, p.Domain, p.RejectMedia, p.RejectReports, p.NoNewFollows}
}

// reject adds what another verdict rejects.
func (v *Verdict) reject(other Verdict) {
	v.RejectMedia = v.RejectMedia || other.RejectMedia
	v.RejectReports = v.RejectReports || other.RejectReports
	v.NoNewFollows = v.NoNewFollows || other.NoNewFollows
}

// beats says whether the severity of a parent decides over the one found below it.
func (s *Snapshot) beats(above, below string) bool {
	if s.door == DoorChosen {
		return Rank(above) > Rank(below)
	}
	return below != Allow && (above == Allow || Rank(above) > Rank(below))
}

// parent is the next wider domain: without the port first, then without the
// first label.
func parent(domain string) string {
	if host, _, found := strings.Cut(domain, ":"); found {
		return host
	}
	_, rest, _ := strings.Cut(domain, ".")
	return rest
}
