package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

type healthCommand struct{}

// healthPatience bounds the whole question. Who asks regularly sets a shorter
// bound of their own.
const healthPatience = 30 * time.Second

// Run asks the hearth that serves on this machine with these settings whether it
// is ready, and prints what it says: for images without a shell, whose health
// somebody else watches.
func (c *healthCommand) Run(ctx context.Context, tty console, s *Settings) error {
	address, err := nearAddress(s.Listen)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, healthPatience)
	defer cancel()
	said, status, err := askHealth(ctx, "http://"+address+"/readyz")
	if err != nil {
		return fmt.Errorf("no hearth answers on %s: %w", address, rootCause(err))
	}
	if status != http.StatusOK {
		return fmt.Errorf("the hearth on %s is not ready: %s", address, strings.Join(strings.Fields(said), ", "))
	}
	fmt.Fprintln(tty.out, strings.TrimSpace(said))
	return nil
}

// nearAddress is where this machine reaches what listens on an address: on all
// of its own is on its loopback too.
func nearAddress(listen string) (string, error) {
	host, port, err := net.SplitHostPort(listen)
	switch {
	case err != nil:
		return "", wrongf("--listen %q is not an address", listen)
	case port == "0":
		return "", wrongf("--listen %s leaves the port open: say the one that it listens on", listen)
	}
	ip := net.ParseIP(host)
	switch {
	case host == "" || ip != nil && ip.IsUnspecified() && ip.To4() != nil:
		host = "127.0.0.1"
	case ip != nil && ip.IsUnspecified():
		host = "::1"
	}
	return net.JoinHostPort(host, port), nil
}

// askHealth goes straight there, whatever proxy the environment names.
func askHealth(ctx context.Context, url string) (said string, status int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", 0, err
	}
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		return "", 0, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<10))
	return string(body), res.StatusCode, err
}
