package community

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

// epochs answers reads one after the other, each when it is let go on.
type epochs struct {
	now   int64
	reads int
	goOn  chan error
}

func (e *epochs) read(ctx context.Context) (int64, error) {
	e.reads++
	found := e.now
	select {
	case err := <-e.goOn:
		return found, err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// asked is what came of asking for the epoch, in the background.
type asked struct {
	epoch int64
	err   error
	done  bool
}

func ask(ctx context.Context, r *epochReader) *asked {
	a := &asked{}
	go func() {
		a.epoch, a.err = r.epoch(ctx)
		a.done = true
	}()
	synctest.Wait()
	return a
}

// askAll is ask of as many as can read at once.
func askAll(ctx context.Context, r *epochReader) (all []*asked) {
	for range epochReadsAtOnce {
		all = append(all, ask(ctx, r))
	}
	return all
}

// letGoOn has as many reads go on as can be under way.
func (e *epochs) letGoOn(first error) {
	for i := range epochReadsAtOnce {
		if i > 0 {
			first = nil
		}
		e.goOn <- first
	}
	synctest.Wait()
}

func TestPolicyEpochIsReadOnceForAllWhoAskMeanwhileAndIsNeverOlderThanTheQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &epochs{now: 1, goOn: make(chan error)}
		r := newEpochReader(e.read)
		first := askAll(t.Context(), r)
		e.now = 2 // decided while these reads are under way
		var later []*asked
		for range 10 {
			later = append(later, ask(t.Context(), r))
		}
		e.letGoOn(nil)
		for _, a := range first {
			if !a.done || a.epoch != 1 || later[0].done {
				t.Fatalf("got %+v and %+v, want the first answered with 1 and the others waiting", *a, *later[0])
			}
		}
		e.goOn <- nil
		synctest.Wait()
		for i, a := range later {
			if !a.done || a.epoch != 2 || a.err != nil {
				t.Errorf("number %d: got %+v, want 2, which was decided before they asked", i, *a)
			}
		}
		if want := epochReadsAtOnce + 1; e.reads != want {
			t.Errorf("got %d reads, want %d", e.reads, want)
		}
	})
}

func TestWhoAskedForThePolicyEpochFirstMayGoAwayOrFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &epochs{now: 1, goOn: make(chan error)}
		r := newEpochReader(e.read)
		reading := askAll(t.Context(), r)
		impatient, leave := context.WithCancel(t.Context())
		gone := ask(impatient, r)    // waits for its turn to read
		stays := ask(t.Context(), r) // for gone's read
		leave()
		synctest.Wait()
		if !gone.done || !errors.Is(gone.err, context.Canceled) || stays.done || e.reads != epochReadsAtOnce+1 {
			t.Fatalf("got %+v and %+v after %d reads, want one gone and the other reading by itself", *gone, *stays, e.reads)
		}
		fault := errors.New("no database")
		e.letGoOn(fault)
		e.goOn <- nil
		synctest.Wait()
		failed := 0
		for _, a := range append(reading, stays) {
			if errors.Is(a.err, fault) {
				failed++
			}
		}
		if failed != 1 {
			t.Fatalf("got %d answers that failed, want the one whose read did", failed)
		}
		again := ask(t.Context(), r)
		e.goOn <- nil
		synctest.Wait()
		if !again.done || again.err != nil || again.epoch != 1 {
			t.Errorf("afterwards: got %+v, want 1", *again)
		}
	})
}
