package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
)

// inFlight is a request that a hearth has begun to answer, and that waits for
// the rest of its form.
type inFlight struct {
	conn net.Conn
	read *bufio.Reader
	form string
}

// beginRequest sends a form's head, and comes back when its handler reads: a server
// says so where it is asked to (RFC 9110 10.1.1).
func (o *operated) beginRequest(t *testing.T) *inFlight {
	t.Helper()
	conn, err := net.Dial("tcp", o.listen)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	f := &inFlight{conn, bufio.NewReader(conn), url.Values{"login": {"warden"}, "password": {wardenPassword}}.Encode()}
	fmt.Fprintf(conn, "POST /sign-in HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n",
		o.host, o.address(), len(f.form))
	line, err := f.read.ReadString('\n')
	if err != nil || !strings.Contains(line, "100 Continue") {
		t.Fatalf("got %q, %v; want to be told to go on", line, err)
	}
	if _, err := f.read.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return f
}

// ends sends the rest and says how it was answered.
func (f *inFlight) ends() (status int, err error) {
	if _, err := fmt.Fprint(f.conn, f.form); err != nil {
		return 0, err
	}
	resp, err := http.ReadResponse(f.read, nil)
	if err != nil {
		return 0, err
	}
	return drained(resp), nil
}

// refuses waits until nobody can connect any more.
func (o *operated) refuses(t *testing.T) {
	t.Helper()
	eventually(t, "it takes no more connections", func() (bool, error) {
		conn, err := net.Dial("tcp", o.listen)
		if err == nil {
			conn.Close()
		}
		return err != nil, nil
	})
}

func TestToldToStopItFinishesWhatIsInFlight(t *testing.T) {
	t.Parallel()
	o := newOperated(t, "oak", "")
	for name, signal := range map[string]syscall.Signal{"Ctrl-C": syscall.SIGINT, "SIGTERM": syscall.SIGTERM} {
		p := o.begins(t)
		f := o.beginRequest(t)
		p.signal(t, signal)
		o.refuses(t)
		if status, err := f.ends(); err != nil || status != http.StatusSeeOther {
			t.Errorf("%s: what was in flight got %d, %v; want 303", name, status, err)
		}
		if got := p.ends(t); got != 0 {
			t.Errorf("%s: got exit status %d, want 0", name, got)
		}
	}
}

func TestRequestThatNeverEndsDoesNotKeepAHearthFromStopping(t *testing.T) {
	t.Parallel()
	o := newOperated(t, "oak", "")
	p := o.begins(t)
	o.beginRequest(t)
	p.signal(t, syscall.SIGINT)
	if got := p.ends(t); got != exitFailed || !strings.Contains(p.complaints.String(), "did not finish within 10s") {
		t.Errorf("got exit status %d, want %d and a sentence:\n%s", got, exitFailed, p.complaints)
	}
}

func TestSecondCtrlCEndsAtOnce(t *testing.T) {
	t.Parallel()
	o := newOperated(t, "oak", "")
	o.env = []string{"HEARTH_DRAIN=1m"} // it would go on for long
	p := o.begins(t)
	p.signal(t, syscall.SIGINT)
	m := newMember(nil)
	eventually(t, "it knows that it is to stop", func() (bool, error) {
		err := m.opens(o.address() + "/readyz")
		return m.status == http.StatusServiceUnavailable, err
	})
	if !p.isUp() {
		t.Fatal("it ended with the first")
	}
	eventually(t, "it ends", func() (bool, error) {
		p.cmd.Process.Signal(syscall.SIGINT) // pressed until it helps
		return !p.isUp(), nil
	})
	if state := p.cmd.ProcessState.Sys().(syscall.WaitStatus); !state.Signaled() || state.Signal() != syscall.SIGINT {
		t.Errorf("ended as %v, want by the signal", p.cmd.ProcessState)
	}
}
