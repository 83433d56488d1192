package community

import (
	"strings"
	"testing"
)

func TestPoliciesJudgeOnLabelBoundariesByTheFrontDoor(t *testing.T) {
	suspend := func(d string) DomainPolicy { return DomainPolicy{Domain: d, Severity: SeveritySuspend} }
	allow := func(d string) DomainPolicy { return DomainPolicy{Domain: d, Severity: SeverityAllow} }
	limit := func(d string) DomainPolicy { return DomainPolicy{Domain: d, Severity: SeverityLimit} }
	for _, c := range []struct {
		name, door string
		policies   []DomainPolicy
		host, want string
	}{
		{"closed refuses all", FrontDoorClosed, []DomainPolicy{allow("elm.example")}, "elm.example", SeveritySuspend},
		{"closed still knows itself", FrontDoorClosed, nil, "oak.example", SeverityAllow},
		{"open lets strangers in", FrontDoorOpen, nil, "elm.example", SeverityAllow},
		{"open refuses the named", FrontDoorOpen, []DomainPolicy{suspend("loud.example")}, "loud.example", SeveritySuspend},
		{"and all below them", FrontDoorOpen, []DomainPolicy{suspend("loud.example")}, "a.b.loud.example", SeveritySuspend},
		{"but nobody whose name only ends alike", FrontDoorOpen, []DomainPolicy{suspend("loud.example")}, "notloud.example", SeverityAllow},
		{"nor those above", FrontDoorOpen, []DomainPolicy{suspend("a.loud.example")}, "loud.example", SeverityAllow},
		{"open: an allowance below beats a refusal above", FrontDoorOpen, []DomainPolicy{suspend("loud.example"), allow("kind.loud.example")}, "kind.loud.example", SeverityAllow},
		{"open: an allowance above beats a refusal below", FrontDoorOpen, []DomainPolicy{allow("loud.example"), suspend("bad.loud.example")}, "bad.loud.example", SeverityAllow},
		{"open: the stricter of two others", FrontDoorOpen, []DomainPolicy{suspend("loud.example"), limit("x.loud.example")}, "x.loud.example", SeveritySuspend},
		{"chosen refuses strangers", FrontDoorChosen, nil, "elm.example", SeveritySuspend},
		{"chosen lets the named in", FrontDoorChosen, []DomainPolicy{allow("elm.example")}, "elm.example", SeverityAllow},
		{"and those below", FrontDoorChosen, []DomainPolicy{allow("elm.example")}, "www.elm.example", SeverityAllow},
		{"chosen: a refusal above beats an allowance below", FrontDoorChosen, []DomainPolicy{suspend("loud.example"), allow("kind.loud.example")}, "kind.loud.example", SeveritySuspend},
		{"chosen: a refusal below beats an allowance above", FrontDoorChosen, []DomainPolicy{allow("loud.example"), suspend("bad.loud.example")}, "bad.loud.example", SeveritySuspend},
		{"a port is its own host", FrontDoorOpen, []DomainPolicy{suspend("elm.localhost:9000")}, "elm.localhost:9001", SeverityAllow},
		{"a policy without a port holds for all ports", FrontDoorOpen, []DomainPolicy{suspend("elm.localhost")}, "elm.localhost:9001", SeveritySuspend},
		{"no host at all is refused", FrontDoorOpen, nil, "", SeveritySuspend},
	} {
		p := NewPolicies(1, Site{Host: "oak.example", FrontDoor: c.door}, c.policies)
		if got := p.Judge(c.host).Severity; got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestDomainsAreFoldedBeforeTheyAreKept(t *testing.T) {
	for in, want := range map[string]string{
		"Elm.Example": "elm.example", " elm.example. ": "elm.example", "*.elm.example": "elm.example",
		"elm.example:8443": "elm.example:8443", "": "", "https://Elm.example/": "elm.example", "http://elm.example": "elm.example", "@elm.example": "elm.example",
		"https://*.elm.example:8443/": "elm.example:8443", "https://": "", "https://elm.example/path": "", "ftp://elm.example": "", "elm.example/path": "", "user@elm.example": "",
		"elm example": "", "com": "", ".": "", "*.": "", "a..b": "", "elm.example:": "", "elm.example:http": "", "-elm.example": "", "bücher.example": "",
	} {
		got, err := FoldDomain(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("FoldDomain(%q): got %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestPolicyTextsAreMeasuredInCharacters(t *testing.T) {
	for _, c := range []struct {
		name         string
		reason, note int
		want         bool
	}{
		{"as long as they may be", 500, 5000, true}, {"a longer reason", 501, 5000, false}, {"a longer note", 500, 5001, false},
	} {
		d := PolicyDraft{Domain: "elm.example", Severity: SeveritySuspend, PublicReason: strings.Repeat("ü", c.reason), PrivateNote: strings.Repeat("ü", c.note)}
		if err := d.check(Site{Host: "oak.example"}); (err == nil) != c.want {
			t.Errorf("%s: got %v", c.name, err)
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

func manyPolicies(n int) *Policies {
	all := make([]DomainPolicy, n)
	for i := range all {
		all[i] = DomainPolicy{Domain: string(rune('a'+i%26)) + hashOf(string(rune(i)))[:12] + ".example", Severity: SeveritySuspend}
	}
	return NewPolicies(1, Site{Host: "oak.example", FrontDoor: FrontDoorOpen}, all)
}
