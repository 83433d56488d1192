// Package federation is how a hearth talks to strangers: who signed what comes
// in, how what goes out is signed, where a connection may go at all, and which
// of the things fetched there are believed.
//
// # Signatures
//
// [Sign] makes and [Verify] reads draft-cavage-http-signatures-12, the one form
// that every peer speaks, with RSA and SHA-256 alone. What is sent has the one
// shape that all of them take. What is received is read leniently and then held
// to more than the library checks: the covered headers, the digest of the body,
// the host, the time, the query. RFC 9421 is refused by a reason of its own, so
// that a sender who knocks with it first knows to knock again.
//
// A request retried is signed anew: its Date ages, and peers refuse one that is
// an hour old.
package federation
