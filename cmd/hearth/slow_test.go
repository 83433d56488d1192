package main

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
)

// pipes are connections without a network, whose deadlines keep a test's own time.
type pipes struct {
	conns chan net.Conn
	ended chan struct{}
}

func newPipes() *pipes { return &pipes{make(chan net.Conn), make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.ended:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.ended); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial() net.Conn {
	near, far := net.Pipe()
	p.conns <- far
	return near
}

const aPost = "POST /inbox HTTP/1.1\r\nHost: oak.example\r\n"

// Whoever sends or reads a byte a second holds a connection for so long, whatever
// they begin with, and no longer (docs/decisions/0031).
func TestWhoeverIsSlowIsLetGo(t *testing.T) {
	for _, c := range []struct {
		name, begins string
		drips, reads bool
		lasts        time.Duration
	}{
		{"says nothing", "", false, true, 10 * time.Second},
		{"a request line without end", "POST /", true, true, 10 * time.Second},
		{"a header without end", aPost + "X-A: ", true, true, 10 * time.Second},
		{"a body that drips", aPost + "Content-Length: 1000\r\n\r\n", true, true, 30 * time.Second},
		{"a body that does not come", aPost + "Content-Length: 1000\r\n\r\n", false, true, 30 * time.Second},
		{"a body in chunks that drips", aPost + "Transfer-Encoding: chunked\r\n\r\nff\r\n", true, true, 30 * time.Second},
		{"an answer that nobody reads", aPost + "Content-Length: 0\r\n\r\n", false, false, 60 * time.Second},
		{"nothing after an answer", aPost + "Content-Length: 0\r\n\r\n", false, true, 2 * time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				line := newPipes()
				n := &node{log: zerolog.Nop()}
				server := n.newHTTPServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if _, err := io.Copy(io.Discard, r.Body); errors.Is(err, os.ErrDeadlineExceeded) {
						w.Header().Set("Connection", "close") // as the inbox says
						w.WriteHeader(http.StatusRequestTimeout)
						return
					}
					io.WriteString(w, strings.Repeat("word ", 10_000))
				}))
				go server.Serve(line)
				conn := line.dial()
				began := time.Now()
				ended := make(chan time.Duration, 2)
				if c.reads {
					go func() {
						io.Copy(io.Discard, conn)
						ended <- time.Since(began)
					}()
				}
				go func() {
					if _, err := io.WriteString(conn, c.begins); err != nil {
						return
					}
					for c.drips && time.Since(began) < time.Hour {
						if _, err := conn.Write([]byte("a")); err != nil {
							return
						}
						time.Sleep(time.Second)
					}
				}()
				if !c.reads { // its end is seen by reading at last, when it should be over
					time.Sleep(c.lasts + time.Second)
					go func() {
						io.Copy(io.Discard, bufio.NewReader(conn))
						ended <- time.Since(began)
					}()
				}
				if lasted := <-ended; lasted < c.lasts || lasted > c.lasts+2*time.Second {
					t.Errorf("it lasted %v, want %v", lasted, c.lasts)
				}
				conn.Close()
				server.Close()
				time.Sleep(time.Minute) // until all of it has ended
			})
		})
	}
}
