package policy

// Turn is what becomes of the contact with a server when policies change.
type Turn string

// Turns. A tie is a membership of somebody here in a group there, or the other way
// around.
const (
	Cut     Turn = "cut"     // contact ends since somebody decided it: ties are cut, and kept
	Shut    Turn = "shut"    // contact ends since the front door lets nobody else in: ties wait
	Back    Turn = "back"    // there is contact where there was none
	Tighter Turn = "tighter" // contact goes on within narrower limits
	Wider   Turn = "wider"   // or within wider ones
)

// Turns are all of them, in the order in which they are shown.
var Turns = [...]Turn{Cut, Shut, Tighter, Wider, Back}

// Turned is a server for which something changes, with what held and what would. It
// is of one group where the instance's own verdict stays as it is.
type Turned struct {
	Host    string
	GroupID string
	Turn    Turn
	Now     Verdict
	Then    Verdict
}

// Turned lists for which of some servers a proposal changes anything, in their
// order: for the instance, or for those groups that the proposal names.
func (s *Snapshot) Turned(then *Snapshot, p Proposal, hosts []string) (all []Turned) {
	groups := p.groups()
	for _, host := range hosts {
		if t, ok := s.turned(then, Scope{Domain: host}); ok {
			all = append(all, t)
			continue
		}
		for _, group := range groups {
			if t, ok := s.turned(then, Scope{host, group}); ok {
				all = append(all, t)
			}
		}
	}
	return all
}

func (s *Snapshot) turned(then *Snapshot, at Scope) (t Turned, ok bool) {
	t = Turned{Host: at.Domain, GroupID: at.GroupID, Now: s.JudgeAt(at), Then: then.JudgeAt(at)}
	t.Turn = turnOf(t.Now, t.Then)
	return t, t.Turn != ""
}

// turnOf is empty where nothing turns.
func turnOf(now, then Verdict) Turn {
	switch {
	case now.Refused() && then.Refused():
		return ""
	case then.Refused() && then.Domain == "":
		return Shut
	case then.Refused():
		return Cut
	case now.Refused():
		return Back
	}
	switch stricter(now, then) {
	case Stricter:
		return Tighter
	case Looser:
		return Wider
	}
	return ""
}

// groups are those whose own policies the proposal names, each once.
func (p *Proposal) groups() (all []string) {
	seen := map[string]bool{"": true}
	add := func(group string) {
		if !seen[group] {
			seen[group] = true
			all = append(all, group)
		}
	}
	for i := range p.Set {
		add(p.Set[i].GroupID)
	}
	for _, at := range p.Lift {
		add(at.GroupID)
	}
	return all
}
