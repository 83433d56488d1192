package federation

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"hearth/community"
)

// JobLeaseLife is how long a job's lease holds without being renewed: more than
// three times as long as any request that is made under it.
const JobLeaseLife = 2 * time.Minute

// ClaimedJob is a job with the token that whoever works on it holds it by.
type ClaimedJob struct {
	community.Job
	Token string
}

// JobStore is the queue of long work.
type JobStore interface {
	// ClaimJob leases the job that is due longest, of those that ask a server or of
	// those that ask none; NotFound where none is. Of the jobs that ask one server only
	// the oldest can be claimed.
	ClaimJob(ctx context.Context, now time.Time, asks bool) (ClaimedJob, error)
	// SaveJob stores how far a job is, and renews the lease or gives it back.
	// ErrLeaseLost when it is somebody else's by now: nothing was changed.
	SaveJob(ctx context.Context, j ClaimedJob, release bool) error
}

// jobsAtOnce bounds the jobs that one node works on at the same time. They wait
// most of their time.
const jobsAtOnce = 8

// runJobs works on the jobs that are due, and that ask other servers, until ctx ends.
func (f *Federation) runJobs(ctx context.Context) {
	var running sync.WaitGroup
	defer running.Wait()
	free := make(chan struct{}, jobsAtOnce)
	for ctx.Err() == nil {
		select {
		case free <- struct{}{}:
		case <-ctx.Done():
			return
		}
		j, err := f.store.ClaimJob(ctx, f.now(), true)
		if err != nil {
			<-free
			f.complain(ctx, err, "jobs")
			f.await(ctx, f.wakes.jobs)
			continue
		}
		running.Go(func() {
			defer func() { <-free }()
			f.complain(ctx, f.workJob(ctx, j), "a job")
		})
	}
}

// runChores works on the jobs that ask nobody, one at a time: they do not wait for
// those that do.
func (f *Federation) runChores(ctx context.Context) {
	for ctx.Err() == nil {
		j, err := f.store.ClaimJob(ctx, f.now(), false)
		if err == nil {
			f.complain(ctx, f.workJob(ctx, j), "a job")
			continue
		}
		f.complain(ctx, err, "jobs")
		f.await(ctx, f.wakes.chores)
	}
}

// workJob works on a job until it is done, has to wait, or ctx ends, and gives it
// back. What is under way when ctx ends may take finishGrace.
func (f *Federation) workJob(ctx context.Context, j ClaimedJob) error {
	work, cancel := outlive(ctx, f.grace)
	defer cancel()
	err := f.doJob(ctx, work, &j)
	if errors.Is(err, ErrLeaseLost) {
		return nil // whoever has it now goes on from where it was saved
	}
	last, stop := context.WithTimeout(context.WithoutCancel(work), finishGrace)
	defer stop()
	saved := f.store.SaveJob(last, j, true)
	if errors.Is(saved, ErrLeaseLost) {
		saved = nil
	}
	return errors.Join(err, saved)
}

// doJob keeps a fault in one job from ending the process, which would meet it
// again when it starts.
func (f *Federation) doJob(ctx, work context.Context, j *ClaimedJob) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			j.end(community.JobFailed, community.JobFault, f.now())
			err = fmt.Errorf("federation: job %s: panic: %v", j.ID, fault)
		}
	}()
	switch j.Kind {
	case community.JobBackfill:
		return f.backfill(ctx, work, j)
	case community.JobHide:
		return f.hideThere(ctx, work, j)
	case community.JobSettle:
		return f.settle(ctx, work, j)
	}
	j.NextAt = f.now().Add(time.Hour) // a node of a later version knows what it is
	return nil
}

// hideThere hides what somebody wrote who was barred from a group elsewhere, piece by
// piece. What is hidden is not found again, so it goes on by itself where it ended.
func (f *Federation) hideThere(ctx, work context.Context, j *ClaimedJob) error {
	return f.pieces(ctx, work, j, func() (more bool, err error) { return f.service.HideMore(work, j.Job) })
}

// settle brings about what decisions about servers mean for what is here of them.
func (f *Federation) settle(ctx, work context.Context, j *ClaimedJob) error {
	return f.pieces(ctx, work, j, func() (more bool, err error) {
		cursor, done, more, err := f.service.SettleMore(work, j.Job)
		if err == nil {
			j.Cursor, j.Done = cursor, j.Done+done
		}
		return more, err
	})
}

// pieces works on a job piece by piece, and notes after each how far it is.
func (f *Federation) pieces(ctx, work context.Context, j *ClaimedJob, piece func() (more bool, err error)) error {
	for more := true; more; {
		if ctx.Err() != nil {
			return nil
		}
		var err error
		if more, err = piece(); err != nil {
			if work.Err() != nil {
				return nil // it was not given the time
			}
			j.Attempts++
			j.troubled(j.Attempts, f.now())
			return err
		}
		j.Attempts = 0
		if err := f.store.SaveJob(work, *j, false); err != nil {
			return err
		}
	}
	j.end(community.JobDone, "", f.now())
	return nil
}

// end closes a job. One that was stopped may be wanted again.
func (j *ClaimedJob) end(state, why string, now time.Time) {
	j.State, j.Error, j.FinishedAt = state, why, &now
	if state != community.JobStopped {
		j.Cursor = ""
	}
}

// maxTroubles is how often in a row a job may fail for a fault of this server's own,
// before it is set aside for an admin to look at: some hours.
const maxTroubles = 10

// troubled puts a job off that failed for a fault of this server's own the n-th time
// in a row, or sets it aside.
func (j *ClaimedJob) troubled(n int, now time.Time) {
	if n >= maxTroubles {
		cursor := j.Cursor
		j.end(community.JobFailed, community.JobFault, now)
		j.Cursor = cursor // somebody may have it tried again
		return
	}
	j.NextAt = now.Add(backfillWait(n))
}

// putOff has a job tried again later.
func (j *ClaimedJob) putOff(why string, until time.Time) {
	j.Error, j.NextAt = why, until
}
