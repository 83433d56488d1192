package federation

import (
	"math"
	"time"
)

// probesEvery is how often a host that fails is tried while others take what
// they are sent, and probesTogether how many of them at once when nobody looked
// for long. Each attempt costs a signature and a handshake, which those who are
// well would wait for.
const (
	probesEvery    = 100 * time.Millisecond
	probesTogether = 10
)

// probes says how many of the hosts that fail may be tried.
type probes struct {
	busy bool
	last time.Time // when some were tried last, or when those who are well began
}

// due is how many may be tried now: all that are due, or few while lanes of
// hosts that are well are worked on.
func (p *probes) due(now time.Time, busy bool) int {
	began := busy && !p.busy
	p.busy = busy
	if !busy {
		return math.MaxInt
	}
	if began || now.Before(p.last) { // a clock may be set back
		p.last = now
	}
	n := int(now.Sub(p.last) / probesEvery)
	if n > 0 {
		p.last = now
	}
	return min(n, probesTogether)
}
