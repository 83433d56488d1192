package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"hearth/storage"
	"hearth/storage/storagetest"
	"hearth/web"
)

func TestReadyIsWhatANodeStandsOn(t *testing.T) {
	storagetest.EachAddress(t, func(t *testing.T, address string) {
		ctx, now := t.Context(), time.Now()
		store, err := storage.Open(ctx, address)
		if err != nil {
			t.Fatal(err)
		}
		r := newReadiness(store)
		r.now, r.patience = func() time.Time { return now }, time.Minute
		check := func(step string, want ...string) {
			t.Helper()
			if got := r.check(ctx); !slices.Equal(got, want) {
				t.Errorf("%s: got %v, want %v", step, got, want)
			}
		}
		check("an empty database", "migrations")
		if err := store.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		check("asked again at once", "migrations")
		now = now.Add(readyMemory)
		check("migrated")
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		check("asked again at once, all is well still")
		now = now.Add(readyMemory)
		check("without a database", "database")
		r.stop()
		check("stopping", "stopping")
	})
}

func TestReadyIsJudgedForAllWhoAsk(t *testing.T) {
	r := newReadiness(storagetest.SQLite(t))
	r.patience = time.Minute
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if got := r.check(gone); got != nil {
		t.Errorf("asked by somebody who hung up: got %v, want it ready", got)
	}
}

func TestHealthGoesWhereTheHearthListens(t *testing.T) {
	for listen, want := range map[string]string{
		"127.0.0.1:8080": "127.0.0.1:8080", "0.0.0.0:8080": "127.0.0.1:8080", ":8080": "127.0.0.1:8080",
		"[::]:8080": "[::1]:8080", "[fd00::1]:8080": "[fd00::1]:8080", "localhost:8080": "localhost:8080", "127.0.0.1:0": "",
	} {
		got, err := nearAddress(listen)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: got %q, %v; want %q", listen, got, err, want)
		}
	}
}

// A node that is told to stop says so before it stops, and serves until then.
func TestStoppingIsSaidBeforeItIsDone(t *testing.T) {
	storagetest.EachAddress(t, func(t *testing.T, address string) {
		n := newTestNode(t, address)
		release := make(chan time.Time)
		n.drained = func() <-chan time.Time { return release }
		side, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		n.side = side
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- n.run(ctx, listener) }()
		for _, base := range []string{listener.Addr().String(), side.Addr().String()} {
			awaitHealth(t, base, http.StatusOK, "ok")
		}
		if _, status, _ := askHealth(t.Context(), "http://"+side.Addr().String()+"/help"); status != http.StatusNotFound {
			t.Errorf("a page beside the metrics: got %d, want 404", status)
		}
		stop()
		for _, base := range []string{listener.Addr().String(), side.Addr().String()} {
			awaitHealth(t, base, http.StatusServiceUnavailable, "stopping")
			if said, status, err := askHealth(t.Context(), "http://"+base+"/healthz"); status != http.StatusOK || said != "ok\n" {
				t.Errorf("it lives still: got %d %q, %v", status, said, err)
			}
		}
		close(release)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if _, _, err := askHealth(t.Context(), "http://"+side.Addr().String()+"/healthz"); err == nil {
			t.Error("something listens beside still")
		}
	})
}

// newTestNode is a hearth on a database, of this machine, with its own folder.
func newTestNode(t *testing.T, address string) *node {
	t.Helper()
	s := &Settings{Data: t.TempDir(), Domain: "oak.localhost:8080"}
	if strings.HasPrefix(address, "postgres") {
		s.Database = address
	}
	h, err := openHouse(t.Context(), s, "")
	if err != nil {
		t.Fatal(err)
	}
	n, err := newNode(h, s, zerolog.New(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	n.ready.patience = time.Minute
	return n
}

func awaitHealth(t *testing.T, base string, status int, word string) {
	t.Helper()
	eventually(t, fmt.Sprintf("%d %s", status, word), func() (bool, error) {
		said, got, err := askHealth(t.Context(), "http://"+base+"/readyz")
		return err == nil && got == status && said == word+"\n", nil // it may not listen yet
	})
}

func TestHealthCommandSaysHowTheHearthIs(t *testing.T) {
	failing := []string{"database", "stopping"}
	server := &http.Server{Handler: web.HealthHandler(func(context.Context) []string { return failing })}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(listener)
	defer server.Close()
	ask := func() (int, string, string) {
		var out, complaints strings.Builder
		status := run(t.Context(), []string{"health", "--listen", listener.Addr().String(), "--data", t.TempDir()}, console{strings.NewReader(""), &out, &complaints})
		return status, out.String(), complaints.String()
	}
	if status, out, said := ask(); status != exitFailed || out != "" || !strings.Contains(said, "is not ready: database, stopping") {
		t.Errorf("not ready: got %d, %q, %q", status, out, said)
	}
	failing = nil
	if status, out, said := ask(); status != 0 || out != "ok\n" || said != "" {
		t.Errorf("ready: got %d, %q, %q", status, out, said)
	}
	server.Close()
	if status, _, said := ask(); status != exitFailed || !strings.Contains(said, "no hearth answers on") || strings.Count(said, "\n") != 1 {
		t.Errorf("nobody there: got %d, %q", status, said)
	}
}
