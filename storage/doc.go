// Package storage is how a hearth is remembered: one Store over two engines,
// PostgreSQL for production and several nodes, SQLite embedded for one.
//
// Rules of the room:
//
//   - One set of queries. The engines differ only in open.go, claim.go,
//     errors.go, search and the migrations' words.
//   - A method is one query or a fixed few; there is no query in a loop, and
//     every list is bounded.
//   - No rule lives here. Storage answers what is, Services judge.
//   - On SQLite writes go through one connection and reads through a bounded
//     read-only pool; inside InTx both are the transaction.
//   - Errors are wrapped once, as "storage: noun: ...", or become a Kind of
//     package community in errors.go.
//
// A backup (snapshot.go, archive*.go) is made of what the database's catalogue
// lists, so that a new table is in it by itself. A column of a type that none
// had before is an error there until archive_table.go knows it.
//
// Rows are the community's own structs: bun maps a field to the column of its
// underscored name. Where a noun spans two tables (an Account is an actor and
// an accounts row), the second row is a struct in the noun's file.
package storage
