package community

import (
	"context"
	"slices"
)

// How many replies may wait. Past that the oldest of whoever has most of them gives way
// to what comes: nobody keeps others' replies from waiting.
const (
	maxOrphansOfAuthor = 20 // in a group
	maxOrphansOfServer = 50 // in a group
	maxOrphansInGroup  = 200
	maxOrphansOfHost   = 500 // in all groups
)

// Waiter is a reply that waits, as far as it takes somebody's place.
type Waiter struct {
	PostID   string
	GroupID  string
	Host     string
	AuthorID string
}

// crowd are waiters, the oldest first, and those who gave way.
type crowd struct {
	waiters []Waiter
	gone    []string
}

// crowdedOut are the replies that give way, of all in a group and all of a host.
func crowdedOut(waiters []Waiter, groupID, host string) []string {
	c := crowd{waiters: slices.Clone(waiters)}
	here := func(w Waiter) bool { return w.GroupID == groupID }
	ofHost := func(w Waiter) bool { return w.Host == host }
	author, server, group := func(w Waiter) string { return w.AuthorID }, func(w Waiter) string { return w.Host }, func(w Waiter) string { return w.GroupID }
	c.keepEach(maxOrphansOfAuthor, here, author)
	c.keepEach(maxOrphansOfServer, here, server)
	c.keepAll(maxOrphansInGroup, here, server)
	c.keepAll(maxOrphansOfHost, ofHost, group)
	return c.gone
}

// keepEach has nobody have more than a number of them.
func (c *crowd) keepEach(most int, in func(Waiter) bool, whose func(Waiter) string) {
	for {
		who, count, _ := c.greediest(in, whose)
		if count <= most {
			return
		}
		c.giveWay(in, whose, who)
	}
}

// keepAll has all together have no more than a number of them.
func (c *crowd) keepAll(most int, in func(Waiter) bool, whose func(Waiter) string) {
	for {
		who, _, all := c.greediest(in, whose)
		if all <= most {
			return
		}
		c.giveWay(in, whose, who)
	}
}

// greediest is who has most, of those with equally many whoever has the oldest, and
// how many there are of all.
func (c *crowd) greediest(in func(Waiter) bool, whose func(Waiter) string) (who string, count, all int) {
	counts := map[string]int{}
	for _, w := range c.waiters {
		if in(w) {
			counts[whose(w)]++
			all++
		}
	}
	for _, w := range c.waiters {
		if n := counts[whose(w)]; in(w) && n > count {
			who, count = whose(w), n
		}
	}
	return who, count, all
}

// giveWay takes the oldest of somebody's.
func (c *crowd) giveWay(in func(Waiter) bool, whose func(Waiter) string, who string) {
	i := slices.IndexFunc(c.waiters, func(w Waiter) bool { return in(w) && whose(w) == who })
	c.gone = append(c.gone, c.waiters[i].PostID)
	c.waiters = slices.Delete(c.waiters, i, i+1)
}

// makeRoom has the oldest of the greediest give way to replies that were just stored.
func (s *Service) makeRoom(ctx context.Context, tx Store, came []Orphan) error {
	seen := map[serverKey]bool{}
	for _, o := range came {
		key := serverKey{o.GroupID, o.Host}
		if seen[key] {
			continue
		}
		seen[key] = true
		waiters, err := tx.Waiters(ctx, o.GroupID, o.Host)
		if err != nil {
			return err
		}
		if err := s.dropWaiting(ctx, tx, crowdedOut(waiters, o.GroupID, o.Host)); err != nil {
			return err
		}
	}
	return nil
}

// dropWaiting erases those of some posts that still wait.
func (s *Service) dropWaiting(ctx context.Context, tx Store, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	posts, err := tx.PostsToChange(ctx, ids)
	if err != nil {
		return err
	}
	return s.dropOrphans(ctx, tx, slices.DeleteFunc(ids, func(id string) bool { return posts[id].State != PostOrphan }))
}
