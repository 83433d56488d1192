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

func TestJudgingMakesNoGarbage(t *testing.T) {
	p := manyPolicies(1000)
	if n := testing.AllocsPerRun(100, func() { p.Judge("a.deep.host.17.example") }); n != 0 {
		t.Errorf("got %v allocations, want none", n)
	}
}

func BenchmarkPoliciesJudge(b *testing.B) {
	p := manyPolicies(100_000)
	for b.Loop() {
		p.Judge("a.deep.host.17.example")
	}
}

func manyPolicies(n int) *Snapshot {
	all := make([]Policy, n)
	for i := range all {
		all[i] = Policy{Domain: fmt.Sprintf("host%d.example", i), Severity: Suspend}
	}
	return NewSnapshot(1, DoorOpen, "oak.example", all)
}
