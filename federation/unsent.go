package federation

import (
	"context"
	"time"

	"hearth/community"
)

// askEvery is how often it is looked for words that waited for too long; askSoon
// how long after somebody met such words, who gives their lane back first.
const (
	askEvery = time.Minute
	askSoon  = time.Second
)

// runAsking has authors asked about what was not sent for a day. It can come
// late: whoever is about to send such words sees how old they are. Nothing is held
// back of a lane that somebody holds, as whoever met the words does for a moment
// yet: so after a wake it is looked soon, and again after a while.
func (f *Federation) runAsking(ctx context.Context) {
	wait := askEvery
	for ctx.Err() == nil {
		f.complain(ctx, f.service.AskAuthors(ctx), "words that waited")
		wait = min(5*wait, askEvery)
		timer := time.NewTimer(jittered(wait))
		select {
		case <-f.wakes.asking:
			wait = askSoon
			pause(ctx, askSoon)
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// holdBack leaves words that are too old where they are, and what is behind them
// too, until their author was asked.
func (l *laneRun) holdBack(e Errand) {
	later := l.d.f.now().Add(askEvery)
	l.d.ledger.note(l.Lease, DeliveryResult{
		Seq: e.Seq, State: DeliveryWaiting, Attempts: e.Attempts, FirstTriedAt: e.FirstTriedAt,
		NextAt: &later, Status: e.Status, LastError: e.LastError,
	})
	signal(l.d.f.wakes.asking)
}

// isHeldBack says whether words for a group elsewhere do not go now: those that
// their author is asked about, and answers to such, which are marked as behind
// them. Of others it says until when they may wait. What takes words away is
// never held back.
func (c *postChange) isHeldBack(ctx context.Context) (held bool, behind Parcel, err error) {
	if c.event.Kind != community.EventPostWritten && c.event.Kind != community.EventPostEdited {
		return false, Parcel{}, nil
	}
	if err := c.rests(); err != nil {
		return false, Parcel{}, err
	}
	ids := []string{c.post.ID}
	if c.post.ParentID != nil {
		ids = append(ids, *c.post.ParentID)
	}
	known, err := c.f.store.Standings(ctx, ids, c.group.Domain)
	if err != nil {
		return false, Parcel{}, err
	}
	after := c.event.CreatedAt.Add(community.AskAfter)
	c.askAfter = &after
	if known[c.post.ID].Unsent != "" {
		return true, Parcel{}, nil
	}
	if c.post.ParentID == nil {
		return false, Parcel{}, nil
	}
	if parent := known[*c.post.ParentID]; parent.Unsent == "" || parent.SentAt != nil {
		return false, Parcel{}, nil
	}
	return true, Parcel{Reach: []Reach{{PostID: c.post.ID, Host: c.group.Domain, Unsent: community.UnsentBehind, AskAfter: &after, NeverBegun: true}}}, nil
}
