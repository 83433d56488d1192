package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/rs/zerolog"

	"hearth/community"
)

// grace is how long what is in flight may take to finish after Ctrl-C.
const grace = 10 * time.Second

type serveCommand struct{}

// Run listens first, so that a taken port is told before anything is written.
func (c *serveCommand) Run(ctx context.Context, tty console, s *Settings) error {
	listener, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return wrongf("cannot listen on %s: %v", s.Listen, rootCause(err))
	}
	defer listener.Close()
	h, err := openHouse(ctx, s, localhost(listener.Addr()))
	if err != nil {
		return err
	}
	n, err := newNode(h, s, zerolog.New(tty.err).With().Timestamp().Logger())
	if err != nil {
		return errors.Join(err, h.store.Close())
	}
	if err := announce(ctx, tty, h); err != nil {
		return errors.Join(err, h.store.Close())
	}
	return n.run(ctx, listener)
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
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := server.Shutdown(stopping); err != nil {
		return errors.Join(fmt.Errorf("some requests did not finish within %v", grace), server.Close())
	}
	return nil
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
