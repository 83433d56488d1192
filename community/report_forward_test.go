package community

import (
	"errors"
	"testing"
)

func TestR19ANoteRepeatsNoSentenceOfAReport(t *testing.T) {
	r := Report{
		Words:   "He wrote to my sister at night. Please stop him! Spam",
		Contact: "kim@elm.example",
	}
	for _, c := range []struct {
		name, note string
		kept       bool
	}{
		{"all of it", "They say: he wrote to my sister at night. Please stop him! Spam", false},
		{"one sentence", "We were told that he wrote to my  sister\nat night, twice.", false},
		{"another sentence", "PLEASE STOP HIM", true}, // too short to be anybody's own
		{"where they are reached", "Ask kim@elm.example about it.", false},
		{"the same in other words", "Messages at night that nobody wanted.", true},
		{"nothing", "", true},
	} {
		err := ForwardDraft{Hosts: []string{"elm.example"}, Category: ReasonSpam, Label: "Spam", Note: c.note}.check(r)
		if (err == nil) != c.kept || err != nil && !errors.Is(err, Invalid) {
			t.Errorf("%s: got %v; want that it may go: %v", c.name, err, c.kept)
		}
	}
}
