package federation_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/federation"
	"hearth/federation/fedtest"
)

// instanceKey is what all fetches are signed by.
func instanceKey() federation.Key {
	return federation.Key{ID: "https://oak.example/actor#main-key", Private: fedtest.PrivateKey(0)}
}

// fetcherIn is oak.example's.
func fetcherIn(world *fedtest.World) *federation.Fetcher {
	key := instanceKey()
	world.Trust(key.ID, &key.Private.PublicKey)
	return federation.NewFetcher(federation.FetcherConfig{
		Client: clientIn(world),
		Keys:   func(context.Context) (federation.Key, *federation.Key, error) { return key, nil, nil },
		Domain: "oak.example",
		Now:    world.Now,
	})
}

// clock is a time that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func document(id string) []byte {
	return fmt.Appendf(nil, `{"id":%q,"type":"Note"}`, id)
}

const activityJSON = "application/activity+json"

func failsWith(t *testing.T, what string, err error, want federation.FetchFault) *federation.FetchError {
	t.Helper()
	var fault *federation.FetchError
	if !errors.As(err, &fault) || fault.Fault != want || !errors.Is(err, want) {
		t.Errorf("%s: %v, want it to be %q", what, err, want)
		return &federation.FetchError{}
	}
	return fault
}

func TestDocumentIsFetchedSignedByTheInstance(t *testing.T) {
	for _, dialect := range fedtest.Dialects() {
		far := fedtest.NewServer(t, "far.example", fedtest.Speaking(dialect), fedtest.Secure())
		ada := far.Person("ada")
		doc, at, err := fetcherIn(far.World).Document(t.Context(), ada.ID+"#main-key")
		if err != nil || at != ada.ID || !bytes.Contains(doc, []byte(`"preferredUsername":"ada"`)) {
			t.Errorf("%s: %s at %q, %v", dialect.Software, doc, at, err)
		}
		for _, got := range far.Requests() {
			if got.KeyID != instanceKey().ID || got.Err != nil {
				t.Errorf("%s: signed by %q, %v; want %q", dialect.Software, got.KeyID, got.Err, instanceKey().ID)
			}
			want := `application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"`
			if accept := got.Header.Get("Accept"); accept != want {
				t.Errorf("Accept is %q, want %q", accept, want)
			}
		}
	}
}

func TestQueryIsLeftOutOfTheSignatureOnceRefused(t *testing.T) {
	for _, c := range []struct {
		dialect fedtest.Dialect
		asked   int
	}{{fedtest.Mastodon, 1}, {fedtest.Fedify, 2}} {
		far := fedtest.NewServer(t, "far.example", fedtest.Speaking(c.dialect), fedtest.Secure())
		page := far.URL + "/outbox?page=2"
		far.Handle("/outbox", fedtest.Body(activityJSON, document(page)))
		if _, _, err := fetcherIn(far.World).Document(t.Context(), page); err != nil {
			t.Errorf("%s: %v", c.dialect.Software, err)
		}
		if asked := len(far.Requests()); asked != c.asked {
			t.Errorf("%s was asked %d times, want %d", c.dialect.Software, asked, c.asked)
		}
	}
}

// CVE-2024-23832: a document's own word for its id was believed.
func TestCVE202423832DocumentIsBelievedUnderItsOwnIDOnly(t *testing.T) {
	world := fedtest.NewWorld(t)
	far := fedtest.NewServer(t, "far.example", fedtest.In(world))
	elm := fedtest.NewServer(t, "elm.example", fedtest.In(world))
	far.Handle("/good", fedtest.Body(activityJSON, document(far.URL+"/good")))
	elm.Handle("/good", fedtest.Body(activityJSON, document(elm.URL+"/good")))
	far.Handle("/alias", fedtest.Body(activityJSON, document(far.URL+"/good")))
	far.Handle("/victim", fedtest.Body(activityJSON, document(elm.URL+"/good")))
	far.Handle("/ours", fedtest.Body(activityJSON, document("https://oak.example/p/1")))
	far.Handle("/chain", fedtest.Body(activityJSON, document(far.URL+"/alias")))
	far.Handle("/moved", fedtest.Redirect(elm.URL+"/good"))
	far.Handle("/relative", fedtest.Redirect("/good"))
	far.Handle("/lying", fedtest.Redirect(elm.URL+"/liar"))
	elm.Handle("/liar", fedtest.Body(activityJSON, document(far.URL+"/good")))
	far.Handle("/sly", fedtest.Body(activityJSON, document(far.URL+"/moved")))
	far.Handle("/open", fedtest.Redirect(elm.URL+"/forger"))
	elm.Handle("/forger", fedtest.Body(activityJSON, document(far.URL+"/open")))
	far.Handle("/opened", fedtest.Body(activityJSON, document(far.URL+"/open")))
	far.Handle("/slashed", fedtest.Body(activityJSON, document(far.URL+"//good")))
	far.Handle("/nameless", fedtest.Body(activityJSON, []byte(`{"type":"Note"}`)))
	for path, want := range map[string]string{
		"/good":       far.URL + "/good",
		"/alias":      far.URL + "/good", // asked again under its id
		"/moved":      elm.URL + "/good",
		"/relative":   far.URL + "/good",
		"/victim":     "",
		"/ours":       "",
		"/chain":      "", // only once
		"/lying":      "",
		"/sly":        "", // its id leads to another origin
		"/open":       "", // an open redirect lends its origin to nobody
		"/opened":     "",
		"/slashed":    "",
		"/nameless":   "",
		"/never-been": "",
	} {
		doc, at, err := fetcherIn(world).Document(t.Context(), far.URL+path)
		if at != want || (err == nil) != (want != "") {
			t.Errorf("%s: %s at %q, %v; want it at %q", path, doc, at, err, want)
		}
	}
}

// CVE-2024-25623, CVE-2024-25636: an uploaded file was taken for an actor.
func TestCVE202425623OnlyActivityMediaIsADocument(t *testing.T) {
	far := fedtest.NewServer(t, "far.example")
	for contentType, taken := range map[string]bool{
		`application/activity+json`:                                                               true,
		`application/activity+json; charset=utf-8`:                                                true,
		`application/activity+json;charset=UTF-8`:                                                 true,
		`Application/Activity+JSON`:                                                               true,
		`application/ld+json; profile="https://www.w3.org/ns/activitystreams"`:                    true,
		`application/ld+json;profile="https://www.w3.org/ns/activitystreams";charset=utf-8`:       true,
		`application/ld+json; profile="https://w3id.org/x https://www.w3.org/ns/activitystreams"`: true,
		`application/ld+json`:                                                                     false,
		`application/ld+json; profile="https://example.org/ns"`:                                   false,
		`application/json`:                                                                        false,
		`text/plain`:                                                                              false,
		`text/html; charset=utf-8`:                                                                false,
		`image/png`:                                                                               false,
		`application/activity+json; charset=utf-16`:                                               false,
		`application/activity+jsonx`:                                                              false,
		`text/plain; x="application/activity+json"`:                                               false,
		`application/activity+json, text/plain`:                                                   false,
		``:                                                                                        false,
	} {
		far.Handle("/doc", fedtest.Body(contentType, document(far.URL+"/doc")))
		_, _, err := fetcherIn(far.World).Document(t.Context(), far.URL+"/doc")
		if taken && err != nil {
			t.Errorf("%q: %v, want it to be taken", contentType, err)
		}
		if !taken {
			failsWith(t, contentType, err, federation.FetchNotAcceptable)
		}
	}
	far.Handle("/doc", func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = []string{activityJSON, "text/plain"}
		w.Write(document(far.URL + "/doc"))
	})
	_, _, err := fetcherIn(far.World).Document(t.Context(), far.URL+"/doc")
	failsWith(t, "two content types", err, federation.FetchNotAcceptable)
}

// CVE-2026-96623: bodies without end, also when compressed.
func TestCVE202696623DocumentIsReadUpToItsLimit(t *testing.T) {
	far := fedtest.NewServer(t, "far.example")
	sized := func(size int) []byte {
		head := fmt.Sprintf(`{"id":"%s/doc","type":"Note","content":"`, far.URL)
		return []byte(head + strings.Repeat("x", size-len(head)-2) + `"}`)
	}
	var bomb bytes.Buffer
	zip := gzip.NewWriter(&bomb)
	zip.Write(sized(federation.MaxDocument * 50))
	zip.Close()
	endless := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", activityJSON)
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				return
			}
		}
	}
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		want   error
	}{
		{"as large as can be", fedtest.Body(activityJSON, sized(federation.MaxDocument)), nil},
		{"one more", fedtest.Body(activityJSON, sized(federation.MaxDocument+1)), federation.ErrTooLarge},
		{"endless", endless, federation.ErrTooLarge},
		{"small until it is unpacked", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			fedtest.Body(activityJSON, bomb.Bytes())(w, nil)
		}, federation.ErrTooLarge},
	} {
		far.Handle("/doc", c.answer)
		_, _, err := fetcherIn(far.World).Document(t.Context(), far.URL+"/doc")
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// CVE-2026-34148, CVE-2026-77632: redirects without end, and to inside.
func TestRedirectsAreFollowedThreeTimesAndNowhereElse(t *testing.T) {
	world := fedtest.NewWorld(t)
	far := fedtest.NewServer(t, "far.example", fedtest.In(world), fedtest.Secure())
	elm := fedtest.NewServer(t, "elm.example", fedtest.In(world), fedtest.Secure())
	far.Handle("/end", fedtest.Body(activityJSON, document(far.URL+"/end")))
	for n := 1; n <= 4; n++ {
		host := []*fedtest.Server{far, elm}[n%2]
		next := []*fedtest.Server{far, elm}[(n+1)%2].URL + fmt.Sprintf("/%d", n-1)
		if n == 1 {
			next = far.URL + "/end"
		}
		host.Handle(fmt.Sprintf("/%d", n), fedtest.Redirect(next))
	}
	far.Handle("/circle", fedtest.Redirect("/circle"))
	for path, location := range map[string]string{
		"/plain": "http://far.example/end", "/inside": "https://169.254.169.254/", "/ours": "https://oak.example/actor",
		"/user": "https://a@elm.example/", "/nowhere": "", "/file": "file:///etc/passwd", "/broken": "https://%zz",
		"/loopback": "https://localhost/end", "/port": "https://far.example:6379/end",
	} {
		far.Handle(path, fedtest.Redirect(location))
	}
	for _, c := range []struct {
		url  string
		want federation.FetchFault
	}{
		{elm.URL + "/3", ""},
		{far.URL + "/4", federation.FetchNotAcceptable},
		{far.URL + "/circle", federation.FetchNotAcceptable},
		{far.URL + "/plain", federation.FetchNotAcceptable},
		{far.URL + "/inside", federation.FetchRefused},
		{far.URL + "/ours", federation.FetchRefused},
		{far.URL + "/user", federation.FetchRefused},
		{far.URL + "/nowhere", federation.FetchNotAcceptable},
		{far.URL + "/file", federation.FetchNotAcceptable},
		{far.URL + "/broken", federation.FetchNotAcceptable},
		{far.URL + "/loopback", federation.FetchRefused},
		{far.URL + "/port", federation.FetchRefused},
	} {
		_, at, err := fetcherIn(world).Document(t.Context(), c.url)
		if c.want == "" {
			if err != nil || at != far.URL+"/end" {
				t.Errorf("%s: at %q, %v; want %s", c.url, at, err, far.URL+"/end")
			}
			continue
		}
		failsWith(t, c.url, err, c.want)
	}
	for _, got := range append(far.Requests(), elm.Requests()...) {
		if got.Err != nil {
			t.Errorf("%s is not signed for itself: %v", got.Path, got.Err)
		}
	}
}

func TestWhatIsOursIsNeverFetched(t *testing.T) {
	world := fedtest.NewWorld(t)
	oak := fedtest.NewServer(t, "oak.example", fedtest.In(world))
	for _, url := range []string{oak.URL + "/actor", "https://OAK.example/actor", "https://oak.example:443/actor"} {
		_, _, err := fetcherIn(world).Document(t.Context(), url)
		failsWith(t, url, err, federation.FetchRefused)
	}
	if n := len(oak.Requests()); n > 0 {
		t.Errorf("%d requests reached us, want none", n)
	}
}

// GHSA-hcqf-fw2r-52g4: a line break in a path began another request.
func TestAddressThatIsNoneIsRefused(t *testing.T) {
	far := fedtest.NewServer(t, "far.example")
	for _, url := range []string{
		"", "far.example/x", "/x", "https://", "https:///x", "mailto:a@far.example", "javascript:1",
		"https://far.example/x\r\nHost: elm.example", "https://far.example/x y", "https://far.example\\@elm.example/",
		"http://far.example/x", "https://far.example:22/", "https://10.0.0.1/",
	} {
		_, _, err := fetcherIn(far.World).Document(t.Context(), url)
		failsWith(t, fmt.Sprintf("%q", url), err, federation.FetchRefused)
	}
	if n := len(far.Requests()); n > 0 {
		t.Errorf("%d requests were made, want none", n)
	}
}

func TestFaultsAreToldApart(t *testing.T) {
	far := fedtest.NewServer(t, "far.example")
	for _, c := range []struct {
		answer http.HandlerFunc
		want   federation.FetchFault
		status int
		retry  time.Duration
	}{
		{fedtest.Status(404), federation.FetchGone, 404, 0},
		{fedtest.Status(410), federation.FetchGone, 410, 0},
		{fedtest.Status(401), federation.FetchRefused, 401, 0},
		{fedtest.Status(403), federation.FetchRefused, 403, 0},
		{fedtest.Status(400), federation.FetchRefused, 400, 0},
		{fedtest.Status(406), federation.FetchNotAcceptable, 406, 0},
		{fedtest.Status(204), federation.FetchNotAcceptable, 204, 0},
		{fedtest.Status(304), federation.FetchNotAcceptable, 304, 0},
		{fedtest.Status(408), federation.FetchUnreachable, 408, 0},
		{fedtest.Status(429, "Retry-After", "90"), federation.FetchUnreachable, 429, 90 * time.Second},
		{fedtest.Status(503, "Retry-After", noon.Add(time.Hour).Format(http.TimeFormat)), federation.FetchUnreachable, 503, time.Hour},
		{fedtest.Status(503, "Retry-After", "99999999"), federation.FetchUnreachable, 503, 24 * time.Hour},
		{fedtest.Status(503, "Retry-After", "-5"), federation.FetchUnreachable, 503, 0},
		{fedtest.Status(503, "Retry-After", "soon"), federation.FetchUnreachable, 503, 0},
		{fedtest.Status(500), federation.FetchUnreachable, 500, 0},
		{fedtest.Body(activityJSON, []byte("{")), federation.FetchNotAcceptable, 200, 0},
		{fedtest.Body(activityJSON, []byte(`[]`)), federation.FetchNotAcceptable, 200, 0},
		{fedtest.Body(activityJSON, []byte(`{"type":"Note","id":"https://far.example/doc","id":"https://elm.example/"}`)), federation.FetchNotAcceptable, 200, 0},
		{fedtest.Body(activityJSON, nil), federation.FetchGone, 200, 0},
	} {
		far.World.SetClock(func() time.Time { return noon })
		far.Handle("/doc", c.answer)
		_, _, err := fetcherIn(far.World).Document(t.Context(), far.URL+"/doc")
		fault := failsWith(t, fmt.Sprint(c.status), err, c.want)
		if fault.Status != c.status || fault.RetryAfter != c.retry {
			t.Errorf("%v: status %d, again after %s; want %d, %s", err, fault.Status, fault.RetryAfter, c.status, c.retry)
		}
	}
	_, _, err := fetcherIn(far.World).Document(t.Context(), "https://nowhere.example/")
	failsWith(t, "a host that does not listen", err, federation.FetchUnreachable)
}

func TestWithoutAKeyNothingIsFetched(t *testing.T) {
	far := fedtest.NewServer(t, "far.example")
	locked := errors.New("locked")
	fetcher := federation.NewFetcher(federation.FetcherConfig{
		Client: clientIn(far.World), Domain: "oak.example",
		Keys: func(context.Context) (federation.Key, *federation.Key, error) { return federation.Key{}, nil, locked },
	})
	for range 2 { // nor is it held against the host
		if _, _, err := fetcher.Document(t.Context(), far.URL+"/actor"); !errors.Is(err, locked) {
			t.Errorf("%v, want %v", err, locked)
		}
	}
	if n := len(far.Requests()); n > 0 {
		t.Errorf("%d requests, want none", n)
	}
}

func TestFailureIsRememberedForAWhile(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		lasts  time.Duration
	}{
		{"not found", fedtest.Status(404), time.Minute},
		{"gone", fedtest.Status(410), time.Hour},
		{"forbidden", fedtest.Status(403), 5 * time.Minute},
		{"broken", fedtest.Status(500), time.Minute},
		{"busy", fedtest.Status(429, "Retry-After", "600"), 10 * time.Minute},
		{"busy for a year", fedtest.Status(429, "Retry-After", "31536000"), time.Hour},
		{"no document", fedtest.Body("text/plain", nil), time.Minute},
	} {
		time := &clock{now: noon}
		far := fedtest.NewServer(t, "far.example")
		far.World.SetClock(time.Now)
		far.Handle("/doc", c.answer)
		fetcher := fetcherIn(far.World)
		asked := func(path string, want int) {
			t.Helper()
			fetcher.Document(t.Context(), far.URL+path)
			if got := len(far.Requests()); got != want {
				t.Errorf("%s: asked %d times, want %d", c.name, got, want)
			}
		}
		asked("/doc", 1)
		time.pass(c.lasts - 1)
		asked("/doc", 1)
		asked("/actor", 2) // but for that the host is not to blame
		time.pass(1)
		asked("/doc", 3)
	}
}

func TestSilentHostIsLeftAloneForAMinute(t *testing.T) {
	time := &clock{now: noon}
	far := fedtest.NewServer(t, "far.example")
	far.World.SetClock(time.Now)
	fetcher := fetcherIn(far.World)
	far.Unplug()
	_, _, err := fetcher.Document(t.Context(), far.URL+"/actor")
	failsWith(t, "unplugged", err, federation.FetchUnreachable)

	far = fedtest.NewServer(t, "far.example", fedtest.In(far.World))
	_, _, err = fetcher.Document(t.Context(), far.URL+"/other")
	failsWith(t, "back within the minute", err, federation.FetchUnreachable)
	if n := len(far.Requests()); n > 0 {
		t.Errorf("%d requests within the minute, want none", n)
	}
	time.pass(60e9)
	if _, _, err = fetcher.Document(t.Context(), far.URL+"/actor"); err != nil {
		t.Errorf("a minute later: %v", err)
	}
}

func TestHostIsAskedForFourThingsAtOnce(t *testing.T) {
	world := fedtest.NewWorld(t)
	far := fedtest.NewServer(t, "far.example", fedtest.In(world))
	elm := fedtest.NewServer(t, "elm.example", fedtest.In(world))
	ready := make(chan struct{})
	fetcher := fetcherIn(world)
	var all sync.WaitGroup
	for n := range 10 {
		path := fmt.Sprintf("/doc/%d", n)
		far.Handle(path, fedtest.After(ready, fedtest.Body(activityJSON, document(far.URL+path))))
		all.Go(func() {
			if _, _, err := fetcher.Document(t.Context(), far.URL+path); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		})
	}
	for range 4 {
		far.Await("one of the first four", func(fedtest.Request) bool { return true })
	}
	if _, _, err := fetcher.Document(t.Context(), elm.URL+"/actor"); err != nil {
		t.Errorf("another host meanwhile: %v", err)
	}
	if n := len(far.Requests()); n != 4 {
		t.Errorf("%d at once, want 4", n)
	}
	close(ready)
	all.Wait()
	if n := len(far.Requests()); n != 10 {
		t.Errorf("%d in all, want 10", n)
	}
}
