package storage

import (
	"context"
	"slices"
	"strconv"
	"time"

	"hearth/federation"
)

// Acquaintances is federation.StateStore's.
func (s *Store) Acquaintances(ctx context.Context, accountID string) ([]federation.Recipient, error) {
	var rows []federation.Recipient
	err := s.read.NewSelect().Model(&rows).ModelTableExpr("farewells AS t").
		ColumnExpr("t.host AS host, min(coalesce(nullif(a.shared_inbox, ''), a.inbox)) AS inbox, max(coalesce(i.software, '')) AS software").
		Join("JOIN actors AS a ON a.domain = t.host AND a.inbox <> ''").Join("LEFT JOIN instances AS i ON i.domain = t.host").
		Where("t.account_id = ?", accountID).GroupExpr("t.host").OrderExpr("t.host").Scan(ctx)
	return rows, wrap("farewells", err)
}

// farewellRow is what a host answered to the news that an account is no more.
type farewellRow struct {
	AccountID string
	Host      string
	Refused   string
	At        time.Time
}

func newFarewellRow(r federation.DeliveryResult, host string, now time.Time) farewellRow {
	row := farewellRow{AccountID: r.ActorID, Host: host, At: now}
	if r.Effect == federation.FarewellRefused {
		row.Refused = strconv.Itoa(r.Status)
	}
	return row
}

func (s *Store) noteFarewells(ctx context.Context, all []farewellRow) error {
	for rows := range slices.Chunk(all, rowsPerStatement) {
		_, err := s.write.NewRaw(`WITH v (account_id, host, refused, at) AS (?) UPDATE farewells SET refused = v.refused,
			received_at = CASE WHEN v.refused = '' THEN coalesce(farewells.received_at, v.at) ELSE farewells.received_at END
			FROM v WHERE farewells.account_id = v.account_id AND farewells.host = v.host`, s.write.NewValues(&rows)).Exec(ctx)
		if err != nil {
			return wrap("farewells", err)
		}
	}
	return nil
}
