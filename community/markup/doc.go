// Package markup turns what people type and what strangers send into HTML
// that is safe to put on a page, and reads plain words back out of it.
//
// It is pure: no clock, no network, no memory between calls. Two doors lead
// in, and the same narrow HTML comes out of both:
//
//   - [Render] takes a member's Markdown (CommonMark 0.31, with GitHub's
//     strikethrough and bare links).
//   - [Sanitize] takes HTML of unknown origin, as it stands in the content of
//     an ActivityStreams object.
//
// # What comes out
//
// The elements a, blockquote, br, code, del, em, h4, h5, h6, li, ol, p, pre,
// strong and ul; the attributes href and rel on a, start on ol; nothing else.
// Every link is http, https or mailto and carries rel="nofollow noreferrer
// noopener". The text never holds a control character, a character that
// overrides the direction of writing, or broken UTF-8. A document is at most
// [MaxBytes] long and its blocks nest at most sixteen deep; what does not fit
// is left out and an ellipsis stands in its place.
//
// The output is a fixed point: Sanitize(Sanitize(x)) equals Sanitize(x), and
// Sanitize(Render(x)) equals Render(x). So a post looks the same to its author
// and to the members of another hearth, and cleaning twice does no harm.
//
// # How
//
// Tags are read by the tokenizer of golang.org/x/net/html and never copied:
// they only tell a small writer which of its own elements the next words
// belong in. The writer opens an element when the first word for it arrives
// and closes it itself, so whatever comes in, what goes out is balanced. A
// bluemonday policy stands behind the writer as a second lock. It has nothing
// to do as long as the writer is right, and the tests hold it to that.
//
// # What surprises
//
//   - Members cannot write HTML, and what looks like a tag is kept as typed:
//     somebody who ends a post with <hugs> should see the hugs.
//   - A line break is a line break. People do not end lines with two spaces.
//   - Headings start at h4: a page has its own h1 to h3.
//   - An image becomes a link named by its description, so reading a post
//     never tells a stranger's server that it was read.
//   - A link whose words hide where it leads says so: "our rules" becomes
//     "our rules (elm.example)". Domains are compared and shown in ASCII
//     (RFC 5891), so look-alike letters give themselves away. Handles and
//     hashtags keep their text.
//   - A thematic break is a paragraph of three stars.
//   - Joiners (U+200C, U+200D), direction marks (U+061C, U+200E, U+200F),
//     zero-width spaces and variation selectors stay: Persian, Thai, family
//     emoji and flags need them.
//
// Change [Version] whenever the same input gives other output, so that stored
// HTML can be told from what would be written today.
package markup
