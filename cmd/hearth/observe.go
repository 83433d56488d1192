package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"hearth/storage"
)

// logger writes on w as the settings say.
func (s *Settings) logger(w io.Writer) zerolog.Logger {
	if s.LogFormat == "text" {
		w = zerolog.ConsoleWriter{Out: w, NoColor: true, TimeFormat: time.RFC3339}
	}
	level, err := zerolog.ParseLevel(s.LogLevel)
	if err != nil {
		level = zerolog.InfoLevel
	}
	return zerolog.New(w).Level(level).With().Timestamp().Logger()
}

// addresses are numeric ones, with their ports.
var addresses = regexp.MustCompile(`\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|\[[0-9a-fA-F:.%\w]+\](?::\d+)?`)

// httpComplaints takes what net/http says of its connections into the log,
// without whose they are.
type httpComplaints struct{ log zerolog.Logger }

func (c httpComplaints) Write(line []byte) (int, error) {
	c.log.Warn().Str("said", string(bytes.TrimSpace(addresses.ReplaceAll(line, []byte("(address)"))))).Msg("http")
	return len(line), nil
}

func newHTTPComplaints(l zerolog.Logger) *log.Logger { return log.New(httpComplaints{l}, "", 0) }

// clockSlack is how far the clocks of two machines may be apart unremarked.
const clockSlack = 5 * time.Second

// databaseClock tells the time of the database's machine.
type databaseClock interface {
	Clock(ctx context.Context) (time.Time, error)
}

// warnings are what an operator should know of how this hearth is run, a
// sentence each. None of it keeps it from running.
func warnings(ctx context.Context, s *Settings, h *house) []string {
	var all []string
	for _, ask := range []func() string{
		func() string { return openFolder(s.Data) },
		func() string { return openSecrets(s.Data) },
		func() string { return wideListener(s, h.scheme) },
		func() string { return wideMetrics(s.Metrics) },
		func() string { return wrongClock(ctx, h.store, time.Now) },
		func() string { return newerSchema(ctx, h.store) },
	} {
		if sentence := ask(); sentence != "" {
			all = append(all, sentence)
		}
	}
	return all
}

func openFolder(path string) string {
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 == 0 {
		return ""
	}
	return fmt.Sprintf("others on this machine may look into the data folder %s: chmod 700 it", path)
}

func openSecrets(data string) string {
	path := filepath.Join(data, secretsFile)
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 == 0 {
		return ""
	}
	return fmt.Sprintf("others on this machine may read %s, which opens the keys in the database: chmod 600 it", path)
}

// wideListener is about passwords on an open network: Hearth speaks http, and a
// proxy in front of it https.
func wideListener(s *Settings, scheme string) string {
	if scheme != "https" || len(s.TrustedProxies) > 0 || !isWide(s.Listen) {
		return ""
	}
	return fmt.Sprintf("--listen %s can be reached from other machines, and no proxy is named with --trusted-proxies: passwords would cross the network unencrypted", s.Listen)
}

func wideMetrics(listen string) string {
	if listen == "" || !isWide(listen) {
		return ""
	}
	return fmt.Sprintf("--metrics %s can be reached from other machines: whoever reaches it reads how much goes on here", listen)
}

// isWide says whether an address is more than this machine's own.
func isWide(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	ip := net.ParseIP(host)
	return err == nil && host != "localhost" && (ip == nil || !ip.IsLoopback())
}

// wrongClock compares with the middle of the question.
func wrongClock(ctx context.Context, database databaseClock, now func() time.Time) string {
	before := now()
	theirs, err := database.Clock(ctx)
	if err != nil {
		return ""
	}
	apart := before.Add(now().Sub(before) / 2).Sub(theirs)
	if apart.Abs() <= clockSlack {
		return ""
	}
	return fmt.Sprintf("this machine's clock and the database's are %s apart: signatures carry the time and are refused when it is wrong", apart.Abs().Round(time.Second))
}

// newerSchema is about a binary that was put back, or not yet replaced. It runs:
// what a migration adds is made so that the binary before it does.
func newerSchema(ctx context.Context, store *storage.Store) string {
	newer, err := store.NewerMigrations(ctx)
	if err != nil || len(newer) == 0 {
		return ""
	}
	return fmt.Sprintf("the database was brought up to date by a newer Hearth, with migrations that this one (%s) does not know: %s", version, strings.Join(newer, ", "))
}
