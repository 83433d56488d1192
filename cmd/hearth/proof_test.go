package main

import (
	"bufio"
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"hearth/storage/storagetest"
)

// patience is how long something may take that takes a second on a quiet
// machine. Nothing waits for it that goes well.
const patience = 3 * time.Minute

// engines are where a process keeps its data: SQLite in its folder, or a
// database of its own.
func engines(t *testing.T, fn func(t *testing.T, database func() string)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, func() string { return "" })
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, func() string { return storagetest.PostgresDatabase(t) })
	})
}

// built is the server as operators have it, without the race detector, under
// which a thousand posts on SQLite take minutes. It is built as by make build, so
// that one build serves both.
var built = sync.OnceValues(func() (string, error) {
	again, err := exec.LookPath("hearth") // in a folder that goes when the tests end
	if err != nil {
		return "", err
	}
	path := filepath.Join(filepath.Dir(filepath.Dir(again)), "built")
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", path, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	said, err := build.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, said)
	}
	return path, nil
})

// eventually waits until ask says yes.
func eventually(t *testing.T, what string, ask func() (bool, error)) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
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

// operated is a hearth as its operator has it: settings, data, and a process
// while it runs.
type operated struct {
	*testing.T
	name, host string
	listen     string
	data       string // the folder
	database   string // empty: SQLite in the folder
	binary     string
	env        []string
	running    *process
}

// newOperated is a hearth that was set up, and does not run yet. Its admin
// signs in as "warden".
func newOperated(t *testing.T, name, database string) *operated {
	t.Helper()
	o := unused(t, name, database)
	o.setUp(t)
	return o
}

func (o *operated) setUp(t *testing.T) {
	t.Helper()
	o.command(t, "setup", "--login", "warden", "--public-name", o.name+"-heron", "--password", wardenPassword,
		"--name", o.name+" house", "--purpose", "A place to talk.", "--contact", "hello@"+o.name+".example", "--front-door", "open")
}

const wardenPassword = "lantern river kettle"

// unused is the settings of a hearth that nobody set up.
func unused(t *testing.T, name, database string) *operated {
	t.Helper()
	binary, err := built()
	if err != nil {
		t.Fatal(err)
	}
	port := freePort(t)
	return &operated{
		binary: binary,
		T:      t, name: name, host: name + ".localhost:" + port, listen: "127.0.0.1:" + port,
		data: filepath.Join(t.TempDir(), name), database: database,
	}
}

// another is one more node of the same hearth, on a port of its own.
func (o *operated) another(t *testing.T) *operated {
	node := *o
	node.running, node.listen = nil, "127.0.0.1:"+freePort(t)
	return &node
}

// ports are those that this process gave away.
var ports sync.Map

// freePort is a port that a hearth can come back to after it was killed: below
// those that a system gives to connections that are opened.
func freePort(t *testing.T) string {
	t.Helper()
	for range 1000 {
		port := 10_000 + rand.N(10_000)
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		listener.Close()
		if _, taken := ports.LoadOrStore(port, true); !taken {
			return fmt.Sprint(port)
		}
	}
	t.Fatal("no port is free")
	return ""
}

func (o *operated) address() string { return "http://" + o.host }

// settings are what every command of this hearth is given.
func (o *operated) settings() []string {
	all := append(os.Environ(), "HEARTH_DATA="+o.data, "HEARTH_DOMAIN="+o.host, "HEARTH_LISTEN="+o.listen)
	if o.database != "" {
		all = append(all, "HEARTH_DATABASE="+o.database)
	}
	return append(all, o.env...)
}

// command runs one command to its end, which must be a good one.
func (o *operated) command(t *testing.T, args ...string) string {
	t.Helper()
	said, status := o.tries(t, args...)
	if status != 0 {
		t.Fatalf("hearth %s: exit status %d\n%s", args[0], status, said)
	}
	return said
}

// tries runs one command to its end, and says what it said and its exit status.
func (o *operated) tries(t *testing.T, args ...string) (said string, status int) {
	t.Helper()
	cmd := exec.Command(o.binary, args...)
	cmd.Env = o.settings()
	text, err := cmd.CombinedOutput()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	return string(text), cmd.ProcessState.ExitCode()
}

// begins starts the process, which from then on listens.
func (o *operated) begins(t *testing.T) *process {
	t.Helper()
	if err := o.start(t); err != nil {
		t.Fatal(err)
	}
	return o.running
}

func (o *operated) start(t *testing.T) error {
	p, err := startServe(o.binary, o.settings())
	if err != nil {
		return err
	}
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("%s said:\n%s", o.name, tail(p.complaints.String()))
		}
	})
	o.running = p
	return nil
}

// dies ends the process as a power cut would, as far as a process can tell.
func (o *operated) dies() {
	o.running.kill()
	o.running = nil
}

// sql is the database itself, to see what a browser is not shown.
func (o *operated) sql(t *testing.T) *sql.DB {
	if o.database != "" {
		return storagetest.SQL(t, o.database)
	}
	return storagetest.SQL(t, filepath.Join(o.data, "hearth.db"))
}

func tail(text string) string {
	const most = 6000
	if len(text) > most {
		return "...\n" + text[len(text)-most:]
	}
	return text
}

// process is one `hearth serve`.
type process struct {
	cmd        *exec.Cmd
	line       string // what it printed first
	complaints *written
	ended      chan struct{}
	status     error // once ended is closed
}

// startServe starts `hearth serve` and waits for its line.
func startServe(binary string, env []string) (*process, error) {
	p := &process{cmd: exec.Command(binary, "serve"), complaints: &written{}, ended: make(chan struct{})}
	p.cmd.Env, p.cmd.Stderr = env, p.complaints
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewReader(out)
	p.line, err = lines.ReadString('\n')
	go func() {
		io.Copy(io.Discard, lines) // to the end, or Wait would cut it off
		p.status = p.cmd.Wait()
		close(p.ended)
	}()
	if err != nil {
		<-p.ended
		return nil, fmt.Errorf("hearth serve printed no line: %v\n%s", p.status, p.complaints)
	}
	return p, nil
}

func (p *process) kill() {
	p.cmd.Process.Kill() // SIGKILL
	<-p.ended
}

// ends waits for the process's own end and says its exit status, -1 for one
// that a signal ended.
func (p *process) ends(t *testing.T) int {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		t.Fatalf("the process did not end within %v:\n%s", patience, p.complaints)
	}
	return p.cmd.ProcessState.ExitCode()
}

func (p *process) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// isUp says whether the process still runs.
func (p *process) isUp() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// address is the one in the line that it printed.
func (p *process) address() string {
	return strings.TrimSpace(p.line[strings.LastIndexByte(strings.TrimSpace(p.line), ' ')+1:])
}

// written is a buffer that a process fills while others read.
type written struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *written) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(b)
}

func (w *written) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}
