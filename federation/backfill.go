package federation

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation/wire"
)

// Bounds of a backfill, and how long it waits before it asks again.
const (
	backfillAsks    = 1000 // documents of any kind
	backfillPosts   = 1000 // posts that are new here
	backfillPages   = 10   // of one collection, beside what comes with it
	backfillTries   = 30   // in vain and in a row: about a day
	backfillHiccups = 6    // at one document, of a server that answers to others: about an hour
	backfillPassed  = 50   // documents that were passed over for that
	backfillDepth   = 50   // of answers to answers
)

// backfillPause is how long a server is left in peace before each question: a
// second, unless it is on this machine, as in development alone.
func backfillPause(host string) time.Duration {
	if isLocal(hostname(host)) {
		return time.Second / 50
	}
	return time.Second
}

// BackfillStore is what a backfill reads beyond what all others do.
type BackfillStore interface {
	// HasLocalMembers says whether an account of this server is in the group.
	HasLocalMembers(ctx context.Context, groupID string) (bool, error)
	// PostsByURI are the posts of some URIs that are known, by URI.
	PostsByURI(ctx context.Context, uris []string) (map[string]community.Post, error)
	// Lane is a host's; NotFound where there is none.
	Lane(ctx context.Context, host string) (Lane, error)
}

// Stages of a backfill, in their order, after the group itself was asked for.
const (
	stageFeatured = "featured"
	stageOutbox   = "outbox"
	stageThreads  = "threads"
)

// past is where a backfill is: the cursor of its job.
type past struct {
	Stage   string   `json:"stage,omitempty"`
	Page    string   `json:"page,omitempty"`  // the page of a collection to be read next
	Pages   []string `json:"pages,omitempty"` // those of it that were read
	Items   []string `json:"items,omitempty"` // what stands on them by address alone
	Depth   int      `json:"depth,omitempty"` // of the collection, as its branch's
	Threads []branch `json:"threads,omitempty"`
	Asked   int      `json:"asked,omitempty"`
	Taken   int      `json:"taken,omitempty"`
	Pinned  int      `json:"pinned,omitempty"`
	Listed  bool     `json:"listed,omitempty"` // the outbox could be read

	Elsewhere map[string]int `json:"elsewhere,omitempty"` // authors that other servers were asked for, by domain

	Failing  string   `json:"failing,omitempty"`  // what could not be had the last time
	Tries    int      `json:"tries,omitempty"`    // at it, in a row
	Passed   []string `json:"passed,omitempty"`   // what its server never gave, though it answers
	Troubles int      `json:"troubles,omitempty"` // of our own, since a step was done
}

// branch is a collection of answers. Depth is 0 for all of a thread (FEP-7888),
// and else how far below its root those stand whose answers the collection has.
type branch struct {
	List  string `json:"list"`
	Depth int    `json:"depth,omitempty"`
}

// backfill is the work on what was written in a group elsewhere before it was
// followed. It asks the group's server alone, one question after the other
// (docs/decisions/0029).
type backfill struct {
	f        *Federation
	job      *ClaimedJob
	past     past
	group    community.Group
	policies *policy.Snapshot
	absent   map[string]bool // authors that could not be had
}

// Ends of a backfill, and of one question of it.
var (
	errEnough = errors.New("federation: as much as is asked for")
	errAbsent = errors.New("federation: it cannot be had")
)

// jobEnd is why a job is worked on no more.
type jobEnd struct{ state, why string }

func (e jobEnd) Error() string { return "federation: " + e.state + ": " + e.why }

// jobWait is why a job has to wait, and until when.
type jobWait struct {
	why   string
	until time.Time
}

func (e jobWait) Error() string { return "federation: waits: " + e.why }

// backfill works on a job until it is done or has to wait, or ctx ends; what is
// begun goes on while work lasts.
func (f *Federation) backfill(ctx, work context.Context, j *ClaimedJob) error {
	b := &backfill{f: f, job: j, absent: map[string]bool{}}
	if err := json.Unmarshal([]byte(j.Cursor), &b.past); err != nil {
		b.past = past{} // from the start: what is here already costs little
	}
	more, err := true, b.mayGoOn(work)
	for more && err == nil && ctx.Err() == nil {
		if more, err = b.step(work); err == nil {
			b.past.Troubles = 0
		}
	}
	defer b.keep()
	if work.Err() != nil {
		return nil // it was not given the time; it stays where it is
	}
	if err == nil && !more {
		err = b.whole()
	}
	return b.close(err)
}

// close notes what became of the job.
func (b *backfill) close(err error) error {
	var end jobEnd
	var wait jobWait
	now := b.f.now()
	switch {
	case err == nil:
		return nil
	case errors.As(err, &end):
		b.job.end(end.state, end.why, now)
	case errors.As(err, &wait):
		b.job.putOff(wait.why, wait.until)
	case errors.Is(err, errEnough):
		b.job.end(community.JobDone, "", now)
	default:
		if !errors.Is(err, ErrLeaseLost) {
			b.past.Troubles++
			b.job.troubled(b.past.Troubles, now)
		}
		return err
	}
	return nil
}

// whole is how a backfill ends that has nothing left to ask for.
func (b *backfill) whole() error {
	if !b.past.Listed && b.past.Taken == 0 {
		return jobEnd{community.JobFailed, community.BackfillNoList}
	}
	return jobEnd{community.JobDone, ""}
}

// keep puts where it is into the job.
func (b *backfill) keep() {
	if b.job.State != community.JobWaiting && b.job.State != community.JobStopped {
		return // it is over
	}
	cursor, err := json.Marshal(b.past)
	if err == nil { // nothing in it cannot be written
		b.job.Cursor = string(cursor)
	}
}

// step does what comes next: something that a page named, a page, or the next
// collection. It says whether there is more.
func (b *backfill) step(ctx context.Context) (more bool, err error) {
	if len(b.past.Items) > 0 {
		return true, b.takeNamed(ctx)
	}
	if b.past.Page != "" {
		return true, b.takePage(ctx)
	}
	switch b.past.Stage {
	case "":
		return true, b.takeGroup(ctx)
	case stageFeatured:
		b.past.Stage = stageOutbox
		b.begin(branch{List: b.group.OutboxURI})
		return true, nil
	case stageOutbox:
		b.past.Stage, b.job.Done, b.job.Total = stageThreads, 0, len(b.past.Threads)
		return true, nil
	}
	return b.nextThread(), nil
}

// nextThread begins the next collection of answers, and says whether there is one.
func (b *backfill) nextThread() bool {
	if len(b.past.Threads) == 0 {
		return false
	}
	next := b.past.Threads[0]
	b.past.Threads = b.past.Threads[1:]
	if next.Depth <= 1 {
		b.job.Done = min(b.job.Done+1, b.job.Total)
	}
	b.begin(next)
	return true
}

// begin turns to a collection, where it is one of the group's server.
func (b *backfill) begin(list branch) {
	b.past.Page, b.past.Pages, b.past.Depth = "", nil, list.Depth
	if b.isAtHome(list.List) {
		b.past.Page = list.List
	}
}

// isAtHome says whether an address is the group's server's.
func (b *backfill) isAtHome(uri string) bool {
	return uri != "" && wire.SameOrigin(uri, b.group.URI)
}

// takeGroup asks for the group itself: what it is for with its rules, who looks after
// it, and where its collections are.
func (b *backfill) takeGroup(ctx context.Context) error {
	body, err := b.ask(ctx, b.group.URI, b.f.fetcher.AtHome)
	if errors.Is(err, errAbsent) {
		return b.withoutGroup(ctx, err)
	}
	if err != nil {
		return err
	}
	doc, err := b.f.soundActor(body, b.group.URI)
	if err != nil || doc.Type != community.ActorGroup {
		return jobEnd{community.JobFailed, community.BackfillUnreadable}
	}
	if b.group, err = b.f.keepGroup(ctx, doc, b.group.Domain); err != nil {
		return err
	}
	if err := b.takeModerators(ctx); err != nil {
		return err
	}
	b.past.Stage = stageFeatured
	b.begin(branch{List: b.group.FeaturedURI})
	return nil
}

// withoutGroup is how it ends where the group itself is not shown.
func (b *backfill) withoutGroup(ctx context.Context, err error) error {
	var fetch *FetchError
	switch {
	case errors.As(err, &fetch) && fetch.Fault == FetchGone && fetch.Status == 410:
		if err := b.f.service.MarkActorGone(ctx, b.group.URI); err != nil {
			return err
		}
		return jobEnd{community.JobFailed, community.BackfillGone}
	case fetch != nil && isWithheld(fetch.Status):
		return jobEnd{community.JobFailed, community.BackfillWithheld}
	}
	return jobEnd{community.JobFailed, community.BackfillUnreadable}
}

// takePage reads the next page of a collection. What cannot be read of it is
// left out.
func (b *backfill) takePage(ctx context.Context) error {
	body, err := b.ask(ctx, b.past.Page, b.f.fetcher.ListAtHome)
	if err != nil && !errors.Is(err, errAbsent) {
		return err
	}
	list, unreadable := wire.DecodeCollection(body)
	if err != nil || unreadable != nil {
		b.past.Page = ""
		return nil
	}
	b.past.Listed = b.past.Listed || b.past.Stage == stageOutbox
	if err := b.takeAll(ctx, list.Inline()); err != nil {
		return err
	}
	b.past.Pages = append(b.past.Pages, b.past.Page)
	b.past.Page = b.pageAfter(list)
	return nil
}

// pageAfter is the next page; empty after the last, and where a server goes in a
// circle or never ends.
func (b *backfill) pageAfter(list *wire.Collection) string {
	next := list.More()
	if !b.isAtHome(next) || slices.Contains(b.past.Pages, next) || len(b.past.Pages) > backfillPages {
		return ""
	}
	return next
}
