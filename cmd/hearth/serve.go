package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"hearth/community"
	"hearth/web"
)

// grace is how long what is in flight may take to finish after Ctrl-C.
const grace = 10 * time.Second

type serveCommand struct{}

// Run listens first, so that a taken port is told before anything is written.
func (c *serveCommand) Run(ctx context.Context, tty console, s *Settings) error {
	listener, err := listen("--listen", s.Listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	var side net.Listener
	if s.Metrics != "" {
		if side, err = listen("--metrics", s.Metrics); err != nil {
			return err
		}
		defer side.Close()
	}
	h, err := openHouse(ctx, s, localhost(listener.Addr()))
	if err != nil {
		return err
	}
	log := s.logger(tty.err)
	n, err := newNode(h, s, log)
	if err != nil {
		return errors.Join(err, h.store.Close())
	}
	n.side = side
	for _, sentence := range warnings(ctx, s, h) {
		log.Warn().Msg(sentence)
	}
	if err := announce(ctx, tty, h); err != nil {
		return errors.Join(err, h.store.Close())
	}
	return n.run(ctx, listener)
}

func listen(flag, address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, wrongf("%s: cannot listen on %s: %v", flag, address, rootCause(err))
	}
	return listener, nil
}

// announce prints one line: where to set up, or where it is.
func announce(ctx context.Context, tty console, h *house) error {
	address := h.scheme + "://" + h.host
	token, err := h.service.NewSetupToken(ctx)
	switch {
	case errors.Is(err, community.Conflict):
		fmt.Fprintf(tty.out, "Hearth is at %s\n", address)
		return nil
	case err != nil:
		return err
	}
	fmt.Fprintf(tty.out, "Hearth waits to be set up, once, at %s/setup/%s\n", address, token)
	return nil
}

// serve answers until the context ends, then lets what is in flight finish.
// Before it stops listening, /readyz says no for as long as the settings ask;
// beside the metrics it says so until the end.
func (n *node) serve(ctx context.Context, listener net.Listener) error {
	public := n.newHTTPServer(n.handler)
	failed := make(chan error, 1)
	go func() { failed <- public.Serve(listener) }()
	defer n.serveAside()()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	n.ready.stop()
	<-n.drained()
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := public.Shutdown(stopping); err != nil {
		return errors.Join(fmt.Errorf("some requests did not finish within %v", grace), public.Close())
	}
	return nil
}

// serveAside tells the metrics, and how the node does, until stop is called.
// Where that fails, people are served all the same.
func (n *node) serveAside() (stop func()) {
	if n.side == nil {
		return func() {}
	}
	server := n.newHTTPServer(n.sideHandler())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := server.Serve(n.side); !errors.Is(err, http.ErrServerClosed) {
			n.log.Error().Err(err).Msg("the metrics are not told any more")
		}
	}()
	return func() {
		server.Close()
		<-ended
	}
}

func (n *node) sideHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", web.HealthHandler(n.ready.check))
	if n.metrics != nil {
		mux.Handle("GET /metrics", n.metrics.handler())
	}
	return mux
}

func (n *node) newHTTPServer(handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          newHTTPComplaints(n.log),
	}
}

// rootCause is the innermost error: the sentence without its wrapping.
func rootCause(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
