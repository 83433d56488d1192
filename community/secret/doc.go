// Package secret makes what must be random or hard to guess, and checks it
// again: ids, tokens, receipt codes, signed form tokens, password hashes, and
// names that give nobody away.
//
// It asks nobody: no database, no network, no clock of its own. All randomness
// is crypto/rand's, which never fails (it ends the program instead), so nothing
// here returns an error for want of it.
//
// # Two kinds of ids
//
// Both are 16 bytes in 26 lower-case characters, and neither can be taken for
// the other:
//
//   - [NewID] is for whatever is listed in the order in which it was made:
//     posts, activities, decisions. It is a UUIDv7 in base32hex (0-9 a-v,
//     RFC 4648 7), the alphabet whose text sorts as its bytes do, so that
//     ORDER BY id is by time on every engine.
//   - [NewActorID] is for people and groups. It is wholly random and in base32
//     (a-z 2-7, RFC 4648 6), which does not sort: two personas of one person
//     must not be told by ids made in the same minute (safety.md R10).
//
// # What is kept of a secret
//
// Tokens and codes are shown once and stored as [HashToken] of themselves. They
// carry enough randomness that a plain SHA-256 is safe; passwords do not, and
// go through [Passwords]. Whoever looks a code up folds it first ([FoldCode])
// and then hashes it.
//
// # What surprises
//
// NewID remembers the last id of the process, so that ids made in the same
// millisecond, or just after the clock was set back a little, still sort in the
// order in which they were made.
package secret
