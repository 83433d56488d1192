package federation_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation"
	"hearth/federation/fedtest"
)

// noteOf is a post of far.example as its own server serves it.
func noteOf(author, words string) map[string]any {
	return map[string]any{"type": "Note", "attributedTo": author, "content": words, "to": []any{fedtest.Public}}
}

// A post is believed under its own id, from its own origin, of an author there
// (FEP-fe34); and only what is a post.
func TestPostIsBelievedUnderItsOwnIDAndFromItsOwnOriginOnly(t *testing.T) {
	eachHearth(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world), fedtest.Secure())
		elm := fedtest.NewServer(t, "elm.example", fedtest.In(h.world))
		h.world.SetClock(h.clock.Now)
		key, _, err := h.KeysOf(t.Context(), "oak-actor")
		if err != nil {
			t.Fatal(err)
		}
		h.world.Trust(key.ID, &key.Private.PublicKey)
		kim, moe := far.Person("kim"), elm.Person("moe")
		serve := func(path string, change func(map[string]any)) string {
			doc := noteOf(kim.ID, "words")
			change(doc)
			return far.Serve(path, doc)
		}
		good := serve("/p/good", func(map[string]any) {})
		elm.Serve("/p/good", noteOf(moe.ID, "words"))
		serve("/p/alias", func(doc map[string]any) { doc["id"] = good })
		serve("/p/victim", func(doc map[string]any) { doc["id"] = elm.URL + "/p/good" })
		far.Handle("/p/moved", fedtest.Redirect(elm.URL+"/p/good"))
		far.Handle("/p/html", fedtest.Body("text/html", []byte("<p>words</p>")))
		far.Handle("/p/upload", fedtest.Body("application/json", []byte(`{"id":"`+far.URL+`/p/upload","type":"Note","attributedTo":"`+kim.ID+`"}`)))
		serve("/p/of-elm", func(doc map[string]any) { doc["attributedTo"] = moe.ID })
		serve("/p/of-oak", func(doc map[string]any) { doc["attributedTo"] = "https://oak.example/u/ada" })
		serve("/p/number", func(doc map[string]any) { doc["attributedTo"] = 1 })
		serve("/p/nobody", func(doc map[string]any) { delete(doc, "attributedTo") })
		serve("/p/activity", func(doc map[string]any) { doc["type"], doc["actor"] = "Create", kim.ID })
		serve("/p/gone", func(doc map[string]any) { doc["type"] = "Tombstone" })
		far.Handle("/p/410", fedtest.Status(http.StatusGone))
		far.Handle("/p/500", fedtest.Status(http.StatusInternalServerError))
		for id, want := range map[string]error{
			good:                    nil,
			far.URL + "/p/alias":    federation.FetchNotAcceptable,
			far.URL + "/p/victim":   federation.FetchNotAcceptable,
			far.URL + "/p/moved":    federation.FetchNotAcceptable,
			far.URL + "/p/html":     federation.FetchNotAcceptable,
			far.URL + "/p/upload":   federation.FetchNotAcceptable,
			far.URL + "/p/of-elm":   federation.FetchNotAcceptable,
			far.URL + "/p/of-oak":   federation.FetchNotAcceptable,
			far.URL + "/p/nobody":   federation.FetchNotAcceptable,
			far.URL + "/p/activity": federation.FetchNotAcceptable,
			kim.ID:                  federation.FetchNotAcceptable,
			far.URL + "/p/gone":     federation.FetchGone,
			far.URL + "/p/410":      federation.FetchGone,
			far.URL + "/p/never":    federation.FetchGone,
			far.URL + "/p/500":      federation.FetchUnreachable,
		} {
			post, err := h.FetchPost(t.Context(), id)
			if !errors.Is(err, want) || err == nil && (post.ID != id || post.Author != kim.ID || post.Content != "words") {
				t.Errorf("%s: got %+v, %v, want %v", id, post, err, want)
			}
		}
		if _, err := h.FetchPost(t.Context(), far.URL+"/p/number"); err == nil {
			t.Error("a post by a number was believed")
		}
		for _, got := range far.Requests() {
			if got.KeyID != key.ID || got.Err != nil {
				t.Errorf("%s was asked for as %q, %v; want the instance actor", got.Path, got.KeyID, got.Err)
			}
		}
	})
}

// Nothing is asked of this very server, of one that is refused, or of what is no
// server's name, by whichever way somebody leads us there.
func TestNothingIsAskedForAPostThatMayNotBe(t *testing.T) {
	eachHearth(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		bad := fedtest.NewServer(t, "bad.example", fedtest.In(h.world))
		words := bad.Serve("/p/words", noteOf(bad.Person("mal").ID, "words"))
		far.Handle("/p/moved", fedtest.Redirect(words))
		far.Handle("/p/home", fedtest.Redirect("https://oak.example/p/1"))
		if _, err := h.service.SetPolicyAsOperator(t.Context(), community.PolicyDraft{Domain: bad.Host, Severity: policy.Suspend}); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{
			words, "https://BAD.example/p/words", far.URL + "/p/moved", far.URL + "/p/home", "https://oak.example/p/1", "https://OAK.example/p/1",
			"http://far.example/p/1", "https://127.0.0.1/p/1", "https://far.example:8443/p/1", "https://good@far.example/p/1", "https://far.example./p/1", "p/1", "",
		} {
			if post, err := h.FetchPost(t.Context(), id); err == nil {
				t.Errorf("%q was fetched: %+v", id, post)
			}
		}
		if asked := bad.Requests(); len(asked) != 0 {
			t.Errorf("a refused server was asked for %d things", len(asked))
		}
		for _, got := range far.Requests() {
			if got.Path != "/p/moved" && got.Path != "/p/home" {
				t.Errorf("far.example was asked for %s", got.Path)
			}
		}
	})
}

// A policy that is lifted holds nothing back of what it refused.
func TestPostIsAskedForOnceItsServerIsNoLongerRefused(t *testing.T) {
	eachHearth(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		elm := fedtest.NewServer(t, "elm.example", fedtest.In(h.world))
		far.Handle("/p/moved", fedtest.Redirect(elm.URL+"/p/moved"))
		draft := community.PolicyDraft{Domain: elm.Host, Severity: policy.Suspend}
		if _, err := h.service.SetPolicyAsOperator(t.Context(), draft); err != nil {
			t.Fatal(err)
		}
		_, err := h.FetchPost(t.Context(), far.URL+"/p/moved")
		failsWith(t, "led to a refused server", err, federation.FetchRefused)
		if err := h.service.LiftPolicyAsOperator(t.Context(), elm.Host); err != nil {
			t.Fatal(err)
		}
		h.clock.pass(time.Second)
		_, err = h.FetchPost(t.Context(), far.URL+"/p/moved")
		failsWith(t, "led to a server that knows of nothing", err, federation.FetchGone)
		if len(elm.Requests()) != 1 {
			t.Errorf("elm.example was asked %d times, want 1", len(elm.Requests()))
		}
	})
}
