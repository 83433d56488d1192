package federation_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
)

// slowly begins a POST to the inbox that says where it comes from, and of whose
// body half is there.
func slowly(t *testing.T, address, from string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "POST /inbox HTTP/1.1\r\nHost: oak.example\r\nX-Forwarded-For: %s\r\nContent-Type: application/activity+json\r\nContent-Length: 10\r\n\r\nhello", from)
	return conn
}

// answered is the status on a connection.
func answered(t *testing.T, conn net.Conn) *http.Response {
	t.Helper()
	conn.SetDeadline(time.Now().Add(time.Minute))
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp
}

func TestOneHostWithAThousandSlowRequestsIsInNobodysWay(t *testing.T) {
	d := newDoor(t, storagetest.MigratedSQLite(t))
	server := httptest.NewServer(d.site)
	t.Cleanup(server.CloseClientConnections)
	address, slow := server.Listener.Addr().String(), "203.0.113.7"
	const most = 32
	var inside []net.Conn
	for i := range most {
		inside = append(inside, slowly(t, address, slow))
		await(t, "the next to be read", func() bool { return d.Reading(slow) == i+1 })
	}
	for i := range 1000 - most {
		conn := slowly(t, address, slow)
		resp := answered(t, conn)
		if resp.StatusCode != http.StatusTooManyRequests || resp.Header.Get("Retry-After") == "" || !resp.Close {
			t.Fatalf("slow request %d: got %d %v, want 429 with Retry-After and the end of the connection", most+i, resp.StatusCode, resp.Header)
		}
		conn.Close()
	}
	if n := d.Reading(slow); n != most {
		t.Errorf("%d bodies of one source are read, want %d", n, most)
	}
	ada := d.member(d.far("far.example"), "ann")
	create := d.writes(ada)
	d.answers("another, meanwhile", ada.Send(d.inbox, create), "Accepted")
	d.holds("another, meanwhile", noteIn(create)["id"].(string))
	fmt.Fprint(inside[0], "there")
	if resp := answered(t, inside[0]); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("one that comes to its end: got %d, want 400", resp.StatusCode)
	}
	await(t, "it to be out", func() bool { return d.Reading(slow) == most-1 })
	inside[1].(*net.TCPConn).CloseWrite()
	if resp := answered(t, inside[1]); resp.StatusCode != http.StatusRequestTimeout {
		t.Errorf("one that ends before: got %d, want 408", resp.StatusCode)
	}
	for _, conn := range inside {
		conn.Close()
	}
	await(t, "all of them to be out", func() bool { return d.Reading(slow) == 0 })
}

// await waits until something is so.
func await(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !so(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited two minutes for %s", what)
		}
	}
}

// heap is what lives on the heap.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// CVE-2026-96623 (Fedify): a document without end was read to its end.
func TestCVE_2026_96623_KeysWithoutEndTakeNoMemory(t *testing.T) {
	d := newDoor(t, storagetest.MigratedSQLite(t))
	const hosts, room = 8, 16 << 20
	var reached sync.WaitGroup
	measured := make(chan struct{})
	reached.Add(hosts)
	endless := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/activity+json")
		block := []byte(`{"id":"` + strings.Repeat("x", 64<<10-8))
		for sent := 0; r.Context().Err() == nil; sent += len(block) {
			if _, err := w.Write(block); err != nil {
				return
			}
			if sent == 12*len(block) { // most of what is read is there, and stays for now
				w.(http.Flusher).Flush()
				reached.Done()
				<-measured
			}
		}
	}
	var senders []*fedtest.Actor
	for i := range hosts {
		far := d.far(fmt.Sprintf("endless-%d.example", i))
		senders = append(senders, far.Person("ann"))
		far.Handle("/u/ann", endless)
	}
	level := heap()
	answers := make(chan string)
	for _, sender := range senders {
		create := sender.Activity("Create", sender.Note(d.carers.URI, "<p>words</p>"))
		go func() { answers <- word(sender.Send(d.inbox, create)) }()
	}
	reached.Wait()
	if now := heap(); now > level+room {
		t.Errorf("while they are read: %d KiB more than before, want at most %d", (now-level)>>10, room>>10)
	}
	close(measured)
	for range hosts {
		if got := <-answers; got != "Unauthorized: unknown_key" {
			t.Errorf("answered %q, want unknown_key", got)
		}
	}
	if now := heap(); now > level+room {
		t.Errorf("afterwards: %d KiB more than before, want at most %d", (now-level)>>10, room>>10)
	}
	d.holds("without end")
}

func TestOneSourceHasFewKeysFetchedAtOnce(t *testing.T) {
	d := newDoor(t, storagetest.MigratedSQLite(t))
	const most = 8
	ready, answers := make(chan struct{}), make(chan string, most)
	var came sync.WaitGroup
	came.Add(most)
	var senders []*fedtest.Actor
	for i := range most + 1 {
		far := d.far(fmt.Sprintf("slow-%d.example", i))
		ada := far.Person("ann")
		body := ada.Get(ada.ID).Body
		far.Handle("/u/ann", func(w http.ResponseWriter, r *http.Request) {
			if i < most {
				came.Done()
			}
			fedtest.After(ready, fedtest.Body("application/activity+json", body))(w, r)
		})
		senders = append(senders, ada)
	}
	like := func(a *fedtest.Actor) map[string]any { return a.Activity("Like", "https://oak.example/p/ada") }
	for _, sender := range senders[:most] {
		act := like(sender)
		go func() { answers <- word(sender.Send(d.inbox, act)) }()
	}
	came.Wait()
	d.answers("one more", senders[most].Send(d.inbox, like(senders[most])), "Service Unavailable: key_unavailable")
	asked := 0
	for _, r := range senders[most].Server.Requests() {
		if r.KeyID == "https://oak.example/actor#main-key" {
			asked++
		}
	}
	if asked != 0 {
		t.Errorf("its server was asked %d times, want not at all", asked)
	}
	close(ready)
	for range most {
		if got := <-answers; got != "Accepted" {
			t.Errorf("one of the first: answered %q, want it taken", got)
		}
	}
	d.answers("one more, then", senders[most].Send(d.inbox, like(senders[most])), "Accepted")
}

func TestAHundredNamesInAPostCallFewAndFetchNobody(t *testing.T) {
	eachDoor(t, func(d *door) {
		far, elm := d.far("far.example"), d.far("elm.example")
		ada := d.member(far, "ann")
		tags := []any{}
		for i := range 100 {
			tags = append(tags, map[string]any{"type": "Mention", "href": fmt.Sprintf("%s/u/named-%d", elm.URL, i), "name": fmt.Sprintf("@named-%d@elm.example", i)})
		}
		tags = append(tags, map[string]any{"type": "Mention", "href": "https://oak.example/u/ada"}, map[string]any{"type": "Mention", "href": "https://oak.example/u/ada"})
		create := d.writes(ada, map[string]any{"tag": tags})
		d.answers("a hundred names", ada.Send(d.inbox, create), "Accepted")
		d.ends("a hundred names", create, "finished accepted")
		d.untouched("a hundred names", elm)
		if notices := storagetest.Strings(t, d.db, "SELECT kind FROM notices"); len(notices) > 1 {
			t.Errorf("%d notices, want one at most: one person of here is named", len(notices))
		}
	})
}

func TestDatesThatCannotBeAreNotBelieved(t *testing.T) {
	eachDoor(t, func(d *door) {
		ada := d.member(d.far("far.example"), "ann")
		for _, date := range []any{
			"2999-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "+010000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "-0044-03-15T12:00:00Z", "1969-12-31T23:59:59Z",
			"2026-02-30T00:00:00Z", "yesterday", "", nil, 1e18, -1, true, []any{"2026-01-01T00:00:00Z"}, map[string]any{}, "2026-01-01T00:00:00+99:99", strings.Repeat("9", 300),
		} {
			create := d.writes(ada, map[string]any{"published": date, "updated": date})
			d.answers(fmt.Sprint(date), ada.Send(d.inbox, create), "Accepted")
			d.ends(fmt.Sprint(date), create, "finished accepted")
			edit := ada.Activity("Update", with(noteIn(create), map[string]any{"content": "<p>mended</p>"}))
			d.answers(fmt.Sprint(date), ada.Send(d.inbox, edit), "Accepted")
			if got := d.became(edit["id"].(string)); strings.Contains(got, "fault") || strings.Contains(got, "waiting") {
				t.Errorf("%v: its edit became %q", date, got)
			}
		}
		if late := storagetest.Strings(t, d.db, "SELECT uri FROM posts WHERE published_at > received_at OR last_activity_at > received_at"); len(late) > 0 {
			t.Errorf("%q are of the future", late)
		}
		for name, age := range map[string]time.Duration{"old": 66 * time.Minute, "from the future": -61 * time.Minute} {
			d.world.SetClock(func() time.Time { return d.clock.Now().Add(-age) })
			d.answers("a signature "+name, ada.Send(d.inbox, d.writes(ada)), "Unauthorized: date_out_of_window")
		}
		d.world.SetClock(d.clock.Now)
	})
}

// What the inbox may answer (FEDERATION.md, Inbox): nothing that ends a server's
// deliveries by mistake, nor that blames us for what a stranger sent.
func TestEveryAnswerOfTheInboxIsOneThatPeersUnderstand(t *testing.T) {
	eachDoor(t, func(d *door) {
		far := d.far("far.example")
		ada := d.member(far, "ann")
		d.refuse("refused.example")
		refusedOne := d.far("refused.example").Person("eve")
		silent := d.far("silent.example")
		silentOne := silent.Person("ann")
		silent.Handle("/u/ann", fedtest.Status(http.StatusServiceUnavailable))
		goneOne := d.far("gone.example").Person("ann")
		goneOne.Server.Handle("/u/ann", fedtest.Status(http.StatusGone))
		unsigned := func(body string) fedtest.Answer {
			req, err := http.NewRequest(http.MethodPost, d.inbox, strings.NewReader(body))
			d.must(err)
			return far.Do(req)
		}
		for _, c := range []struct {
			name   string
			answer fedtest.Answer
			want   int
		}{
			{"an activity", ada.Send(d.inbox, d.writes(ada)), 202},
			{"of an unknown type", ada.Send(d.inbox, ada.Activity("Frobnicate", ada.ID)), 202},
			{"of no use", ada.Send(d.inbox, ada.Activity("Follow", "https://oak.example/nobody")), 202},
			{"to an inbox of nobody", ada.Send("https://oak.example/u/aaaaaaaaaaaaaaaaaaaaaaaaaa/inbox", ada.Activity("Like", ada.ID)), 202},
			{"nothing", ada.Send(d.inbox, []byte("")), 400},
			{"null", ada.Send(d.inbox, []byte("null")), 400},
			{"a page", ada.Send(d.inbox, []byte("<html>")), 400},
			{"no UTF-8", ada.Send(d.inbox, []byte("{\"a\":\"\xff\"}")), 400},
			{"a NUL", ada.Send(d.inbox, with(d.writes(ada), map[string]any{"summary": "a\u0000b"})), 202},
			{"no actor", ada.Send(d.inbox, with(d.writes(ada), map[string]any{"actor": nil})), 400},
			{"unsigned", unsigned(mustJSON(d.writes(ada))), 401},
			{"signed by another", far.Person("bo").Send(d.inbox, d.writes(ada)), 403},
			{"of a refused server", refusedOne.Send(d.inbox, refusedOne.Activity("Like", ada.ID)), 403},
			{"too large", ada.Send(d.inbox, []byte(strings.Repeat(" ", 1<<20+1))), 413},
			{"by a key that cannot be had now", silentOne.Send(d.inbox, silentOne.Activity("Like", ada.ID)), 503},
			{"while its source is not believed", goneOne.Send(d.inbox, goneOne.Activity("Like", ada.ID)), 503},
		} {
			if c.answer.Status != c.want {
				t.Errorf("%s: answered %d %s, want %d", c.name, c.answer.Status, c.answer.Body, c.want)
			}
			if ours := c.answer.Status == 429 || c.answer.Status >= 500; ours != (c.answer.Header.Get("Retry-After") != "") {
				t.Errorf("%s: %d with Retry-After %q", c.name, c.answer.Status, c.answer.Header.Get("Retry-After"))
			}
		}
		d.clock.pass(10 * time.Minute)
		if got := goneOne.Send(d.inbox, goneOne.Activity("Like", ada.ID)); got.Status != http.StatusUnauthorized {
			t.Errorf("by a key that is gone: answered %d %s, want 401", got.Status, got.Body)
		}
		d.must(d.HandleDue(t.Context()))
		if faults := d.logs.errors(); faults != "" {
			t.Errorf("faults of ours: %s", faults)
		}
		d.must(d.store.Close())
		got := ada.Send(d.inbox, d.writes(ada))
		if got.Status != http.StatusServiceUnavailable || got.Header.Get("Retry-After") == "" {
			t.Errorf("without a database: answered %d %v, want 503 and Retry-After", got.Status, got.Header)
		}
	})
}
