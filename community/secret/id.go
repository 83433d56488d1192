package secret

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"sync"
	"time"
)

// timed sorts as text in the order of its bytes; random is base32 as RFC 4648
// has it, in lower case.
var (
	timed  = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)
	random = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
)

var last struct {
	sync.Mutex
	tick uint64
}

// NewID is a UUIDv7 (RFC 9562 5.7) of the given time as 26 lower-case base32hex
// characters. Ids made later in one process sort later, within a millisecond too.
func NewID(now time.Time) string {
	var b [16]byte
	rand.Read(b[:])
	// 48 bits of milliseconds and 12 of its fraction, as the RFC's method 3.
	micros := uint64(now.UnixMicro())
	tick := micros/1000<<12 | micros%1000*4096/1000
	last.Lock()
	if last.tick >= tick && last.tick-tick < 1<<12 {
		tick = last.tick + 1
	}
	last.tick = tick
	last.Unlock()
	binary.BigEndian.PutUint64(b[:8], tick>>12<<16|0x7000|tick&0xfff)
	b[8] = b[8]&0x3f | 0x80
	return timed.EncodeToString(b[:])
}

// NewActorID is 128 random bits as 26 characters of a-z and 2-7: nothing of
// when it was made is in it (safety.md R10).
func NewActorID() string {
	var b [16]byte
	rand.Read(b[:])
	return random.EncodeToString(b[:])
}
