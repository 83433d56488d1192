// Package secret makes what must be random or hard to guess: ids, tokens,
// receipt codes, password hashes, signed form tokens. It is pure: it remembers
// nothing and asks nobody.
package secret
