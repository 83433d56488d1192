package web_test

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"hearth/storage"
	"hearth/storage/storagetest"
)

// A canary is a word that stands in one place of a house, and nowhere else. Who
// is shown it, on which page, document, header or log line, says who can read
// that place.
type canary struct {
	word  string
	where string // the place, in words
	sees  crowd  // who may be shown it anywhere
	doors []door // where others may be shown it too

	buried bool // nobody has to be shown it: it was erased, or is kept hashed
}

// door is an address, or the beginning of some, and whom a canary may be shown to
// below it. At a group's own address, for one, its purpose stands for whoever has
// that address, and in no list.
type door struct {
	path string
	sees crowd
}

// crowd is a set of viewers by name.
type crowd map[string]bool

func those(names ...string) crowd {
	c := crowd{}
	for _, name := range names {
		c[name] = true
	}
	return c
}

func (c crowd) and(others ...crowd) crowd {
	all := maps.Clone(c)
	for _, o := range others {
		maps.Copy(all, o)
	}
	return all
}

func (c crowd) but(names ...string) crowd {
	some := maps.Clone(c)
	for _, name := range names {
		delete(some, name)
	}
	return some
}

func (c crowd) String() string { return strings.Join(slices.Sorted(maps.Keys(c)), ", ") }

// canariesIn are all there are in a text, in whatever case. All that anybody is
// shown is searched: an expression would take longer than a page.
func canariesIn(text string) (words []string) {
	rest, found := strings.ToLower(text), true
	for {
		if _, rest, found = strings.Cut(rest, "canary"); !found {
			return words
		}
		if len(rest) >= 4 && strings.Trim(rest[:3], "abcdefghijklmnopqrstuvw") == "" && rest[3] == 'x' {
			words = append(words, "canary"+rest[:4])
		}
	}
}

func TestCanariesAreFoundWhereverTheyStand(t *testing.T) {
	for text, want := range map[string][]string{
		"": nil, "canary": nil, "canaryaa": nil, "canaryabzx": nil, "canaryzzzx": nil, "canaryabcx": {"canaryabcx"},
		"The canarycanaryabcxCANARYwwwX, Canaryaaax": {"canaryabcx", "canarywwwx", "canaryaaax"},
	} {
		if got := canariesIn(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// aviary is all canaries, and who was shown which.
type aviary struct {
	mu    sync.Mutex
	birds map[string]*canary
	shown map[string]map[string]string // by canary, by viewer: where first
}

// plant makes a canary and gives its word.
func (a *aviary) plant(where string, sees crowd, doors ...door) string {
	n := len(a.birds)
	word := fmt.Sprintf("canary%c%c%cx", 'a'+n/23/23, 'a'+n/23%23, 'a'+n%23)
	a.birds[word] = &canary{word: word, where: where, sees: sees, doors: doors}
	return word
}

// bury is plant for what nobody at all may read any more.
func (a *aviary) bury(where string, doors ...door) string {
	word := a.plant(where, crowd{}, doors...)
	a.birds[word].buried = true
	return word
}

// look notes every canary in what a viewer was shown at an address. What they
// sent themselves, in the address or a form, is not news to them.
func (a *aviary) look(viewer, address, shown string, sent ...string) {
	found := canariesIn(shown)
	if len(found) == 0 {
		return
	}
	told := strings.ToLower(address + " " + strings.Join(sent, " "))
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, word := range found {
		if strings.Contains(told, word) {
			continue
		}
		if a.shown[word] == nil {
			a.shown[word] = map[string]string{}
		}
		at, before := a.shown[word][viewer]
		if !before || a.birds[word] != nil && a.birds[word].may(viewer, at) && !a.birds[word].may(viewer, address) {
			a.shown[word][viewer] = address
		}
	}
}

func (c *canary) may(viewer, address string) bool {
	if c.sees[viewer] {
		return true
	}
	_, path, _ := strings.Cut(address, " ")
	return slices.ContainsFunc(c.doors, func(d door) bool { return d.sees[viewer] && strings.HasPrefix(path, d.path) })
}

// judge fails the test for every canary that was shown to somebody who may not
// see it, and for every one that was shown to nobody who may: a crawl that does
// not come past a place proves nothing about it.
func (a *aviary) judge(t *testing.T) {
	t.Helper()
	for _, word := range slices.Sorted(maps.Keys(a.shown)) {
		c := a.birds[word]
		for _, viewer := range slices.Sorted(maps.Keys(a.shown[word])) {
			if at := a.shown[word][viewer]; c == nil {
				t.Errorf("%s, which nobody planted, is shown to %s: %s", word, viewer, at)
			} else if !c.may(viewer, at) {
				t.Errorf("%s (%s) is shown to %s: %s", c.where, word, viewer, at)
			}
		}
	}
	for _, word := range slices.Sorted(maps.Keys(a.birds)) {
		if c := a.birds[word]; !c.buried && len(a.shown[word]) == 0 {
			t.Errorf("%s (%s) was shown to nobody; want it shown to one of %s, or the crawl does not come past it", c.where, word, c.sees)
		}
	}
}

// TestR16R17WhatIsPrivateIsShownToNobodyElse fills a house through the doors that
// people and servers use, with a canary in each place where words can stand.
// Then everybody goes along every route the routers know, with every id there is,
// sends every form that is not theirs to send, and signs for every document.
func TestR16R17WhatIsPrivateIsShownToNobodyElse(t *testing.T) {
	storagetest.EachMigrated(t, func(t *testing.T, address string) {
		store, err := storage.Open(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { store.Close() })
		h := newHouse(t, store, storagetest.SQL(t, address))
		h.fill()
		h.awaitQuiet()
		h.lookAtWhatLeft()
		h.crawlPages()
		h.crawlDocuments()
		h.sendForms()
		h.lookAtTheLog()
		h.lookAtTheMeasures()
		h.holdStatuses()
		h.leave()
		h.judge(t)
	})
}

// table is one table's rows as text, in no order that matters.
func tableOf(db *sql.DB, name string) (map[string]bool, error) {
	rows, err := db.Query("SELECT * FROM " + name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	all := map[string]bool{}
	for rows.Next() {
		values := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		all[fmt.Sprint(name, values)] = true
	}
	return all, rows.Err()
}
