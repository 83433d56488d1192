package policy

import (
	"fmt"
	"testing"
)

func TestPoliciesJudgeOnLabelBoundariesByTheFrontDoor(t *testing.T) {
	suspend := func(d string) Policy { return Policy{Domain: d, Severity: Suspend} }
	allow := func(d string) Policy { return Policy{Domain: d, Severity: Allow} }
	limit := func(d string) Policy { return Policy{Domain: d, Severity: Limit} }
	for _, c := range []struct {
		name, door string
		policies   []Policy
		host, want string
	}{
		{"closed refuses all", DoorClosed, []Policy{allow("elm.example")}, "elm.example", Suspend},
		{"closed still knows itself", DoorClosed, nil, "oak.example", Allow},
		{"open lets strangers in", DoorOpen, nil, "elm.example", Allow},
		{"open refuses the named", DoorOpen, []Policy{suspend("loud.example")}, "loud.example", Suspend},
		{"and all below them", DoorOpen, []Policy{suspend("loud.example")}, "a.b.loud.example", Suspend},
		{"but nobody whose name only ends alike", DoorOpen, []Policy{suspend("loud.example")}, "notloud.example", Allow},
		{"nor those above", DoorOpen, []Policy{suspend("a.loud.example")}, "loud.example", Allow},
		{"open: an allowance below beats a refusal above", DoorOpen, []Policy{suspend("loud.example"), allow("kind.loud.example")}, "kind.loud.example", Allow},
		{"open: an allowance above beats a refusal below", DoorOpen, []Policy{allow("loud.example"), suspend("bad.loud.example")}, "bad.loud.example", Allow},
		{"open: the stricter of two others", DoorOpen, []Policy{suspend("loud.example"), limit("x.loud.example")}, "x.loud.example", Suspend},
		{"chosen refuses strangers", DoorChosen, nil, "elm.example", Suspend},
		{"chosen lets the named in", DoorChosen, []Policy{allow("elm.example")}, "elm.example", Allow},
		{"and those below", DoorChosen, []Policy{allow("elm.example")}, "www.elm.example", Allow},
		{"chosen: a refusal above beats an allowance below", DoorChosen, []Policy{suspend("loud.example"), allow("kind.loud.example")}, "kind.loud.example", Suspend},
		{"chosen: a refusal below beats an allowance above", DoorChosen, []Policy{allow("loud.example"), suspend("bad.loud.example")}, "bad.loud.example", Suspend},
		{"a port is its own host", DoorOpen, []Policy{suspend("elm.localhost:9000")}, "elm.localhost:9001", Allow},
		{"a policy without a port holds for all ports", DoorOpen, []Policy{suspend("elm.localhost")}, "elm.localhost:9001", Suspend},
		{"no host at all is refused", DoorOpen, nil, "", Suspend},
	} {
		p := NewSnapshot(1, c.door, "oak.example", c.policies)
		if got := p.Judge(c.host).Severity; got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestRejectionsOfAllThatMatchHoldUnlessAnAllowanceDecides(t *testing.T) {
	media := Policy{Domain: "loud.example", Severity: Watch, RejectMedia: true}
	reports := Policy{Domain: "x.loud.example", Severity: Limit, RejectReports: true}
	kind := Policy{Domain: "kind.loud.example", Severity: Allow, NoNewFollows: true}
	for _, c := range []struct {
		name, door, host string
		want             Verdict
	}{
		{"the stricter decides, and both reject", DoorOpen, "x.loud.example", Verdict{Severity: Limit, Domain: "x.loud.example", RejectMedia: true, RejectReports: true}},
		{"an allowance rejects what it says alone", DoorOpen, "kind.loud.example", Verdict{Severity: Allow, Domain: "kind.loud.example", NoNewFollows: true}},
		{"where the allowance does not decide, both", DoorChosen, "kind.loud.example", Verdict{Severity: Watch, Domain: "loud.example", RejectMedia: true, NoNewFollows: true}},
	} {
		if got := NewSnapshot(1, c.door, "oak.example", []Policy{media, reports, kind}).Judge(c.host); got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestAGroupIsNeverLaxerThanItsInstance(t *testing.T) {
	of := func(group, domain, severity string) Policy {
		return Policy{GroupID: group, Domain: domain, Severity: severity}
	}
	all := []Policy{
		of("", "loud.example", Suspend), of("g", "loud.example", Allow),
		of("", "elm.example", Allow), of("g", "elm.example", Hold),
		of("g", "ash.example", Limit), {GroupID: "g", Domain: "fir.example", Severity: Allow, RejectMedia: true},
	}
	for _, c := range []struct{ name, door, group, host, want string }{
		{"what the instance refuses", DoorOpen, "g", "a.loud.example", Suspend},
		{"stricter than the instance", DoorOpen, "g", "elm.example", Hold},
		{"another group is as the instance", DoorOpen, "h", "elm.example", Allow},
		{"where the instance says nothing", DoorOpen, "g", "ash.example", Limit},
		{"nobody is chosen by a group alone", DoorChosen, "g", "fir.example", Suspend},
		{"nor let in by one", DoorClosed, "g", "elm.example", Suspend},
		{"our own host", DoorClosed, "g", "oak.example", Allow},
	} {
		s := NewSnapshot(1, c.door, "oak.example", all)
		if got := s.JudgeIn(c.group, c.host).Severity; got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
	if v := NewSnapshot(1, DoorOpen, "oak.example", all).JudgeIn("g", "fir.example"); !v.RejectMedia {
		t.Error("what a group rejects passes")
	}
}

func TestAVerdictIsExplainedByAllThatMatches(t *testing.T) {
	s := NewSnapshot(1, DoorOpen, "oak.example", []Policy{{Domain: "loud.example", Severity: Suspend}, {Domain: "kind.loud.example", Severity: Allow}, {Domain: "elm.example", Severity: Hold}})
	e := s.Explain("a.kind.loud.example")
	if e.Severity != Allow || e.Domain != "kind.loud.example" || e.Door != DoorOpen || e.IsHere ||
		len(e.Matched) != 2 || e.Matched[0].Domain != "kind.loud.example" || e.Matched[1].Domain != "loud.example" {
		t.Errorf("got %+v", e)
	}
	if e := s.Explain("fir.example"); e.Severity != Allow || e.Domain != "" || len(e.Matched) != 0 {
		t.Errorf("where only the door decides: got %+v", e)
	}
	if e := s.Explain("oak.example"); !e.IsHere {
		t.Errorf("this server itself: got %+v", e)
	}
}

func TestJudgingMakesNoGarbage(t *testing.T) {
	p := manyPolicies(100_000)
	for _, host := range []string{"a.deep.host17.example", "host17.example", "a.deep.host.of.nobody", "a.deep.host17.example:8443"} {
		if n := testing.AllocsPerRun(100, func() { p.Judge(host) }); n != 0 {
			t.Errorf("%s: got %v allocations, want none", host, n)
		}
		if n := testing.AllocsPerRun(100, func() { p.JudgeIn("g", host) }); n != 0 {
			t.Errorf("%s in a group: got %v allocations, want none", host, n)
		}
	}
}

func BenchmarkPoliciesJudge(b *testing.B) {
	p := manyPolicies(100_000)
	for b.Loop() {
		p.Judge("a.deep.host17.example")
	}
}

func manyPolicies(n int) *Snapshot {
	all := make([]Policy, n)
	for i := range all {
		all[i] = Policy{Domain: fmt.Sprintf("host%d.example", i), Severity: Suspend}
	}
	all = append(all, Policy{GroupID: "g", Domain: "deep.host17.example", Severity: Hold})
	return NewSnapshot(1, DoorOpen, "oak.example", all)
}
