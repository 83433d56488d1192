package federation

import (
	"context"
	"sync"

	"hearth/community"
)

// maxIntake and intakeBytes bound the rows of one statement, and maxInLine the
// bytes that wait for one.
const (
	maxIntake   = 64
	intakeBytes = 4 << 20
	maxInLine   = 64 << 20
)

// intake writes down what came in, of all requests together: while one statement
// runs, the rows of the next gather. A commit is what keeping one activity
// costs most, and what keeping several costs once.
type intake struct {
	store InboxStore

	mu      sync.Mutex
	waiting []intakeRow
	bytes   int // that wait
	writing bool
}

// intakeRow is an activity, and where its request is told that it is kept.
type intakeRow struct {
	Activity
	kept chan error
}

// keep keeps an activity once: Conflict when its URI was there, ErrBusy when too
// much waits. It returns when its row is committed. A request that does not wait until then is not
// answered, and its row may be kept all the same.
func (q *intake) keep(ctx context.Context, a Activity) error {
	row := intakeRow{a, make(chan error, 1)}
	first, err := q.line(row)
	if err != nil {
		return err
	}
	if first {
		// Of others too: it does not end with the request that began it.
		go q.write(context.WithoutCancel(ctx))
	}
	select {
	case err := <-row.kept:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// line puts a row into the line, and says whether nobody is writing.
func (q *intake) line(row intakeRow) (first bool, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.bytes+row.Size > maxInLine {
		return false, ErrBusy
	}
	q.waiting, q.bytes = append(q.waiting, row), q.bytes+row.Size
	first, q.writing = !q.writing, true
	return first, nil
}

// take takes the first of the line, one at least; none ends the writing.
func (q *intake) take() []intakeRow {
	q.mu.Lock()
	defer q.mu.Unlock()
	n, bytes := 0, 0
	for n < min(len(q.waiting), maxIntake) && (n == 0 || bytes+q.waiting[n].Size <= intakeBytes) {
		bytes += q.waiting[n].Size
		n++
	}
	q.bytes -= bytes
	rows := q.waiting[:n:n]
	q.waiting, q.writing = q.waiting[n:], n > 0
	return rows
}

func (q *intake) write(ctx context.Context) {
	for rows := q.take(); len(rows) > 0; rows = q.take() {
		q.writeSome(ctx, rows)
	}
}

// writeSome writes rows in one statement, or each by itself where that fails:
// one that cannot be stored costs its neighbours nothing.
func (q *intake) writeSome(ctx context.Context, rows []intakeRow) {
	ctx, cancel := context.WithTimeout(ctx, finishGrace)
	defer cancel()
	all := make([]Activity, len(rows))
	for i, row := range rows {
		all[i] = row.Activity
	}
	kept, err := q.store.SaveAllIncoming(ctx, all)
	for _, row := range rows {
		switch {
		case err != nil:
			row.kept <- q.store.SaveIncoming(ctx, row.Activity)
		case !kept[row.ID]:
			row.kept <- community.Conflict
		default:
			row.kept <- nil
		}
	}
}
