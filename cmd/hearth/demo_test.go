package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
)

// The demo is two hearths end to end: people come in, follow a group across,
// write and answer, all of it over HTTP with signatures. Everybody whose sign-in
// is printed comes in with it, and reads both what is of here and what came from
// the other side.
func TestDemoFederatesAndLeavesNothingBehind(t *testing.T) {
	d := startDemo(t, "--json")
	line := d.line()
	var told struct {
		Hearths map[string]string
		People  []demoPerson
	}
	if err := json.Unmarshal([]byte(line), &told); err != nil || len(told.Hearths) != 2 || len(told.People) != 4 {
		t.Fatalf("got %s, %v; want two hearths and four people", line, err)
	}
	oak, elm := strings.TrimPrefix(told.Hearths["oak"], "http://"), strings.TrimPrefix(told.Hearths["elm"], "http://")
	reads := map[string][]string{ // by hearth: group, title of a thread, an answer in it
		"oak": {"carers-at-night", "He asked who I was again", "You said yes because he needed somebody to.", "long-illness@" + elm, "Small win: the stairs", "All fourteen of them"},
		"elm": {"long-illness", "Small win: the stairs", "All fourteen of them", "carers-at-night@" + oak, "He asked who I was again", "I have been crying since I read this."},
	}
	for _, p := range told.People {
		m := newMember(nil)
		if err := m.signsIn(told.Hearths[p.Hearth], p.Login, p.Password); err != nil {
			t.Fatalf("%s: %v", p.Login, err)
		}
		m.finds(t, "/me", p.PublicName)
		for all := reads[p.Hearth]; len(all) > 0; all = all[3:] {
			m.finds(t, "/g/"+all[0], all[1])
			m.finds(t, m.link(all[1]), all[2])
		}
	}
	if rest := d.stop(); rest != "" {
		t.Errorf("after its line it printed %q, want one line", rest)
	}
}

func TestDemoSaysInWordsWhereAndAsWhom(t *testing.T) {
	d := startDemo(t)
	if got, want := d.line(), "Two hearths that know each other. They are gone with Ctrl-C.\n"; got != want {
		t.Fatalf("got %q, want %q", got, want)
	}
	signIn := regexp.MustCompile(`^  sign in as (\S+) +password "(.+)"   \(others see (\S+), (admin|member)\)\n$`)
	for _, hearth := range []string{"oak", "elm"} {
		d.line() // an empty one
		address := strings.TrimSpace(d.line())
		if !strings.HasPrefix(address, "http://"+hearth+".localhost:") {
			t.Fatalf("got %q, want the address of %s", address, hearth)
		}
		for range 2 {
			line := d.line()
			p := signIn.FindStringSubmatch(line)
			if p == nil {
				t.Fatalf("got %q, want a sign-in", line)
			}
			m := newMember(nil)
			if err := m.signsIn(address, p[1], p[2]); err != nil {
				t.Fatalf("%s: %v", p[1], err)
			}
			m.finds(t, "/me", p[3])
		}
	}
	if rest := d.stop(); rest != "" {
		t.Errorf("after all that it printed %q", rest)
	}
}

// finds opens a page that has to be there, with some words on it.
func (m *member) finds(t *testing.T, path, words string) {
	t.Helper()
	if err := m.opens(path); err != nil || m.status != 200 || !m.reads(words) {
		t.Fatalf("%s: got %d, %v, want %q in: %s", path, m.status, err, words, m.words())
	}
}

// demoRun is a demo while it runs.
type demoRun struct {
	t          *testing.T
	tmp        string
	end        func()
	out        *bufio.Reader
	complaints *bytes.Buffer
	ended      chan int
}

func startDemo(t *testing.T, flags ...string) *demoRun {
	t.Helper()
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	out, in := io.Pipe()
	d := &demoRun{t: t, tmp: tmp, end: stop, out: bufio.NewReader(out), complaints: &bytes.Buffer{}, ended: make(chan int, 1)}
	go func() {
		status := run(ctx, append([]string{"demo"}, flags...), console{strings.NewReader(""), in, d.complaints})
		in.Close()
		d.ended <- status
	}()
	return d
}

// line is the next line that it prints.
func (d *demoRun) line() string {
	d.t.Helper()
	line, err := d.out.ReadString('\n')
	if err != nil {
		d.end()
		d.t.Fatalf("no line came: %v after %q, exit status %d\n%s", err, line, <-d.ended, d.complaints)
	}
	return line
}

// stop is Ctrl-C, and what it printed since its last line that was read. It ends
// well, and nothing of it is left.
func (d *demoRun) stop() string {
	d.t.Helper()
	d.end()
	rest, err := io.ReadAll(d.out)
	if got := <-d.ended; got != 0 || err != nil {
		d.t.Errorf("after Ctrl-C: got exit status %d, %v, want 0\n%s", got, err, d.complaints)
	}
	left, err := os.ReadDir(d.tmp)
	if err != nil || len(left) != 0 {
		d.t.Errorf("left behind: %v, %v", left, err)
	}
	return string(rest)
}
