package federation_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/rs/zerolog"

	"hearth/community"
	"hearth/community/policy"
	"hearth/community/secret"
	"hearth/federation"
	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
	"hearth/web"
)

// door is a talk that is reached as strangers reach it: over TLS, at
// https://oak.example, by requests that they sign with keys of their own.
type door struct {
	*talk
	inbox string
	logs  *logged
	site  http.Handler
}

// logged is what was logged as an error.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(line []byte) (int, error) { return l.WriteLevel(zerolog.NoLevel, line) }

func (l *logged) WriteLevel(level zerolog.Level, line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if level >= zerolog.ErrorLevel && level < zerolog.NoLevel {
		l.text.Write(line)
	}
	return len(line), nil
}

// errors is what was logged since it was asked last.
func (l *logged) errors() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.text.Reset()
	return l.text.String()
}

// eachDoor runs fn on every engine.
func eachDoor(t *testing.T, fn func(d *door)) {
	t.Helper()
	storagetest.EachMigrated(t, func(t *testing.T, address string) { fn(newDoor(t, address)) })
}

func newDoor(t *testing.T, address string) *door {
	t.Helper()
	d := &door{talk: newTalk(t, address, nil), inbox: "https://oak.example/inbox", logs: &logged{}}
	d.world.SetClock(d.clock.Now)
	d.giveInstanceKey()
	log := zerolog.New(d.logs)
	d.Federation = federation.New(d.store, d.service, federation.Config{
		Scheme: "https", Host: "oak.example", SealKey: sealKey, Log: log,
		Guard: federation.Guard{Reach: d.world.Reach, Roots: d.world.Roots()},
	})
	site, err := web.NewServer(d.service, d.store, web.Config{
		Version: "1.0.0", Scheme: "https", Host: "oak.example", FormKey: []byte("a key for tests"), Log: log, Federation: d.Federation,
		TrustedProxies: []string{"127.0.0.1"}, // so that a request may say where it comes from
	})
	d.must(err)
	d.site = site.Handler()
	d.world.Mount("oak.example", d.site)
	return d
}

// giveInstanceKey has the instance actor sign by a key that was made before:
// making one takes longer than most of what is tried.
func (d *door) giveInstanceKey() {
	d.t.Helper()
	actor, uri, private := "oak-actor", "https://oak.example/actor#main-key", fedtest.PrivateKey(0)
	sealed, err := federation.SealPrivate(sealKey, "oak-key", private)
	d.must(err)
	d.must(d.store.InsertKey(d.t.Context(), federation.KeyRow{
		ID: "oak-key", ActorID: &actor, URI: &uri, PublicPEM: fedtest.PublicPEM(&private.PublicKey), PrivateKey: sealed, CreatedAt: noon, TakenAt: &noon,
	}))
}

// far is another server.
func (d *door) far(host string) *fedtest.Server {
	d.t.Helper()
	return fedtest.NewServer(d.t, host, fedtest.In(d.world))
}

// member is somebody of another server who is in carers, and whose document and
// key are known to nobody here yet.
func (d *door) member(server *fedtest.Server, name string) *fedtest.Actor {
	d.t.Helper()
	actor, id := server.Person(name), secret.NewActorID()
	d.must(d.store.InsertAccount(d.t.Context(), community.Account{Actor: community.Actor{
		ID: id, URI: actor.ID, Type: community.ActorPerson, Domain: server.Host, Name: name, Title: name, Inbox: actor.Inbox, CreatedAt: noon, FetchedAt: &noon,
	}}))
	d.join(d.carers, id)
	return actor
}

// posts is what stands in carers of others, by URI.
func (d *door) postURIs() []string {
	d.t.Helper()
	return storagetest.Strings(d.t, d.db, "SELECT uri FROM posts WHERE verified <> 'local' ORDER BY uri")
}

// became is what became of an activity: of nothing that was kept, nothing.
func (d *door) became(uri string) string {
	d.t.Helper()
	d.must(d.HandleDue(d.t.Context()))
	rows := storagetest.Strings(d.t, d.db, "SELECT state || ' ' || outcome || ' ' || reason FROM activities WHERE direction = 'in' AND uri = '"+strings.ReplaceAll(uri, "'", "''")+"'")
	return strings.Join(rows, ", ")
}

// word is an answer in short: its status, and the word of a refusal.
func word(a fedtest.Answer) string {
	status := http.StatusText(a.Status)
	_, after, found := strings.Cut(string(a.Body), `{"error":"`)
	if !found {
		return status
	}
	reason, _, _ := strings.Cut(after, `"`)
	return status + ": " + reason
}

// refuse ends all traffic with a domain.
func (d *door) refuse(domain string) {
	d.t.Helper()
	_, err := d.service.SetPolicyAsOperator(d.t.Context(), community.PolicyDraft{Domain: domain, Severity: policy.Suspend})
	d.must(err)
}

func mustJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// setBody gives a signed request another body.
func setBody(req *http.Request, body []byte) {
	req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	req.GetBody = nil
}
