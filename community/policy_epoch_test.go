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

func TestPolicyEpochIsReadOnceForAllWhoAskMeanwhileAndIsNeverOlderThanTheQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &epochs{now: 1, goOn: make(chan error)}
		r := newEpochReader(e.read)
		first := ask(t.Context(), r)
		e.now = 2 // decided while the first read is under way
		var later []*asked
		for range 10 {
			later = append(later, ask(t.Context(), r))
		}
		e.goOn <- nil
		synctest.Wait()
		if !first.done || first.epoch != 1 || later[0].done {
			t.Fatalf("got %+v and %+v, want the first answered with 1 and the others waiting", *first, *later[0])
		}
		e.goOn <- nil
		synctest.Wait()
		for i, a := range later {
			if !a.done || a.epoch != 2 || a.err != nil {
				t.Errorf("number %d: got %+v, want 2, which was decided before they asked", i, *a)
			}
		}
		if e.reads != 2 {
			t.Errorf("got %d reads, want 2", e.reads)
		}
	})
}

func TestWhoAskedForThePolicyEpochFirstMayGoAwayOrFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &epochs{now: 1, goOn: make(chan error)}
		r := newEpochReader(e.read)
		reading := ask(t.Context(), r)
		impatient, leave := context.WithCancel(t.Context())
		gone := ask(impatient, r)    // waits for its turn to read
		stays := ask(t.Context(), r) // for gone's read
		leave()
		synctest.Wait()
		if !gone.done || !errors.Is(gone.err, context.Canceled) || stays.done || e.reads != 2 {
			t.Fatalf("got %+v and %+v after %d reads, want one gone and the other reading by itself", *gone, *stays, e.reads)
		}
		fault := errors.New("no database")
		e.goOn <- fault
		e.goOn <- nil
		synctest.Wait()
		if errors.Is(reading.err, fault) == errors.Is(stays.err, fault) {
			t.Fatalf("got %v and %v, want one of the two reads to have failed", reading.err, stays.err)
		}
		again := ask(t.Context(), r)
		e.goOn <- nil
		synctest.Wait()
		if !again.done || again.err != nil || again.epoch != 1 {
			t.Errorf("afterwards: got %+v, want 1", *again)
		}
	})
}
