//go:build chaos

package chaos

import (
	"bufio"
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/storage/storagetest"
)

// patience is how long something may take that takes a second on a quiet machine.
// Nothing waits for it that goes well. It is longer than a hearth asks nobody for keys
// on behalf of a server whose key it could not have, which is five minutes.
const patience = 10 * time.Minute

const password = "lantern river kettle"

// hearth is the program under test: a process with data of its own.
type hearth struct {
	*testing.T
	binary, host, listen, metrics string
	settings                      []string
	sql                           *sql.DB
}

// binary builds the server as operators have it, once, unless HEARTH_BINARY names
// one that is built already.
var binary = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("HEARTH_BINARY"); path != "" {
		return path, nil
	}
	folder, err := os.MkdirTemp("", "hearth-chaos")
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "hearth")
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", path, "hearth/cmd/hearth")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	said, err := build.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, said)
	}
	return path, nil
})

// newHearth is one that was set up and serves; its admin signs in as "warden".
// database is empty for SQLite.
func newHearth(t *testing.T, database string) *hearth {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	h := &hearth{T: t, binary: path, listen: freeAddress(t), metrics: freeAddress(t)}
	_, port, _ := net.SplitHostPort(h.listen)
	h.host = "oak.localhost:" + port
	data := filepath.Join(t.TempDir(), "oak")
	h.settings = append(os.Environ(), "HEARTH_DATA="+data, "HEARTH_DOMAIN="+h.host, "HEARTH_LISTEN="+h.listen,
		"HEARTH_METRICS="+h.metrics, "HEARTH_LOG_LEVEL=warn", "HEARTH_DATABASE="+database)
	h.command("setup", "--login", "warden", "--public-name", "oak-heron", "--password", password, "--name", "Oak house",
		"--purpose", "A place to talk.", "--contact", "hello@oak.example", "--front-door", "open")
	for _, login := range members {
		h.command("user", "add", login, "--public-name", "soft-"+login, "--password", password)
	}
	if database == "" {
		database = filepath.Join(data, "hearth.db")
	}
	h.sql = storagetest.SQL(t, database)
	h.serve()
	return h
}

func (h *hearth) address() string { return "http://" + h.host }

// freeAddress is one on loopback that nobody listens at, below the ports that a
// system gives to connections which are opened.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 1000 {
		address := fmt.Sprintf("127.0.0.1:%d", 10_000+rand.N(10_000))
		listener, err := net.Listen("tcp", address)
		if err != nil {
			continue
		}
		listener.Close()
		if _, taken := addresses.LoadOrStore(address, true); !taken {
			return address
		}
	}
	t.Fatal("no port is free")
	return ""
}

// addresses are those that this process gave away.
var addresses sync.Map

func (h *hearth) command(args ...string) {
	h.Helper()
	cmd := exec.Command(h.binary, args...)
	cmd.Env = h.settings
	if said, err := cmd.CombinedOutput(); err != nil {
		h.Fatalf("hearth %s: %v\n%s", args[0], err, said)
	}
}

// serve starts the process and waits for its line. It ends with the test.
func (h *hearth) serve() {
	h.Helper()
	cmd, complaints := exec.Command(h.binary, "serve"), &lockedBuffer{}
	cmd.Env, cmd.Stderr = h.settings, complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		h.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		h.Fatal(err)
	}
	lines := bufio.NewReader(out)
	if _, err := lines.ReadString('\n'); err != nil {
		cmd.Process.Kill()
		h.Fatalf("hearth serve printed no line: %v\n%s", err, complaints)
	}
	go io.Copy(io.Discard, lines)
	h.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if h.Failed() {
			h.Logf("the hearth said:\n%s", tail(complaints.String()))
		}
	})
}

func tail(text string) string {
	const most = 8000
	return text[max(0, len(text)-most):]
}

// lockedBuffer is filled by a process while others read.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// level is how much a process has in use.
type level struct {
	goroutines int
	heap       int // bytes of live and dead objects
}

func (l level) String() string { return fmt.Sprintf("%d goroutines, %d KiB", l.goroutines, l.heap>>10) }

// level reads it where Prometheus does.
func (h *hearth) level() (level, error) {
	all, err := h.figures()
	now := level{int(all["go_goroutines"]), int(all["go_memstats_heap_alloc_bytes"])}
	if err == nil && (now.goroutines == 0 || now.heap == 0) {
		err = errors.New("the metrics have neither goroutines nor memory")
	}
	return now, err
}

// figures are all metrics, by their names and labels. No connection stays behind.
func (h *hearth) figures() (map[string]float64, error) {
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get("http://" + h.metrics + "/metrics")
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	all := map[string]float64{}
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), " ")
		if number, err := strconv.ParseFloat(value, 64); err == nil {
			all[name] = number
		}
	}
	return all, lines.Err()
}

// count is what a query counts.
func (h *hearth) count(query string, args ...any) (n int, err error) {
	err = h.sql.QueryRow(query, args...).Scan(&n)
	return n, err
}

// eventually waits until ask says yes.
func eventually(t *testing.T, what string, ask func() (bool, error)) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		done, err := ask()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if done {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s did not come about within %v", what, patience)
		}
	}
}
