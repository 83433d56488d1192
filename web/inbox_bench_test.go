package web_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-fed/httpsig"
	"github.com/rs/zerolog"

	"hearth/community"
	"hearth/community/secret"
	"hearth/federation"
	"hearth/federation/fedtest"
	"hearth/storage"
	"hearth/storage/storagetest"
	"hearth/web"
)

// BenchmarkAccepted posts activities to the inbox over HTTP from 16 callers, and
// the same requests to a loop that checks digest and signature and inserts a
// row. Nothing works on what was taken meanwhile.
func BenchmarkAccepted(b *testing.B) {
	storagetest.EachMeasured(b, func(b *testing.B, store *storage.Store, cpu *storagetest.CPU) {
		p := newBusyPlace(b, store, cpu)
		var waits, bareWaits []time.Duration
		var batch []letter
		took, bareTook := storagetest.Turns(b,
			func() time.Duration { return timed(&waits, p.deliver, p.base, turn(b, &batch, p.membersPost)) },
			func() time.Duration { return timed(&bareWaits, p.deliver, p.bare, turn(b, &batch, p.membersPost)) })
		b.ReportMetric(batchSize/storagetest.Median(took).Seconds(), "posts/s")
		b.ReportMetric(batchSize/storagetest.Median(bareTook).Seconds(), "bare/s")
		b.ReportMetric(1/storagetest.Ratio(took, bareTook), "of-bare(>=0.5)")
		b.ReportMetric(float64(storagetest.P99(waits))/float64(storagetest.P99(bareWaits)), "p99-to-bare(<=5)")
	})
}

// BenchmarkVisible posts what a member elsewhere writes into a group of ours,
// and what a group elsewhere passes on, and waits until a member here can read
// all of it. What our group announces in turn is delivered to one server.
func BenchmarkVisible(b *testing.B) {
	for _, c := range []struct {
		name  string
		write func(p *busyPlace) letter
		out   int64 // deliveries that each post causes
	}{
		{"own_group", (*busyPlace).membersPost, 1},
		{"remote_group", (*busyPlace).groupsPost, 0},
	} {
		b.Run(c.name, func(b *testing.B) {
			storagetest.EachMeasured(b, func(b *testing.B, store *storage.Store, cpu *storagetest.CPU) {
				p := newBusyPlace(b, store, cpu)
				p.run()
				var batch []letter
				write := func() letter { return c.write(p) }
				took, bareTook := storagetest.Turns(b, func() time.Duration {
					letters := turn(b, &batch, write)
					cpu.Start()
					began := time.Now()
					p.deliver(p.base, letters)
					p.awaitRead(letters)
					visible := time.Since(began)
					p.awaitSent(c.out * int64(len(letters)))
					cpu.Stop()
					return visible
				}, func() time.Duration { return timed(nil, p.deliver, p.bare, turn(b, &batch, write)) })
				b.ReportMetric(batchSize/storagetest.Median(took).Seconds(), "posts/s")
				b.ReportMetric(batchSize/storagetest.Median(bareTook).Seconds(), "bare/s")
				b.ReportMetric(1/storagetest.Ratio(took, bareTook), visibleMetric(b))
				b.ReportMetric(cpu.Total().Seconds()*1000/float64(len(took)*batchSize), "cpu-ms/post(<=4)")
			})
		})
	}
}

func visibleMetric(b *testing.B) string {
	if strings.HasSuffix(b.Name(), "sqlite") {
		return "of-bare(>=0.15)"
	}
	return "of-bare(>=0.2)"
}

// batchSize is how many posts are sent in a turn, callers how many at once.
const (
	batchSize = 100
	callers   = 16
)

// turn is a batch of letters, signed ahead: the one that was not used for both
// sides yet, or a new one.
func turn(b *testing.B, batch *[]letter, write func() letter) []letter {
	if used := *batch; used != nil {
		*batch = nil
		return used
	}
	b.StopTimer()
	defer b.StartTimer()
	*batch = make([]letter, batchSize)
	for i := range *batch {
		(*batch)[i] = write()
	}
	return *batch
}

func timed(waits *[]time.Duration, deliver func(string, []letter) []time.Duration, to string, letters []letter) time.Duration {
	began := time.Now()
	each := deliver(to, letters)
	took := time.Since(began)
	if waits != nil {
		*waits = append(*waits, each...)
	}
	return took
}

// letter is a signed activity with the id of the post in it and the group that
// it comes to, as its page is called.
type letter struct {
	post   string
	group  string
	header http.Header
	body   []byte
}

// busyPlace is a hearth at oak.localhost with a group that people elsewhere are
// members of and a group elsewhere that somebody here is in.
type busyPlace struct {
	b       *testing.B
	store   *storage.Store
	service *community.Service
	fed     *federation.Federation
	base    string // http://oak.localhost:port
	host    string
	bare    string // the bare loop's address
	client  *http.Client
	group   string // ours, by its URI
	reader  community.Viewer
	serial  int
	sent    atomic.Int64 // deliveries that the other server got
}

const (
	farHost   = "far.example"
	farAuthor = "https://far.example/u/ada"
	farGroup  = "https://far.example/c/quiet"
)

func newBusyPlace(b *testing.B, store *storage.Store, cpu *storagetest.CPU) *busyPlace {
	b.Helper()
	world := fedtest.NewWorld(b)
	p := &busyPlace{b: b, store: store}
	var late lateHandler
	p.base, _ = world.MountPlain("oak.localhost", &late)
	p.host = strings.TrimPrefix(p.base, "http://")
	world.Mount(farHost, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		p.sent.Add(1)
		w.WriteHeader(http.StatusAccepted)
	}))
	p.service = community.NewService(store, community.WithPasswords(secret.NewTestPasswords()))
	p.fed = federation.New(store, p.service, federation.Config{
		Scheme: "http", Host: p.host, Development: true, SealKey: []byte(strings.Repeat("k", 32)),
		Guard: federation.Guard{Reach: world.Reach, Roots: world.Roots()}, Log: zerolog.New(io.Discard),
	})
	site, err := web.NewServer(p.service, store, web.Config{
		Scheme: "http", Host: p.host, FormKey: []byte("a key for tests"), Log: zerolog.New(io.Discard), Federation: p.fed,
	})
	p.must(err)
	handler := site.Handler()
	late.Store(&handler)
	p.bare = newBareInbox(b, cpu.Address())
	listener, _ := world.Reach(p.host)
	p.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		if address == p.host {
			address = listener
		}
		var dialer net.Dialer
		return dialer.DialContext(ctx, network, address)
	}}}
	b.Cleanup(p.client.CloseIdleConnections)
	p.furnish()
	return p
}

func (p *busyPlace) must(err error) {
	p.b.Helper()
	if err != nil {
		p.b.Fatal(err)
	}
}

// furnish makes the people, the groups, and the keys that are known already.
func (p *busyPlace) furnish() {
	p.b.Helper()
	ctx, now := context.Background(), p.service.Now()
	_, err := p.service.SetUp(ctx, "http", p.host, community.Setup{
		Newcomer: community.Newcomer{Login: "warden", PublicName: "quiet-heron", Password: adminPassword}, Name: "Willow Lane",
		Purpose: "A place to talk for carers.", Contact: "hello@willow.example", MinimumAge: 18,
		Registration: community.RegistrationApproval, FrontDoor: community.FrontDoorOpen, Country: "GB",
	})
	p.must(err)
	in, err := p.service.SignIn(ctx, community.Try{Login: "warden", Password: adminPassword})
	p.must(err)
	p.reader, err = p.service.Viewer(ctx, in.ID, "")
	p.must(err)
	id := secret.NewActorID()
	p.group = p.base + "/g/" + id
	own := community.Group{
		Actor: community.Actor{ID: id, URI: p.group, Type: community.ActorGroup, Name: "carers", Title: "Carers", URL: p.base + "/g/carers",
			Inbox: p.group + "/inbox", SharedInbox: p.base + "/inbox", CreatedAt: now, DisclosedAt: &now},
		State: community.GroupActive, Purpose: "To talk.", PurposeHTML: "<p>To talk.</p>", Language: "en", Joining: community.JoiningOpen,
		Readers: community.ReadersAnyone, Reach: community.ReachAnywhere, Listed: true, LastActivityAt: now,
	}
	far := own
	far.Actor = p.stranger(farGroup, community.ActorGroup, "quiet")
	for _, g := range []community.Group{own, far} {
		p.must(p.store.InsertGroup(ctx, g))
		p.join(g, p.reader.ActingID())
	}
	ada := community.Account{Actor: p.stranger(farAuthor, community.ActorPerson, "ada")}
	p.must(p.store.InsertAccount(ctx, ada))
	p.join(own, ada.ID)
}

func (p *busyPlace) join(g community.Group, account string) {
	p.b.Helper()
	now := p.service.Now()
	p.must(p.store.InsertMembership(context.Background(), community.Membership{
		ID: secret.NewActorID(), GroupID: g.ID, AccountID: account, Role: community.GroupMember, State: community.MemberActive, CreatedAt: now, ChangedAt: now,
	}))
}

// stranger is an actor of the other server, whose key is known here.
func (p *busyPlace) stranger(uri, kind, name string) community.Actor {
	p.b.Helper()
	now := p.service.Now()
	keyID := uri + "#main-key"
	p.must(p.store.SaveRemoteKey(context.Background(), federation.KeyRow{
		ID: secret.NewActorID(), URI: &keyID, OwnerURI: uri, PublicPEM: fedtest.PublicPEM(&fedtest.PrivateKey(0).PublicKey), CreatedAt: now, FetchedAt: &now,
	}))
	return community.Actor{
		ID: secret.NewActorID(), URI: uri, Type: kind, Domain: farHost, Name: name, Title: name, URL: uri, Inbox: uri + "/inbox",
		SharedInbox: "https://" + farHost + "/inbox", CreatedAt: now, FetchedAt: &now,
	}
}

// run has the queues worked on until the benchmark ends.
func (p *busyPlace) run() {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); p.fed.Run(ctx) }()
	p.b.Cleanup(func() { cancel(); <-ended })
	for { // its keys are made first: nobody pays for them
		n, err := p.store.CountPooledKeys(ctx)
		p.must(err)
		if n >= 8 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

const farNote = `{"@context":["https://www.w3.org/ns/activitystreams","https://w3id.org/security/v1",{"sensitive":"as:sensitive","toot":"http://joinmastodon.org/ns#"}],` +
	`"id":%q,"type":"Create","actor":"` + farAuthor + `","published":%q,"to":[%[3]q,"https://www.w3.org/ns/activitystreams#Public"],"cc":["` + farAuthor + `/followers"],"audience":%[3]q,` +
	`"object":{"id":%[4]q,"type":"Note","attributedTo":"` + farAuthor + `","published":%[2]q,"to":[%[3]q,"https://www.w3.org/ns/activitystreams#Public"],` +
	`"cc":["` + farAuthor + `/followers"],"audience":%[3]q,"url":%[4]q,"sensitive":false,"inReplyTo":null,"tag":[],"attachment":[],"contentMap":{"en":"<p>See content.</p>"},` +
	`"content":"<p>You said yes because he needed somebody to. That was <em>kind</em>, and it must have cost you.</p><p>I have been crying since I read this, and I wanted you to know that <a href=\"https://far.example/tags/carers\" rel=\"tag\">you are not alone</a> with it. The nights are the worst for us as well; what helps here is to take turns, and to say out loud that it is hard.</p>"}}`

// membersPost is what somebody elsewhere posts to a group of ours.
func (p *busyPlace) membersPost() letter {
	create, post := p.note(p.group)
	return p.signed(post, "carers", farAuthor, create)
}

// groupsPost is what a group elsewhere passes on.
func (p *busyPlace) groupsPost() letter {
	create, post := p.note(farGroup)
	announce := fmt.Sprintf(`{"@context":"https://www.w3.org/ns/activitystreams","id":"https://far.example/x/announce-%d","type":"Announce","actor":%q,`+
		`"to":["https://www.w3.org/ns/activitystreams#Public"],"cc":[%q],"object":%s}`, p.serial, farGroup, farGroup+"/followers", create)
	return p.signed(post, "quiet@"+farHost, farGroup, announce)
}

func (p *busyPlace) note(group string) (create, post string) {
	p.serial++
	post = fmt.Sprintf("https://far.example/p/%d", p.serial)
	return fmt.Sprintf(farNote, fmt.Sprintf("https://far.example/x/%d", p.serial), time.Now().UTC().Format(time.RFC3339), group, post), post
}

func (p *busyPlace) signed(post, group, actor, body string) letter {
	p.b.Helper()
	req, err := http.NewRequest(http.MethodPost, p.base+"/inbox", nil)
	p.must(err)
	req.Header.Set("Content-Type", "application/activity+json")
	fedtest.Mastodon.Sign(req, []byte(body), actor+"#main-key", fedtest.PrivateKey(0), time.Now())
	return letter{post, group, req.Header, []byte(body)}
}

// deliver posts letters to an inbox, some at once, and says how long each took.
func (p *busyPlace) deliver(base string, letters []letter) []time.Duration {
	waits := make([]time.Duration, len(letters))
	var next atomic.Int64
	var sending sync.WaitGroup
	for range callers {
		sending.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(letters)); i = next.Add(1) - 1 {
				began := time.Now()
				if err := p.send(base+"/inbox", letters[i]); err != nil {
					p.b.Error(err)
					return
				}
				waits[i] = time.Since(began)
			}
		})
	}
	sending.Wait()
	return waits
}

func (p *busyPlace) send(inbox string, l letter) error {
	req, err := http.NewRequest(http.MethodPost, inbox, bytes.NewReader(l.body))
	if err != nil {
		return err
	}
	req.Header, req.Host = l.header, p.host
	res, err := p.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, _ := io.ReadAll(res.Body)
	if res.StatusCode != http.StatusAccepted {
		return fmt.Errorf("got %d %s, want 202", res.StatusCode, answer)
	}
	return nil
}

// awaitRead waits until a member here can read every one of the posts: it looks
// for them on the pages of the group's threads as that member sees them, which
// name each post by its title. A page of each post's own thread, read a hundred
// times, took longer than all that is measured.
func (p *busyPlace) awaitRead(letters []letter) {
	p.b.Helper()
	ctx, deadline := context.Background(), time.Now().Add(2*time.Minute)
	uris := make([]string, len(letters))
	for i, l := range letters {
		uris[i] = l.post
	}
	for {
		_, err := p.store.PostByURI(ctx, uris[len(uris)-1]) // most likely the last to come
		came := map[string]community.Post{}
		if err == nil {
			came, _, err = p.store.PostsMet(ctx, uris, nil)
			p.must(err)
		}
		if len(came) == len(uris) && p.areListed(ctx, letters[0].group, came) {
			return
		}
		if time.Now().After(deadline) {
			p.b.Fatalf("%d of %d posts came, and not all can be read", len(came), len(uris))
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// areListed says whether the member sees all of some posts, with their words, on
// the first pages of a group's threads.
func (p *busyPlace) areListed(ctx context.Context, group string, posts map[string]community.Post) bool {
	p.b.Helper()
	unseen := make(map[string]string, len(posts))
	for _, post := range posts {
		unseen[post.ID] = post.Title
	}
	view, err := p.service.GroupView(ctx, p.reader, group)
	p.must(err)
	var ask community.Paging
	for range len(posts)/community.ThreadsPage + 1 {
		page, _, err := p.service.Threads(ctx, p.reader, view, community.ByActivity, ask)
		p.must(err)
		for _, thread := range page.Items {
			if title, ok := unseen[thread.ID]; ok && thread.Title == title && title != "" {
				delete(unseen, thread.ID)
			}
		}
		ask.After = page.Older
	}
	return len(unseen) == 0
}

// awaitSent waits until the other server got so many more deliveries.
func (p *busyPlace) awaitSent(n int64) {
	p.b.Helper()
	for deadline := time.Now().Add(2 * time.Minute); p.sent.Load() < n; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			p.b.Fatalf("%d of %d announces were sent", p.sent.Load(), n)
		}
	}
	p.sent.Add(-n)
}

// newBareInbox is what no inbox can do without: HTTP, digest, signature, a row.
func newBareInbox(b *testing.B, address string) string {
	b.Helper()
	place, statement := address, "INSERT INTO bare (id, raw) VALUES ($1, $2)"
	if !strings.HasPrefix(address, "postgres") {
		place += ".bare"
	}
	db := storagetest.SQL(b, place)
	if place != address {
		db = bareSQLite(b, place)
	} else {
		db.SetMaxIdleConns(callers)
	}
	if _, err := db.Exec("CREATE TABLE bare (id TEXT PRIMARY KEY, raw TEXT NOT NULL)"); err != nil {
		b.Fatal(err)
	}
	public := &fedtest.PrivateKey(0).PublicKey
	var serial atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || !isGenuine(r, body, public) {
			http.Error(w, "", http.StatusUnauthorized)
			return
		}
		if _, err := db.Exec(statement, fmt.Sprint("x", serial.Add(1)), string(body)); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	}))
	b.Cleanup(server.Close)
	return server.URL
}

func bareSQLite(b *testing.B, path string) *sql.DB {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { db.Close() })
	return db
}

func isGenuine(r *http.Request, body []byte, public *rsa.PublicKey) bool {
	sum := sha256.Sum256(body)
	if r.Header.Get("Digest") != "SHA-256="+base64.StdEncoding.EncodeToString(sum[:]) {
		return false
	}
	r.Header.Set("Host", r.Host)
	v, err := httpsig.NewVerifier(r)
	return err == nil && v.Verify(crypto.PublicKey(public), httpsig.RSA_SHA256) == nil
}
