package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

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
	ready      *readiness
	metrics    *metrics     // nil where nothing is measured
	side       net.Listener // where the metrics are told; nil: nowhere
	drained    func() <-chan time.Time
}

// newNode puts a house's parts together. Where its host is localhost, or below
// it, strangers may be on this machine and speak http; nowhere else.
func newNode(h *house, s *Settings, log zerolog.Logger) (*node, error) {
	n := &node{house: h, log: log, ready: newReadiness(h.store), drained: func() <-chan time.Time { return time.After(s.Drain) }}
	config := web.Config{
		Version: version, Scheme: h.scheme, Host: h.host, TrustedProxies: s.TrustedProxies,
		ExitTo: s.ExitTo, FormKey: h.secrets.FormKey, Log: log, Ready: n.ready.check,
	}
	if s.Metrics != "" {
		n.metrics = newMetrics()
		config.Observe = n.metrics.request
	}
	n.federation = newFederation(h, log, n.metrics)
	config.Federation = n.federation
	if n.metrics != nil {
		n.metrics.watch(n)
	}
	site, err := web.NewServer(h.service, h.store, config)
	if err != nil {
		return nil, err
	}
	n.handler = site.Handler()
	return n, nil
}

// newFederation is a house's talk with strangers, measured where m is not nil.
func newFederation(h *house, log zerolog.Logger, m *metrics) *federation.Federation {
	config := federation.Config{
		Scheme: h.scheme, Host: h.host, Development: h.scheme == "http", SealKey: h.secrets.SealKey,
		Guard: federation.Guard{Agent: "Hearth/" + version + " (" + h.scheme + "://" + h.host + ")"}, Log: log,
	}
	if m != nil {
		config.Meter = m
	}
	return federation.New(h.store, h.service, config)
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
	err := n.serve(ctx, listener)
	stop()
	<-done
	clock.wait()
	return errors.Join(err, n.house.store.Close())
}
