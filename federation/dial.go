package federation

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"

	"hearth/federation/wire"
)

// ErrProhibited is under the error of every request that was not made because
// of where it would have gone. It will not be better later.
var ErrProhibited = errors.New("prohibited address")

// Guard says where this server may connect to. The zero Guard is for
// production: https, on its own port, to names that resolve to addresses of the
// public internet (FEP-fe34; the many server-side request forgeries of others
// are named in the tests).
type Guard struct {
	// Agent is the User-Agent of requests that have none.
	Agent string
	// Ports may be named in addresses, beside 443.
	Ports []uint16
	// Development lets localhost and *.localhost through, with http and any
	// port, and takes them to 127.0.0.1. All else stays guarded.
	Development bool
	// Reach is for tests: it knows where the host and port of a made-up server
	// listen. What it knows is dialled unguarded.
	Reach func(address string) (listener string, known bool)
	// FirstByte is for tests: how long an answer may take to begin;
	// firstByteTimeout where it is zero.
	FirstByte time.Duration
	// Roots is for tests: who may vouch for certificates; nil is the system's.
	Roots *x509.CertPool
}

// Limits of a connection. Deliveries take up to eight of a host's, documents up
// to four.
const (
	dialTimeout      = 5 * time.Second
	handshakeTimeout = 5 * time.Second
	firstByteTimeout = 10 * time.Second
	requestTimeout   = 30 * time.Second
	connsPerHost     = 12
	idlePerHost      = 8
	idleConns        = 1024
	idleTimeout      = 90 * time.Second
	pingAfter        = 15 * time.Second // of silence on a shared connection
	maxHeaderBytes   = 64 << 10
)

// NewClient is the one way out of this server: deliveries, documents, keys,
// WebFinger, media. Each request is judged twice, by its URL before anything is
// resolved and by the address it resolved to when the connection is made, so
// that a name which changes its mind in between gains nothing. There is no
// proxy, and no redirect is followed: whoever asked gets the redirect, and asks
// again with a signature of its own.
func NewClient(guard Guard) *http.Client {
	return &http.Client{
		Transport:     &guardedTransport{guard, guard.transport()},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       requestTimeout,
	}
}

func (g Guard) transport() *http.Transport {
	return &http.Transport{
		DialContext:            g.dialler().dial,
		TLSClientConfig:        &tls.Config{RootCAs: g.Roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    handshakeTimeout,
		ResponseHeaderTimeout:  cmp.Or(g.FirstByte, firstByteTimeout),
		MaxConnsPerHost:        connsPerHost,
		MaxIdleConnsPerHost:    idlePerHost,
		MaxIdleConns:           idleConns,
		IdleConnTimeout:        idleTimeout,
		MaxResponseHeaderBytes: maxHeaderBytes,
		ForceAttemptHTTP2:      true,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: pingAfter},
	}
}

// guardedTransport judges every request, whoever made it.
type guardedTransport struct {
	guard Guard
	next  *http.Transport
}

// RoundTrip is http.RoundTripper's.
func (t *guardedTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := t.guard.judge(req.URL); err != nil {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, err
	}
	if req.Header.Get("User-Agent") == "" && t.guard.Agent != "" {
		req = req.Clone(req.Context())
		req.Header.Set("User-Agent", t.guard.Agent)
	}
	return t.next.RoundTrip(req)
}

// CloseIdleConnections makes http.Client's work.
func (t *guardedTransport) CloseIdleConnections() { t.next.CloseIdleConnections() }

func (g Guard) judge(u *url.URL) error {
	options := wire.IRIOptions{Ports: []string{}, Development: g.Development && isLocal(u.Hostname())}
	for _, port := range g.Ports {
		options.Ports = append(options.Ports, strconv.Itoa(int(port)))
	}
	if _, err := wire.ParseIRI(u.String(), options); err != nil {
		return fmt.Errorf("federation: %w: %s: %w", ErrProhibited, u.Redacted(), err)
	}
	return nil
}

func isLocal(host string) bool {
	host = strings.ToLower(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// dialler makes connections as far as a Guard lets it.
type dialler struct {
	guard   Guard
	plain   net.Dialer // to addresses that the guard itself has named
	guarded net.Dialer
}

func (g Guard) dialler() *dialler {
	d := &dialler{guard: g}
	d.plain.Timeout = dialTimeout
	d.guarded = d.plain
	d.guarded.Control = control(g.Ports)
	return d
}

func (d *dialler) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if d.guard.Reach != nil {
		if listener, known := d.guard.Reach(address); known {
			return d.plain.DialContext(ctx, network, listener)
		}
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if d.guard.Development && isLocal(host) {
		return d.plain.DialContext(ctx, network, net.JoinHostPort("127.0.0.1", port))
	}
	return d.guarded.DialContext(ctx, network, address)
}

// control is asked about each address that a name resolved to, right before
// the connection is made. What is not of the public internet is refused: for
// IPv6 all but 2000::/3, and there Teredo, 6to4 and the like; for IPv4 IANA's
// special-purpose registry.
func control(ports []uint16) func(network, address string, c syscall.RawConn) error {
	guardian := ssrf.New(ssrf.WithPorts(slices.Concat([]uint16{443}, ports)...))
	return func(network, address string, c syscall.RawConn) error {
		if err := guardian.Safe(network, address, c); err != nil {
			return fmt.Errorf("%w: %w", ErrProhibited, err)
		}
		return nil
	}
}
