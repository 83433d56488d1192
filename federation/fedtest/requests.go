package fedtest

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"
)

// patience is how long a test waits for what should come at once.
const patience = 20 * time.Second

// ErrUnsigned is the Err of a request without a signature.
var ErrUnsigned = errors.New("not signed")

// Request is one that reached a Server, as it came.
type Request struct {
	Method, Path string // the path with its query, as in the request line
	Header       http.Header
	Body         []byte
	KeyID        string // by which it says it is signed
	Err          error  // why its signature does not hold; nil if it does
}

// Activity is the body, decoded; nil if it is not an object.
func (r Request) Activity() map[string]any {
	var activity map[string]any
	if json.Unmarshal(r.Body, &activity) != nil {
		return nil
	}
	return activity
}

// Type is the activity's, or empty.
func (r Request) Type() string {
	kind, _ := r.Activity()["type"].(string)
	return kind
}

// requestLog keeps requests and wakes whoever waits for one.
type requestLog struct {
	mu       sync.Mutex
	all      []Request
	answered []bool // given out by Await
	changed  chan struct{}
}

func (l *requestLog) add(r Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all, l.answered = append(l.all, r), append(l.answered, false)
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
}

// take gives the first match that nobody was given before, or else a channel
// that closes when there is more to look at.
func (l *requestLog) take(match func(Request) bool) (Request, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, r := range l.all {
		if !l.answered[i] && match(r) {
			l.answered[i] = true
			return r, nil
		}
	}
	if l.changed == nil {
		l.changed = make(chan struct{})
	}
	return Request{}, l.changed
}

func (s *Server) keep(r *http.Request, body []byte) Request {
	kept := Request{Method: r.Method, Path: r.RequestURI, Header: r.Header.Clone(), Body: body, Err: ErrUnsigned}
	switch {
	case r.Header.Get("Signature-Input") != "":
		kept.KeyID, kept.Err = VerifyMessage(r, body, s.URL, s.World.publicKey, s.World.Now())
	case r.Header.Get("Signature") != "":
		kept.KeyID, kept.Err = s.Dialect.Verify(r, body, s.World.publicKey, s.World.Now())
	}
	s.log.add(kept)
	return kept
}

// Requests is all that came so far, oldest first.
func (s *Server) Requests() []Request {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return slices.Clone(s.log.all)
}

// Deliveries is the POSTs among Requests.
func (s *Server) Deliveries() []Request {
	return slices.DeleteFunc(s.Requests(), func(r Request) bool { return r.Method != http.MethodPost })
}

// Await gives the first request that matches and that no Await gave before; the
// test fails where none comes. what names it in that failure.
func (s *Server) Await(what string, match func(Request) bool) Request {
	s.tb.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		found, more := s.log.take(match)
		if more == nil {
			return found
		}
		select {
		case <-more:
		case <-deadline.C:
			s.tb.Fatalf("fedtest: %s waited %s for %s; there came %s", s.Host, patience, what, s.summary())
		}
	}
}

func (s *Server) summary() (lines []string) {
	for _, r := range s.Requests() {
		lines = append(lines, r.Method+" "+r.Path+" "+r.Type())
	}
	return lines
}

// AwaitActivity awaits a delivered activity of that type. Its signature must
// hold.
func (s *Server) AwaitActivity(kind string) Request {
	s.tb.Helper()
	found := s.Await("the delivery of "+kind, func(r Request) bool {
		return r.Method == http.MethodPost && r.Type() == kind
	})
	if found.Err != nil {
		s.tb.Errorf("fedtest: the %s is not signed as it should be: %v", kind, found.Err)
	}
	return found
}
