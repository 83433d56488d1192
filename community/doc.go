// Package community is what a hearth is and what may happen in it: the nouns,
// the rules, the Service and the Store that it needs. It knows no database and
// no HTTP; it imports the standard library and its own pure sub-rooms.
//
// Rules of the room:
//
//   - A transaction opens and closes inside one Service method, through
//     Store.InTx. Nothing in it touches the network. One exception: posts of one
//     sender are taken in a transaction that federation opens (Service.Within).
//   - Every read takes a Viewer. What a Viewer may not see is NotFound, the
//     same as what never existed.
//   - Judgement is pure: functions over values that need no Store, named as
//     predicates (mayPost, mayRead). Service methods load, judge, then store.
//   - Errors that a person may read are *Error: a Kind and the key of a
//     sentence in the catalogue. Anything else is internal.
//   - Business time comes from the Service's clock, ids from community/secret.
//
// Files are named by noun and verb: group.go holds the noun and its part of the
// Store, group_create.go what one member may do with it.
package community
