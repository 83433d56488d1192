package secret

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestSafeNamesAreNamesThatAnybodyMayTake(t *testing.T) {
	shape := regexp.MustCompile(`^[a-z]{3,11}$`) // with a dash and two digits still at most 30
	for half, words := range map[string][]string{"calm": calm, "things": things} {
		if len(words) < 150 {
			t.Errorf("%d words in %s, want at least 150", len(words), half)
		}
		for _, w := range words {
			if !shape.MatchString(w) {
				t.Errorf("%q does not match %s", w, shape)
			}
		}
		if !slices.IsSorted(words) || len(slices.Compact(slices.Clone(words))) != len(words) {
			t.Errorf("%s is not in order, or a word stands in it twice", half)
		}
	}
}

// TestR08SafeNamesSayNothingOfAPerson holds the lists to what their comment
// promises, where a list of words can.
func TestR08SafeNamesSayNothingOfAPerson(t *testing.T) {
	unfit := map[string]string{
		"gender":    "boy girl lad lady lass man woman king queen prince princess lord dame sir mister miss father mother brother sister son daughter cock hen bull cow stag doe jackdaw ladybird peacock",
		"a name":    "amber ash basil cliff coral daisy dawn eve hazel heather holly iris ivy jack jade jasmine jay june lily marigold melody misha olive opal pearl poppy robin rose rowan ruby sage violet viola will willow wren",
		"age":       "ancient baby child early elder fresher gosling junior late little new old retired senior teen wise young youth",
		"body":      "bare big bony broad chubby dark fair fat fit hairy heavy large lean light long naked narrow nude pale plump round short skinny slim small stout tall thin tiny white black brown whale walrus hippo pig",
		"illness":   "anxious blind broken cracked crazy cured dead deaf dizzy drowsy dumb dying frail healthy hurt ill insane lame lonely lunar mad manic mute nutty sad sane scarred sick sober sore spoon tired thrush weak well wild wounded zebra sunflower jigsaw puzzle",
		"place":     "african american asian danish dutch english french german indian irish jersey panama polish spanish turkey welsh",
		"faith":     "angel bishop church cross faithful holy saint temple",
		"struggles": "apple barrel belt blade bottle bridge cake candy cliff cord drain drug gin grave gun honey hops knife ledge lemming needle noose pill poison razor roof rope scale scissors thorn tower train wine wire",
	}
	for what, list := range unfit {
		for _, w := range strings.Fields(list) {
			if slices.Contains(calm, w) || slices.Contains(things, w) {
				t.Errorf("%q can be read as %s", w, what)
			}
		}
	}
}

func TestSafeNamesAreDifferentAndCanBeRepeatedInTests(t *testing.T) {
	a := SafeNamesFrom(rand.New(rand.NewPCG(1, 2)), 500)
	b := SafeNamesFrom(rand.New(rand.NewPCG(1, 2)), 500)
	if !slices.Equal(a, b) {
		t.Error("the same randomness suggests other names")
	}
	if slices.Equal(a, SafeNamesFrom(rand.New(rand.NewPCG(3, 4)), 500)) {
		t.Error("other randomness suggests the same names")
	}
	if n := len(slices.Compact(slices.Sorted(slices.Values(a)))); n != 500 {
		t.Errorf("%d different names, want 500", n)
	}
	if slices.Equal(SafeNames(20), SafeNames(20)) {
		t.Error("SafeNames suggests the same twenty names twice")
	}
	for n, want := range map[int]int{-1: 0, 0: 0, 1: 1, 7: 7} {
		if got := len(SafeNames(n)); got != want {
			t.Errorf("SafeNames(%d) has %d names, want %d", n, got, want)
		}
	}
}

func TestEveryWordIsSuggestedSoonerOrLater(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range SafeNamesFrom(rand.New(rand.NewPCG(1, 2)), 20_000) {
		first, second, _ := strings.Cut(name, "-")
		seen[first+"-"], seen["-"+second] = true, true
	}
	if want := len(calm) + len(things); len(seen) != want {
		t.Errorf("%d words in twenty thousand names, want all %d", len(seen), want)
	}
}

func TestNumberedNamesCarryTwoDigits(t *testing.T) {
	shape := regexp.MustCompile(`^[a-z]+-[a-z]+-[1-9][0-9]$`)
	for _, name := range NumberedNames(50) {
		if !shape.MatchString(name) || len(name) > 30 {
			t.Errorf("%q does not match %s, or is longer than 30", name, shape)
		}
	}
}
