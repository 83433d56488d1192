package policy

import (
	"slices"
	"testing"
)

// said is a policy of the instance, or of a group, in few words.
func said(group, domain, severity string, flags ...string) Policy {
	return Policy{
		GroupID: group, Domain: domain, Severity: severity, RejectMedia: slices.Contains(flags, "media"),
		RejectReports: slices.Contains(flags, "reports"), NoNewFollows: slices.Contains(flags, "follows"),
	}
}

func TestAProposalIsComparedWithWhatHolds(t *testing.T) {
	held := []Policy{
		said("", "loud.example", Suspend), said("", "elm.example", Limit, "media"), said("", "ash.example", Hold),
		said("", "sub.ash.example", Suspend), said("g", "elm.example", Hold),
	}
	set := func(p Policy) Proposal { return Proposal{Set: []Policy{p}} }
	lift := func(group, domain string) Proposal { return Proposal{Lift: []Scope{{domain, group}}} }
	for _, c := range []struct {
		name, door string
		proposal   Proposal
		want       Kind
		now, then  string
	}{
		{"nothing was decided", DoorOpen, set(said("", "fir.example", Suspend)), New, Allow, Suspend},
		{"a new one below another that decides", DoorOpen, set(said("", "x.loud.example", Limit)), New, Suspend, Suspend},
		{"more severe", DoorOpen, set(said("", "elm.example", Suspend)), Stricter, Limit, Suspend},
		{"more severe, and rejects less", DoorOpen, set(said("", "elm.example", Hold)), Stricter, Limit, Hold},
		{"less severe, and rejects more", DoorOpen, set(said("", "elm.example", Watch, "media", "reports")), Looser, Limit, Watch},
		{"rejects more", DoorOpen, set(said("", "elm.example", Limit, "media", "follows")), Stricter, Limit, Limit},
		{"rejects one for another", DoorOpen, set(said("", "elm.example", Limit, "reports")), Looser, Limit, Limit},
		{"the same, whatever the words", DoorOpen, set(Policy{Domain: "elm.example", Severity: Limit, RejectMedia: true, PublicReason: "Other words"}), Same, Limit, Limit},
		{"taken back where the door is open", DoorOpen, lift("", "loud.example"), Looser, Suspend, Allow},
		{"taken back where servers are chosen", DoorChosen, lift("", "elm.example"), Stricter, Limit, Suspend},
		{"taken back, and the door says the same", DoorChosen, lift("", "loud.example"), Same, Suspend, Suspend},
		{"taken back, and the one above decides", DoorOpen, lift("", "sub.ash.example"), Looser, Suspend, Hold},
		{"nothing to take back", DoorOpen, lift("", "fir.example"), Same, Allow, Allow},
		{"a group's, where it had none", DoorOpen, set(said("g", "fir.example", Hold)), New, Allow, Hold},
		{"a group's", DoorOpen, set(said("g", "elm.example", Suspend)), Stricter, Hold, Suspend},
		{"a group's, laxer than the instance's", DoorOpen, set(said("g", "elm.example", Allow)), Looser, Hold, Limit},
		{"another group's", DoorOpen, set(said("h", "elm.example", Hold)), New, Limit, Hold},
	} {
		d := Compare(NewSnapshot(7, c.door, "oak.example", held), c.proposal)
		if len(d.Rows) != 1 {
			t.Errorf("%s: got %d rows, want one", c.name, len(d.Rows))
			continue
		}
		if got := d.Rows[0]; got.Kind != c.want || got.Now.Severity != c.now || got.Then.Severity != c.then {
			t.Errorf("%s: got %s from %s to %s, want %s from %s to %s", c.name, got.Kind, got.Now.Severity, got.Then.Severity, c.want, c.now, c.then)
		}
	}
}

func TestAListNeverOverridesWhatSomebodyHereDecided(t *testing.T) {
	held := []Policy{said("", "elm.example", Hold), said("", "kind.loud.example", Allow), said("", "far.below.ash.example", Limit), said("g", "fir.example", Hold)}
	lift := func(domain string) Proposal { return Proposal{Lift: []Scope{{Domain: domain}}} }
	set := func(all ...Policy) Proposal { return Proposal{Set: all} }
	for _, c := range []struct {
		name, door string
		proposal   Proposal
		against    string
	}{
		{"looser", DoorOpen, set(said("", "elm.example", Limit)), "elm.example"},
		{"stricter too", DoorOpen, set(said("", "elm.example", Suspend)), "elm.example"},
		{"rejecting more", DoorOpen, set(said("", "elm.example", Hold, "media")), "elm.example"},
		{"a retraction", DoorOpen, lift("elm.example"), "elm.example"},
		{"the same", DoorOpen, set(said("", "elm.example", Hold)), ""},
		{"let in below", DoorOpen, set(said("", "a.elm.example", Allow)), "elm.example"},
		{"refused below", DoorOpen, set(said("", "a.elm.example", Suspend)), "elm.example"},
		{"below, without effect", DoorOpen, set(said("", "a.elm.example", Watch)), ""},
		{"above an allowance that counts more", DoorOpen, set(said("", "loud.example", Suspend)), ""},
		{"above an allowance that counts less", DoorChosen, set(said("", "loud.example", Suspend)), "kind.loud.example"},
		{"far above", DoorOpen, set(said("", "ash.example", Suspend)), "far.below.ash.example"},
		{"far above, rejecting one thing", DoorOpen, set(said("", "ash.example", Watch, "reports")), "far.below.ash.example"},
		{"another name that ends alike", DoorOpen, set(said("", "notash.example", Suspend)), ""},
		{"in a group", DoorOpen, set(said("g", "fir.example", Limit)), "fir.example"},
		{"in another group", DoorOpen, set(said("h", "fir.example", Suspend)), ""},
		{"of the instance, where only a group decided", DoorOpen, set(said("", "fir.example", Limit)), ""},
		{"of the instance, over what a group decided", DoorOpen, set(said("", "fir.example", Suspend)), ""},
	} {
		now := NewSnapshot(1, c.door, "oak.example", held)
		c.proposal.FromList = true
		row := Compare(now, c.proposal).Rows[0]
		if row.Against != c.against || (row.Kind == Conflict) != (c.against != "") {
			t.Errorf("%s: got %s against %q, want it against %q", c.name, row.Kind, row.Against, c.against)
		}
		if row.Kind == Conflict && row.Then != row.Now {
			t.Errorf("%s: what is in conflict has an effect", c.name)
		}
		c.proposal.FromList = false
		if row := Compare(now, c.proposal).Rows[0]; row.Kind == Conflict {
			t.Errorf("%s: somebody here is in conflict with themselves", c.name)
		}
	}
}

func TestOnlyWhatIsInConflictIsLeftOut(t *testing.T) {
	now := NewSnapshot(1, DoorOpen, "oak.example", []Policy{said("", "elm.example", Hold)})
	d := Compare(now, Proposal{FromList: true, Set: []Policy{said("", "loud.example", Suspend), said("", "elm.example", Allow), said("g", "loud.example", Suspend)}})
	var got []string
	for _, r := range d.Rows {
		got = append(got, string(r.Kind)+" "+r.Domain+" "+r.GroupID)
	}
	if want := []string{"conflict elm.example ", "new loud.example ", "new loud.example g"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWhatWouldHoldLeavesWhatHoldsAlone(t *testing.T) {
	now := NewSnapshot(7, DoorOpen, "oak.example", []Policy{said("", "elm.example", Hold), said("g", "ash.example", Limit)})
	then := now.With(Proposal{Door: DoorChosen, Lift: []Scope{{Domain: "elm.example"}, {"ash.example", "g"}, {"ash.example", "never"}},
		Set: []Policy{said("", "fir.example", Allow), said("h", "fir.example", Limit)}})
	for _, c := range []struct {
		group, domain, now, then string
	}{
		{"", "elm.example", Hold, Suspend},
		{"", "fir.example", Allow, Allow},
		{"", "yew.example", Allow, Suspend},
		{"g", "ash.example", Limit, Suspend},
		{"h", "fir.example", Allow, Limit},
		{"", "oak.example", Allow, Allow},
	} {
		at := Scope{c.domain, c.group}
		if is, would := now.JudgeAt(at).Severity, then.JudgeAt(at).Severity; is != c.now || would != c.then {
			t.Errorf("%+v: got %s now and %s then, want %s and %s", at, is, would, c.now, c.then)
		}
	}
	if d := Compare(now, Proposal{Door: DoorChosen}); d.DoorNow != DoorOpen || d.DoorThen != DoorChosen || len(d.Rows) != 0 {
		t.Errorf("a change of the door alone: got %+v", d)
	}
	if d := Compare(now, Proposal{}); d.DoorThen != DoorOpen || then.Epoch() != 7 {
		t.Errorf("nothing asked: got %+v", d)
	}
}
