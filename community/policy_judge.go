package community

import "strings"

// Policies are the instance's verdicts as they stood at one epoch, judged in
// memory. They are never changed: a new epoch is a new value.
type Policies struct {
	epoch    int64
	door     string // the site's front door
	host     string // our own
	byDomain map[string]DomainPolicy
}

// Verdict is what the policies say about a domain: the severity, and which
// policy decided. Domain is empty where the front door alone did.
type Verdict struct {
	Severity      string
	Domain        string
	RejectMedia   bool
	RejectReports bool
	NoNewFollows  bool
}

// Refused says that there is no traffic either way.
func (v Verdict) Refused() bool { return v.Severity == SeveritySuspend }

// NewPolicies is a snapshot of an epoch.
func NewPolicies(epoch int64, site Site, all []DomainPolicy) *Policies {
	p := &Policies{epoch: epoch, door: site.FrontDoor, host: site.Host, byDomain: make(map[string]DomainPolicy, len(all))}
	for _, one := range all {
		p.byDomain[one.Domain] = one
	}
	return p
}

// Epoch is the one that the snapshot is of.
func (p *Policies) Epoch() int64 { return p.epoch }

// Judge says how to treat a folded host, with its port where it has one. A
// policy holds for its domain and for all below it, on label boundaries. Among
// several that match, GoToSocial's documented precedence holds: where the front
// door is "chosen", a refusal beats an allowance; where it is "open", an
// allowance beats a refusal. Judge makes no garbage.
func (p *Policies) Judge(host string) Verdict {
	if p.door == FrontDoorClosed || host == "" || host == p.host {
		return p.atHome(host)
	}
	found, ok := p.match(host)
	switch {
	case ok:
		return Verdict{found.Severity, found.Domain, found.RejectMedia, found.RejectReports, found.NoNewFollows}
	case p.door == FrontDoorOpen:
		return Verdict{Severity: SeverityAllow}
	}
	return Verdict{Severity: SeveritySuspend}
}

// atHome judges where nobody else is talked to, and our own host.
func (p *Policies) atHome(host string) Verdict {
	if host == p.host {
		return Verdict{Severity: SeverityAllow}
	}
	return Verdict{Severity: SeveritySuspend}
}

// match is the policy that decides for a host among those of it and its parents.
func (p *Policies) match(host string) (best DomainPolicy, ok bool) {
	for domain := host; domain != ""; domain = parent(domain) {
		one, known := p.byDomain[domain]
		if known && (!ok || p.beats(one, best)) {
			best, ok = one, true
		}
	}
	return best, ok
}

// beats says whether the policy of a parent decides over the one found below it.
func (p *Policies) beats(above, below DomainPolicy) bool {
	if p.door == FrontDoorChosen {
		return rank(above.Severity) > rank(below.Severity)
	}
	return below.Severity != SeverityAllow && (above.Severity == SeverityAllow || rank(above.Severity) > rank(below.Severity))
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

var severities = [...]string{SeverityAllow, SeverityWatch, SeverityLimit, SeverityHold, SeveritySuspend}

// rank orders severities from none to most.
func rank(severity string) int {
	for i, s := range severities {
		if s == severity {
			return i
		}
	}
	return len(severities)
}
