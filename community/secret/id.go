package secret

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"sync"
	"time"
)

// timed sorts as text in the order of its bytes (RFC 4648 7, in lower case);
// random is base32 (RFC 4648 6), in lower case, and does not.
var (
	timed  = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)
	random = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
)

// ids is shared by the whole process: order is only worth having if all who
// make ids agree on it.
var ids sequence

// NewID returns a UUIDv7 (RFC 9562 5.7) of the given time as 26 characters of
// 0-9 and a-v. Ids of a later millisecond sort later. So do ids made later in
// this process for the same millisecond, or for a time up to a second before
// that of the last id, which is then used again.
func NewID(now time.Time) string {
	id := ids.next(now)
	return timed.EncodeToString(id[:])
}

// NewActorID returns 128 random bits as 26 characters of a-z and 2-7. Nothing
// of when or for whom it was made is in it (safety.md R10).
func NewActorID() string {
	var b [16]byte
	rand.Read(b[:])
	return random.EncodeToString(b[:])
}

// A sequence makes UUIDv7s that grow: the first of a millisecond is random and
// each one after it larger by a random step (RFC 9562 6.2, method 2). Its zero
// value is ready.
type sequence struct {
	mu   sync.Mutex
	time uint64 // milliseconds since 1970, 48 bits
	high uint16 // rand_a, 12 bits
	low  uint64 // rand_b, 62 bits
}

const (
	// setBack is how many milliseconds a clock may go backwards before ids
	// follow it there. Corrections of the clock stay below; a time that was
	// meant, as in an import of older posts, does not.
	setBack = 1000

	highLimit = 1 << 12
	lowLimit  = 1 << 62
	step      = 1 << 40
)

func (s *sequence) next(now time.Time) (id [16]byte) {
	time := uint64(max(0, now.UnixMilli()))
	s.mu.Lock()
	defer s.mu.Unlock()
	if time <= s.time && s.time-time <= setBack && s.time != 0 {
		s.advance()
	} else {
		s.begin(time)
	}
	binary.BigEndian.PutUint64(id[:8], s.time<<16|7<<12|uint64(s.high))
	binary.BigEndian.PutUint64(id[8:], 2<<62|s.low)
	return id
}

// begin draws the first id of a millisecond from the lower half of all, so that
// there is room to grow.
func (s *sequence) begin(time uint64) {
	s.time, s.high, s.low = time, uint16(random64()%(highLimit/2)), random64()%lowLimit
}

// advance carries from low to high and, which takes a million billion ids a
// millisecond, from high to the next millisecond.
func (s *sequence) advance() {
	s.low += 1 + random64()%step
	if s.low < lowLimit {
		return
	}
	s.low -= lowLimit
	s.high++
	if s.high == highLimit {
		s.begin(s.time + 1)
	}
}

func random64() uint64 {
	var b [8]byte
	rand.Read(b[:])
	return binary.BigEndian.Uint64(b[:])
}
