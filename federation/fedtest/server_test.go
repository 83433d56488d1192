package fedtest

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestServersDeliverToEachOther(t *testing.T) {
	strict := Dialect{Software: "strict", Post: strings.Fields(postForm), Get: strings.Fields(getForm), Algorithm: "rsa-sha256", WithQuery: true, KeySuffix: "#main-key"}
	world := NewWorld(t)
	far := NewServer(t, "far.example", In(world), Speaking(strict))
	elm := NewServer(t, "elm.example", In(world), Secure())
	ada, knitting := far.Person("ada"), elm.Group("knitting")
	follow := ada.Activity("Follow", knitting.ID)
	if answer := ada.Send(knitting.Inbox, follow); answer.Status != http.StatusAccepted {
		t.Errorf("status %d, want 202", answer.Status)
	}
	if got := elm.AwaitActivity("Follow"); got.KeyID != ada.KeyID || got.Activity()["id"] != follow["id"] {
		t.Errorf("got %s by %s", got.Body, got.KeyID)
	}
	if answer := ada.Get(knitting.ID); answer.Status != http.StatusOK {
		t.Errorf("a signed GET: status %d, want 200", answer.Status)
	}
}

func TestBadSignatureIsSeen(t *testing.T) {
	far := NewServer(t, "far.example", Secure())
	ada := far.Person("ada")
	spoiled := ada.Signed(http.MethodPost, far.URL+"/inbox", []byte(`{"type":"Like"}`))
	spoiled.Header.Set("Date", time.Now().Add(time.Minute).UTC().Format(http.TimeFormat))
	far.Do(spoiled)
	if got := far.Await("it", func(Request) bool { return true }); got.Err == nil {
		t.Error("a spoiled signature holds, and a dialect that is not ours")
	}
	plain, err := http.NewRequest(http.MethodGet, ada.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	if answer := far.Do(plain); answer.Status != http.StatusUnauthorized {
		t.Errorf("an unsigned GET: status %d, want 401", answer.Status)
	}
	requests := far.Requests()
	if last := requests[len(requests)-1]; !errors.Is(last.Err, ErrUnsigned) {
		t.Errorf("it was kept with %v, want %v", last.Err, ErrUnsigned)
	}
}

func TestServerHasItsBadDays(t *testing.T) {
	far := NewServer(t, "far.example")
	ready := make(chan struct{})
	far.AnswerDeliveries(InOrder(Status(503, "Retry-After", "5"), After(ready, Status(202))))
	ada := far.Person("ada")
	if answer := ada.Send(far.URL+"/inbox", ada.Activity("Like", "x")); answer.Status != 503 || answer.Header.Get("Retry-After") != "5" {
		t.Errorf("the first: status %d, want 503", answer.Status)
	}
	second := make(chan int)
	go func() { second <- far.Do(ada.Signed(http.MethodPost, far.URL+"/inbox", nil)).Status }()
	for range 2 {
		far.Await("both", func(r Request) bool { return r.Method == http.MethodPost })
	}
	select {
	case <-second:
		t.Error("it was answered before it was ready")
	default:
	}
	close(ready)
	if status := <-second; status != 202 {
		t.Errorf("the second: status %d, want 202", status)
	}
	far.Unplug()
	if _, err := far.World.client.Get(far.URL); err == nil {
		t.Error("it answers without being plugged in")
	}
}

func TestActorsAreFound(t *testing.T) {
	far := NewServer(t, "far.localhost", Plain())
	ada := far.Person("ada")
	note := ada.Note("", "hello", map[string]any{"summary": "a note"})
	ada.Publish(ada.Activity("Create", note))
	for url, want := range map[string]string{
		far.URL + "/.well-known/webfinger?resource=acct:ADA@" + far.Host: ada.ID,
		far.URL + "/.well-known/nodeinfo":                                "/nodeinfo/2.1",
		far.URL + "/nodeinfo/2.1":                                        `"mastodon"`,
		ada.ID:                                                           "BEGIN PUBLIC KEY",
		ada.ID + "/outbox":                                               "a note",
		note["id"].(string):                                              "hello",
		far.URL + "/actor":                                               "Application",
	} {
		if answer := ada.Get(url); !strings.Contains(string(answer.Body), want) {
			t.Errorf("%s: %d %s, want %q in it", url, answer.Status, answer.Body, want)
		}
	}
	if answer := ada.Get(far.URL + "/.well-known/webfinger?resource=acct:eve@" + far.Host); answer.Status != 404 {
		t.Errorf("nobody: status %d, want 404", answer.Status)
	}
}
