package storage

import (
	"context"
	"strings"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation"
)

// HostsMet is community.RehearsalStore's. The authors whose words others brought are
// found by a few steps along an index. Whoever was turned away unread is not looked
// for: there anybody names whom they like.
func (s *Store) HostsMet(ctx context.Context) ([]string, error) {
	const met = `WITH RECURSIVE authors (domain) AS (
			SELECT min(about_domain) FROM activities WHERE about_domain <> ''
			UNION ALL SELECT (SELECT min(a.about_domain) FROM activities AS a WHERE a.about_domain <> '' AND a.about_domain > t.domain)
			FROM authors AS t WHERE t.domain IS NOT NULL)
		SELECT domain FROM authors WHERE domain IS NOT NULL UNION SELECT domain FROM instances UNION SELECT host FROM lanes WHERE host <> ''`
	var rows []struct{ Domain string }
	in := s.planned()
	err := in.read(ctx, s.read.NewSelect().DB(), met, &rows)
	hosts := make([]string, len(rows))
	for i, row := range rows {
		hosts[i] = row.Domain
	}
	return hosts, wrap("hosts", err)
}

// factDay is a day as a row of a query.
type factDay struct {
	Day   string
	Since time.Time
	Until time.Time
}

func factDays(from, to time.Time) (days []factDay) {
	for day := dayOf(from); day.Before(to); day = day.AddDate(0, 0, 1) {
		days = append(days, factDay{day.Format(time.DateOnly), day, day.AddDate(0, 0, 1)})
	}
	return days
}

// Facts is community.RehearsalStore's. What came is added up from the facts of what
// came; what was delivered, of days that were counted, from the counts.
func (s *Store) Facts(ctx context.Context, q community.FactQuery) ([]policy.Fact, error) {
	days := factDays(q.From, q.To)
	if len(q.Hosts) == 0 || len(days) == 0 {
		return nil, nil
	}
	in := s.planned()
	in.varies = true
	came, sent := incomingFacts(q.Members), federation.DeliveryDone
	text := with(in, days) + ", uncounted AS (SELECT * FROM v WHERE v.day NOT IN (SELECT c.day FROM traffic_counted AS c)) " + strings.Join([]string{
		came + in.isAmong(" AND ", "a.domain", q.Hosts) + perFact,
		came + " AND a.about_domain <> ''" + in.isAmong(" AND ", "a.about_domain", q.Hosts) + in.isAmong(" AND NOT ", "a.domain", q.Hosts) + perFact,
		`SELECT t.day, 'delivery', t.domain, '', t.group_id, FALSE, sum(t.count) FROM v JOIN traffic_days AS t ON t.day = v.day
			WHERE t.direction = 'out' AND t.outcome = '` + sent + `'` + in.isAmong(" AND ", "t.domain", q.Hosts) + ` GROUP BY t.day, t.domain, t.group_id`,
		`SELECT u.day, 'delivery', d.host, '', coalesce(a.group_id, ''), FALSE, count(*) FROM uncounted AS u
			JOIN deliveries AS d ON d.finished_at >= u.since AND d.finished_at < u.until JOIN activities AS a ON a.id = d.activity_id
			WHERE d.state = '` + sent + `'` + in.isAmong(" AND ", "d.host", q.Hosts) + ` GROUP BY u.day, d.host, coalesce(a.group_id, '')`,
	}, " UNION ALL ")
	var rows []policy.Fact
	err := in.read(ctx, s.read.NewSelect().DB(), text, &rows)
	return rows, wrap("facts", err)
}

// isAmong is a condition, after a word, that a column has one of some values.
func (p *planned) isAmong(word, column string, values []string) string {
	condition, list := p.among(column, values)
	return word + p.s.read.NewRaw("("+condition+")", list).String()
}

const perFact = " GROUP BY 1, 2, 3, 4, 5, 6"

// incomingFacts selects what came and had an effect here, and what a policy kept from
// having one.
func incomingFacts(members bool) string {
	member := "FALSE"
	if members {
		member = byMember
	}
	return `SELECT v.day AS day, ` + factKind + ` AS kind, a.domain AS domain, a.about_domain AS about, coalesce(a.group_id, '') AS group_id, ` + member + ` AS member, count(*) AS count
		FROM v JOIN activities AS a ON a.received_at >= v.since AND a.received_at < v.until
		WHERE a.state = 'finished' AND a.direction = 'in' AND (a.outcome IN ('accepted', 'held')
			OR a.outcome = 'refused' AND a.reason IN ('policy', 'inner_policy', 'no_reports', 'no_new_follows'))`
}

// factKind is the kind of a row a of activities: by its type where it came before
// kinds were kept, or while the binary before ran.
const factKind = `CASE WHEN a.kind <> '' THEN a.kind WHEN a.uri LIKE 'urn:hearth:refused:%' THEN 'unread'
	WHEN a.type IN ('Create', 'Update', 'Announce') THEN 'words' WHEN a.type = 'Follow' THEN 'follow' WHEN a.type = 'Flag' THEN 'report' ELSE 'other' END`

// byMember is whether the post of a row a of activities is by somebody who was known
// in its group by then: here a member, and elsewhere whoever is of the group's own
// server or wrote there before, since only that server knows who is in it.
const byMember = `(a.post_id IS NOT NULL AND EXISTS (SELECT 1 FROM posts AS p JOIN actors AS g ON g.id = p.group_id JOIN actors AS w ON w.id = p.author_id
	WHERE p.id = a.post_id AND (g.domain <> '' AND w.domain = g.domain
		OR g.domain = '' AND EXISTS (SELECT 1 FROM memberships AS m WHERE m.group_id = p.group_id AND m.account_id = p.author_id AND m.state = 'active' AND m.created_at <= a.received_at)
		OR g.domain <> '' AND EXISTS (SELECT 1 FROM posts AS e WHERE e.group_id = p.group_id AND e.author_id = p.author_id AND e.state = 'published' AND e.id < p.id))))`
