// Package federation is how a hearth talks to strangers: who signed what comes
// in, how what goes out is signed, where a connection may go at all, and which
// of the things fetched there are believed.
//
// # Signatures
//
// [Verify] reads both ways of signing: draft-cavage-http-signatures-12, which every
// peer speaks, and RFC 9421 where Signature-Input is there. Both are read leniently
// and then held to more than their libraries check: what is covered, the digest of
// the body, the host, the time, the query. [Sign] makes the draft's in the one shape
// that all peers take; RFC 9421 is sent only to who refuses that (docs/decisions/0030).
//
// A request retried is signed anew: its Date ages, and peers refuse one that is
// an hour old.
//
// # The way out
//
// [NewClient] makes the only client that anything here may use. Its [Guard]
// judges each request by its URL and each connection by the address that the
// name resolved to. It follows no redirects.
//
// # Queues
//
// What is to be done stands in rows: an event that the world has not been told
// of, a delivery for one inbox, an activity that came in. [Federation.Run] works
// on them, on any number of nodes at once. A host's deliveries are its lane, and
// so are a sender's activities; whoever works on a lane has leased it, renews
// the lease on the database's clock, and writes nothing down without it. Within
// an order key everything is strictly in order; across keys nothing is. Right
// before each signature it is asked once more whether the delivery is still
// wanted, so that hiding a post or refusing a server stops what is queued.
//
// # What is believed
//
// A [Fetcher] gets documents, signed by the instance actor whoever is reading.
// A document is believed only as ActivityPub media, under its own id, from that
// id's origin; a key only if the actor it names lists it ([ActorKey]); a name
// only if it leads back to the actor ([Fetcher.ConfirmHandle]). Fetches are
// shared, bounded per host, and their failures remembered, because what makes
// us fetch is what strangers write.
//
// What surprises: a document's final URL may be another than the one asked for,
// and that is no error. Who wanted one certain id compares.
package federation
