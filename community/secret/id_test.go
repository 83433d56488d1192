package secret

import (
	"encoding/hex"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// decode reads an id with the library, which knows the standard.
func decode(t *testing.T, id string) uuid.UUID {
	t.Helper()
	b, err := timed.DecodeString(id)
	if err != nil {
		t.Fatalf("id %q is not base32hex: %v", id, err)
	}
	u, err := uuid.FromBytes(b)
	if err != nil {
		t.Fatalf("id %q is no UUID: %v", id, err)
	}
	return u
}

func TestIDIsAUUIDv7OfItsTime(t *testing.T) {
	shape := regexp.MustCompile(`^[0-9a-v]{26}$`)
	for _, now := range []time.Time{noon.Add(1234567 * time.Microsecond), noon.In(time.FixedZone("", 3600)), time.Unix(0, 0), noon.AddDate(500, 0, 0)} {
		id := NewID(now)
		if !shape.MatchString(id) {
			t.Errorf("id %q does not match %s", id, shape)
		}
		u := decode(t, id)
		if u.Version() != 7 || u.Variant() != uuid.RFC4122 {
			t.Errorf("id %s has version %d and variant %v, want 7 and RFC4122", u, u.Version(), u.Variant())
		}
		sec, nsec := u.Time().UnixTime()
		if got := time.Unix(sec, nsec); !got.Equal(now.Truncate(time.Millisecond)) {
			t.Errorf("id is of %v, want %v", got.UTC(), now)
		}
	}
}

func TestIDOfATimeBeforeAllIsOfTheFirstMillisecond(t *testing.T) {
	var s sequence
	if id := s.next(time.Unix(-5, 0)); hex.EncodeToString(id[:6]) != "000000000000" {
		t.Errorf("id %x, want one of the first millisecond", id)
	}
}

func TestIDsSortByTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := time.UnixMilli(rapid.Int64Range(1, 1<<46).Draw(t, "a"))
		b := a.Add(time.Duration(rapid.Int64Range(1, 1<<40).Draw(t, "later")) * time.Millisecond)
		if first, second := NewID(a), NewID(b); first >= second {
			t.Fatalf("id %s of %v does not sort before %s of %v", first, a, second, b)
		}
	})
}

func TestIDsOfOneMillisecondSortAsTheyWereMade(t *testing.T) {
	last := NewID(noon)
	for range 100_000 {
		id := NewID(noon)
		if id <= last {
			t.Fatalf("id %s was made after %s and does not sort after it", id, last)
		}
		last = id
	}
	if got := decode(t, last).Time(); got != decode(t, NewID(noon)).Time() {
		t.Errorf("a hundred thousand ids filled their millisecond: %v", got)
	}
}

func TestIDsKeepTheirOrderWhenTheClockIsSetBackALittle(t *testing.T) {
	last := NewID(noon.Add(time.Hour))
	for _, back := range []time.Duration{time.Microsecond, time.Millisecond, 300 * time.Millisecond, time.Second} {
		id := NewID(noon.Add(time.Hour - back))
		if id <= last {
			t.Errorf("%v back: id %s does not sort after %s", back, id, last)
		}
		last = id
	}
	if id := NewID(noon.Add(time.Hour - 2*time.Second)); id >= last {
		t.Errorf("two seconds back: id %s does not follow the clock before %s", id, last)
	}
}

func TestSequenceGrowsOverItsEdges(t *testing.T) {
	s := sequence{time: 1000, high: 7, low: lowLimit - 1}
	id := s.next(time.UnixMilli(1000))
	if s.time != 1000 || s.high != 8 || s.low > step {
		t.Errorf("after the largest low: %+v (id %x), want high to be 8", &s, id)
	}
	s = sequence{time: 1000, high: highLimit - 1, low: lowLimit - 1}
	s.next(time.UnixMilli(1000))
	if s.time != 1001 || s.high >= highLimit/2 {
		t.Errorf("after the largest of all: %+v, want the next millisecond begun", &s)
	}
}

func TestIDsMadeAtOnceAreDifferentAndInOrder(t *testing.T) {
	made := make([][]string, 8)
	var wg sync.WaitGroup
	for i := range made {
		wg.Go(func() {
			for range 2000 {
				made[i] = append(made[i], NewID(noon))
			}
		})
	}
	wg.Wait()
	for _, ids := range made {
		if !slices.IsSorted(ids) {
			t.Error("ids of one goroutine do not sort as they were made")
		}
	}
	all := slices.Concat(made...)
	slices.Sort(all)
	if n := len(slices.Compact(all)); n != 16000 {
		t.Errorf("%d different ids, want 16000", n)
	}
}

func TestR10ActorIDsAreRandomAndTellNoTime(t *testing.T) {
	shape := regexp.MustCompile(`^[a-z2-7]{26}$`)
	ids := make([]string, 2000)
	for i := range ids {
		ids[i] = NewActorID()
		if !shape.MatchString(ids[i]) {
			t.Fatalf("actor id %q does not match %s", ids[i], shape)
		}
	}
	if slices.IsSorted(ids) {
		t.Error("actor ids sort as they were made")
	}
	// Of 2000 first characters out of 32, a prefix of time would leave one or two.
	first := map[byte]bool{}
	for _, id := range ids {
		first[id[0]] = true
	}
	if len(first) < 30 {
		t.Errorf("only %d different first characters in %d actor ids", len(first), len(ids))
	}
	slices.Sort(ids)
	if n := len(slices.Compact(ids)); n != 2000 {
		t.Errorf("%d different actor ids, want 2000", n)
	}
}

func BenchmarkNewID(b *testing.B) {
	for b.Loop() {
		NewID(noon)
	}
}
