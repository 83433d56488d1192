// Package domainlist reads and writes the lists of domains that admins share:
// which servers to refuse, to limit, to watch. It is pure: no network, no clock, no
// storage. What becomes of a list is for whoever reads it; a list is never more
// than a proposal (docs/decisions/0036).
//
// # In
//
// [Parse] finds out by itself which form a file has:
//
//   - [MastodonCSV]: what Mastodon exports, with "#" before the columns' names;
//   - [CSV]: the same without "#", as FediBlockHole writes it;
//   - [HearthCSV]: our own, in which nothing is lost;
//   - [MastodonJSON]: the API's domain_blocks, public or for admins;
//   - [GoToSocialJSON]: what GoToSocial exports, or lists of its peers;
//   - [Plain]: one domain a line.
//
// A file is taken whole or not at all: the first lines that are wrong come back in
// an [Error], each with its line, and nothing else does. What is odd and harms
// nobody (a domain twice, a name with stars in it) is a remark in the [List].
//
// What surprises:
//
//   - A list need not say what it wants. Plain lines, GoToSocial's exports and CSV
//     without a column for it are used for refusals and for allowances alike: there
//     Severity is empty, and whoever takes the list over says what it is for.
//   - A domain stands for all below it too, here as everywhere: "*." says nothing
//     more.
//   - An address within a server, or a name of somebody there, is wrong, and not
//     short for the server.
//   - Mastodon tells a comment that is empty from none, and so does [Comment].
//   - Our own host may stand in a list like any other.
//
// # Out
//
// [Write] writes a list in the form in which it came: of what Mastodon wrote, the
// same bytes. [WriteMastodonCSV], [WriteGoToSocialJSON] and [WritePlain] translate;
// they return what they left out since their readers would take it for something
// else. [WriteHearthCSV] leaves nothing out.
package domainlist
