package federation_test

import (
	"fmt"
	"net/http"
	"testing"

	"hearth/federation"
	"hearth/federation/fedtest"
	"hearth/federation/wire"
)

const jrdJSON = "application/jrd+json"

func descriptor(subject, actor string) http.HandlerFunc {
	return fedtest.Body(jrdJSON, fmt.Appendf(nil,
		`{"subject":%q,"links":[{"rel":"self","type":"application/activity+json","href":%q}]}`, subject, actor))
}

func TestWebFingerSettlesOnAHandle(t *testing.T) {
	world := fedtest.NewWorld(t)
	far := fedtest.NewServer(t, "far.example", fedtest.In(world))
	ada := far.Person("Ada")
	split := fedtest.NewServer(t, "split.example", fedtest.In(world)) // its actors stand on far
	evil := fedtest.NewServer(t, "evil.example", fedtest.In(world))
	const finger = "/.well-known/webfinger"
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc // of who is asked
		host   *fedtest.Server
		want   wire.Handle
		actor  string
		fault  federation.FetchFault
	}{
		{"its own", nil, far, wire.Handle{Name: "Ada", Host: "far.example"}, ada.ID, ""},
		{"for another domain", descriptor("acct:Ada@far.example", ada.ID), split, wire.Handle{Name: "Ada", Host: "far.example"}, ada.ID, ""},
		{"a redirect", fedtest.Redirect(far.URL + finger + "?resource=acct:ada@far.example"), split, wire.Handle{Name: "Ada", Host: "far.example"}, ada.ID, ""},
		{"no subject", descriptor("", evil.URL+"/u/ada"), evil, wire.Handle{Name: "ada", Host: "evil.example"}, evil.URL + "/u/ada", ""},
		{"somebody else's handle", descriptor("acct:Ada@far.example", evil.URL+"/u/eve"), evil, wire.Handle{}, "", federation.FetchNotAcceptable},
		{"a handle that nobody has", descriptor("acct:eve@far.example", evil.URL+"/u/eve"), evil, wire.Handle{}, "", federation.FetchGone},
		{"no actor", fedtest.Body(jrdJSON, []byte(`{"subject":"acct:ada@evil.example","links":[]}`)), evil, wire.Handle{}, "", federation.FetchNotAcceptable},
		{"unknown", fedtest.Status(404), evil, wire.Handle{}, "", federation.FetchGone},
		{"unknown to PieFed", fedtest.Body("text/html", nil), evil, wire.Handle{}, "", federation.FetchGone},
		{"a page", fedtest.Body("text/html", []byte("<p>")), evil, wire.Handle{}, "", federation.FetchNotAcceptable},
		{"CVE-2025-23221: a circle", fedtest.Redirect(finger), evil, wire.Handle{}, "", federation.FetchNotAcceptable},
		{"CVE-2025-23221: inside", fedtest.Redirect("https://127.0.0.1/"), evil, wire.Handle{}, "", federation.FetchRefused},
	} {
		if c.answer != nil {
			c.host.Handle(finger, c.answer)
		}
		handle, found, err := fetcherIn(world).WebFinger(t.Context(), "ada", c.host.Host)
		if c.fault != "" {
			failsWith(t, c.name, err, c.fault)
			continue
		}
		if err != nil || handle != c.want || found.ActorID("") != c.actor {
			t.Errorf("%s: %v, %v; want %v", c.name, handle, err, c.want)
		}
	}
	for _, got := range far.Requests() {
		if got.Err != nil {
			t.Errorf("%s: %v; want it signed by the instance actor", got.Path, got.Err)
		}
	}
}

func TestHandleThatCouldBeNoneIsRefused(t *testing.T) {
	fetcher := fetcherIn(fedtest.NewWorld(t))
	for _, c := range [][2]string{{"", "far.example"}, {"ada", ""}, {"a/b", "far.example"}, {"ada", "far.example/x"}, {"ada", "10.0.0.1"}, {"ada", "u@far.example"}} {
		_, _, err := fetcher.WebFinger(t.Context(), c[0], c[1])
		failsWith(t, fmt.Sprint(c), err, federation.FetchRefused)
	}
}

// Mastodon's rule: a name is an actor's only if its host says so of that actor.
func TestActorIsHeldToItsName(t *testing.T) {
	world := fedtest.NewWorld(t)
	far := fedtest.NewServer(t, "far.example", fedtest.In(world))
	ada := far.Person("ada")
	fetcher := fetcherIn(world)
	if handle, err := fetcher.ConfirmHandle(t.Context(), ada.ID, "ADA"); err != nil || handle.String() != "ada@far.example" {
		t.Errorf("%v, %v; want ada@far.example", handle, err)
	}
	_, err := fetcher.ConfirmHandle(t.Context(), far.URL+"/u/somebody", "ada")
	failsWith(t, "another's name", err, federation.FetchNotAcceptable)
	_, err = fetcher.ConfirmHandle(t.Context(), ada.ID, "nobody")
	failsWith(t, "a name that is not there", err, federation.FetchGone)
}

func TestNodeInfoTellsTheSoftware(t *testing.T) {
	world := fedtest.NewWorld(t)
	far := fedtest.NewServer(t, "far.example", fedtest.In(world), fedtest.Speaking(fedtest.Lemmy))
	elm := fedtest.NewServer(t, "elm.example", fedtest.In(world))
	got, err := fetcherIn(world).NodeInfo(t.Context(), far.Host)
	if want := (wire.Software{Name: "lemmy", Version: "1.0.0"}); err != nil || got != want {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	for name, href := range map[string]string{
		"CVE-2026-62857: inside":       "http://169.254.169.254/nodeinfo",
		"CVE-2026-62857: another host": elm.URL + "/nodeinfo/2.1",
		"none":                         "",
	} {
		far.Handle("/.well-known/nodeinfo", fedtest.Body("application/json", fmt.Appendf(nil,
			`{"links":[{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.1","href":%q}]}`, href)))
		_, err := fetcherIn(world).NodeInfo(t.Context(), far.Host)
		failsWith(t, name, err, federation.FetchNotAcceptable)
	}
	if n := len(elm.Requests()); n > 0 {
		t.Errorf("another host got %d requests, want none", n)
	}
	for _, host := range []string{"far.example/x?", "a@far.example", "", "10.0.0.1"} {
		_, err := fetcherIn(world).NodeInfo(t.Context(), host)
		failsWith(t, host, err, federation.FetchRefused)
	}
}
