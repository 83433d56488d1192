package main

import (
	"context"
	"errors"
	"net"
	"net/http"

	"github.com/rs/zerolog"

	"hearth/federation"
	"hearth/web"
)

// node is one running hearth: its house, its talk with strangers, its pages and
// its clock.
type node struct {
	house      *house
	federation *federation.Federation
	handler    http.Handler
	log        zerolog.Logger
}

// newNode puts a house's parts together. Where its host is localhost, or below
// it, strangers may be on this machine and speak http; nowhere else.
func newNode(h *house, s *Settings, log zerolog.Logger) (*node, error) {
	f := federation.New(h.store, h.service, federation.Config{
		Scheme: h.scheme, Host: h.host, Development: h.scheme == "http", SealKey: h.secrets.SealKey,
		Guard: federation.Guard{Agent: "Hearth/" + version + " (" + h.scheme + "://" + h.host + ")"}, Log: log,
	})
	site, err := web.NewServer(h.service, h.store, web.Config{
		Version: version, Scheme: h.scheme, Host: h.host, TrustedProxies: s.TrustedProxies,
		ExitTo: s.ExitTo, FormKey: h.secrets.FormKey, Log: log, Federation: f,
	})
	if err != nil {
		return nil, err
	}
	return &node{h, f, site.Handler(), log}, nil
}

// run serves until the context ends, and returns when all that was begun has
// ended.
func (n *node) run(ctx context.Context, listener net.Listener) error {
	working, stop := context.WithCancel(ctx)
	defer stop()
	clock := startClock(working, n.log, jobs(n.house))
	done := make(chan struct{})
	go func() {
		defer close(done)
		n.federation.Run(working)
	}()
	err := serve(ctx, listener, n.handler)
	stop()
	<-done
	clock.wait()
	return errors.Join(err, n.house.store.Close())
}
