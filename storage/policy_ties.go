package storage

import (
	"context"
	"time"

	"hearth/community"
	"hearth/community/policy"
)

// KnownServers are the servers that anybody known here is of, or that anything was
// sent to, by name. Each is found by one step in an index, however many people are of it.
func (s *Store) KnownServers(ctx context.Context) (hosts []string, err error) {
	err = s.read.NewRaw(`WITH RECURSIVE d (domain) AS (
			SELECT min(domain) FROM actors WHERE domain > ''
			UNION ALL SELECT (SELECT min(a.domain) FROM actors AS a WHERE a.domain > d.domain) FROM d WHERE d.domain IS NOT NULL)
		SELECT domain FROM d WHERE domain IS NOT NULL UNION SELECT host FROM lanes ORDER BY 1`).Scan(ctx, &hosts)
	return hosts, wrap("servers", err)
}

// turnedTable is the servers for which something turns, as the table v: one argument
// for each column on PostgreSQL, one in all on SQLite, however many servers there are.
func turnedTable(in *planned, turned []policy.Turned) string {
	hosts, groups, turns := make([]string, len(turned)), make([]string, len(turned)), make([]string, len(turned))
	for i, t := range turned {
		hosts[i], groups[i], turns[i] = t.Host, t.GroupID, string(t.Turn)
	}
	if in.s.engine == postgres {
		return in.s.write.NewRaw("WITH v (host, group_id, turn) AS (SELECT * FROM unnest(?::text[], ?::text[], ?::text[])) ",
			in.arg(hosts), in.arg(groups), in.arg(turns)).String()
	}
	rows := make([][3]string, len(turned))
	for i := range rows {
		rows[i] = [3]string{hosts[i], groups[i], turns[i]}
	}
	return "WITH v (host, group_id, turn) AS MATERIALIZED (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(" + string(in.jsonOf(rows)) + ")) "
}

// What is tied to the servers in v. CROSS JOIN has SQLite begin with v, which is
// short; PostgreSQL chooses by itself.
const (
	tiedFollowers = ` FROM v CROSS JOIN actors AS a CROSS JOIN memberships AS m CROSS JOIN actors AS g
		WHERE a.domain = v.host AND m.account_id = a.id AND g.id = m.group_id AND g.domain = '' AND v.group_id IN ('', m.group_id)`
	tiedMembers = ` FROM v CROSS JOIN actors AS g CROSS JOIN memberships AS m CROSS JOIN actors AS a
		WHERE g.domain = v.host AND m.group_id = g.id AND a.id = m.account_id AND a.domain = '' AND v.group_id = ''`
	tiedPosts = ` FROM v CROSS JOIN actors AS a CROSS JOIN posts AS p
		WHERE a.domain = v.host AND p.author_id = a.id AND v.group_id IN ('', p.group_id)`

	isTied    = " AND m.state IN ('asked', 'active')"
	wasTied   = " AND v.turn = 'back' AND m.state = 'severed' AND m.changed_at > ?"
	openTrees = ` AND p.state = 'published' AND EXISTS (SELECT 1 FROM posts AS r WHERE r.id = p.thread_id AND r.locked_at IS NULL AND r.state = 'published')`
)

// Ties counts what hangs on the servers for which something turns.
func (s *Store) Ties(ctx context.Context, turned []policy.Turned, cutAfter time.Time) (counts []community.TieCount, err error) {
	if len(turned) == 0 {
		return nil, nil
	}
	in := s.planned()
	text := turnedTable(in, turned)
	after := in.arg(cutAfter)
	count := func(what, of, from string) string {
		return "SELECT v.turn, '" + what + "' AS what, count(" + of + ") AS n" + from + " GROUP BY v.turn"
	}
	text += count(community.TieFollowers, "DISTINCT m.account_id", tiedFollowers+isTied) +
		" UNION ALL " + count(community.TieMembers, "DISTINCT m.account_id", tiedMembers+isTied) +
		" UNION ALL " + s.read.NewRaw(count(community.TieFollowersKept, "DISTINCT m.account_id", tiedFollowers+wasTied), after).String() +
		" UNION ALL " + s.read.NewRaw(count(community.TieMembersKept, "DISTINCT m.account_id", tiedMembers+wasTied), after).String() +
		" UNION ALL " + count(community.TieThreads, "DISTINCT p.thread_id", tiedPosts+openTrees) +
		" UNION ALL " + count(community.TieHeld, "*", tiedPosts+" AND p.state = 'held'") +
		" UNION ALL " + count(community.TieReports, "*", ` FROM (SELECT v.turn, r.id FROM reports AS r JOIN actors AS a ON a.id = r.account_id JOIN v ON v.host = a.domain
				WHERE r.state = 'open' AND (v.group_id = '' OR v.group_id = r.group_id)
			UNION SELECT v.turn, r.id FROM reports AS r JOIN v ON v.host = r.reporter_domain
				WHERE r.state = 'open' AND (v.group_id = '' OR v.group_id = r.group_id)) AS v`) +
		" UNION ALL " + count(community.TieDeliveries, "*", ` FROM v CROSS JOIN deliveries AS d WHERE d.host = v.host AND d.state = 'waiting' AND v.group_id = ''`)
	return counts, wrap("ties", in.read(ctx, s.read.NewSelect().DB(), text, &counts))
}

// TiedGroups are the groups that most ties are of, and whether one of some accounts
// is an active member of each.
func (s *Store) TiedGroups(ctx context.Context, turned []policy.Turned, accountIDs []string, limit int) (groups []community.TiedGroup, err error) {
	if len(turned) == 0 {
		return nil, nil
	}
	in := s.planned()
	ties := "SELECT v.turn, m.group_id, m.account_id" + tiedFollowers + isTied + " UNION ALL SELECT v.turn, m.group_id, m.account_id" + tiedMembers + isTied
	isMember, own := in.among("o.account_id", accountIDs)
	text := turnedTable(in, turned) + s.read.NewRaw(`SELECT t.turn, t.group_id, a.title, a.name, a.domain, g.readers, t.n,
			EXISTS (SELECT 1 FROM memberships AS o WHERE o.group_id = t.group_id AND o.state = 'active' AND `+isMember+`) AS is_member
		FROM (SELECT w.turn, w.group_id, count(DISTINCT w.account_id) AS n FROM (`+ties+`) AS w GROUP BY w.turn, w.group_id ORDER BY n DESC, w.group_id LIMIT ?) AS t
		JOIN actors AS a ON a.id = t.group_id JOIN groups AS g ON g.actor_id = t.group_id ORDER BY t.n DESC, t.group_id, t.turn`, own, in.arg(limit)).String()
	return groups, wrap("ties", in.read(ctx, s.read.NewSelect().DB(), text, &groups))
}
