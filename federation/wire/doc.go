// Package wire is ActivityStreams JSON as servers really write it: lenient in,
// strict out. It is pure: no network, no clock, no storage, and no JSON-LD
// processing.
//
// # In
//
// [Decode] reads an activity; [DecodeActor], [DecodePost], [DecodeCollection],
// [DecodeKey], [DecodeWebFinger] and [DecodeNodeInfo] read what was fetched;
// [Peek] tells what a document is. A [Ref] is a property that may be an id, an
// embedded thing or a list, and opens what it embeds.
//
// Every document passes the same gate before anything is read from it: at most
// [MaxBytes], valid UTF-8, at most [MaxDepth] deep, at most [MaxItems] items in
// an array or members in an object, no key twice in an object, none of the
// JSON-LD keywords that move statements about (@graph, @included, @reverse). A
// document that does not pass is an [Error] with a short stable reason, fit for
// a log, a metric and the fact kept about the refusal.
//
// What surprises:
//
//   - Invalid UTF-8 is refused, never repaired: a repaired body is no longer
//     the one that was signed, and it could not be announced verbatim.
//   - Keys are matched exactly. encoding/json would take "ID" for id, and
//     others would not: two readings of one message are how forgeries pass.
//   - Keys given twice are refused everywhere outside @context, for the same
//     reason: Go takes the last, others the first.
//   - Strings lose NUL, which PostgreSQL cannot hold. Nothing else in them is
//     touched: HTML is as dangerous as it came.
//   - bto and bcc are cut out of Raw wherever they stand (ActivityPub 6). All
//     other bytes of Raw are the sender's, so that it can be announced and its
//     proof checked; a byte order mark and white space around the document are
//     not part of it.
//   - Ids are compared byte by byte and never normalised; only origins are
//     compared folded. A decoded id is an absolute http or https IRI and no
//     more: whether this server may talk to its host is for [ParseIRI].
//   - A property of a kind nobody can use (a number for a name, a relative id)
//     is absent, as null is. Only id, type, actor, object and attributedTo are
//     refused when malformed, because guessing there would be guessing who
//     said what.
//   - Decoded values share memory with the body; do not change it afterwards.
//
// # Out
//
// Documents are plain structs ([GroupActor], [Page], [Note], ...), activities
// are built by functions named after them ([Create], [Follow], ...), and
// [Encode] writes either: properties in a fixed order, without HTML escapes,
// with all that Lemmy's and Mastodon's parsers require. A document that lacks
// something required is an error, never a message. [Announce] splices the bytes
// of the activity it carries unchanged (FEP-1b12).
package wire
