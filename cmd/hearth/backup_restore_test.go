package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"hearth/community"
	"hearth/storage/storagetest"
	"hearth/web"
)

// lostHearth is oak of a pair: it is backed up, lost, and put back where its
// peers know it.
type lostHearth struct {
	*pair
	folder, data string // of oak before; the address of its database
	door         *net.TCPListener
	stopOak      func()
}

func newLostHearth(t *testing.T, data string) *lostHearth {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	p := &pair{T: t, ctx: ctx}
	l := &lostHearth{pair: p, folder: t.TempDir(), data: data}
	p.oak = p.hearth(demoAt{folder: l.folder, name: "oak", database: data})
	p.elm = p.hearth(demoAt{folder: l.folder, name: "elm"})
	l.door = l.keepDoor()
	l.stopOak = l.runs(p.oak)
	l.runs(p.elm)
	p.must(fillDemo(ctx, p.oak, p.elm))
	p.settles()
	words, err := web.NewCatalogue(true)
	p.must(err)
	p.rowan, p.maya = p.guest(p.oak, "rowan-in", words), p.guest(p.elm, "maya-in", words)
	p.carers, err = p.oak.node.house.store.GroupByName(ctx, "", "carers-at-night")
	p.must(err)
	return l
}

// keepDoor holds oak's port while nobody listens: its peers know it by that.
func (l *lostHearth) keepDoor() *net.TCPListener {
	l.Helper()
	file, err := l.oak.listener.(*net.TCPListener).File()
	l.must(err)
	defer file.Close()
	door, err := net.FileListener(file)
	l.must(err)
	l.Cleanup(func() { door.Close() })
	return door.(*net.TCPListener)
}

// runs has a hearth run until stop, or the test's end.
func (l *lostHearth) runs(d *demoHearth) (stop func()) {
	ctx, cancel := context.WithCancel(l.ctx)
	ended := make(chan error, 1)
	go func() { ended <- d.node.run(ctx, d.listener) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			l.Error(err)
		}
	})
	l.Cleanup(stop)
	return stop
}

// hearthCommand is a command line about a place's data.
func (l *lostHearth) hearthCommand(at demoAt, args ...string) string {
	l.Helper()
	args = append(args, "--data", filepath.Join(at.folder, at.name))
	if at.database != "" {
		args = append(args, "--database", at.database)
	}
	var out, complaints bytes.Buffer
	if status := run(l.ctx, args, console{strings.NewReader(""), &out, &complaints}); status != 0 {
		l.Fatalf("hearth %v: exit status %d: %s", args, status, &complaints)
	}
	return out.String()
}

func (l *lostHearth) database() string {
	if l.data != "" {
		return l.data
	}
	return filepath.Join(l.folder, "oak", "hearth.db")
}

// backUpWhileWriting takes a backup while somebody goes on writing, and looks
// whether it is of one moment: what is written in one transaction is there
// together or not at all.
func (l *lostHearth) backUpWhileWriting() {
	l.Helper()
	enough, wrote, failed := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		defer close(failed)
		for n := 1; ; n++ {
			_, err := l.rowan.write(l.ctx, community.Draft{GroupID: l.carers.ID, Title: fmt.Sprint("Night ", n), Text: "words", Language: "en"})
			if err != nil {
				failed <- err
				return
			}
			if n == 3 {
				close(wrote)
			}
			if n == 60 {
				<-enough // more would only keep elm busy
			}
			select {
			case <-enough:
				return
			default:
			}
		}
	}()
	select {
	case <-wrote:
	case err := <-failed:
		l.Fatal(err)
	}
	file := filepath.Join(l.TempDir(), "running.hearth")
	l.hearthCommand(demoAt{folder: l.folder, name: "oak", database: l.data}, "backup", file)
	close(enough)
	l.must(<-failed)
	there := demoAt{folder: l.TempDir(), name: "running"}
	l.hearthCommand(there, "restore", file)
	db := storagetest.SQL(l.T, filepath.Join(there.folder, there.name, "hearth.db"))
	var nights, untold int
	l.must(db.QueryRow(`SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM events AS e WHERE e.post_id = p.id))
		FROM posts AS p WHERE p.title LIKE 'Night %' AND p.state = 'published'`).Scan(&nights, &untold))
	if nights < 3 || untold > 0 {
		l.Errorf("%d posts are in the backup, at least 3 were written before; %d of them without their event", nights, untold)
	}
}

// leaveWork writes a post that nobody was told of, has a delivery wait again
// that has gone already, and leaves leases of a process that is no more.
func (l *lostHearth) leaveWork(words *web.Catalogue) (untold community.Post) {
	l.Helper()
	h, err := openHouse(l.ctx, &Settings{Data: filepath.Join(l.folder, "oak"), Database: l.data}, "")
	l.must(err)
	rowan := l.guest(&demoHearth{name: "oak", node: &node{house: h}}, "rowan-in", words)
	untold, err = rowan.write(l.ctx, community.Draft{GroupID: l.carers.ID, Title: "Nobody heard yet", Text: "words", Language: "en"})
	l.must(err)
	l.must(h.store.Close())
	db := storagetest.SQL(l.T, l.database())
	l.changes(db, "UPDATE deliveries SET state = 'waiting', finished_at = NULL, attempts = 0, next_at = NULL WHERE seq = (SELECT min(seq) FROM deliveries)")
	for _, table := range []string{"lanes", "events", "activities"} {
		l.changes(db, "UPDATE "+table+" SET lease_token = 'of a process that is no more', leased_until = '2999-01-01 00:00:00+00:00'")
	}
	l.changes(db, "UPDATE lanes SET inbound_token = 'of a process that is no more', inbound_until = '2999-01-01 00:00:00+00:00'")
	return untold
}

func (l *lostHearth) changes(db *sql.DB, statement string) {
	l.Helper()
	res, err := db.Exec(statement)
	l.must(err)
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		l.Fatalf("%s changed %d rows, %v", statement, n, err)
	}
}

// wantsTheSame compares every row of oak with those of a restored place.
func (l *lostHearth) wantsTheSame(restored string) {
	l.Helper()
	want, got := storagetest.Rows(l.T, storagetest.SQL(l.T, l.database())), storagetest.Rows(l.T, storagetest.SQL(l.T, restored))
	told := takeWakeUp(got)
	if told != len(want["users"]) {
		l.Errorf("%d people were told of the restore, want all %d", told, len(want["users"]))
	}
	var at time.Time
	for _, in := range got["sign_ins"] {
		ended, err := time.Parse(time.RFC3339Nano, in["ended_at"])
		if err != nil {
			l.Errorf("somebody is still signed in: %v", in)
		}
		at = ended
	}
	want = storagetest.Settled(want, at)
	for _, table := range slices.Sorted(maps.Keys(want)) {
		if diff := cmp.Diff(want[table], got[table]); diff != "" {
			l.Errorf("%s came back changed (-before +restored):\n%s", table, diff)
		}
	}
	if len(want["posts"]) < 5 || len(want["deliveries"]) == 0 || len(want["actor_keys"]) == 0 {
		l.Errorf("there is too little to compare: %d posts, %d deliveries, %d keys", len(want["posts"]), len(want["deliveries"]), len(want["actor_keys"]))
	}
}

// takeWakeUp takes out of rows what the restore itself wrote: its decision and
// its notices, of which it says how many there were.
func takeWakeUp(all map[string][]storagetest.Row) (told int) {
	decided := map[string]bool{}
	all["decisions"] = slices.DeleteFunc(all["decisions"], func(row storagetest.Row) bool {
		decided[row["id"]] = row["kind"] == `"restore"`
		return decided[row["id"]]
	})
	all["decision_payloads"] = slices.DeleteFunc(all["decision_payloads"], func(row storagetest.Row) bool { return decided[row["decision_id"]] })
	before := len(all["notices"])
	all["notices"] = slices.DeleteFunc(all["notices"], func(row storagetest.Row) bool { return decided[row["about_id"]] })
	return before - len(all["notices"])
}

// asked are the requests for actors and their keys that came to a hearth.
type asked struct {
	sync.Mutex
	paths []string
}

func (a *asked) note(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		if r.Method == http.MethodGet && slices.Contains([]string{"u", "g", "actor"}, first) {
			a.Lock()
			a.paths = append(a.paths, r.URL.Path)
			a.Unlock()
		}
		next.ServeHTTP(w, r)
	})
}

// comesBack runs a restored oak where the old one was.
func (l *lostHearth) comesBack(at demoAt) *asked {
	l.Helper()
	s := &Settings{Data: filepath.Join(at.folder, at.name), Database: at.database}
	h, err := openHouse(l.ctx, s, "")
	l.must(err)
	n, err := newNode(h, s, zerolog.Nop())
	l.must(err)
	asked := &asked{}
	n.handler = asked.note(n.handler)
	l.oak = &demoHearth{name: "oak", node: n, listener: l.door}
	l.runs(l.oak)
	return asked
}

// sentAll waits until nothing waits to be sent, and all of it was taken.
func (l *lostHearth) sentAll(from demoAt) {
	l.Helper()
	address := from.database
	if address == "" {
		address = filepath.Join(from.folder, from.name, "hearth.db")
	}
	db := storagetest.SQL(l.T, address)
	l.must(until(l.ctx, "what waited is sent", func() (bool, error) {
		var waiting, refused int
		err := db.QueryRow("SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state NOT IN ('waiting', 'done')) FROM deliveries").Scan(&waiting, &refused)
		if err == nil && refused > 0 {
			err = fmt.Errorf("%d deliveries were not taken", refused)
		}
		return waiting == 0, err
	}))
}

// knownKeys are the keys of oak as elm keeps them, and when it asked for them.
func (l *lostHearth) knownKeys() (all []string) {
	l.Helper()
	db := storagetest.SQL(l.T, filepath.Join(l.folder, "elm", "hearth.db"))
	all = storagetest.Strings(l, db, "SELECT uri || ' ' || fetched_at || ' ' || public_pem FROM actor_keys WHERE private_key IS NULL ORDER BY uri")
	if len(all) == 0 {
		l.Fatal("elm knows no keys")
	}
	return all
}

// A hearth is filled through its doors, backed up while it is written to, and
// put back into either engine: row by row the same, and the same to its peers.
func TestARestoredHearthIsTheSameToItsPeers(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { losesAndRestores(newLostHearth(t, "")) })
	t.Run("postgres", func(t *testing.T) { losesAndRestores(newLostHearth(t, storagetest.PostgresDatabase(t))) })
}

func losesAndRestores(l *lostHearth) {
	l.backUpWhileWriting()
	words, err := web.NewCatalogue(true)
	l.must(err)
	thread, _ := l.mayaWrites("from elm, before")
	oldSignIn := l.rowan.SignInID
	l.stopOak()
	untold := l.leaveWork(words)
	file := filepath.Join(l.TempDir(), "oak.hearth")
	l.hearthCommand(demoAt{folder: l.folder, name: "oak", database: l.data}, "backup", file)

	toSQLite := demoAt{folder: l.TempDir(), name: "oak"}
	toPostgres := demoAt{folder: l.TempDir(), name: "oak", database: storagetest.PostgresDatabase(l.T)}
	l.hearthCommand(toSQLite, "restore", file)
	l.hearthCommand(toPostgres, "restore", file)
	l.wantsTheSame(filepath.Join(toSQLite.folder, "oak", "hearth.db"))
	l.wantsTheSame(toPostgres.database)

	other := toPostgres
	if l.data != "" {
		other = toSQLite
	}
	keys := l.knownKeys()
	asked := l.comesBack(other)
	l.sees(l.elm, untold.URI, "what nobody had heard of", published)
	l.sentAll(other)
	if v, err := l.oak.node.house.service.Viewer(l.ctx, oldSignIn, ""); err != nil || v.UserID() != "" {
		l.Errorf("somebody is signed in from before: %q, %v", v.UserID(), err)
	}
	rowan := l.guest(l.oak, "rowan-in", words)
	post, err := rowan.write(l.ctx, community.Draft{GroupID: l.carers.ID, Title: "We are back", Text: "words", Language: "en"})
	l.must(err)
	l.sees(l.elm, post.URI, "a new thread", published)
	atElm, err := l.elm.node.house.store.PostByURI(l.ctx, post.URI)
	l.must(err)
	answer, err := l.maya.write(l.ctx, community.Draft{GroupID: atElm.GroupID, ParentID: atElm.ID, Text: "Good to see you.", Language: "en"})
	l.must(err)
	l.sees(l.oak, answer.URI, "an answer from elm", published)
	l.sees(l.oak, thread.URI, "what elm wrote before", published)

	asked.Lock()
	defer asked.Unlock()
	if len(asked.paths) > 0 {
		l.Errorf("elm asked for %v, want nothing: it knows oak's keys", asked.paths)
	}
	if diff := cmp.Diff(keys, l.knownKeys()); diff != "" {
		l.Errorf("elm keeps other keys of oak now (-before +after):\n%s", diff)
	}
}
