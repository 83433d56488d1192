package federation

import "sync"

// bounded remembers up to a number of things by name. When it is full a random
// one is forgotten: nothing that strangers name grows without end.
type bounded[V any] struct {
	mu  *sync.Mutex
	max int
	all map[string]V
}

func newBounded[V any](max int) bounded[V] {
	return bounded[V]{&sync.Mutex{}, max, map[string]V{}}
}

func (b bounded[V]) get(name string) (V, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	v, ok := b.all[name]
	return v, ok
}

func (b bounded[V]) put(name string, v V) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, there := b.all[name]; !there && len(b.all) >= b.max {
		for other := range b.all {
			delete(b.all, other)
			break
		}
	}
	b.all[name] = v
}
