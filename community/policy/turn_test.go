package policy

import (
	"fmt"
	"slices"
	"testing"
)

func TestWhatTurnsForTheServersThatAreKnown(t *testing.T) {
	held := []Policy{said("", "loud.example", Suspend), said("", "elm.example", Limit), said("g", "ash.example", Hold)}
	hosts := []string{"a.loud.example", "ash.example", "elm.example", "fir.example", "kind.loud.example", "oak.example"}
	for _, c := range []struct {
		name, door string
		proposal   Proposal
		want       []string
	}{
		{"nothing", DoorOpen, Proposal{}, nil},
		{"contact ends", DoorOpen, Proposal{Set: []Policy{said("", "elm.example", Suspend)}}, []string{"elm.example  cut"}},
		{"and begins below what is refused", DoorOpen, Proposal{Set: []Policy{said("", "kind.loud.example", Allow)}}, []string{"kind.loud.example  back"}},
		{"or with all of it", DoorOpen, Proposal{Lift: []Scope{{Domain: "loud.example"}}}, []string{"a.loud.example  back", "kind.loud.example  back"}},
		{"narrower", DoorOpen, Proposal{Set: []Policy{said("", "elm.example", Limit, "media")}}, []string{"elm.example  tighter"}},
		{"wider", DoorOpen, Proposal{Lift: []Scope{{Domain: "elm.example"}}}, []string{"elm.example  wider"}},
		{"the door shuts for those who are not chosen", DoorOpen, Proposal{Door: DoorChosen}, []string{"ash.example  shut", "fir.example  shut"}},
		{"for all", DoorOpen, Proposal{Door: DoorClosed}, []string{"ash.example  shut", "elm.example  shut", "fir.example  shut"}},
		{"it opens", DoorChosen, Proposal{Door: DoorOpen}, []string{"ash.example  back", "fir.example  back"}},
		{"no longer chosen", DoorChosen, Proposal{Lift: []Scope{{Domain: "elm.example"}}}, []string{"elm.example  shut"}},
		{"what is refused stays so for another reason", DoorOpen, Proposal{Lift: []Scope{{Domain: "loud.example"}}, Door: DoorClosed},
			[]string{"ash.example  shut", "elm.example  shut", "fir.example  shut"}},
		{"in a group", DoorOpen, Proposal{Set: []Policy{said("g", "elm.example", Suspend)}}, []string{"elm.example g cut"}},
		{"in a group that was as strict", DoorOpen, Proposal{Set: []Policy{said("", "elm.example", Hold), said("g", "elm.example", Hold)}}, []string{"elm.example  tighter"}},
	} {
		now := NewSnapshot(1, c.door, "oak.example", held)
		var got []string
		for _, turned := range now.Turned(now.With(c.proposal), c.proposal, hosts) {
			got = append(got, fmt.Sprintf("%s %s %s", turned.Host, turned.GroupID, turned.Turn))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestACountInABandPointsAtNobody(t *testing.T) {
	for n, want := range map[int]Band{
		-1: {}, 0: {}, 1: {1, 4}, 4: {1, 4}, 5: {5, 9}, 9: {5, 9}, 10: {10, 19}, 20: {20, 49}, 49: {20, 49}, 50: {50, 99},
		100: {100, 199}, 499: {200, 499}, 500: {500, 999}, 1_000_000: {1_000_000, 1_999_999},
	} {
		if got := BandOf(n); got != want {
			t.Errorf("%d: got %+v, want %+v", n, got, want)
		}
	}
	if !BandOf(3).IsFew() || BandOf(0).IsFew() || !BandOf(0).IsNone() || BandOf(5).IsFew() {
		t.Error("what is few is not told apart from none, or from more")
	}
}
