package main

import (
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hearth/storage/storagetest"
)

// standIn answers in a hearth's place, which must not run, until it is closed.
func standIn(t *testing.T, o *operated, answer http.HandlerFunc) *http.Server {
	t.Helper()
	listener, err := net.Listen("tcp", o.listen)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: answer}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	return server
}

// outage is two hearths by one clock, of which one goes away for a day.
type outage struct {
	*neighbours
	clock string
	ahead time.Duration
}

func newOutage(t *testing.T, database func() string) *outage {
	t.Helper()
	o := &outage{clock: filepath.Join(t.TempDir(), "clock")}
	if err := setClock(o.clock, 0); err != nil {
		t.Fatal(err)
	}
	var both []*operated
	for _, name := range []string{"oak", "elm"} {
		h := unused(t, name, database())
		h.binary, h.env = "hearth", []string{clockEnv + "=" + o.clock} // the test's own binary, which heeds it
		h.setUp(t)
		both = append(both, h)
	}
	both[0].begins(t)
	o.neighbours = meet(t, both[0], both[1])
	return o
}

func (o *outage) passes(d time.Duration) {
	o.Helper()
	o.ahead += d
	o.must(setClock(o.clock, o.ahead))
}

// writes is a new answer in a thread, by its id.
func (o *outage) writes(m *member, in thread, text string) (id string) {
	o.Helper()
	o.must(m.opens(in.path))
	o.must(m.sends("/reply", "text="+text))
	id, ok := strings.CutPrefix(m.at.Fragment, "p-")
	if !ok {
		o.Fatalf("writing %q led to %s", text, m.at)
	}
	return id
}

func (o *outage) edits(m *member, id, text string) {
	o.Helper()
	o.must(m.opens("/p/" + id + "/edit"))
	o.must(m.sends("/edit", "text="+text))
}

func (o *outage) deletes(m *member, id string) {
	o.Helper()
	o.must(m.opens("/p/" + id + "/delete"))
	o.must(m.sends("/delete"))
}

// told is what the other hearth has of oak's answers, in the order it was told.
func (o *outage) told() []string {
	o.Helper()
	return storagetest.Strings(o.T, o.elmSQL, `SELECT p.state || ' ' || p.html FROM posts AS p JOIN (
			SELECT post_id, min(seq) AS seq FROM activities WHERE direction = 'in' AND type = 'Announce' GROUP BY post_id
		) AS a ON a.post_id = p.id WHERE p.parent_id IS NOT NULL ORDER BY a.seq`)
}

func TestDayOfOutageIsCaughtUpByARealHearth(t *testing.T) {
	engines(t, func(t *testing.T, database func() string) {
		o := newOutage(t, database)
		talk := o.begin(o.warden, o.group, "A talk")
		mended := o.writes(o.warden, talk, "first, as it was")
		regretted := o.writes(o.warden, talk, "second, regretted later")
		eventually(t, "elm has both", func() (bool, error) { return len(o.told()) == 2, nil })

		o.elm.dies()
		var asked atomic.Int32
		gone := standIn(t, o.elm, func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				asked.Add(1)
			}
			w.WriteHeader(http.StatusBadGateway)
		})
		taken := ""
		for step := range 8 {
			before := asked.Load()
			o.passes(3 * time.Hour)
			id := o.writes(o.warden, talk, fmt.Sprintf("answer %d", step))
			switch step {
			case 1:
				taken = id
				o.edits(o.warden, mended, "first, mended")
			case 3:
				o.edits(o.warden, mended, "first, mended twice")
			case 5:
				o.deletes(o.warden, regretted)
				o.deletes(o.warden, taken)
			}
			eventually(t, "oak tries again", func() (bool, error) { return asked.Load() > before, nil })
			o.rests() // the clock moves once it is written down until when
		}
		if n := asked.Load(); n > 40 {
			t.Errorf("a host that was away for a day was asked %d times, want few", n)
		}
		t.Logf("it was asked %d times in a day", asked.Load())
		gone.Close()
		o.elm.begins(t)
		o.passes(2 * time.Hour)

		want := []string{"published <p>first, mended twice</p>", "deleted"}
		for step := range 8 {
			if step != 1 { // what was deleted before it could arrive never does
				want = append(want, fmt.Sprintf("published <p>answer %d</p>", step))
			}
		}
		var got []string
		t.Cleanup(func() {
			if t.Failed() {
				t.Logf("elm has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
		eventually(t, "elm has caught up", func() (bool, error) {
			got = nil
			for _, one := range o.told() {
				got = append(got, strings.TrimSpace(one))
			}
			unsent, err := count(o.oakSQL, "SELECT count(*) FROM deliveries WHERE state = 'waiting'")
			if err != nil {
				return false, err
			}
			unread, err := count(o.elmSQL, "SELECT count(*) FROM activities WHERE state = 'waiting'")
			return unsent == 0 && unread == 0 && slices.Equal(got, want), err
		})
		for _, words := range []string{"regretted later", "answer 1"} {
			if n, err := count(o.elmSQL, "SELECT count(*) FROM posts WHERE html LIKE '%"+words+"%'"); err != nil || n != 0 {
				t.Errorf("%q was deleted, and is at elm %d times, %v", words, n, err)
			}
		}
	})
}
