package web

import (
	"strings"
	"testing"

	"hearth/community/policy"
)

func TestWhyIsSaidInOneSentenceAndOneForEachThatDoesNotCount(t *testing.T) {
	catalogue, err := NewCatalogue(true)
	if err != nil {
		t.Fatal(err)
	}
	suspend := policy.Policy{Domain: "loud.example", Severity: policy.Suspend}
	allow := policy.Policy{Domain: "kind.loud.example", Severity: policy.Allow}
	limit := policy.Policy{Domain: "x.loud.example", Severity: policy.Limit}
	for _, c := range []struct {
		name, door, host string
		all              []policy.Policy
		want             []string
	}{
		{"nobody decided", policy.DoorOpen, "elm.example", nil, []string{"nobody decided about it"}},
		{"nobody chose it", policy.DoorChosen, "elm.example", nil, []string{"nobody has chosen it"}},
		{"talks to nobody", policy.DoorClosed, "kind.loud.example", []policy.Policy{allow}, []string{"talks to nobody else"}},
		{"itself", policy.DoorClosed, "oak.example", nil, []string{"this server itself"}},
		{"an allowance", policy.DoorOpen, "kind.loud.example", []policy.Policy{suspend, allow}, []string{"kind.loud.example may talk to us, because of the decision about kind.loud.example", "one that lets a server in counts more"}},
		{"a refusal", policy.DoorChosen, "kind.loud.example", []policy.Policy{suspend, allow}, []string{"may not talk to us, because of the decision about loud.example", "one that refuses counts more"}},
		{"the stricter", policy.DoorOpen, "x.loud.example", []policy.Policy{suspend, limit}, []string{"because of the decision about loud.example", "the stricter one does"}},
		{"the same", policy.DoorOpen, "a.loud.example", []policy.Policy{suspend, {Domain: "a.loud.example", Severity: policy.Suspend}}, []string{"because of the decision about a.loud.example", "The decision about loud.example says the same"}},
		{"within limits", policy.DoorOpen, "x.loud.example", []policy.Policy{limit}, []string{"may talk to us within limits"}},
	} {
		got := catalogue.WhyLines(policy.NewSnapshot(1, c.door, "oak.example", c.all).Explain(c.host))
		if len(got) != len(c.want) {
			t.Errorf("%s: got %q", c.name, got)
			continue
		}
		for i, want := range c.want {
			if !strings.Contains(got[i], want) {
				t.Errorf("%s: got %q, want %q in it", c.name, got[i], want)
			}
		}
	}
}
