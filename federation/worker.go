package federation

import (
	"context"
	"errors"
	"sync"
	"time"

	"hearth/community"
)

// pollEvery is the slow poll under all wakes: what it finds, a wake was lost for.
const pollEvery = 5 * time.Second

// Run works until ctx ends: it makes keys, turns events into activities,
// delivers them, handles what came in, asks for what it is missing or in doubt of,
// for groups elsewhere, and others what they run, once a day, and groups for what
// was written in them before they were followed, notes who took copies, and forgets
// what is old. It returns when
// nothing of it runs any more. What is under way when ctx ends may take
// finishGrace; what does not make it is tried again by whoever runs next.
func (f *Federation) Run(ctx context.Context) {
	f.attend(ctx)
	f.freeLeases(ctx)
	var running sync.WaitGroup
	for _, work := range []func(context.Context){
		f.fillPool, f.ringBell, f.hearBell, f.takeOver, f.runPublisher, f.runDeliverer, f.runInbox, f.runAsking, f.runDoubting, f.runPeers, f.runNewcomers, f.keepCopies, f.runTidying, f.runJobs, f.runChores,
		f.runInquiries, f.runInquiries, f.runInquiries, f.runInquiries,
	} {
		running.Go(func() { work(ctx) })
	}
	running.Wait()
}

// attendWait bounds how long work waits for others to see that this node lives.
const attendWait = 5 * time.Second

func (f *Federation) attend(ctx context.Context) {
	if f.wakes.bell == nil {
		return
	}
	bounded, cancel := context.WithTimeout(ctx, attendWait)
	defer cancel()
	f.complain(ctx, f.wakes.bell.Attend(bounded), "this node is not seen by others yet")
}

func (f *Federation) freeLeases(ctx context.Context) {
	freed, err := f.store.FreeLeases(ctx)
	f.complain(ctx, err, "leases")
	if freed {
		f.wakes.here(topicEvents + "," + topicLanes + "," + topicInbox)
	}
}

// lookEvery is how often it is looked whether all who hold leases live.
const lookEvery = 3 * time.Second

// takeOver looks whether another node was killed, and takes its work over
// without waiting for its leases to end.
func (f *Federation) takeOver(ctx context.Context) {
	if f.wakes.bell == nil {
		return
	}
	for pause(ctx, jittered(lookEvery)) {
		f.freeLeases(ctx)
	}
}

// finishGrace is how long what is under way may take to end.
const finishGrace = 8 * time.Second

// await waits for a wake or the slow poll, and says whether ctx still holds.
func (f *Federation) await(ctx context.Context, wake <-chan struct{}) bool {
	return f.awaitFor(ctx, wake, f.poll)
}

func (f *Federation) awaitFor(ctx context.Context, wake <-chan struct{}, poll time.Duration) bool {
	timer := time.NewTimer(jittered(poll))
	defer timer.Stop()
	select {
	case <-wake:
	case <-timer.C:
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}

// complain logs what went wrong in a pass. That there is no site yet is nothing
// wrong.
func (f *Federation) complain(ctx context.Context, err error, what string) {
	if err == nil || ctx.Err() != nil || errors.Is(err, community.NotFound) {
		return
	}
	f.config.Log.Error().Err(err).Msg(what)
}

const tidyEvery, tidyBatch = 10 * time.Minute, 500

func (f *Federation) runTidying(ctx context.Context) {
	after := ""
	for {
		f.complain(ctx, f.countTraffic(ctx), "counting what passed") // before any of it is forgotten
		f.complain(ctx, f.Tidy(ctx), "tidying the queues")
		f.complain(ctx, f.service.GiveUpFollows(ctx), "requests that did not get through")
		next, err := f.refreshGroups(ctx, after)
		f.complain(ctx, err, "groups elsewhere")
		after = next
		if !pause(ctx, jittered(tidyEvery)) {
			return
		}
	}
}

// Tidy forgets what was kept for its time, batch after batch: bytes after 7
// days, facts after 30, deliveries 7 days after their end, the lanes of hosts
// that nothing goes to, and what dead hosts never took.
func (f *Federation) Tidy(ctx context.Context) error {
	for {
		n, err := f.store.TidyQueues(ctx, f.now(), tidyBatch)
		if err != nil || n == 0 {
			return err
		}
	}
}
