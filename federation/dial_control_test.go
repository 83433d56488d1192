package federation

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// CVE-2026-22245, CVE-2026-50131, CVE-2024-39687: ranges that are not of the
// public internet, in every spelling.
func TestOnlyThePublicInternetIsDialled(t *testing.T) {
	for address, permitted := range map[string]bool{
		"93.184.215.14:443":            true,
		"1.1.1.1:443":                  true,
		"[2606:4700:4700::1111]:443":   true,
		"[2a00:1450:4001::200e]:443":   true,
		"93.184.215.14:80":             false, // other ports
		"93.184.215.14:22":             false,
		"[2606:4700:4700::1111]:6379":  false,
		"0.0.0.0:443":                  false, // this host
		"127.0.0.1:443":                false, // loopback
		"127.1.2.3:443":                false,
		"10.0.0.1:443":                 false, // private
		"172.16.0.1:443":               false,
		"172.31.255.255:443":           false,
		"192.168.1.1:443":              false,
		"100.64.0.1:443":               false, // carrier-grade NAT
		"100.127.255.255:443":          false,
		"169.254.169.254:443":          false, // link-local, cloud metadata
		"192.0.0.8:443":                false, // IETF
		"192.0.2.1:443":                false, // documentation
		"198.51.100.1:443":             false,
		"203.0.113.1:443":              false,
		"198.18.0.1:443":               false, // benchmarks
		"198.19.255.255:443":           false,
		"192.88.99.1:443":              false, // 6to4 relays
		"224.0.0.1:443":                false, // multicast
		"239.255.255.250:443":          false,
		"240.0.0.1:443":                false, // reserved
		"255.255.255.255:443":          false,
		"[::]:443":                     false,
		"[::1]:443":                    false,
		"[::ffff:127.0.0.1]:443":       false, // IPv4 in IPv6
		"[::ffff:93.184.215.14]:443":   false,
		"[::127.0.0.1]:443":            false,
		"[64:ff9b::7f00:1]:443":        false, // NAT64
		"[64:ff9b::5db8:d70e]:443":     false,
		"[64:ff9b:1::7f00:1]:443":      false,
		"[2001::1]:443":                false, // Teredo
		"[2001:db8::1]:443":            false, // documentation
		"[3fff::1]:443":                false,
		"[2002:7f00:1::1]:443":         false, // 6to4
		"[fc00::1]:443":                false, // unique local
		"[fd12:3456::1]:443":           false,
		"[fe80::1]:443":                false, // link-local
		"[fec0::1]:443":                false, // site-local
		"[ff02::1]:443":                false, // multicast
		"[100::1]:443":                 false, // discard
		"[4000::1]:443":                false, // outside of 2000::/3
		"[2620:4f:8000::1]:443":        false, // AS112
		"[2606:4700:4700::1111%1]:443": false,
		"not an address":               false,
	} {
		network := "tcp4"
		if address[0] == '[' {
			network = "tcp6"
		}
		err := control(nil)(network, address, nil)
		if permitted != (err == nil) {
			t.Errorf("%s: %v, want permitted = %v", address, err, permitted)
		}
		if err != nil && !errors.Is(err, ErrProhibited) {
			t.Errorf("%s: %v, want %v", address, err, ErrProhibited)
		}
	}
	if err := control(nil)("udp4", "93.184.215.14:443", nil); !errors.Is(err, ErrProhibited) {
		t.Errorf("UDP: %v, want %v", err, ErrProhibited)
	}
	if err := control([]uint16{8443})("tcp4", "93.184.215.14:8443", nil); err != nil {
		t.Errorf("a port that was allowed: %v, want none", err)
	}
}

// CVE-2025-23221 and Lemmy's window between resolving and connecting: it is the
// address that counts, not what the name looked like.
func TestNameThatResolvesInsideIsNotDialled(t *testing.T) {
	for _, guard := range []Guard{{}, {Development: true}} {
		dialler := guard.dialler()
		dialler.guarded.Resolver = resolvingTo(t, [4]byte{127, 0, 0, 1})
		transport := guard.transport()
		transport.DialContext = dialler.dial
		client := &http.Client{Transport: &guardedTransport{guard, transport}}
		_, err := client.Get("https://rebind.example/")
		if !errors.Is(err, ErrProhibited) {
			t.Errorf("development %v: %v, want %v", guard.Development, err, ErrProhibited)
		}
	}
}

// resolvingTo is a resolver that knows one address for every name.
func resolvingTo(t *testing.T, address [4]byte) *net.Resolver {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	go answerNames(server, address)
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var dialer net.Dialer
		return dialer.DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

func answerNames(server net.PacketConn, address [4]byte) {
	packet := make([]byte, 1500)
	for {
		n, from, err := server.ReadFrom(packet)
		if err != nil {
			return
		}
		var message dnsmessage.Message
		if message.Unpack(packet[:n]) != nil || len(message.Questions) == 0 {
			continue
		}
		asked := message.Questions[0]
		message.Response, message.Additionals = true, nil
		if asked.Type == dnsmessage.TypeA {
			message.Answers = []dnsmessage.Resource{{
				Header: dnsmessage.ResourceHeader{Name: asked.Name, Type: asked.Type, Class: asked.Class, TTL: 1},
				Body:   &dnsmessage.AResource{A: address},
			}}
		}
		if packed, err := message.Pack(); err == nil {
			server.WriteTo(packed, from)
		}
	}
}
