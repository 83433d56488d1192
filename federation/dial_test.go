package federation_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"hearth/federation"
	"hearth/federation/fedtest"
)

// CVE-2023-42451 and others: addresses that look like another, or lead inside.
func TestAddressIsJudgedBeforeItIsResolved(t *testing.T) {
	inside := []string{
		"http://far.example/",
		"https://user@far.example/",
		"https://good.example@far.example/",
		"https://127.0.0.1/",
		"https://[::1]/",
		"https://0x7f000001/",
		"https://2130706433/",
		"https://127.1/",
		"https://localhost/",
		"https://oak.localhost/",
		"https://far.example:8443/",
		"https://far.example./",
		"https://intranet/",
		"https://far_.example/",
		"ftp://far.example/",
	}
	world := fedtest.NewWorld(t)
	reached := 0
	client := federation.NewClient(federation.Guard{Reach: func(address string) (string, bool) {
		reached++
		return world.Reach(address)
	}})
	for _, url := range inside {
		for _, method := range []string{http.MethodGet, http.MethodPost} { // CVE-2026-96624: inboxes as well
			req, err := http.NewRequest(method, url, strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err = client.Do(req); !errors.Is(err, federation.ErrProhibited) {
				t.Errorf("%s %s: %v, want %v", method, url, err, federation.ErrProhibited)
			}
		}
	}
	if reached > 0 {
		t.Errorf("%d of them were dialled, want none", reached)
	}
}

func TestAllowedPortsAreReached(t *testing.T) {
	far := fedtest.NewServer(t, "far.example")
	client := federation.NewClient(federation.Guard{
		Ports: []uint16{8443}, Roots: far.World.Roots(),
		Reach: func(string) (string, bool) { return far.World.Reach("far.example:443") },
	})
	resp, err := client.Get("https://far.example:8443/actor")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("status %d, want 200", resp.StatusCode)
	}
}

func TestRedirectIsLeftToWhoAsked(t *testing.T) {
	far := fedtest.NewServer(t, "far.example")
	far.Handle("/out", fedtest.Redirect("http://169.254.169.254/latest/meta-data"))
	resp, err := clientIn(far.World).Get("https://far.example/out")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusFound {
		t.Errorf("status %d, want 302", resp.StatusCode)
	}
}

func clientIn(world *fedtest.World) *http.Client {
	return federation.NewClient(federation.Guard{Agent: "Hearth/test", Reach: world.Reach, Roots: world.Roots()})
}

func TestCertificateHasToBeTheHosts(t *testing.T) {
	far := fedtest.NewServer(t, "far.example")
	strangers := federation.NewClient(federation.Guard{Reach: far.World.Reach})
	if resp, err := strangers.Get(far.URL + "/actor"); err == nil {
		resp.Body.Close()
		t.Error("a certificate of nobody we know was taken")
	}
	elsewhere := federation.NewClient(federation.Guard{
		Roots: far.World.Roots(),
		Reach: func(string) (string, bool) { return far.World.Reach("far.example:443") },
	})
	if resp, err := elsewhere.Get("https://elm.example/actor"); err == nil {
		resp.Body.Close()
		t.Error("another host's certificate was taken")
	}
}

func TestDevelopmentReachesLocalhostAlone(t *testing.T) {
	elm := fedtest.NewServer(t, "elm.localhost", fedtest.Plain())
	developing := federation.NewClient(federation.Guard{Development: true})
	resp, err := developing.Get(elm.URL + "/actor")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("status %d, want 200", resp.StatusCode)
	}
	for _, url := range []string{"http://far.example/", "https://far.example:8443/", "https://127.0.0.1/", "http://localhost.example/"} {
		if _, err := developing.Get(url); !errors.Is(err, federation.ErrProhibited) {
			t.Errorf("%s in development: %v, want %v", url, err, federation.ErrProhibited)
		}
	}
	if _, err := federation.NewClient(federation.Guard{}).Get(elm.URL); !errors.Is(err, federation.ErrProhibited) {
		t.Errorf("%s by default: %v, want %v", elm.URL, err, federation.ErrProhibited)
	}
}

// A delivery over HTTP/2, whose Host and path travel in other fields.
func TestSignatureSurvivesTheClient(t *testing.T) {
	far := fedtest.NewServer(t, "far.example")
	key := ours()
	far.World.Trust(key.ID, &key.Private.PublicKey)
	for _, path := range []string{"/inbox", "/u/caf%C3%A9/inbox", "/u/ada/inbox?x=1"} {
		req := newPost(t, far.URL+path, note)
		if err := federation.Sign(req, []byte(note), key, far.World.Now()); err != nil {
			t.Fatal(err)
		}
		resp, err := clientIn(far.World).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.ProtoMajor != 2 {
			t.Errorf("spoke %s, want HTTP/2", resp.Proto)
		}
		got := far.AwaitActivity("Create")
		if got.Path != path || got.KeyID != key.ID || got.Header.Get("User-Agent") != "Hearth/test" {
			t.Errorf("arrived at %s by %s from %q", got.Path, got.KeyID, got.Header.Get("User-Agent"))
		}
	}
}
