package federation

import (
	"context"
	"sync"

	"hearth/community"
)

// maxIntake bounds the rows of one statement.
const maxIntake = 64

// intake writes down what came in, of all requests together: while one statement
// runs, the rows of the next gather. A commit is what keeping one activity
// costs most, and what keeping several costs once.
type intake struct {
	store InboxStore

	mu      sync.Mutex
	waiting []intakeRow
	writing bool
}

// intakeRow is an activity, and where its request is told that it is kept.
type intakeRow struct {
	Activity
	kept chan error
}

// keep keeps an activity once: Conflict when its URI was there. It returns when
// its row is committed. A request that does not wait until then is not
// answered, and its row may be kept all the same.
func (q *intake) keep(ctx context.Context, a Activity) error {
	row := intakeRow{a, make(chan error, 1)}
	if q.line(row) {
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
func (q *intake) line(row intakeRow) (first bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, row)
	first, q.writing = !q.writing, true
	return first
}

// take takes the first of the line; none ends the writing.
func (q *intake) take() []intakeRow {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.waiting), maxIntake)
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
