package federation_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/community/secret"
	"hearth/federation"
	"hearth/federation/fedtest"
	"hearth/storage"
	"hearth/storage/storagetest"
)

// talk is a hearth with a group "carers" of here and a group "quiet" of
// elm.example, in both of which ada is, and with people of far.example and
// elm.example who are members of carers. Nothing of it has to be fetched.
type talk struct {
	*hearth
	t      *testing.T
	carers community.Group
	quiet  community.Group
	serial int
}

func newTalk(t *testing.T, address string, with func(*storage.Store) *storage.Store) *talk {
	t.Helper()
	store := openStore(t, address)
	if with != nil {
		store = with(store)
	}
	return newTalkOver(t, address, store, store)
}

// newTalkOver is a talk whose federation works through a store of its own.
func newTalkOver(t *testing.T, address string, store *storage.Store, through federation.Store) *talk {
	t.Helper()
	h := newHearthThrough(t, store, through, fedtest.NewWorld(t), &clock{now: noon})
	h.db, h.address = storagetest.SQL(t, address), address
	k := &talk{hearth: h, t: t}
	k.carers = k.group("carers", "https://oak.example/g/carers", "")
	k.quiet = k.group("quiet", "https://elm.example/c/quiet", "elm.example")
	h.person(t, "ada")
	ctx := t.Context()
	k.must(store.InsertUser(ctx, community.User{ID: "user-ada", Login: "login-ada", Role: community.RoleMember, State: community.UserActive, HomeOrder: community.HomeByActivity, CreatedAt: noon}))
	k.must(store.InsertAccountOwner(ctx, "ada", "user-ada", true, noon))
	k.join(k.carers, "ada")
	k.join(k.quiet, "ada")
	for _, uri := range []string{"https://far.example/u/kim", "https://far.example/u/lee", "https://elm.example/u/moe"} {
		k.join(k.carers, k.stranger(uri))
	}
	k.stranger("https://far.example/u/outsider")
	k.must(store.InsertPost(ctx, community.Post{
		ID: "post-ada", URI: "https://oak.example/p/ada", GroupID: k.carers.ID, AuthorID: "ada", ThreadID: "post-ada", State: community.PostPublished, Title: "Ada", HTML: "<p>words</p>",
		Version: 1, Readers: community.ReadersAnyone, Reach: community.ReachAnywhere, Verified: community.VerifiedLocal, PublishedAt: noon, ReceivedAt: noon, LastActivityAt: noon,
	}))
	return k
}

func (k *talk) must(err error) {
	k.t.Helper()
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *talk) group(name, uri, domain string) community.Group {
	k.t.Helper()
	g := community.Group{
		Actor: community.Actor{ID: name, URI: uri, Type: community.ActorGroup, Domain: domain, Name: name, Title: name, CreatedAt: noon, FetchedAt: &noon, DisclosedAt: &noon},
		State: community.GroupActive, Joining: community.JoiningOpen, Readers: community.ReadersAnyone, Reach: community.ReachAnywhere, LastActivityAt: noon.AddDate(0, 0, -1),
	}
	k.must(k.store.InsertGroup(k.t.Context(), g))
	return g
}

func (k *talk) join(g community.Group, account string) {
	k.t.Helper()
	k.must(k.store.InsertMembership(k.t.Context(), community.Membership{ID: secret.NewActorID(), GroupID: g.ID, AccountID: account, Role: community.GroupMember, State: community.MemberActive, CreatedAt: noon, ChangedAt: noon}))
}

// stranger is somebody elsewhere whose document was fetched just now.
func (k *talk) stranger(uri string) (id string) {
	k.t.Helper()
	name := uri[strings.LastIndexByte(uri, '/')+1:]
	k.must(k.store.InsertAccount(k.t.Context(), community.Account{Actor: community.Actor{ID: name, URI: uri, Type: community.ActorPerson, Domain: hostOf(uri), Name: name, Title: name,
		Inbox: uri + "/inbox", CreatedAt: noon, FetchedAt: &noon}}))
	return name
}

func hostOf(uri string) string { return strings.Split(uri, "/")[2] }

// arrives keeps an activity as the door does once it is verified.
func (k *talk) arrives(kind, actor, about, body string) (uri string) {
	k.t.Helper()
	k.serial++
	uri = fmt.Sprintf("https://%s/x/%d", hostOf(actor), k.serial)
	raw := fmt.Sprintf(`{"id":%q,"type":%q,"actor":%q,"to":["https://www.w3.org/ns/activitystreams#Public"],"object":%s}`, uri, kind, actor, body)
	k.must(k.store.SaveIncoming(k.t.Context(), federation.Activity{
		ID: fmt.Sprintf("activity-%d", k.serial), URI: uri, Direction: federation.Incoming, Type: kind, ActorURI: actor, Domain: hostOf(actor),
		ObjectURI: about, OrderKey: about, State: federation.Waiting, Raw: []byte(raw), Size: len(raw), ReceivedAt: k.clock.Now(),
	}))
	return uri
}

// postDocument is a post as it stands in an activity.
func postDocument(uri, author, group, parent, words string) string {
	if parent != "" {
		parent = fmt.Sprintf(`"inReplyTo":%q,`, parent)
	}
	return fmt.Sprintf(`{"id":%q,"type":"Note","attributedTo":%q,%s"to":[%q,"https://www.w3.org/ns/activitystreams#Public"],"audience":%[4]q,"content":"<p>%s</p>"}`,
		uri, author, parent, group, words)
}

// posts has a member elsewhere write into carers.
func (k *talk) posts(author, uri, parent string) string {
	return k.arrives("Create", author, uri, postDocument(uri, author, k.carers.URI, parent, "words of "+uri))
}

// passesOn has quiet announce what somebody wrote in it.
func (k *talk) passesOn(author, uri, parent string) string {
	create := fmt.Sprintf(`{"id":"https://%s/x/inner-%d","type":"Create","actor":%q,"object":%s}`, hostOf(author), k.serial, author, postDocument(uri, author, k.quiet.URI, parent, "words of "+uri))
	return k.arrives("Announce", k.quiet.URI, uri, create)
}

const kim, lee, moe, outsider = "https://far.example/u/kim", "https://far.example/u/lee", "https://elm.example/u/moe", "https://far.example/u/outsider"

// bag is what a busy, careless and partly hostile world sends: mixed by seed.
// What one server sends is never about another's, so that nothing depends on
// which of them is served first.
func (k *talk) bag(seed uint64, n int) {
	k.t.Helper()
	dice := rand.New(rand.NewPCG(seed, 0))
	members := map[string][]string{"far.example": {kim, lee}, "elm.example": {moe}}
	own, passed := map[string][]string{}, []string{}
	any := func(of []string) string {
		if len(of) == 0 {
			return "https://far.example/p/never"
		}
		return of[dice.IntN(len(of))]
	}
	for i := range n {
		host := []string{"far.example", "far.example", "elm.example"}[dice.IntN(3)]
		author, other := any(members[host]), any(members[host])
		uri := fmt.Sprintf("https://%s/p/%d", host, i)
		switch dice.IntN(17) {
		case 0, 1, 2, 3:
			k.posts(author, uri, "")
			own[host] = append(own[host], uri)
		case 4, 5:
			k.posts(author, uri, any(own[host]))
			own[host] = append(own[host], uri)
		case 6, 7:
			k.passesOn(author, uri, "")
			passed = append(passed, uri)
		case 8:
			k.passesOn(author, uri, any(passed))
			passed = append(passed, uri)
		case 9: // a reply that comes twice, and before what it answers
			k.posts(author, uri+"-reply", uri)
			k.posts(author, uri+"-reply", uri)
			k.posts(other, uri, "")
		case 10:
			again := any(own[host])
			k.arrives("Create", author, again, postDocument(again, author, k.carers.URI, "", "another id, the same post"))
		case 11:
			edited := any(own[host])
			k.arrives("Update", other, edited, postDocument(edited, other, k.carers.URI, "", fmt.Sprint("edited ", i)))
		case 12:
			gone := any(own[host])
			k.arrives("Delete", other, gone, fmt.Sprintf("%q", gone))
		case 13: // nobody let them in
			k.posts(outsider, "https://far.example/p/outside-"+fmt.Sprint(i), "")
		case 14: // not theirs to speak for
			k.posts(author, "https://elsewhere.example/p/"+fmt.Sprint(i), "")
		case 15: // a Delete before its Create
			k.arrives("Delete", author, uri, fmt.Sprintf("%q", uri))
			k.posts(author, uri, "")
		case 16: // ada hears of it
			k.posts(author, uri, "https://oak.example/p/ada")
		}
	}
}

// remembered is all that came of a bag, without ids and times.
func (k *talk) remembered() []string {
	k.t.Helper()
	const uris = `coalesce((SELECT q.uri FROM posts AS q WHERE q.id = %s), '')`
	post := func(id string) string { return fmt.Sprintf(uris, id) }
	var all []string
	for what, query := range map[string]string{
		"post": `SELECT p.uri || ' ' || p.group_id || ' ' || p.author_id || ' ' || ` + post("p.thread_id") + ` || ' ' || ` + post("p.parent_id") + ` || ' ' || p.in_reply_to_uri || ' ' ||
			p.state || ' ' || p.title || ' ' || p.html || ' ' || p.version || ' ' || p.readers || ' ' || p.reach || ' ' || p.verified || ' ' || p.replies || CASE WHEN p.listed THEN ' listed' ELSE '' END FROM posts AS p`,
		"version":  `SELECT ` + post("v.post_id") + ` || ' ' || v.version || ' ' || v.html FROM post_versions AS v`,
		"activity": `SELECT a.uri || ' ' || a.state || ' ' || a.outcome || ' ' || a.reason || ' ' || a.attempts || ' ' || coalesce(a.group_id, '') || ' ' || ` + post("a.post_id") + ` FROM activities AS a`,
		"notice":   `SELECT n.user_id || ' ' || n.kind || ' ' || ` + post("n.post_id") + ` || ' ' || coalesce(n.actor_id, '') FROM notices AS n`,
		"event":    `SELECT e.kind || ' ' || ` + post("e.order_key") + ` || ' ' || ` + post("e.post_id") + ` || ' ' || CASE WHEN e.about_id LIKE 'activity-%' THEN e.about_id ELSE '' END FROM events AS e`,
		"group":    `SELECT g.actor_id || CASE WHEN g.last_activity_at > (SELECT s.set_up_at FROM site AS s) THEN ' later' ELSE '' END FROM groups AS g`,
		"gone":     `SELECT uri FROM withdrawals`,
		"lane":     `SELECT host || CASE WHEN inbound_token IS NULL THEN '' ELSE ' leased' END FROM lanes`,
	} {
		for _, row := range storagetest.Strings(k.t, k.db, query) {
			all = append(all, what+" "+row)
		}
	}
	slices.Sort(all)
	return all
}

// eventOrder is the order of events of one sender within each order key: what
// several senders say is in no order.
func (k *talk) eventOrder() map[string][]string {
	k.t.Helper()
	order := map[string][]string{}
	for _, row := range storagetest.Strings(k.t, k.db, `SELECT t.uri || ' ' || e.kind || ' ' || p.uri FROM events AS e JOIN posts AS t ON t.id = e.order_key JOIN posts AS p ON p.id = e.post_id ORDER BY e.seq`) {
		thread, event, _ := strings.Cut(row, " ")
		_, post, _ := strings.Cut(event, " ")
		key := thread + " from " + hostOf(post)
		order[key] = append(order[key], event)
	}
	return order
}

// handleAll handles what there is, and what waited for something after a while.
func (k *talk) handleAll() {
	k.t.Helper()
	for range 3 {
		k.must(k.HandleDue(k.t.Context()))
		k.clock.pass(30 * time.Minute)
	}
}

func TestPostsTakenTogetherAreAsIfOneByOne(t *testing.T) {
	storagetest.EachMigrated(t, func(t *testing.T, address string) {
		another := address
		if strings.HasPrefix(address, "postgres") {
			another = storagetest.PostgresDatabase(t)
		} else {
			another = t.TempDir() + "/another.db"
		}
		storagetest.Open(t, another)
		writes := 0
		together := newTalk(t, address, func(s *storage.Store) *storage.Store {
			return s.Observed(func(statement string) {
				if strings.HasPrefix(statement, `INSERT INTO "posts"`) || strings.HasPrefix(statement, "INSERT INTO posts") {
					writes++
				}
			})
		})
		alone := newTalk(t, another, nil)
		alone.OneByOne()
		for _, k := range []*talk{together, alone} {
			k.bag(7, 200)
			k.handleAll()
		}
		want, got := alone.remembered(), together.remembered()
		for _, row := range want {
			if !slices.Contains(got, row) {
				t.Errorf("one by one there is: %s", row)
			}
		}
		for _, row := range got {
			if !slices.Contains(want, row) {
				t.Errorf("together there is: %s", row)
			}
		}
		if len(got) != len(want) {
			t.Errorf("together there are %d rows, one by one %d", len(got), len(want))
		}
		for key, events := range alone.eventOrder() {
			if got := together.eventOrder()[key]; !slices.Equal(got, events) {
				t.Errorf("events of %s: got %v, want %v", key, got, events)
			}
		}
		if notices := storagetest.Strings(t, together.db, "SELECT id FROM notices"); len(notices) < 5 {
			t.Errorf("ada heard of %d answers: hardly any", len(notices))
		}
		posts := len(storagetest.Strings(t, together.db, "SELECT id FROM posts"))
		if posts < 100 || writes > posts*2/3 {
			t.Errorf("%d posts were stored by %d statements: hardly any together", posts, writes)
		}
	})
}

// tampered is a store whose runs somebody interferes with.
type tampered struct {
	*storage.Store
	before func()       // before the transaction
	end    func() error // at its end; an error undoes it
	runs   int
}

func (s *tampered) Together(ctx context.Context, fn func(federation.InboxStore, community.Store) error) error {
	s.runs++
	if s.before != nil {
		s.before()
	}
	return s.Store.Together(ctx, func(inbox federation.InboxStore, house community.Store) error {
		if err := fn(inbox, house); err != nil || s.end == nil {
			return err
		}
		return s.end()
	})
}

// eachTampered runs fn with 20 posts of kim's waiting, which are two runs.
func eachTampered(t *testing.T, fn func(k *talk, s *tampered)) {
	t.Helper()
	storagetest.EachMigrated(t, func(t *testing.T, address string) {
		store := openStore(t, address)
		s := &tampered{Store: store}
		k := newTalkOver(t, address, store, s)
		for i := range 20 {
			k.posts(kim, fmt.Sprintf("https://far.example/p/%02d", i), "")
		}
		fn(k, s)
	})
}

// tally counts activities by what became of them, and posts.
func (k *talk) tally() string {
	k.t.Helper()
	rows := storagetest.Strings(k.t, k.db, `SELECT count(*) || ' ' || state || ' ' || outcome || ' ' || reason FROM activities GROUP BY state, outcome, reason ORDER BY state, outcome, reason`)
	posts := storagetest.Strings(k.t, k.db, "SELECT count(*) || ' posts' FROM posts WHERE verified <> 'local'")
	events := storagetest.Strings(k.t, k.db, "SELECT count(*) || ' events' FROM events")
	return strings.Join(slices.Concat(rows, posts, events), ", ")
}

func (k *talk) wantTally(when, want string) {
	k.t.Helper()
	if got := k.tally(); got != want {
		k.t.Errorf("%s: got %s; want %s", when, got, want)
	}
}

const allTaken = "20 finished accepted , 20 posts, 20 events"

func TestRunThatIsEndedHalfwayLeavesNothingBehind(t *testing.T) {
	eachTampered(t, func(k *talk, s *tampered) {
		killed := errors.New("killed")
		s.end = func() error { panic(killed) }
		// One by one they would be taken after all, which is not what is tested here.
		k.HandleWith(func(context.Context, federation.Activity) federation.Outcome {
			return federation.Outcome{RetryAt: k.clock.Now()}
		})
		k.Together()
		k.must(k.HandleDue(k.t.Context()))
		k.wantTally("ended", "20 waiting  , 0 posts, 0 events")
		s.end = nil
		k.clock.pass(time.Minute)
		k.must(k.HandleDue(k.t.Context()))
		k.wantTally("again", allTaken)
	})
}

func TestFaultInARunIsHandledOneByOne(t *testing.T) {
	eachTampered(t, func(k *talk, s *tampered) {
		s.end = func() error { panic("a fault") }
		k.must(k.HandleDue(k.t.Context()))
		k.wantTally("after a panic", allTaken)
		if s.runs != 2 {
			k.t.Errorf("got %d runs, want 2: what failed together is not tried together again", s.runs)
		}
	})
}

func TestOnePostThatCannotBeStoredCostsItsNeighboursNothing(t *testing.T) {
	eachTampered(t, func(k *talk, s *tampered) {
		k.spoil(k.t, "posts", "https://far.example/p/05")
		k.must(k.HandleDue(k.t.Context()))
		k.wantTally("with one that cannot be stored", "19 finished accepted , 1 waiting  gave_up, 19 posts, 19 events")
	})
}

// spoil has the database refuse a row of a URI.
func (h *hearth) spoil(t *testing.T, table, uri string) {
	t.Helper()
	exec := func(statement string) {
		t.Helper()
		if _, err := h.db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if strings.HasPrefix(h.address, "postgres") {
		exec(`CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'spoilt'; END $$`)
		t.Cleanup(func() { exec("DROP FUNCTION spoil() CASCADE") }) // the database is used again
		exec(`CREATE TRIGGER spoil BEFORE INSERT ON ` + table + ` FOR EACH ROW WHEN (NEW.uri = '` + uri + `') EXECUTE FUNCTION spoil()`)
		return
	}
	exec(`CREATE TRIGGER spoil BEFORE INSERT ON ` + table + ` WHEN NEW.uri = '` + uri + `' BEGIN SELECT RAISE(ABORT, 'spoilt'); END`)
}

func TestRunUnderALostLeaseIsNotTaken(t *testing.T) {
	eachTampered(t, func(k *talk, s *tampered) {
		s.before = func() {
			if _, err := k.db.Exec("UPDATE lanes SET inbound_token = 'another'"); err != nil {
				k.t.Error(err)
			}
		}
		if err := k.HandleDue(k.t.Context()); !errors.Is(err, federation.ErrLeaseLost) {
			k.t.Errorf("got %v, want ErrLeaseLost", err)
		}
		k.wantTally("under a lost lease", "20 waiting  , 0 posts, 0 events")
		if s.runs != 1 {
			k.t.Errorf("got %d runs, want nothing done after the lease was lost", s.runs)
		}
	})
}

func TestServerRefusedWhileItsPostsAreTakenIsRefusedFromThenOn(t *testing.T) {
	eachTampered(t, func(k *talk, s *tampered) {
		s.before = func() {
			if s.runs == 2 {
				_, err := k.service.SetPolicyAsOperator(k.t.Context(), community.PolicyDraft{Domain: "far.example", Severity: policy.Suspend})
				k.must(err)
			}
		}
		k.must(k.HandleDue(k.t.Context()))
		k.wantTally("refused after the first run was taken", "16 finished accepted , 4 finished refused policy, 16 posts, 16 events")
	})
}

func TestPoliciesStandStillUntilARunIsStored(t *testing.T) {
	eachTampered(t, func(k *talk, s *tampered) {
		conn, err := k.db.Conn(k.t.Context())
		k.must(err)
		defer conn.Close()
		tries := 0
		s.end = func() error {
			tries++
			if err := raiseAtOnce(k.t.Context(), conn, strings.HasPrefix(k.address, "postgres")); err == nil {
				k.t.Error("the epoch was raised while a run judged by it was not stored")
			}
			return nil
		}
		k.must(k.HandleDue(k.t.Context()))
		if tries != 2 {
			k.t.Errorf("got %d runs, want 2", tries)
		}
		k.wantTally("then", allTaken)
	})
}

// raiseAtOnce raises the policies' epoch, or fails where it would have to wait.
func raiseAtOnce(ctx context.Context, conn *sql.Conn, onPostgres bool) error {
	wait := "PRAGMA busy_timeout = 0"
	if onPostgres {
		wait = "SET lock_timeout = '1ms'"
	}
	if _, err := conn.ExecContext(ctx, wait); err != nil {
		return nil // it says that nothing was held, and fails the test
	}
	_, err := conn.ExecContext(ctx, "UPDATE policy_epoch SET epoch = epoch + 1")
	return err
}

func TestWhatHasToBeFetchedIsFetchedOutsideOfARun(t *testing.T) {
	eachTampered(t, func(k *talk, s *tampered) {
		late := fedtest.NewServer(k.t, "late.example", fedtest.In(k.world))
		k.world.Trust("https://oak.example/actor#main-key", &fedtest.PrivateKey(0).PublicKey)
		noa, before := late.Person("noa"), 0
		s.before = func() { before = len(late.Requests()) }
		s.end = func() error {
			if now := len(late.Requests()); now != before {
				k.t.Errorf("%d requests were made inside of a run", now-before)
			}
			return nil
		}
		for i := range 3 {
			k.posts(noa.ID, fmt.Sprintf("%s/p/%d", late.URL, i), "")
		}
		k.must(k.HandleDue(k.t.Context()))
		k.wantTally("with a stranger", "20 finished accepted , 3 finished refused not_member, 20 posts, 20 events")
		if n := len(late.Requests()); n != 1 {
			k.t.Errorf("got %d requests, want the stranger fetched once", n)
		}
	})
}

func TestARunIsAFixedNumberOfStatementsHoweverManyPosts(t *testing.T) {
	storagetest.EachMigrated(t, func(t *testing.T, address string) {
		var statements []string
		k := newTalk(t, address, func(s *storage.Store) *storage.Store {
			return s.Observed(func(statement string) { statements = append(statements, statement) })
		})
		handled := func(posts int, names ...string) int {
			t.Helper()
			for range posts {
				uri := fmt.Sprint("https://far.example/p/", k.serial)
				k.arrives("Create", kim, uri, naming(uri, kim, k.carers, "", names...))
			}
			statements = nil
			batch, err := k.store.ClaimIncoming(t.Context(), k.clock.Now(), 50)
			k.must(err)
			k.must(k.WorkBatch(t.Context(), batch))
			return len(statements)
		}
		handled(1) // the policies are read for the first time
		for _, c := range []struct {
			names []string
			most  int
		}{{nil, 27}, {[]string{"https://oak.example/u/ada"}, 29}} { // who of here hears of it, and that they do
			one, many := handled(1, c.names...), handled(16, c.names...)
			if one != many {
				t.Errorf("16 posts that name %q take %d statements, one takes %d:\n%s", c.names, many, one, shortened(statements))
			}
			if many > c.most {
				t.Errorf("a run takes %d statements, want at most %d:\n%s", many, c.most, shortened(statements))
			}
		}
	})
}

func shortened(statements []string) string {
	var lines []string
	for _, s := range statements {
		lines = append(lines, s[:min(len(s), 150)])
	}
	return strings.Join(lines, "\n")
}
