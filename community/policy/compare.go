package policy

import (
	"cmp"
	"maps"
	"slices"
)

// Kind is how a row of a proposal stands to what holds now.
type Kind string

// Kinds of rows.
const (
	New      Kind = "new"      // nothing was decided about this domain so far
	Stricter Kind = "stricter" // what was decided would become stricter
	Looser   Kind = "looser"   // or looser, or be taken back with that effect
	Same     Kind = "same"     // the severity and what is rejected stay; the words may differ
	Conflict Kind = "conflict" // a list's, against what somebody here decided: it is left out
)

// Kinds are all of them, in the order in which they are shown.
var Kinds = [...]Kind{New, Stricter, Looser, Same, Conflict}

// Diff is what a proposal would change of what holds.
type Diff struct {
	DoorNow, DoorThen string // the same where the door stays
	Rows              []Row  // by domain, then by group
}

// Row is one domain of a proposal, for the instance or for one group.
type Row struct {
	Scope
	Kind    Kind
	IsLift  bool
	Was     *Policy // what was decided about exactly this domain; nil: nothing
	Set     *Policy // nil: lifted
	Now     Verdict // on the domain itself, by all that matches
	Then    Verdict
	Against string // a conflict's: the domain that somebody here decided about
}

// Compare says what a proposal would change. A list's rows are conflicts where they
// would change the verdict on a domain that somebody here decided about: on that
// domain itself, on one above it, or below it. What is no conflict is compared with
// the rest of the proposal in effect, conflicts left out.
func Compare(now *Snapshot, p Proposal) Diff {
	rows := rowsOf(now, p)
	against := conflicts(now, p)
	then := now.With(p.without(against))
	d := Diff{DoorNow: now.door, DoorThen: then.door, Rows: make([]Row, 0, len(rows))}
	for _, at := range slices.SortedFunc(maps.Keys(rows), compareScopes) {
		row := rows[at]
		row.Now, row.Then = now.JudgeAt(at), then.JudgeAt(at)
		row.Against = against[at]
		row.Kind = row.kind()
		d.Rows = append(d.Rows, row)
	}
	return d
}

// MovesDoor says whether the front door would be another.
func (d *Diff) MovesDoor() bool { return d.DoorNow != d.DoorThen }

// InEffect is the proposal less its conflicts, and of a list less what stays the
// same: the words of whoever decided here are not a list's to change.
func (d *Diff) InEffect(p Proposal) Proposal {
	out := map[Scope]string{}
	for _, r := range d.Rows {
		if r.Kind == Conflict || p.FromList && r.Kind == Same {
			out[r.Scope] = r.Domain
		}
	}
	return p.without(out)
}

// Loosens says whether anything of the domain is let in that is not now.
func (r Row) Loosens() bool { return r.Kind == Looser || stricter(r.Now, r.Then) == Looser }

// rowsOf is each domain that the proposal names, once.
func rowsOf(now *Snapshot, p Proposal) map[Scope]Row {
	rows := make(map[Scope]Row, len(p.Set)+len(p.Lift))
	for _, at := range p.Lift {
		rows[at] = Row{Scope: at, IsLift: true}
	}
	for i := range p.Set {
		at := p.Set[i].Scope()
		rows[at] = Row{Scope: at, Set: &p.Set[i]}
	}
	for at, row := range rows {
		if was, ok := now.Decided(at); ok {
			row.Was = &was
			rows[at] = row
		}
	}
	return rows
}

func compareScopes(a, b Scope) int {
	return cmp.Or(cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.GroupID, b.GroupID))
}

// kind compares what was decided about the domain with what would be; of what is
// taken back, the verdicts, since something else decides then.
func (r *Row) kind() Kind {
	switch {
	case r.Against != "":
		return Conflict
	case r.IsLift:
		return stricter(r.Now, r.Then)
	case r.Was == nil:
		return New
	}
	return stricter(verdictOf(*r.Was), verdictOf(*r.Set))
}

// stricter compares by severity first; of two alike, letting one thing through
// again is looser, whatever else is rejected instead.
func stricter(now, then Verdict) Kind {
	switch a, b := Rank(now.Severity), Rank(then.Severity); {
	case b > a:
		return Stricter
	case b < a, then.passes(now):
		return Looser
	case now.passes(then):
		return Stricter
	}
	return Same
}

// passes says whether something passes that another verdict of the same severity
// rejects.
func (v Verdict) passes(other Verdict) bool {
	return other.RejectMedia && !v.RejectMedia || other.RejectReports && !v.RejectReports || other.NoNewFollows && !v.NoNewFollows
}

// Treats says whether two verdicts come to the same, whichever policy decided.
func (v Verdict) Treats(other Verdict) bool {
	v.Domain, other.Domain = "", ""
	return v == other
}

// conflicts are the rows of a list that would change what somebody here decided,
// each with the domain of that decision. Where they decided about a child, all of
// the list's rows above it are in conflict: which of them changed it is not asked.
func conflicts(now *Snapshot, p Proposal) map[Scope]string {
	if !p.FromList {
		return nil
	}
	then, named, found := now.With(p), p.scopes(), map[Scope]string{}
	for at := range named {
		if by := now.decidedHere(at); by != "" && !now.agrees(then, at) {
			found[at] = by
		}
	}
	now.eachDecidedHere(func(own Scope) {
		if now.agrees(then, own) {
			return
		}
		for domain := own.Domain; domain != ""; domain = parent(domain) {
			if at := (Scope{domain, own.GroupID}); named[at] && (found[at] == "" || own.Domain < found[at]) {
				found[at] = own.Domain
			}
		}
	})
	return found
}

// decidedHere is the domain of the policy that decides about another now, where
// there is one; empty where the front door alone does.
func (s *Snapshot) decidedHere(at Scope) string {
	if _, ok := s.Decided(at); ok {
		return at.Domain
	}
	return s.JudgeAt(at).Domain
}

// agrees says whether another snapshot comes to the same about a domain, and would
// by what was decided about exactly this one.
func (s *Snapshot) agrees(other *Snapshot, at Scope) bool {
	was, had := s.Decided(at)
	is, has := other.Decided(at)
	if had && (!has || !verdictOf(was).Treats(verdictOf(is))) {
		return false
	}
	return s.JudgeAt(at).Treats(other.JudgeAt(at))
}

func (s *Snapshot) eachDecidedHere(do func(Scope)) {
	for domain := range s.house {
		do(Scope{Domain: domain})
	}
	for group, its := range s.byGroup {
		for domain := range its {
			do(Scope{domain, group})
		}
	}
}

func (p *Proposal) scopes() map[Scope]bool {
	all := make(map[Scope]bool, len(p.Set)+len(p.Lift))
	for i := range p.Set {
		all[p.Set[i].Scope()] = true
	}
	for _, at := range p.Lift {
		all[at] = true
	}
	return all
}

// without is the proposal less some of its rows.
func (p Proposal) without(some map[Scope]string) Proposal {
	if len(some) == 0 {
		return p
	}
	isOut := func(at Scope) bool { return some[at] != "" }
	p.Set = slices.DeleteFunc(slices.Clone(p.Set), func(set Policy) bool { return isOut(set.Scope()) })
	p.Lift = slices.DeleteFunc(slices.Clone(p.Lift), isOut)
	return p
}
