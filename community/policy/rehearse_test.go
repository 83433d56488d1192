package policy

import (
	"fmt"
	"maps"
	"slices"
	"testing"
)

// effectsOn are what becomes of one message of each kind that elm.example sent, or
// was sent, by kind; "-" where it does not count.
func effectsOn(now, then *Snapshot, change func(*Fact)) (all []string) {
	names := []string{"stays", "let in", "waits", "barred"}
	for _, kind := range FactKinds {
		f := Fact{Day: "2024-05-03", Kind: kind, Domain: "elm.example", GroupID: "g", Count: 1}
		change(&f)
		said := "-"
		for effect, n := range Rehearse([]Fact{f}, now, then).All[kind] {
			if n == 1 {
				said = names[effect]
			}
		}
		all = append(all, said)
	}
	return all
}

func TestARehearsalSaysWhatBecomesOfEachKindOfMessage(t *testing.T) {
	const elm = "elm.example"
	open := func(all ...Policy) *Snapshot { return NewSnapshot(1, DoorOpen, "oak.example", all) }
	chosen := NewSnapshot(1, DoorChosen, "oak.example", nil)
	as := func(*Fact) {}
	member := func(f *Fact) { f.Member = true }
	passedOn := func(f *Fact) { f.Domain, f.About = "fir.example", elm }
	elsewhere := func(f *Fact) { f.GroupID = "h" }
	for _, c := range []struct {
		name      string
		now, then *Snapshot
		of        func(*Fact)
		want      string // words, follow, report, other, unread, delivery
	}{
		{"nothing changes", open(), open(), as, "stays stays stays stays - stays"},
		{"nothing changes of what is refused", chosen, chosen, as, "- - - - - -"},
		{"no contact", open(), open(said("", elm, Suspend)), as, "barred barred barred barred - barred"},
		{"no contact with the one above", open(), open(said("", "example", Suspend)), as, "barred barred barred barred - barred"},
		{"no contact with another", open(), open(said("", "lm.example", Suspend)), as, "stays stays stays stays - stays"},
		{"read first", open(), open(said("", elm, Hold)), as, "waits waits stays stays - stays"},
		{"limited", open(), open(said("", elm, Limit)), as, "waits waits stays stays - stays"},
		{"limited, and written by a member", open(), open(said("", elm, Limit)), member, "stays waits stays stays - stays"},
		{"watched", open(), open(said("", elm, Watch)), as, "stays stays stays stays - stays"},
		{"no reports", open(), open(said("", elm, Allow, "reports")), as, "stays stays barred stays - stays"},
		{"nobody new", open(), open(said("", elm, Allow, "follows")), as, "stays barred stays stays - stays"},
		{"no pictures, which no fact knows", open(), open(said("", elm, Allow, "media")), as, "stays stays stays stays - stays"},
		{"no contact, taken back", open(said("", elm, Suspend)), open(), as, "let in let in let in let in let in let in"},
		{"no contact, read first instead", open(said("", elm, Suspend)), open(said("", elm, Hold)), as, "waits waits let in let in let in let in"},
		{"read first, taken back", open(said("", elm, Hold)), open(), as, "let in let in stays stays - stays"},
		{"read first, no contact instead", open(said("", elm, Hold)), open(said("", elm, Suspend)), as, "barred barred barred barred - barred"},
		{"limited, read first instead", open(said("", elm, Limit)), open(said("", elm, Hold)), member, "waits stays stays stays - stays"},
		{"the door closes", open(), open().With(Proposal{Door: DoorClosed}), as, "barred barred barred barred - barred"},
		{"servers are chosen", open(), open().With(Proposal{Door: DoorChosen}), as, "barred barred barred barred - barred"},
		{"servers are chosen, and this one is", open(), open().With(Proposal{Door: DoorChosen, Set: []Policy{said("", elm, Allow)}}), as, "stays stays stays stays - stays"},
		{"the door opens", chosen, chosen.With(Proposal{Door: DoorOpen}), as, "let in let in let in let in let in let in"},
		{"their words by another's group, no contact", open(), open(said("", elm, Suspend)), passedOn, "barred barred barred barred - stays"},
		{"their words by another's group, read first", open(), open(said("", elm, Hold)), passedOn, "waits waits stays stays - stays"},
		{"one group's own decision", open(), open(said("g", elm, Suspend)), as, "barred barred barred barred - barred"},
		{"another group's own decision", open(), open(said("g", elm, Suspend)), elsewhere, "stays stays stays stays - stays"},
		{"a group's cannot let in", open(said("", elm, Suspend)), open(said("", elm, Suspend), said("g", elm, Allow)), as, "- - - - - -"},
	} {
		if got := fmt.Sprint(effectsOn(c.now, c.then, c.of)); got != "["+c.want+"]" {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// What was turned away at the door is of whoever said so: it tells something only of
// a server that is turned away as things are.
func TestWhatNobodyReadIsNoLossOfAServerThatIsTalkedWith(t *testing.T) {
	talks, refuses := NewSnapshot(1, DoorOpen, "oak.example", nil), NewSnapshot(1, DoorOpen, "oak.example", []Policy{said("", "elm.example", Suspend)})
	facts := []Fact{{Day: "2024-05-03", Kind: FactUnread, Domain: "elm.example", Count: 9}}
	if r := Rehearse(facts, talks, refuses); len(r.All)+len(r.Days) != 0 {
		t.Errorf("got %v, want nothing", r)
	}
	if r := Rehearse(facts, refuses, talks); r.All[FactUnread] != (Tally{LetIn: 9}) {
		t.Errorf("got %v, want 9 let in", r.All)
	}
}

func rehearsed() ([]Fact, *Snapshot, *Snapshot) {
	now := NewSnapshot(1, DoorOpen, "oak.example", nil)
	return []Fact{
		{Day: "2024-05-03", Kind: FactWords, Domain: "elm.example", GroupID: "g", Count: 3},
		{Day: "2024-05-03", Kind: FactWords, Domain: "ash.example", GroupID: "g", Count: 4},
		{Day: "2024-05-04", Kind: FactDelivery, Domain: "elm.example", GroupID: "h", Count: 5},
		{Day: "2024-05-04", Kind: FactReport, Domain: "elm.example", Count: 1},
	}, now, now.With(Proposal{Set: []Policy{said("", "elm.example", Suspend)}})
}

func TestARehearsalCountsByDayAndByGroup(t *testing.T) {
	r := Rehearse(rehearsed())
	for _, c := range []struct{ got, want any }{
		{r.All, ByKind{FactWords: {Stays: 4, Barred: 3}, FactDelivery: {Barred: 5}, FactReport: {Barred: 1}}},
		{r.Days, map[string]ByKind{"2024-05-03": {FactWords: {Stays: 4, Barred: 3}}, "2024-05-04": {FactDelivery: {Barred: 5}, FactReport: {Barred: 1}}}},
		{r.Groups, map[string]ByKind{"g": {FactWords: {Stays: 4, Barred: 3}}, "h": {FactDelivery: {Barred: 5}}}},
	} {
		if fmt.Sprint(c.got) != fmt.Sprint(c.want) {
			t.Errorf("got %v, want %v", c.got, c.want)
		}
	}
	if n := r.All[FactWords].Changed(); n != 3 {
		t.Errorf("%d words would have fared otherwise, want 3", n)
	}
}

// What is put together of parts is what the whole would have been.
func TestRehearsalsAreAddedUp(t *testing.T) {
	facts, now, then := rehearsed()
	whole := fmt.Sprint(Rehearse(facts, now, then))
	for at := range len(facts) + 1 {
		first, rest := Rehearse(facts[:at], now, then), Rehearse(facts[at:], now, then)
		before := fmt.Sprint(first, rest)
		if got := fmt.Sprint(first.Plus(rest)); got != whole {
			t.Errorf("cut at %d: got %s, want %s", at, got, whole)
		}
		if fmt.Sprint(first, rest) != before {
			t.Errorf("cut at %d: the parts were changed", at)
		}
	}
}

func TestOnlyServersThatAProposalConcernsAreLookedAt(t *testing.T) {
	now := NewSnapshot(1, DoorOpen, "oak.example", []Policy{said("", "ash.example", Suspend), said("g", "fir.example", Hold)})
	hosts := []string{"ash.example", "elm.example", "www.elm.example", "fir.example", "oak.example"}
	for _, c := range []struct {
		name     string
		proposal Proposal
		want     []string
	}{
		{"a server and what is below it", Proposal{Set: []Policy{said("", "elm.example", Watch)}}, []string{"elm.example", "www.elm.example"}},
		{"one that says what holds", Proposal{Set: []Policy{said("", "ash.example", Suspend)}}, nil},
		{"a group's", Proposal{Set: []Policy{said("h", "elm.example", Hold)}}, []string{"elm.example", "www.elm.example"}},
		{"a group's is taken back", Proposal{Lift: []Scope{{"fir.example", "g"}}}, []string{"fir.example"}},
		{"the door", Proposal{Door: DoorChosen}, []string{"elm.example", "www.elm.example", "fir.example"}},
	} {
		if got := now.Affected(now.With(c.proposal), hosts); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
	if n := len(slices.Collect(maps.Keys(now.byGroup))); n != 1 {
		t.Errorf("looking made %d groups, want 1", n)
	}
}
