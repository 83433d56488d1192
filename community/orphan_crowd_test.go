package community

import (
	"fmt"
	"slices"
	"testing"
)

func TestWhoeverHasMostGivesWay(t *testing.T) {
	many := func(n int, group, host, author string) (all []Waiter) {
		for i := range n {
			who := author
			if who == "" {
				who = fmt.Sprintf("%s-%d", host, i)
			}
			all = append(all, Waiter{PostID: fmt.Sprintf("%s/%s/%s/%d", group, host, author, i), GroupID: group, Host: host, AuthorID: who})
		}
		return all
	}
	for _, c := range []struct {
		name    string
		waiters []Waiter
		want    []string
	}{
		{"nobody", nil, nil},
		{"room", slices.Concat(many(20, "g", "h", "a"), many(30, "g", "h", "")), nil},
		{"one author", slices.Concat(many(2, "g", "h", "b"), many(22, "g", "h", "a")), []string{"g/h/a/0", "g/h/a/1"}},
		{"an author in another group", slices.Concat(many(20, "g", "h", "a"), many(30, "other", "h", "a")), nil},
		{"one server", slices.Concat(many(3, "g", "k", ""), many(51, "g", "h", "")), []string{"g/h//0"}},
		{"a group", slices.Concat(many(1, "g", "small", ""), many(50, "g", "k", ""), many(50, "g", "l", ""), many(50, "g", "m", ""), many(49, "g", "n", ""), many(1, "g", "h", "")), []string{"g/k//0"}},
		{"a server in all groups", slices.Concat(many(1, "g", "h", "a"), many(450, "elsewhere", "h", ""), many(50, "third", "h", "")), []string{"elsewhere/h//0"}},
	} {
		if got := crowdedOut(c.waiters, "g", "h"); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q give way, want %q", c.name, got, c.want)
		}
	}
}
