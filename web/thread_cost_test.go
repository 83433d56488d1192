package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"hearth/community"
	"hearth/storage"
	"hearth/storage/storagetest"
)

// counter counts the statements of a store.
type counter struct {
	mu   sync.Mutex
	said []string
}

func (c *counter) tell(statement string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said = append(c.said, statement)
}

// during are the statements of a call.
func (c *counter) during(fn func()) []string {
	c.mu.Lock()
	c.said = nil
	c.mu.Unlock()
	fn()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.said
}

// maxQueries is what any page may ask of the database.
const maxQueries = 8

func TestAPageIsAFixedNumberOfQueriesHoweverLongTheThread(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		count := &counter{}
		p := newPlace(t, store.Observed(count.tell))
		g := p.newGroup("carers", community.ReadersAnyone)
		rowan, maya := p.member("rowan", g), p.member("maya", g)
		short, long := p.seed(g, "rowan", "", "short"), p.seed(g, "rowan", "", "long")
		p.seed(g, "maya", short, "reply")
		parent := long
		for i := range 50 {
			reply := p.seed(g, []string{"rowan", "maya"}[i%2], parent, fmt.Sprint("reply ", i))
			if i%5 == 0 {
				parent = reply
			}
		}
		maya.post("/p/"+long+"/support", "give", "with_you").leads()
		rowan.get("/home") // takes the sentence that the last page left
		for _, c := range []struct {
			who  string
			b    *browser
			page string
			like string // a page of the same kind that has less on it
		}{
			{"a visitor", p.browser(), "/p/" + long, "/p/" + short},
			{"the author, who has not read it", rowan, "/p/" + long, "/p/" + short},
			{"the author again", rowan, "/p/" + long, "/p/" + short},
			{"a member", maya, "/p/" + long, "/p/" + short},
			{"a member", maya, "/g/carers", ""},
			{"a visitor", p.browser(), "/g/carers", ""},
			{"a member", maya, "/home", ""},
			{"a member with notices to read", rowan, "/notices", ""},
			{"a member", maya, "/g/carers/new", ""},
			{"a member", maya, "/p/" + long + "/reply", ""},
			{"a member", maya, "/drafts", ""},
		} {
			c.b.get("/safety") // takes what an earlier answer left in the session
			got := count.during(func() { c.b.get(c.page).wants(http.StatusOK) })
			if len(got) > maxQueries {
				t.Errorf("%s, %s: got %d queries, want at most %d:\n%s", c.who, c.page, len(got), maxQueries, strings.Join(got, "\n"))
			}
			if c.like == "" {
				continue
			}
			if less := count.during(func() { c.b.get(c.like).wants(http.StatusOK) }); len(less) < len(got) {
				t.Errorf("%s: 50 replies take %d queries, one takes %d", c.who, len(got), len(less))
			}
		}
	})
}
