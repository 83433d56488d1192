// Package web is how people, and inboxes, come in: gin, pages, forms and
// ActivityPub documents.
//
// How a page is made: a route in routes.go names a handler in a file of its own
// (noun_verb.go). The handler gets a visit (who is asking, of which site), calls
// one Service method, and renders a page or answers 303. It returns errors;
// errors.go alone turns their Kind into a status and a page.
//
// Rules of the room:
//
//   - No rule of the community is decided here; the Service judges.
//   - Every form works without scripts, posts, and is answered with 303. A form
//     that has something to mend is rendered again, with every word still in it,
//     as 422.
//   - Every sentence comes from the catalogue in locales/.
//   - Nothing personal in logs: one line per request with its route's pattern,
//     never its path, its words or an address.
package web
