package main

import (
	"context"
	"runtime"
	"runtime/debug"
	"time"
)

// A password takes 19 MiB to hash, and Go keeps what that left behind for
// minutes. On a small machine others could use it, so it is given back as soon
// as there is a moment without work.
const (
	restEvery = 3 * time.Second
	restGCs   = 2 // a moment with more collections than this is not without work
)

// memory knows what the heap was like when it was last looked at.
type memory struct {
	collected uint32 // collections by then
	rested    uint64 // bytes that were resident when it was last given back
}

// rest gives memory back to the system where that is due.
func (m *memory) rest(context.Context) error {
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	if !m.isDue(now) {
		return nil
	}
	debug.FreeOSMemory()
	runtime.ReadMemStats(&now)
	m.collected, m.rested = now.NumGC, resident(now)
	return nil
}

// isDue says whether there was little work since it was asked last, and an
// eighth more is resident than need be.
func (m *memory) isDue(now runtime.MemStats) bool {
	quiet := now.NumGC-m.collected <= restGCs
	m.collected = now.NumGC
	return quiet && resident(now) > m.rested+m.rested/8
}

// resident is what the heap takes of the machine's memory.
func resident(s runtime.MemStats) uint64 { return s.HeapSys - s.HeapReleased }
