package fedtest

import (
	"context"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// World is the internet of one test: host names that lead to servers on
// loopback, one authority that vouches for them, and one clock.
type World struct {
	tb     testing.TB
	client *http.Client

	mu        sync.Mutex
	listeners map[string]string           // by host and port
	servers   map[string]*httptest.Server // by URL
	trusted   map[string]*rsa.PublicKey
	remembers bool
	keys      int
	clock     func() time.Time
}

// NewWorld is an empty one. It ends with the test.
func NewWorld(tb testing.TB) *World {
	w := &World{
		tb:        tb,
		listeners: map[string]string{},
		servers:   map[string]*httptest.Server{},
		trusted:   map[string]*rsa.PublicKey{},
		clock:     time.Now,
	}
	w.client = &http.Client{
		Transport: &http.Transport{
			DialContext:       w.dial,
			TLSClientConfig:   &tls.Config{RootCAs: w.Roots(), MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       patience,
	}
	tb.Cleanup(w.client.CloseIdleConnections)
	return w
}

// Point has a name lead to a server that the world did not start: a hearth in a
// process of its own.
func (w *World) Point(host, listener string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.listeners[strings.ToLower(host)] = listener
}

// nowhere is where names lead that are not mounted: nobody listens there.
const nowhere = "127.0.0.1:1"

// Reach is where the server listens that address, a host and port, names; every
// name has an answer, so that no test asks a real resolver. It is made for
// federation.Guard's Reach.
func (w *World) Reach(address string) (listener string, known bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if listener, known := w.listeners[strings.ToLower(address)]; known {
		return listener, true
	}
	return nowhere, true
}

func (w *World) dial(ctx context.Context, network, address string) (net.Conn, error) {
	listener, _ := w.Reach(address)
	var dialer net.Dialer
	return dialer.DialContext(ctx, network, listener)
}

// Roots vouch for every server of every world, and for no other. They are made
// for federation.Guard's Roots.
func (w *World) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(authority().Leaf)
	return pool
}

// Mount serves handler as https://host until the test ends, over HTTP/2 to who
// speaks it, and gives that address. It is for hearths under test as much as
// for the servers of this package. unplug takes it off the net.
func (w *World) Mount(host string, handler http.Handler) (address string, unplug func()) {
	server := httptest.NewUnstartedServer(handler)
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that tests mean to fail
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate(host)}}
	server.StartTLS()
	w.plug(host+":443", "https://"+host, server)
	return "https://" + host, func() { w.unplug(host+":443", server) }
}

// MountPlain serves handler over http at a port of its own. host ends in
// .localhost, the only names for which a hearth in development speaks http.
func (w *World) MountPlain(host string, handler http.Handler) (address string, unplug func()) {
	server := httptest.NewServer(handler)
	listener, err := url.Parse(server.URL)
	if err != nil {
		w.tb.Fatal(err)
	}
	host += ":" + listener.Port()
	w.plug(host, "http://"+host, server)
	return "http://" + host, func() { w.unplug(host, server) }
}

func (w *World) plug(address, url string, server *httptest.Server) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, taken := w.listeners[address]; taken {
		w.tb.Fatalf("fedtest: %s is mounted already", address)
	}
	w.listeners[address], w.servers[url] = server.Listener.Addr().String(), server
	w.tb.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
}

func (w *World) unplug(address string, server *httptest.Server) {
	w.mu.Lock()
	delete(w.listeners, address)
	w.mu.Unlock()
	server.CloseClientConnections()
}

func (w *World) hangUp(url string) {
	w.mu.Lock()
	server := w.servers[url]
	w.mu.Unlock()
	server.CloseClientConnections()
}

// SetClock makes the servers sign and judge by another clock than the real one.
func (w *World) SetClock(now func() time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clock = now
}

// Now is the world's time.
func (w *World) Now() time.Time {
	w.mu.Lock()
	clock := w.clock
	w.mu.Unlock()
	return clock()
}
