package community

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"hearth/community/policy"
)

// RehearsalDays is how many days of facts a proposal is rehearsed over, today among
// them: as long as facts are kept.
const RehearsalDays = 30

// FactQuery asks for what passed between here and some servers.
type FactQuery struct {
	Hosts    []string  // as they are spelled in what HostsMet gives
	From, To time.Time // midnights of UTC, To without its own day
	Members  bool      // whether words are a member's is asked too, which costs more
}

// RehearsalStore keeps what a proposal is rehearsed over.
type RehearsalStore interface {
	// HostsMet are the servers that anything verified came from, or that something
	// was sent to, and those whose words others brought, as long as facts are kept.
	HostsMet(ctx context.Context) ([]string, error)
	// Facts are of messages that had an effect here, or that a policy kept from
	// having one; in no order.
	Facts(ctx context.Context, q FactQuery) ([]policy.Fact, error)
}

// PolicyRehearsal is what a proposal would have made of what passed in the last
// RehearsalDays. What tells of people is counted in bands.
type PolicyRehearsal struct {
	Days    []RehearsedDay // all of them, in order
	Kinds   []RehearsedKind
	Groups  []RehearsedGroup // the ones with most first
	Others  bool             // there are more groups, or some whose titles are not for whoever looks
	AtLeast bool             // of what would be let in nobody knows how much it was
}

// RehearsedDay is how many words came, and how many messages of ours went.
type RehearsedDay struct {
	Day   string // of UTC, as 2006-01-02
	Words policy.Tally
	Sent  policy.Tally
}

// RehearsedKind is one kind of message, of which there was any.
type RehearsedKind struct {
	Kind   policy.FactKind
	Counts [policy.Effects]policy.Band // from a number to itself where it is told
}

// RehearsedGroup is what passed in a group, words and messages of ours together.
type RehearsedGroup struct {
	Title, Name, Domain string
	Counts              [policy.Effects]policy.Band
}

// RehearsePolicies says what a proposal would have made of what passed. It changes
// nothing. Errors are those of PreviewPolicies.
func (s *Service) RehearsePolicies(ctx context.Context, v Viewer, p PolicyProposal) (PolicyRehearsal, error) {
	if err := needAdmin(v); err != nil {
		return PolicyRehearsal{}, err
	}
	return s.rehearsePolicies(ctx, v, p)
}

// RehearsePoliciesAsOperator is RehearsePolicies from the command line, where groups
// that anyone may read are named.
func (s *Service) RehearsePoliciesAsOperator(ctx context.Context, p PolicyProposal) (PolicyRehearsal, error) {
	return s.rehearsePolicies(ctx, Viewer{}, p)
}

func (s *Service) rehearsePolicies(ctx context.Context, v Viewer, p PolicyProposal) (PolicyRehearsal, error) {
	now, proposal, err := s.proposedPolicies(ctx, p)
	if err != nil {
		return PolicyRehearsal{}, err
	}
	diff := policy.Compare(now, proposal)
	proposal = diff.InEffect(proposal)
	then := now.With(proposal)
	hosts, err := s.hostsConcerned(ctx, now, then, proposal)
	if err != nil {
		return PolicyRehearsal{}, err
	}
	to := s.now().Truncate(24*time.Hour).AddDate(0, 0, 1)
	facts, err := s.store.Facts(ctx, FactQuery{Hosts: hosts, From: to.AddDate(0, 0, -RehearsalDays), To: to, Members: true})
	if err != nil {
		return PolicyRehearsal{}, err
	}
	r := policy.Rehearse(facts, now, then)
	out := PolicyRehearsal{Days: rehearsedDays(r, to), Kinds: rehearsedKinds(r.All)}
	out.AtLeast = slices.ContainsFunc(hosts, func(host string) bool { return now.Judge(host).Refused() && !then.Judge(host).Refused() })
	return out, s.nameRehearsed(ctx, v, r, &out)
}

// hostsConcerned are the servers that a proposal treats otherwise: of those that were
// met, and of those that it names, which may have been turned away ever since.
func (s *Service) hostsConcerned(ctx context.Context, now, then *policy.Snapshot, p policy.Proposal) ([]string, error) {
	hosts, err := s.store.HostsMet(ctx)
	for _, set := range p.Set {
		hosts = append(hosts, set.Domain)
	}
	for _, at := range p.Lift {
		hosts = append(hosts, at.Domain)
	}
	slices.Sort(hosts)
	return now.Affected(then, slices.Compact(hosts)), err
}

func rehearsedDays(r policy.Rehearsal, to time.Time) []RehearsedDay {
	days := make([]RehearsedDay, RehearsalDays)
	for i := range days {
		name := to.AddDate(0, 0, i-RehearsalDays).Format(time.DateOnly)
		days[i] = RehearsedDay{name, r.Days[name][policy.FactWords], r.Days[name][policy.FactDelivery]}
	}
	return days
}

// rehearsedKinds are exact about words and about what we sent, which days show too.
func rehearsedKinds(all policy.ByKind) (kinds []RehearsedKind) {
	for _, kind := range policy.FactKinds {
		tally, any := all[kind]
		if !any {
			continue
		}
		one := RehearsedKind{Kind: kind, Counts: tally.Banded()}
		if kind == policy.FactWords || kind == policy.FactDelivery {
			for effect, n := range tally {
				one.Counts[effect] = policy.Band{From: n, To: n}
			}
		}
		kinds = append(kinds, one)
	}
	return kinds
}

// nameRehearsed adds the groups in which something would have fared otherwise. One
// that members alone read is never named, so that no membership has to be looked up.
func (s *Service) nameRehearsed(ctx context.Context, v Viewer, r policy.Rehearsal, out *PolicyRehearsal) error {
	tallies := map[string]policy.Tally{}
	for id, kinds := range r.Groups {
		if t := kinds[policy.FactWords].Plus(kinds[policy.FactDelivery]); t.Changed() > 0 {
			tallies[id] = t
		}
	}
	ids := slices.SortedFunc(maps.Keys(tallies), func(a, b string) int {
		return cmp.Or(cmp.Compare(tallies[b].Changed(), tallies[a].Changed()), cmp.Compare(a, b))
	})
	out.Others = len(ids) > groupsPreviewed
	ids = ids[:min(len(ids), groupsPreviewed)]
	if len(ids) == 0 {
		return nil
	}
	groups, err := s.store.GroupsByID(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		g, known := groups[id]
		if !known || !mayReadGroup(v, g, g.Readers, Membership{}, s.now()) {
			out.Others = true
			continue
		}
		out.Groups = append(out.Groups, RehearsedGroup{Title: g.Title, Name: g.Name, Domain: g.Domain, Counts: tallies[id].Banded()})
	}
	return nil
}
