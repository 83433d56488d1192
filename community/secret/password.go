package secret

import (
	"runtime"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
)

// Passwords hashes and compares, a bounded number at once.
type Passwords struct {
	turns  chan struct{}
	params *argon2id.Params
	nobody string
}

// NewPasswords hashes with argon2id, 19 MiB and two passes.
func NewPasswords() *Passwords {
	p := &Passwords{
		turns:  make(chan struct{}, runtime.GOMAXPROCS(0)),
		params: &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32},
	}
	p.nobody, _ = p.Hash(NewToken())
	return p
}

// Hash is the password's hash in argon2's own form.
func (p *Passwords) Hash(password string) (string, error) {
	p.turns <- struct{}{}
	defer func() { <-p.turns }()
	return argon2id.CreateHash(password, p.params)
}

// Matches says whether the hash is the password's.
func (p *Passwords) Matches(password, hash string) bool {
	p.turns <- struct{}{}
	defer func() { <-p.turns }()
	ok, err := argon2id.ComparePasswordAndHash(password, hash)
	return err == nil && ok
}

// MatchesNobody takes the time of Matches, so that unknown names are not told
// by the clock.
func (p *Passwords) MatchesNobody(password string) { p.Matches(password, p.nobody) }

// Weak is the catalogue's key for why a password is refused, or empty.
func (p *Passwords) Weak(password string, names ...string) string {
	switch n := utf8.RuneCountInString(password); {
	case n < 10:
		return "password.too_short"
	case len(password) > 1024:
		return "password.too_long"
	}
	for _, name := range names {
		if strings.EqualFold(password, name) {
			return "password.is_name"
		}
	}
	if isCommon(password, names...) {
		return "password.common"
	}
	return ""
}
