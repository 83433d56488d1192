//go:build chaos

package chaos

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"
)

// sender is the queue of one peer towards the hearth, which tries again as its
// software does.
type sender struct {
	peer   *peer
	client *http.Client
	from   net.IP // of its own, as servers are not neighbours on one machine

	mu      sync.Mutex
	chance  *rand.Rand
	waiting []*message
	more    chan struct{} // there is, or all is over
	open    int           // messages that were not answered for good
}

func newSender(p *peer, from net.IP, chance *rand.Rand) *sender {
	transport := &http.Transport{DialContext: loopback(from), MaxIdleConnsPerHost: 4}
	return &sender{
		peer: p, from: from, chance: chance, more: make(chan struct{}, 1),
		client: &http.Client{Transport: transport, Timeout: patience},
	}
}

// send queues a message.
func (s *sender) send(m *message) {
	m.from = s
	s.peer.book.keep(m)
	s.mu.Lock()
	s.open++
	s.waiting = append(s.waiting, m)
	s.mu.Unlock()
	s.wake()
}

func (s *sender) wake() {
	select {
	case s.more <- struct{}{}:
	default:
	}
}

func (s *sender) next(ctx context.Context) *message {
	for {
		s.mu.Lock()
		if len(s.waiting) > 0 {
			m := s.waiting[0]
			s.waiting = s.waiting[1:]
			more := len(s.waiting) > 0
			s.mu.Unlock()
			if more {
				s.wake()
			}
			return m
		}
		s.mu.Unlock()
		select {
		case <-s.more:
		case <-ctx.Done():
			return nil
		}
	}
}

// back puts a message into the queue again: first where order is kept, and else
// behind the others.
func (s *sender) back(m *message) {
	s.mu.Lock()
	if s.peer.speaks.ordered {
		s.waiting = append([]*message{m}, s.waiting...)
	} else {
		s.waiting = append(s.waiting, m)
	}
	s.mu.Unlock()
	s.wake()
}

// left is how many messages are not answered for good.
func (s *sender) left() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open
}

// run sends until ctx ends.
func (s *sender) run(ctx context.Context) {
	for m := s.next(ctx); m != nil; m = s.next(ctx) {
		if !s.try(ctx, m) {
			s.later(ctx, m)
		}
	}
}

// later tries a message again after the pause of its software: what keeps order
// waits with it.
func (s *sender) later(ctx context.Context, m *message) {
	m.tries++
	if most := s.peer.speaks.tries; most > 0 && m.tries >= most && !s.peer.faults.over() {
		s.peer.book.note("gives up", fmt.Sprintf("after %d", m.tries), m.id)
		s.done(m)
		return
	}
	wait := s.peer.speaks.again(m.tries)
	if s.peer.speaks.ordered {
		pause(ctx, wait)
		s.back(m)
		return
	}
	time.AfterFunc(wait, func() { s.back(m) })
}

// pause waits, as software between two tries does.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (s *sender) done(m *message) {
	s.mu.Lock()
	s.open--
	m.over = true
	settled := m.settled
	s.mu.Unlock()
	if settled != nil {
		settled()
	}
}

// What can go wrong on the way to the hearth.
const (
	wellSent = iota
	cutBefore
	cutWithin
	cutAfter
	sentTwice
	sentLate
	sentBehind
)

var waysSent = []string{"sent", "cut before the body", "cut within the body", "cut before the answer", "sent twice", "sent late", "put behind the others"}

func (s *sender) fault() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.peer.faults.over() {
		return wellSent
	}
	return pickOne(s.chance, []int{70, 3, 3, 6, 7, 6, 5})
}

// pickOne chooses an index by weight.
func pickOne(chance *rand.Rand, weights []int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	at := chance.IntN(sum)
	for i, w := range weights {
		if at < w {
			return i
		}
		at -= w
	}
	return 0
}

// try sends a message once, well or badly, and says whether that is the end of it.
func (s *sender) try(ctx context.Context, m *message) (done bool) {
	fault := s.fault()
	s.peer.book.note(waysSent[fault], m.kind, m.ids()...)
	switch fault {
	case cutBefore, cutWithin, cutAfter:
		s.cut(m, fault)
		return false
	case sentLate:
		pause(ctx, time.Duration(50+s.roll(500))*time.Millisecond)
	case sentBehind:
		if !s.peer.speaks.ordered {
			return false
		}
	case sentTwice:
		again := make(chan struct{})
		go func() {
			defer close(again)
			s.post(m)
		}()
		defer func() { <-again }()
	}
	status, word := s.post(m)
	return s.judge(m, status, word)
}

func (s *sender) roll(n int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.chance.IntN(n)
}

// judge reads an answer as most software does: a 4xx is for good.
func (s *sender) judge(m *message, status int, word string) (done bool) {
	b := s.peer.book
	b.note(fmt.Sprint("answered ", status), word, m.ids()...)
	b.mu.Lock()
	switch {
	case status >= 200 && status < 300:
		m.accepted = true
	case status >= 400 && status < 500 && status != http.StatusRequestTimeout && status != http.StatusTooManyRequests:
		m.status, m.word = status, word
	default:
		b.mu.Unlock()
		return false
	}
	b.mu.Unlock()
	s.done(m)
	return true
}

// post sends a message whole, and gives what it was answered with and the reason
// of a no; 0 without an answer.
func (s *sender) post(m *message) (status int, word string) {
	s.expose(m)
	resp, err := s.client.Do(s.request(m))
	if err != nil {
		s.peer.book.note("no answer", err.Error(), m.id)
		return 0, ""
	}
	defer resp.Body.Close()
	var no struct{ Error string }
	if body, err := io.ReadAll(resp.Body); err == nil {
		json.Unmarshal(body, &no)
	}
	return resp.StatusCode, no.Error
}

func (s *sender) expose(m *message) {
	s.peer.book.mu.Lock()
	defer s.peer.book.mu.Unlock()
	m.exposed = true
}

func (s *sender) request(m *message) *http.Request {
	if m.forgery != nil {
		return m.forgery.request(s.peer, m)
	}
	return asItIs(s.peer, m)
}

// cut writes a request and goes away at some point of it.
func (s *sender) cut(m *message, fault int) {
	var whole bytes.Buffer
	if err := s.request(m).Write(&whole); err != nil {
		s.peer.Errorf("a request could not be written: %v", err)
		return
	}
	part := whole.Bytes()
	switch fault {
	case cutBefore:
		part = part[:bytes.Index(part, []byte("\r\n\r\n"))+4]
	case cutWithin:
		part = part[:len(part)-len(m.body)/2]
	default:
		s.expose(m)
	}
	conn, err := s.client.Transport.(*http.Transport).DialContext(context.Background(), "tcp", s.peer.hearth.host)
	if err != nil {
		return
	}
	conn.Write(part)
	conn.Close()
}

// ids are the message's own and those of the posts that it speaks of.
func (m *message) ids() []string {
	ids := []string{m.id}
	for _, c := range m.changes {
		ids = append(ids, c.of.uri)
	}
	return ids
}
