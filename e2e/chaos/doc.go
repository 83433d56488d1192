// Package chaos is the chaos peer: eleven servers of other software that speak to
// a hearth as badly as networks and programs do, while its members write.
//
//	make chaos                                two minutes, both engines at once
//	make chaos CHAOSTIME=10s                  shorter
//	CHAOS_SEED=7 make chaos                   the same choices again
//
// The hearth is the program itself, in a process of its own, so that its memory
// and its goroutines are those of an operator's; one on SQLite and one on
// PostgreSQL run side by side, each with a world of peers. It is behind the build
// tag "chaos": `make test` does not run it.
//
// # Who is there
//
// A [federation/fedtest] server for each dialect, which signs as its software
// does and says what it says in its shapes (dialect_test.go; two of them sign in the
// most usual way, dialect_beside_test.go). Each has people
// who follow a group of the hearth's and write there; those of threadiverse
// software have a group of their own as well, which members of the hearth
// follow, and announce to it. Members of the hearth write by its pages.
//
// # What goes wrong
//
// On the way to the hearth (send_test.go) connections are cut before the body,
// within it and before the answer; activities come twice, late, in another order,
// and again as their software tries again; keys change. What came before is sent
// anew, with other words too, and members' names are forged in each way that a
// signature has to hold against (forge_test.go). On the way back
// (peer_test.go) inboxes answer 500 and 503, hang, are slow, and cut the
// connection before or after they took what came. What goes wrong when is chosen
// by a seed, which is printed.
//
// # What has to be true afterwards
//
// The peers keep a book (book_test.go): what was said, and what was answered.
// When the faults are over and the queues are empty, check_test.go holds the
// hearth to it: what was answered with 2xx stands once, with the words of its
// last edit, under its parent, in order, on the page; nothing that was deleted is
// shown; each refusal has a reason and was one that the book foresaw; each peer
// had everything that it was owed, each id with one body and not again after it
// was taken, and of a thread in the order in which the hearth made it. Memory and
// goroutines return to where they were.
//
// What nobody can know is held against nobody: a peer whose answer was lost sends
// again, what it gave up may have come or not, and that an answer was written does
// not mean that it was read.
//
// Nothing here waits for a time: each wait is for a condition, and its bound is
// there for what never comes. The load ends by the clock, and goes by what the
// hearth has done: on a slow machine less is said.
//
// A failure prints the seed, what is wrong, and all that happened to that id.
package chaos
