package community

import (
	"testing"
	"time"
)

func TestR13TheEndOfOneAccountTellsNothingOfAnothersOfTheSamePerson(t *testing.T) {
	begun := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	rowan := Departure{CodeHash: "one", BegunAt: &begun}
	main, persona := farewellOf(rowan, "main"), farewellOf(rowan, "persona")
	if apart := main.gone.Sub(persona.gone).Abs(); apart < 2*time.Hour {
		t.Errorf("the two are told of within %s of each other", apart)
	}
	if again := farewellOf(rowan, "main"); again != main {
		t.Errorf("after a new start it is %v, and was %v", again, main)
	}
	another := Departure{CodeHash: "two", BegunAt: &begun}
	if other := farewellOf(another, "main"); other.gone.Equal(main.gone) {
		t.Error("who knows an account's id knows when it is told of")
	}
	for _, f := range []farewell{main, persona} {
		if first, last := f.posts.Sub(begun), f.gone.Sub(begun); first < 24*time.Hour || last > 72*time.Hour {
			t.Errorf("told from %s to %s after, want 24 h to 72 h", first, last)
		}
		if post, group := f.aPost(), f.aGroup(); post.Before(f.posts) || !post.Before(f.left) || group.Before(f.left) || !group.Before(f.gone) {
			t.Errorf("a post at %s, a group at %s; want them in this order before %s", post, group, f.gone)
		}
	}
}
