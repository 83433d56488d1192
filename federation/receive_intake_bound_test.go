package federation

import (
	"errors"
	"slices"
	"testing"
)

func TestALineOfWhatCameInIsBoundedByBytes(t *testing.T) {
	q := &intake{writing: true} // somebody writes: what comes waits
	big := func(size int) intakeRow { return intakeRow{Activity{Size: size}, make(chan error, 1)} }
	for range 64 {
		if _, err := q.line(big(1 << 20)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := q.line(big(1)); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v for more than %d bytes, want ErrBusy", err, maxInLine)
	}
	var taken []int
	for rows := q.take(); len(rows) > 0; rows = q.take() {
		taken = append(taken, len(rows))
	}
	if want := slices.Repeat([]int{4}, 16); !slices.Equal(taken, want) {
		t.Errorf("took %v at once, want %v", taken, want)
	}
	if _, err := q.line(big(maxInLine)); err != nil {
		t.Errorf("an empty line takes no more: %v", err)
	}
	if n := len(q.take()); n != 1 {
		t.Errorf("took %d of what is larger than one statement, want it by itself", n)
	}
}
