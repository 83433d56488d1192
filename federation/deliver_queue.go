package federation

// errandQueue hands out a lane's errands in the order they were made, of each
// order key one at a time.
type errandQueue struct {
	waiting []Errand
	busy    map[string]bool // keys of which one is under way, or has to wait
}

func newErrandQueue(errands []Errand) *errandQueue {
	return &errandQueue{errands, map[string]bool{}}
}

// next is the first errand behind nothing of its key that is not done.
func (q *errandQueue) next() (Errand, bool) {
	for i, e := range q.waiting {
		if q.busy[e.OrderKey] {
			continue
		}
		q.busy[e.OrderKey] = true
		q.waiting = append(q.waiting[:i:i], q.waiting[i+1:]...)
		return e, true
	}
	return Errand{}, false
}

// done lets the next of the errand's key go.
func (q *errandQueue) done(e Errand) { delete(q.busy, e.OrderKey) }
