package storage

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// This file is where the engines differ about claiming work. PostgreSQL has
// many nodes, each of which passes over the rows that another is claiming.
// SQLite has one writer, whose transactions come one after the other.

// claimed is a condition on a column to be among the rows that a sub-select
// picks, which no other claim picks at the same time.
func (s *Store) claimed(column, picks string) string {
	if s.engine == postgres {
		return column + " = ANY(ARRAY(" + picks + " FOR UPDATE SKIP LOCKED))"
	}
	return column + " IN (" + picks + ")"
}

// lateClaim is a condition on a column to be the first of the rows that a
// sub-select picks, for whose lock it waits; none on SQLite, where nothing is
// locked. A lane is locked for a moment by whoever writes about it, in the other
// direction maybe: a claim that only passed it over would not look again before
// the slow poll. To wait for several at once could deadlock with who locks several.
func (s *Store) lateClaim(column, picks string) string {
	if s.engine == postgres {
		return column + " = (" + picks + " LIMIT 1 FOR UPDATE)"
	}
	return ""
}

// dbClock is the database's own time, some time from now: what leases run on,
// because the clocks of nodes differ. In SQLite it is text of the form in which
// all times are kept.
func (s *Store) dbClock(from time.Duration) string {
	if s.engine == postgres {
		return fmt.Sprintf("(clock_timestamp() + interval '%d milliseconds')", from.Milliseconds())
	}
	return fmt.Sprintf("strftime('%%Y-%%m-%%d %%H:%%M:%%f+00:00', 'now', '%+.3f seconds')", from.Seconds())
}

// lockLanes holds lanes until the transaction ends, always in the same order:
// what is read of them and of their deliveries afterwards stays true.
func (s *Store) lockLanes(ctx context.Context, hosts []string) error {
	if s.engine == sqlite || len(hosts) == 0 {
		return nil
	}
	_, err := s.write.NewRaw("SELECT 1 FROM lanes WHERE host IN (?) ORDER BY host FOR UPDATE", bun.List(hosts)).Exec(ctx)
	return wrap("lanes", err)
}

// shared keeps what a query finds from being changed until the transaction ends;
// others may hold it too. On SQLite nobody else writes while it lasts.
func (s *Store) shared(q *bun.SelectQuery) *bun.SelectQuery {
	if s.engine == postgres {
		return q.For("SHARE")
	}
	return q
}

// lockPosts holds posts until the transaction ends, always in the same order,
// from whoever would change them.
func (s *Store) lockPosts(ctx context.Context, ids []string) error {
	if s.engine == sqlite || len(ids) == 0 {
		return nil
	}
	_, err := s.write.NewRaw("SELECT 1 FROM posts WHERE id IN (?) ORDER BY id FOR NO KEY UPDATE", bun.List(ids)).Exec(ctx)
	return wrap("posts", err)
}

// lockInThreads holds posts and the roots of their threads, replies before roots:
// whoever changes one post locks it, and then the root that counts it.
func (s *Store) lockInThreads(ctx context.Context, posts []postInThread) error {
	ids, roots := idsAndThreads(posts)
	replies := slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(roots, id) })
	if err := s.lockPosts(ctx, replies); err != nil {
		return err
	}
	return s.lockPosts(ctx, roots)
}

// lockGroups holds groups that grow, always in the same order.
func (s *Store) lockGroups(ctx context.Context, groups []growth) error {
	if s.engine == sqlite {
		return nil
	}
	ids := make([]string, len(groups))
	for i, g := range groups {
		ids[i] = g.ID
	}
	_, err := s.write.NewRaw("SELECT 1 FROM groups WHERE actor_id IN (?) ORDER BY actor_id FOR NO KEY UPDATE", bun.List(ids)).Exec(ctx)
	return wrap("groups", err)
}

// newLease is a token to hold a lane by. On PostgreSQL it begins with the number
// of its node, while others can see that the node lives.
func (s *Store) newLease() string {
	if s.bell == nil || !s.bell.attends.Load() {
		return rand.Text()
	}
	return strconv.Itoa(int(s.bell.number)) + "." + rand.Text()
}

// FreeLeases is federation.LaneStore's. On SQLite whoever held a lease was an
// earlier process. On PostgreSQL it may be another node: one that is connected
// no more, seen twice, was killed.
func (s *Store) FreeLeases(ctx context.Context) (freed bool, err error) {
	if s.engine == sqlite {
		_, err := s.write.NewRaw("UPDATE lanes SET " + begunIfHeld + ", lease_token = NULL, leased_until = NULL, inbound_token = NULL, inbound_until = NULL").Exec(ctx)
		if err != nil {
			return false, wrap("lanes", err)
		}
		_, err = s.write.NewRaw("UPDATE jobs SET lease_token = NULL, leased_until = NULL WHERE lease_token IS NOT NULL").Exec(ctx)
		return false, wrap("jobs", err)
	}
	absent, err := s.absentNodes(ctx)
	if err != nil {
		return false, err
	}
	dead := s.bell.absentAgain(absent)
	if len(dead) == 0 {
		return false, nil
	}
	for _, lease := range [][2]string{{"lease_token", "leased_until"}, {"inbound_token", "inbound_until"}} {
		token, until := lease[0], lease[1]
		theirs := s.claimed("host", "SELECT l.host FROM lanes AS l WHERE split_part(l."+token+", '.', 1) IN (?)")
		n, err := affect(s.write.NewRaw("UPDATE lanes SET "+begunIfHeld+", "+token+" = NULL, "+until+" = "+s.dbClock(0)+" WHERE "+theirs, bun.List(dead)).Exec(ctx))
		if err != nil {
			return freed, err
		}
		freed = freed || n > 0
	}
	_, err = s.write.NewRaw("UPDATE jobs SET lease_token = NULL, leased_until = NULL WHERE "+
		s.claimed("id", "SELECT j.id FROM jobs AS j WHERE split_part(j.lease_token, '.', 1) IN (?)"), bun.List(dead)).Exec(ctx)
	return freed, wrap("jobs", err)
}

// begunIfHeld is that what waits in a lane may have been begun by who was killed.
const begunIfHeld = "begun_seq = CASE WHEN lease_token IS NULL THEN begun_seq ELSE " + lastDelivery + " END"

// absentNodes are the nodes that hold leases and are not connected.
func (s *Store) absentNodes(ctx context.Context) (nodes []string, err error) {
	err = s.read.NewRaw(`SELECT split_part(t.token, '.', 1) FROM
			(SELECT lease_token AS token FROM lanes UNION ALL SELECT inbound_token FROM lanes UNION ALL SELECT lease_token FROM jobs) AS t WHERE t.token LIKE '%.%'
		EXCEPT SELECT objid::text FROM pg_locks WHERE locktype = 'advisory' AND classid = ? AND objsubid = 2 AND granted
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`, attendance).Scan(ctx, &nodes)
	return nodes, wrap("leases", err)
}

// perHost runs a sub-select for each of some hosts and appends what they give to
// rows, a slice: inner is about the rows t of the host that it names as one
// question mark. PostgreSQL plans one LATERAL join; SQLite has none.
func (s *Store) perHost(ctx context.Context, rows any, hosts []string, inner string, args ...any) error {
	if s.engine == postgres {
		in := s.planned()
		lateral := strings.Replace(inner, "?", "h.host", 1)
		all := append([]any{in.array(hosts)}, in.all(args)...)
		text := s.read.NewRaw("SELECT u.* FROM (?) AS h (host) CROSS JOIN LATERAL ("+lateral+") AS u", all...).String()
		return in.read(ctx, s.read.NewSelect().DB(), text, rows)
	}
	parts, all := make([]string, len(hosts)), make([]any, 0, len(hosts)*(1+len(args)))
	for i, host := range hosts {
		parts[i] = "SELECT * FROM (" + inner + ")"
		all = append(append(all, host), args...)
	}
	return s.read.NewRaw(strings.Join(parts, " UNION ALL "), all...).Scan(ctx, rows)
}

// firstPerHost appends to rows, a slice, what a condition that ends in an order and
// a limit picks of a table's rows of each of some hosts: where is about the rows t,
// and names their host as the first question mark. On SQLite the text is the same
// for any number of hosts, and parsed once: to parse a select for each of them took
// longer than to run it.
func (s *Store) firstPerHost(ctx context.Context, rows any, columns, table string, hosts []string, where string, args ...any) error {
	if s.engine == postgres {
		return s.perHost(ctx, rows, hosts, "SELECT "+columns+" FROM "+table+" AS t WHERE "+where, args...)
	}
	in := s.planned()
	picks := "SELECT t.seq FROM " + table + " AS t WHERE " + strings.Replace(where, "?", "h.value", 1)
	all := append([]any{in.jsonOf(hosts)}, in.all(args)...)
	text := s.read.NewRaw("SELECT "+columns+" FROM json_each(?) AS h CROSS JOIN "+table+" AS t ON t.seq IN ("+picks+") ORDER BY t.seq", all...).String()
	return in.read(ctx, s.read.NewSelect().DB(), text, rows)
}
