package policy

// Effect is what a proposal would have made of a message.
type Effect int

// Effects, in the order in which they stand on each other in a chart.
const (
	Stays   Effect = iota // it would have passed, or waited, as it does
	LetIn                 // it is refused or waits as things are, and would have passed
	Waits                 // it passes or is refused as things are, and would have waited for a moderator
	Barred                // it would have been refused, or not delivered
	Effects               // how many there are
)

// Tally is how many messages a proposal would have had each Effect on, by Effect.
type Tally [Effects]int

// Changed is how many would have fared otherwise.
func (t Tally) Changed() int { return t[LetIn] + t[Waits] + t[Barred] }

// All is how many there were.
func (t Tally) All() int { return t[Stays] + t.Changed() }

// Banded is a Tally that points at nobody.
func (t Tally) Banded() (all [Effects]Band) {
	for i, n := range t {
		all[i] = BandOf(n)
	}
	return all
}

// Plus is both together.
func (t Tally) Plus(other Tally) Tally {
	for i, n := range other {
		t[i] += n
	}
	return t
}

// ByKind is a Tally of each kind of message of which there is any.
type ByKind map[FactKind]Tally

func (k ByKind) add(other ByKind) {
	for kind, t := range other {
		k[kind] = k[kind].Plus(t)
	}
}

// Rehearsal is what a proposal would have made of what passed. Days and groups
// without a message are missing.
type Rehearsal struct {
	All    ByKind            `json:"all"`
	Days   map[string]ByKind `json:"days"`   // of UTC, as 2006-01-02
	Groups map[string]ByKind `json:"groups"` // by id; what is of no group is in none
}

func newRehearsal() Rehearsal {
	return Rehearsal{ByKind{}, map[string]ByKind{}, map[string]ByKind{}}
}

// Rehearse says what would have become of messages if a snapshot, then, had held
// throughout instead of the one that holds now. What both refuse is left out; so is
// what was turned away unread where the present one would not have: who sent it is
// not known.
func Rehearse(facts []Fact, now, then *Snapshot) Rehearsal {
	r := newRehearsal()
	for i := range facts {
		if effect, counts := facts[i].effect(now, then); counts {
			r.add(&facts[i], effect)
		}
	}
	return r
}

func (r *Rehearsal) add(f *Fact, effect Effect) {
	var t Tally
	t[effect] = f.Count
	one := ByKind{f.Kind: t}
	r.All.add(one)
	addTo(r.Days, f.Day, one)
	if f.GroupID != "" {
		addTo(r.Groups, f.GroupID, one)
	}
}

func addTo(all map[string]ByKind, key string, more ByKind) {
	if all[key] == nil {
		all[key] = ByKind{}
	}
	all[key].add(more)
}

// Plus is both rehearsals together, of messages that are not the same.
func (r Rehearsal) Plus(other Rehearsal) Rehearsal {
	sum := newRehearsal()
	for _, each := range []Rehearsal{r, other} {
		sum.All.add(each.All)
		for day, more := range each.Days {
			addTo(sum.Days, day, more)
		}
		for group, more := range each.Groups {
			addTo(sum.Groups, group, more)
		}
	}
	return sum
}

func (f *Fact) effect(now, then *Snapshot) (e Effect, counts bool) {
	was, is := f.treatment(now), f.treatment(then)
	switch {
	case was == Refuse && is == Refuse, f.Kind == FactUnread && was != Refuse:
		return 0, false
	case was == is:
		return Stays, true
	case is == Refuse:
		return Barred, true
	case is == Wait:
		return Waits, true
	}
	return LetIn, true
}

// Affected are those of some hosts that are treated otherwise by another snapshot,
// by the instance or in any group.
func (s *Snapshot) Affected(then *Snapshot, hosts []string) (all []string) {
	groups := s.groupsWith(then)
	for _, host := range hosts {
		if s.differs(then, host, groups) {
			all = append(all, host)
		}
	}
	return all
}

func (s *Snapshot) differs(then *Snapshot, host string, groups []string) bool {
	if !s.Judge(host).Treats(then.Judge(host)) {
		return true
	}
	for _, group := range groups {
		if !s.JudgeIn(group, host).Treats(then.JudgeIn(group, host)) {
			return true
		}
	}
	return false
}

// groupsWith are the groups that decide for themselves in either snapshot.
func (s *Snapshot) groupsWith(other *Snapshot) (all []string) {
	for group := range s.byGroup {
		all = append(all, group)
	}
	for group := range other.byGroup {
		if s.byGroup[group] == nil {
			all = append(all, group)
		}
	}
	return all
}
