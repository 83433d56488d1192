package storage

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"hearth/federation"
)

// NoteCopies is federation.DocumentStore's. What else is known of a host and a post
// stays as it is.
func (s *Store) NoteCopies(ctx context.Context, taken []federation.Copy) error {
	for rows := range slices.Chunk(taken, rowsPerStatement) {
		_, err := s.write.NewRaw(`WITH v (post_id, host) AS (?) INSERT INTO reach (post_id, host, copied) SELECT v.post_id, v.host, TRUE FROM v
			JOIN posts AS p ON p.id = v.post_id WHERE TRUE ON CONFLICT (post_id, host) DO UPDATE SET copied = TRUE, never_begun = FALSE WHERE NOT reach.copied`, s.write.NewValues(&rows)).Exec(ctx)
		if err != nil {
			return wrap("reach", err)
		}
	}
	return nil
}

// HostsUnmet is federation.DocumentStore's.
func (s *Store) HostsUnmet(ctx context.Context, hosts []string) (unmet []string, err error) {
	if len(hosts) == 0 {
		return nil, nil
	}
	var met []string
	err = s.read.NewSelect().Table("actors").ColumnExpr("DISTINCT domain").Where("domain IN (?) AND inbox <> ''", bun.List(hosts)).Scan(ctx, &met)
	for _, host := range hosts {
		if !slices.Contains(met, host) {
			unmet = append(unmet, host)
		}
	}
	return unmet, wrap("actors", err)
}
