package community

import (
	"context"
	"time"
)

// Job is long work with a cursor and progress, which any node goes on with. It
// is begun in the transaction of what caused it, and done by whoever claims it.
type Job struct {
	ID         string
	Kind       string
	AboutID    string // whom or what it is for
	Host       string // the server it asks; empty for none. Jobs of one server come one after the other
	Cursor     string // where it goes on, in the words of its kind
	Done       int
	Total      int // 0 while nobody knows
	State      string
	Error      string // one stable word of why it is not done, or has to wait
	Attempts   int    // in vain, since something went well
	CreatedAt  time.Time
	NextAt     time.Time
	FinishedAt *time.Time
}

// Kinds of Job.
const (
	JobBackfill = "backfill" // of a group elsewhere: what was written in it before it was followed
	JobHide     = "hide"     // of what somebody wrote who was barred elsewhere (Hiding)
	JobSettle   = "settle"   // of what a decision about servers means for what is here of them
)

// States of a Job.
const (
	JobWaiting = "waiting" // to be done, or being done
	JobDone    = "done"
	JobFailed  = "failed"
	JobStopped = "stopped" // it is not wanted any more
)

// JobFault is the Error of a job that was set aside because this server failed at it
// time and again.
const JobFault = "fault"

// IsOpen says whether the job is still to be worked on.
func (j Job) IsOpen() bool { return j.State == JobWaiting }

// JobStore keeps jobs. Working on them is not the community's.
type JobStore interface {
	// InsertJob stores a job; nothing where one of its kind about the same is open.
	InsertJob(ctx context.Context, j Job) error
	// LastJob is the newest of a kind about something; NotFound where there is none.
	LastJob(ctx context.Context, kind, aboutID string) (Job, error)
	// ReopenJob has a job that was stopped gone on with from where it was, unless
	// another of its kind about the same is open.
	ReopenJob(ctx context.Context, id string, now time.Time) error
	// EndJob stops the open job of a kind about something, if there is one; whoever
	// works on it has lost it.
	EndJob(ctx context.Context, kind, aboutID string, now time.Time) error
	// HoldJob keeps a job from being ended until the transaction ends, and says whether
	// it is open.
	HoldJob(ctx context.Context, id string) (open bool, err error)
}
