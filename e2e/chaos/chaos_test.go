//go:build chaos

package chaos

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"hearth/storage/storagetest"
)

// short is how long the load lasts where nobody says, and shortSeed what it is
// made of then.
const (
	short     = 3 * time.Second
	shortSeed = 1
)

// TestMain takes the server away that was built.
func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil && os.Getenv("HEARTH_BINARY") == "" {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// settings are CHAOSTIME and CHAOS_SEED.
func settings(t *testing.T) (lasts time.Duration, seed uint64) {
	t.Helper()
	lasts, seed = short, shortSeed
	if text := os.Getenv("CHAOSTIME"); text != "" {
		var err error
		if lasts, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
		seed = uint64(time.Now().UnixNano() % 1_000_000)
	}
	if text := os.Getenv("CHAOS_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	return lasts, seed
}

// TestNothingIsLostInChaos is the whole of this package, on both engines at once.
func TestNothingIsLostInChaos(t *testing.T) {
	lasts, seed := settings(t)
	for engine, database := range map[string]func(t testing.TB) string{
		"sqlite":   func(testing.TB) string { return "" },
		"postgres": storagetest.PostgresDatabase,
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			t.Logf("again: CHAOS_SEED=%d make chaos CHAOSTIME=%s", seed, lasts)
			w := newWorld(t, seed, database(t))
			stop := w.sends(t.Context())
			t.Cleanup(stop)
			w.meet()
			w.quiet("everybody has met")
			before := w.atRest()
			w.phase("began")

			w.load(lasts)
			w.phase("spoke")
			w.quiet("all that was said is told")
			stop()
			w.phase("was heard")

			w.Logf("what went on: %v", w.book.counted)
			w.checkPosts()
			w.checkPages()
			w.checkOutcomes()
			w.checkForged()
			w.checkPeers()
			w.phase("was held to it")
			w.checkLevel(before)
			w.phase("came to rest")
		})
	}
}

// phase says when something was over.
func (w *world) phase(what string) {
	w.Logf("%s after %s", what, time.Since(w.book.begun).Round(time.Second))
}

// leaves ends all connections with the hearth, which are not its to keep. Both sides
// connect again where there is more to say.
func (w *world) leaves() {
	for _, p := range w.peers {
		p.mail.client.CloseIdleConnections()
		p.HangUp()
	}
	for _, m := range append(w.people, w.warden) {
		m.client.CloseIdleConnections()
	}
}
