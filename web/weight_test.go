package web_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"hearth/community"
)

// mostBytes is what a page may weigh, compressed, for whom the style sheet and
// the scripts are there already.
const mostBytes = 30_000

func TestWhatMembersReadMostIsLight(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		words := rand.New(rand.NewPCG(1, 2))
		g := p.newGroup("carers", community.ReadersAnyone)
		rowan, maya := p.member("rowan", g), p.member("maya", g)
		for range 60 {
			p.seed(g, "maya", "", sentences(words, 60))
		}
		thread := p.seed(g, "rowan", "", sentences(words, 60))
		parent := thread
		for i := range 50 {
			reply := p.seed(g, []string{"rowan", "maya"}[i%2], parent, sentences(words, 60))
			if i%5 == 0 {
				parent = reply
			}
		}
		maya.get("/p/"+thread).wants(http.StatusOK).has(`class="post`, 51)
		for _, path := range []string{"/home", "/g/carers", "/p/" + thread} {
			for who, b := range map[string]*browser{"who wrote half of it": rowan, "who reads": maya} {
				got := b.weigh(path)
				t.Logf("%s, %s: %d bytes", path, who, got)
				if got > mostBytes {
					t.Errorf("%s, %s: got %d bytes compressed, want at most %d", path, who, got, mostBytes)
				}
			}
		}
	})
}

// has fails the test for a page that has some words in fewer places.
func (a *answer) has(words string, least int) {
	a.t.Helper()
	if got := strings.Count(a.body, words); got < least {
		a.t.Errorf("%s: got %q %d times, want it %d times at least", a.what, words, got, least)
	}
}

// weigh is how many bytes a page is on its way.
func (b *browser) weigh(path string) int {
	b.t.Helper()
	req, err := http.NewRequest(http.MethodGet, b.base+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "gzip") // as it comes, then
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	n, err := io.Copy(io.Discard, res.Body)
	if err != nil || res.StatusCode != http.StatusOK || res.Header.Get("Content-Encoding") != "gzip" {
		b.t.Fatalf("%s: got %d, encoded as %q, %v; want it compressed", path, res.StatusCode, res.Header.Get("Content-Encoding"), err)
	}
	return int(n)
}

// sentences are so many words, of a few thousand: no two posts are alike.
func sentences(from *rand.Rand, count int) string {
	var b strings.Builder
	for i := range count {
		for range 1 + from.IntN(3) {
			fmt.Fprintf(&b, "%c%c", "bdfgklmnprstvw"[from.IntN(14)], "aeiou"[from.IntN(5)])
		}
		b.WriteString(map[bool]string{true: ".\n\n", false: " "}[i%20 == 19])
	}
	return b.String()
}
