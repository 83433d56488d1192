package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// A process with the race detector sleeps for a second before it ends, in case
// something of it still runs, and the scripts end hundreds of them.
const raceSettings = "atexit_sleep_ms=20"

func TestMain(m *testing.M) {
	os.Setenv("GORACE", raceSettings+" "+os.Getenv("GORACE"))
	testscript.Main(m, map[string]func(){
		"hearth": func() {
			os.Exit(runUntilSignal(os.Args[1:], console{os.Stdin, os.Stdout, os.Stderr}, clockOfTest()))
		},
	})
}

// run carries out one command line within the test's process.
func run(ctx context.Context, args []string, tty console) int { return runAt(ctx, args, tty, time.Now) }

// TestScripts runs the real binary by the scripts in testdata. Beside the usual
// commands these have:
//
//	wrong ARGS                  hearth with these arguments ends with status 2
//	at NAME                     from here on commands are about this hearth; its address is ${NAME}, its host ${NAME_HOST}
//	serve                       starts it; stdout is what it printed, ${SETUP} its setup address
//	stop SIGNAL                 ends it by a signal: it must end well
//	member WHO opens ADDRESS    somebody's browser, without scripts, goes to a page; "stdout" is the address that was printed
//	member WHO signs-in N PASS  signs in by the page for it, with a name and a password, which with ! is refused
//	member WHO sends FORM k=v   fills in the page's form that leads to an address ending so
//	member WHO reads WORDS      the page has them; with ! it has not
//	member WHO awaits WORDS     opens the page again and again until it has them; with ! until it has not
//	member WHO follows WORDS    goes where the first link with these words leads
func TestScripts(t *testing.T) {
	engines(t, func(t *testing.T, database func() string) {
		testscript.Run(t, testscript.Params{
			Files: scriptsFor(t, path.Base(t.Name())), RequireExplicitExec: true,
			Setup: func(env *testscript.Env) error {
				s := &script{t: t, database: database, hearths: map[string]*operated{}, members: map[string]*member{}}
				env.Values[scriptKey{}] = s
				env.Setenv("HEARTH_DATABASE", database())
				env.Setenv("GORACE", os.Getenv("GORACE"))
				env.Defer(s.end)
				return nil
			},
			Cmds: map[string]func(*testscript.TestScript, bool, []string){
				"wrong": scriptWrong, "at": scriptAt, "serve": scriptServe, "stop": scriptStop, "member": scriptMember,
			},
		})
	})
}

// inFolders are the scripts that put one folder beside another: where the data
// are in a database of its own, TestARestoredHearthIsTheSameToItsPeers does that,
// and what settings weigh is the same.
var inFolders = []string{"testdata/backup.txtar", "testdata/restore.txtar", "testdata/settings_weight.txtar"}

func scriptsFor(t *testing.T, engine string) []string {
	all, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(all) <= len(inFolders) {
		t.Fatalf("scripts: %v, %v", all, err)
	}
	if engine == "postgres" {
		all = slices.DeleteFunc(all, func(file string) bool { return slices.Contains(inFolders, file) })
	}
	return all
}

// scriptWrong runs a hearth that was asked for something wrong: a status of its
// own, which "! exec" would not tell from a failure.
func scriptWrong(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("wrong: nothing is not wrong; use exec")
	}
	var exit *exec.ExitError
	if err := ts.Exec("hearth", args...); !errors.As(err, &exit) || exit.ExitCode() != exitWrong {
		ts.Fatalf("hearth %s: got %v, want exit status %d", strings.Join(args, " "), err, exitWrong)
	}
}

type scriptKey struct{}

// script is the hearths and people of one script.
type script struct {
	t        *testing.T
	database func() string // the address of a new one; empty for SQLite in the folder
	hearths  map[string]*operated
	at       *operated
	members  map[string]*member
}

func scriptOf(ts *testscript.TestScript) *script { return ts.Value(scriptKey{}).(*script) }

func (s *script) end() {
	for _, o := range s.hearths {
		if o.running != nil {
			o.dies()
		}
	}
}

func wants(ts *testscript.TestScript, args []string, n int, usage string) {
	if len(args) < n {
		ts.Fatalf("usage: %s", usage)
	}
}

func scriptAt(ts *testscript.TestScript, _ bool, args []string) {
	wants(ts, args, 1, "at NAME")
	s := scriptOf(ts)
	if s.hearths[args[0]] == nil {
		port, name := freePort(s.t), strings.ToLower(args[0])
		s.hearths[args[0]] = &operated{name: name, host: name + ".localhost:" + port, listen: "127.0.0.1:" + port, data: ts.MkAbs(name), database: s.database(), binary: "hearth"}
	}
	s.at = s.hearths[args[0]]
	ts.Setenv(args[0], s.at.address())
	ts.Setenv(args[0]+"_HOST", s.at.host)
	ts.Setenv("HEARTH_DATA", s.at.data)
	ts.Setenv("HEARTH_DATABASE", s.at.database)
	ts.Setenv("HEARTH_DOMAIN", s.at.host)
	ts.Setenv("HEARTH_LISTEN", s.at.listen)
}

func scriptServe(ts *testscript.TestScript, _ bool, _ []string) {
	s := scriptOf(ts)
	p, err := startServe(s.at.binary, s.at.settings())
	ts.Check(err)
	s.at.running = p
	ts.Setenv("SETUP", p.address())
	_, err = ts.Stdout().Write([]byte(p.line))
	ts.Check(err)
}

func scriptStop(ts *testscript.TestScript, _ bool, args []string) {
	wants(ts, args, 1, "stop SIGNAL")
	p := scriptOf(ts).at.running
	sent := map[string]os.Signal{"INT": os.Interrupt, "TERM": terminate}[args[0]]
	if sent == nil {
		ts.Fatalf("no signal %s", args[0])
	}
	ts.Check(p.cmd.Process.Signal(sent))
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.kill()
		ts.Fatalf("it did not end within %v\n%s", patience, p.complaints)
	}
	ts.Check(p.status)
	scriptOf(ts).at.running = nil
}

func scriptMember(ts *testscript.TestScript, neg bool, args []string) {
	wants(ts, args, 3, "member WHO opens|signs-in|sends|reads|awaits|follows WHAT")
	s := scriptOf(ts)
	m := s.members[args[0]]
	if m == nil {
		m = newMember(nil)
		s.members[args[0]] = m
	}
	what := args[2]
	switch args[1] {
	case "opens":
		if what == "stdout" {
			what = strings.TrimSpace(ts.ReadFile(what))
		}
		ts.Check(m.opens(what))
	case "signs-in":
		wants(ts, args, 4, "member WHO signs-in NAME PASSWORD")
		if err := m.signsIn(s.at.address(), what, args[3]); (err != nil) != neg {
			ts.Fatalf("%s signs in: %v", what, err)
		}
	case "sends":
		ts.Check(m.sends(what, args[3:]...))
	case "reads":
		if m.reads(what) == neg {
			ts.Fatalf("%s, status %d, reads: %s", m.at, m.status, m.words())
		}
	case "awaits":
		ts.Check(m.awaits(what, neg))
	case "follows":
		to := m.link(what)
		if to == "" {
			ts.Fatalf("%s has no link %q: %s", m.at, what, m.words())
		}
		ts.Check(m.opens(to))
	default:
		ts.Fatalf("a member does not %s", args[1])
	}
}

// awaits opens the page that it is on until it has some words, or has not.
func (m *member) awaits(words string, not bool) error {
	for deadline := time.Now().Add(patience); m.reads(words) == not; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			return errors.New(m.at.Path + " reads: " + m.words())
		}
		if err := m.opens(m.at.String()); err != nil {
			return err
		}
	}
	return nil
}
