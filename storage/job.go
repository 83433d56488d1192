package storage

import (
	"context"
	"time"

	"hearth/community"
	"hearth/federation"
)

// InsertJob is community.JobStore's.
func (s *Store) InsertJob(ctx context.Context, j community.Job) error {
	_, err := s.write.NewInsert().Model(&j).ModelTableExpr("jobs").On("CONFLICT DO NOTHING").Exec(ctx)
	return wrap("job", err)
}

// LastJob is community.JobStore's.
func (s *Store) LastJob(ctx context.Context, kind, aboutID string) (community.Job, error) {
	var rows []community.Job
	in := s.planned()
	q := s.read.NewSelect().Model(&rows).ModelTableExpr("jobs AS t").ColumnExpr(columnsOf[community.Job](s, "t", "")).
		Where("t.kind = ? AND t.about_id = ?", in.arg(kind), in.arg(aboutID)).OrderExpr("t.id DESC").Limit(1)
	j, err := first(&rows, in.scan(ctx, q, &rows))
	return j, wrap("job", err)
}

// ReopenJob is community.JobStore's.
func (s *Store) ReopenJob(ctx context.Context, id string, now time.Time) error {
	_, err := s.write.NewRaw(`UPDATE jobs SET state = 'waiting', error = '', attempts = 0, next_at = ?, finished_at = NULL WHERE id = ? AND state = 'stopped'
		AND NOT EXISTS (SELECT 1 FROM jobs AS o WHERE o.kind = jobs.kind AND o.about_id = jobs.about_id AND o.state = 'waiting')`, now, id).Exec(ctx)
	return wrap("job", err)
}

// EndJob is community.JobStore's.
func (s *Store) EndJob(ctx context.Context, kind, aboutID string, now time.Time) error {
	_, err := s.write.NewRaw(`UPDATE jobs SET state = 'stopped', cursor = '', finished_at = ?, lease_token = NULL, leased_until = NULL
		WHERE kind = ? AND about_id = ? AND state = 'waiting'`, now, kind, aboutID).Exec(ctx)
	return wrap("job", err)
}

// HoldJob is community.JobStore's.
func (s *Store) HoldJob(ctx context.Context, id string) (open bool, err error) {
	n, err := affect(s.write.NewRaw("UPDATE jobs SET state = state WHERE id = ? AND state = 'waiting'", id).Exec(ctx))
	return n > 0, wrap("job", err)
}

// dueJob selects the job that is due longest, that asks a server or none. Of the jobs
// that ask one server the oldest alone is ever among them.
func (s *Store) dueJob(asks bool) string {
	which := "j.host = ''"
	if asks {
		which = "j.host <> ''"
	}
	return `SELECT j.id FROM jobs AS j WHERE j.state = 'waiting' AND ` + which + ` AND j.next_at <= ?
		AND (j.lease_token IS NULL OR j.leased_until < ` + s.dbClock(0) + `)
		AND NOT EXISTS (SELECT 1 FROM jobs AS o WHERE o.state = 'waiting' AND o.host = j.host AND o.host <> '' AND o.id < j.id)
		ORDER BY j.next_at, j.id LIMIT 1`
}

// ClaimJob is federation.JobStore's. Whether there is any is read first, without
// a transaction: most of the time there is none.
func (s *Store) ClaimJob(ctx context.Context, now time.Time, asks bool) (federation.ClaimedJob, error) {
	var claimed federation.ClaimedJob
	var due []string
	if err := s.read.NewRaw(s.dueJob(asks), now).Scan(ctx, &due); err != nil || len(due) == 0 {
		return claimed, orNotFound(wrap("jobs", err))
	}
	token := s.newLease()
	var rows []community.Job
	err := s.write.NewRaw("UPDATE jobs SET lease_token = ?, leased_until = "+s.dbClock(federation.JobLeaseLife)+
		" WHERE "+s.claimed("id", s.dueJob(asks))+" RETURNING "+columnsOf[community.Job](s, "jobs", ""), token, now).Scan(ctx, &rows)
	claimed.Token = token
	claimed.Job, err = first(&rows, err)
	return claimed, wrap("jobs", err)
}

// SaveJob is federation.JobStore's.
func (s *Store) SaveJob(ctx context.Context, j federation.ClaimedJob, release bool) error {
	hold := "lease_token = lease_token, leased_until = " + s.dbClock(federation.JobLeaseLife)
	if release {
		hold = "lease_token = NULL, leased_until = NULL"
	}
	n, err := affect(s.write.NewRaw("UPDATE jobs SET cursor = ?, done = ?, total = ?, state = ?, error = ?, attempts = ?, next_at = ?, finished_at = ?, "+hold+
		" WHERE id = ? AND lease_token = ?",
		j.Cursor, j.Done, j.Total, j.State, j.Error, j.Attempts, j.NextAt, j.FinishedAt, j.ID, j.Token).Exec(ctx))
	if err == nil && n == 0 {
		err = federation.ErrLeaseLost
	}
	return err
}
