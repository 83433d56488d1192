// Package fedtest is a remote server in a box, for tests: other people's actors,
// keys, inboxes and bad days, under made-up host names on loopback.
//
//	far := fedtest.NewServer(t, "far.example", fedtest.Speaking(fedtest.Lemmy))
//	ada := far.Person("ada")
//	answer := ada.Send("https://oak.example/inbox", ada.Activity("Follow", group))
//	accept := far.AwaitActivity("Accept").Activity()
//
// A [World] is the internet of a test. Its Reach and Roots are made for
// federation.Guard; [World.Mount] puts the hearth under test into it, so that
// both sides speak TLS and HTTP/2 under real-looking names. Several servers
// share one with [In].
//
// A server keeps every request with what became of its signature, checked by a
// verifier that has nothing in common with what it tests and is as strict as
// the strictest peer. Tests wait for what should come with Await and
// AwaitActivity, never by sleeping.
//
// Any path can be made to answer otherwise: [Status], [Body] with another
// content type, [Redirect], [Hang], [After] a channel closes, [InOrder].
//
// Each dialect signs as its software does. What surprises: the package does not
// know hearth's other packages, so that they can use it in their own tests.
package fedtest
