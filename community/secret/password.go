package secret

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
)

// The bounds of a password: characters at least, bytes at most.
const (
	shortestPassword = 10
	longestPassword  = 1024
)

// Passwords hashes and compares passwords, only as many at once as there are
// processors: each takes 19 MiB, and a crowd at the door should wait rather
// than exhaust the memory. Use NewPasswords; the zero value can only judge what
// is Weak.
type Passwords struct {
	turns  chan struct{}
	params *argon2id.Params
	nobody string // a hash that no password has

	compare func(password, hash string) (bool, error)
}

// NewPasswords returns Passwords that hash with argon2id (RFC 9106), 19 MiB,
// two passes, one lane: some 35 ms.
func NewPasswords() *Passwords { return passwordsWith(19*1024, 2) }

// NewTestPasswords returns Passwords that hash just as well as a test needs,
// and a thousand times as fast.
func NewTestPasswords() *Passwords { return passwordsWith(8, 1) }

func passwordsWith(kibibytes, passes uint32) *Passwords {
	params := &argon2id.Params{Memory: kibibytes, Iterations: passes, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	return &Passwords{
		turns:   make(chan struct{}, runtime.GOMAXPROCS(0)),
		params:  params,
		nobody:  hashOfNothing(params),
		compare: argon2id.ComparePasswordAndHash,
	}
}

// Hash returns the password's hash with its salt and parameters, in the form
// that argon2's own tool prints. It waits for its turn.
func (p *Passwords) Hash(password string) (string, error) {
	p.turns <- struct{}{}
	defer func() { <-p.turns }()
	hash, err := argon2id.CreateHash(password, p.params)
	if err != nil {
		return "", fmt.Errorf("secret: password: %w", err)
	}
	return hash, nil
}

// Matches reports whether hash is that of the password. It waits for its turn,
// and takes as long for somebody whose hash is empty or spoilt as for anybody.
func (p *Passwords) Matches(password, hash string) bool {
	p.turns <- struct{}{}
	defer func() { <-p.turns }()
	ok, err := p.compare(password, hash)
	if err != nil {
		p.compare(password, p.nobody)
		return false
	}
	return ok
}

// MatchesNobody takes the time that Matches takes, so that the clock does not
// tell which names are known here.
func (p *Passwords) MatchesNobody(password string) { p.Matches(password, p.nobody) }

// Weak returns the catalogue's key for why a password is refused, or "". names
// are those it must not be, nor be made of: the person's and the instance's.
func (p *Passwords) Weak(password string, names ...string) string {
	switch {
	case utf8.RuneCountInString(password) < shortestPassword:
		return "password.too_short"
	case len(password) > longestPassword:
		return "password.too_long"
	case isName(password, names):
		return "password.is_name"
	case isCommon(password, names...):
		return "password.common"
	}
	return ""
}

func isName(password string, names []string) bool {
	for _, name := range names {
		if strings.EqualFold(strings.TrimSpace(password), strings.TrimSpace(name)) {
			return true
		}
	}
	return false
}

// hashOfNothing returns a hash as Hash makes them, without the time to make
// one: its key is random.
func hashOfNothing(params *argon2id.Params) string {
	b := make([]byte, params.SaltLength+params.KeyLength)
	rand.Read(b)
	text := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s",
		params.Memory, params.Iterations, params.Parallelism, text(b[:params.SaltLength]), text(b[params.SaltLength:]))
}
