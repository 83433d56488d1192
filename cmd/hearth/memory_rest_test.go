package main

import (
	"runtime"
	"testing"
)

func TestMemoryIsGivenBackWhenThereIsLittleWork(t *testing.T) {
	const mib = 1 << 20
	m := &memory{collected: 10, rested: 20 * mib}
	for _, c := range []struct {
		name      string
		collected uint32
		heap      uint64
		want      bool
	}{
		{"all as it was", 10, 20 * mib, false},
		{"a little more", 11, 22*mib + mib/2, false},
		{"much more, at work", 20, 60 * mib, false},
		{"much more, and quiet", 22, 60 * mib, true},
		{"much more, and at work again", 25, 60 * mib, false},
	} {
		if got := m.isDue(runtime.MemStats{NumGC: c.collected, HeapSys: c.heap + 5*mib, HeapReleased: 5 * mib}); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}
