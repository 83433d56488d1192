package federation_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"hearth/federation"
)

// wired is a Fetcher in a time of the test's own, whose every connection leads to one
// peer, and the client that it asks by.
type wired struct {
	*federation.Fetcher
	client *http.Client
	dialed atomic.Int32
}

// wireTo has a peer answer each connection from the request's first byte on; it ends
// with the connection.
func wireTo(t *testing.T, peer func(conn net.Conn)) *wired {
	w := &wired{}
	w.client = federation.NewClientOver(federation.Guard{Development: true}, func(context.Context, string, string) (net.Conn, error) {
		w.dialed.Add(1)
		near, far := net.Pipe()
		go func() {
			defer far.Close()
			peer(far)
		}()
		return near, nil
	})
	key := instanceKey()
	w.Fetcher = federation.NewFetcher(federation.FetcherConfig{
		Client: w.client, Domain: "oak.example",
		Keys: func(context.Context) (federation.Key, *federation.Key, error) { return key, nil, nil },
	})
	t.Cleanup(w.client.CloseIdleConnections)
	return w
}

// hears reads a request to its end; false where there is none.
func hears(conn net.Conn) bool {
	req, err := http.ReadRequest(bufio.NewReader(conn))
	if err == nil {
		io.Copy(io.Discard, req.Body)
	}
	return err == nil
}

// drips says something, and then a byte a second until nobody listens.
func drips(begins string) func(net.Conn) {
	return func(conn net.Conn) {
		if !hears(conn) {
			return
		}
		_, err := io.WriteString(conn, begins)
		for err == nil {
			time.Sleep(time.Second)
			_, err = conn.Write([]byte(" "))
		}
	}
}

const answers200 = "HTTP/1.1 200 OK\r\nContent-Type: application/activity+json\r\n"

// A server that is slow on purpose holds a fetch for thirty seconds in all, also
// where it sends it on, and is left alone for a minute.
func TestWhoeverAnswersSlowlyIsNotWaitedFor(t *testing.T) {
	redirects := func(conn net.Conn) {
		if hears(conn) {
			time.Sleep(9 * time.Second)
			fmt.Fprintf(conn, "HTTP/1.1 302 Found\r\nLocation: http://far.localhost/%d\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", time.Now().UnixNano())
		}
	}
	for _, c := range []struct {
		name  string
		peer  func(net.Conn)
		lasts time.Duration
	}{
		{"a server that says nothing", func(conn net.Conn) { hears(conn); io.Copy(io.Discard, conn) }, 10 * time.Second},
		{"one that does not even read", func(conn net.Conn) { time.Sleep(time.Hour) }, 30 * time.Second},
		{"a header without end", drips("HTTP/1.1 200 OK\r\nX-A: "), 10 * time.Second},
		{"a body of a byte a second", drips(answers200 + "Content-Length: 100000\r\n\r\n{"), 30 * time.Second},
		{"one without a length", drips(answers200 + "\r\n{"), 30 * time.Second},
		{"redirects that take their time", redirects, 30 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				far := wireTo(t, c.peer)
				began := time.Now()
				_, _, err := far.Document(t.Context(), "http://far.localhost/doc")
				failsWith(t, "a slow answer", err, federation.FetchUnreachable)
				if lasted := time.Since(began); lasted != c.lasts {
					t.Errorf("it was waited for %v, want %v", lasted, c.lasts)
				}
				asked := far.dialed.Load()
				_, _, err = far.Document(t.Context(), "http://far.localhost/other")
				failsWith(t, "another thing of it, at once", err, federation.FetchUnreachable)
				if far.dialed.Load() != asked {
					t.Errorf("it was asked again within a minute")
				}
				time.Sleep(time.Hour) // until the peer is gone too
			})
		})
	}
}

// What is delivered waits no longer than what is fetched, however its answer comes.
func TestAnAnswerToADeliveryIsNotWaitedForWithoutEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		far := wireTo(t, drips(answers200+"\r\n{"))
		began := time.Now()
		resp, err := far.client.Post("http://far.localhost/inbox", activityJSON, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if lasted := time.Since(began); err == nil || lasted != 30*time.Second {
			t.Errorf("it was read for %v, %v; want 30 s", lasted, err)
		}
		time.Sleep(time.Minute) // until the peer is gone too
	})
}

// One fetch serves all who want it, also when the first of them gives up.
func TestOneFetchServesAllWhoWantIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ready := make(chan struct{})
		far := wireTo(t, func(conn net.Conn) {
			if hears(conn) {
				<-ready
				body := document("http://far.localhost/doc")
				fmt.Fprintf(conn, answers200+"Connection: close\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
			}
		})
		impatient, leave := context.WithCancel(t.Context())
		first := make(chan error)
		go func() {
			_, _, err := far.Document(impatient, "http://far.localhost/doc")
			first <- err
		}()
		synctest.Wait() // it is asked
		leave()
		failsWith(t, "who left", <-first, federation.FetchUnreachable)
		var others sync.WaitGroup
		for range 20 {
			others.Go(func() {
				if _, _, err := far.Document(t.Context(), "http://far.localhost/doc"); err != nil {
					t.Errorf("who stayed: %v", err)
				}
			})
		}
		synctest.Wait() // all of them wait
		if n := far.dialed.Load(); n != 1 {
			t.Errorf("it was asked %d times for 21 who wanted it, want once", n)
		}
		close(ready)
		others.Wait()
		if n := far.dialed.Load(); n != 1 {
			t.Errorf("it was asked %d times for 21 who wanted it, want once", n)
		}
	})
}
