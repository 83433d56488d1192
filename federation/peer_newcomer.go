package federation

import (
	"context"
	"errors"
	"sync"
	"time"

	"hearth/community"
)

// How long a Follow waits at most for its server to say what it runs; how soon it is
// looked at again meanwhile; how many servers are asked at once for that, and how
// many may wait to be asked.
const (
	newcomerPatience = time.Minute
	newcomerLook     = 5 * time.Second
	newcomersAtOnce  = 16
	mostNewcomers    = 256
)

// newcomers are servers that somebody asks to be let in from for the first time, and
// that are to say what they run before they are answered. They have askers of their
// own: one that is slow holds up neither the inbox nor anybody else's Follow.
type newcomers struct {
	line chan string

	mu    sync.Mutex
	known map[string]bool // that wait, or are being asked
}

func newNewcomers() *newcomers {
	return &newcomers{line: make(chan string, mostNewcomers), known: map[string]bool{}}
}

// add has a server asked, once at a time. What finds no room is added again when its
// Follow is looked at again.
func (n *newcomers) add(domain string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known[domain] {
		return
	}
	select {
	case n.line <- domain:
		n.known[domain] = true
	default:
	}
}

func (n *newcomers) done(domain string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.known, domain)
}

// runNewcomers asks servers that are new what they run, some at once.
func (f *Federation) runNewcomers(ctx context.Context) {
	var asking sync.WaitGroup
	for range newcomersAtOnce {
		asking.Go(func() {
			for {
				select {
				case domain := <-f.newcomers.line:
					f.complain(ctx, f.askNewcomer(ctx, domain), "what a server runs")
				case <-ctx.Done():
					return
				}
			}
		})
	}
	asking.Wait()
}

// askNewcomer asks a server what it runs, and has the Follows that waited for it looked at
// at once.
func (f *Federation) askNewcomer(ctx context.Context, domain string) error {
	defer f.newcomers.done(domain)
	if _, err := f.askPeer(ctx, domain); err != nil {
		return err
	}
	for range hurryTries {
		hurried, err := f.store.HurryFollows(ctx, domain, f.now())
		if err != nil {
			return err
		}
		if hurried {
			f.WakeInbox()
			return nil
		}
		if !pause(ctx, hurryPause) { // whoever put it off has not written that down yet
			return nil
		}
	}
	return nil
}

// How often, and how far apart, it is looked for a Follow that was just put off.
const (
	hurryTries = 50
	hurryPause = 100 * time.Millisecond
)

// softwareFor is what the server of somebody who asks to be let in runs, empty where
// it does not say; or when to look again, where it is being asked now. Whatever comes
// of that, nobody waits for longer than newcomerPatience, unless their Follow has
// waited for that long in the inbox alone: then it is asked once.
func (f *Federation) softwareFor(ctx context.Context, a Activity, domain string) (software string, again time.Time, err error) {
	known, err := f.store.Peer(ctx, domain)
	if err != nil && !errors.Is(err, community.NotFound) {
		return "", time.Time{}, err
	}
	end := a.ReceivedAt.Add(newcomerPatience)
	if err == nil && known.NodeinfoAt != nil || a.Attempts > 0 && !f.now().Before(end) {
		return known.Software, time.Time{}, nil
	}
	f.newcomers.add(domain)
	again = f.now().Add(newcomerLook)
	if a.Attempts > 0 && end.Before(again) {
		again = end
	}
	return "", again, nil
}

// behindFollow puts off, rather than refuses, what somebody does as a member whose
// Follow still waits.
func (f *Federation) behindFollow(ctx context.Context, inbox InboxStore, a Activity, out Outcome) Outcome {
	if out.Outcome != Refused || out.Reason != "not_member" || f.now().Sub(a.ReceivedAt) > 2*newcomerPatience {
		return out
	}
	waits, err := inbox.FollowWaits(ctx, a.Domain)
	if err != nil || !waits {
		return out
	}
	return Outcome{RetryAt: f.now().Add(newcomerLook), Reason: out.Reason}
}
