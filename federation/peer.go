package federation

import (
	"context"
	"errors"
	"time"
)

// How long what a server said of its software is good for; how long it is not
// asked again after it said nothing of use; and how many are asked in one pass.
const (
	softwareLife    = 24 * time.Hour
	softwareUnknown = time.Hour
	peersAtOnce     = 20
	strayAtOnce     = 200
)

// peerWait bounds how long it is waited for a server to say what it runs.
const peerWait = 30 * time.Second

// askPeer asks a server what it runs and keeps the answer, and that there was none:
// nobody waits for it a second time. A server that is refused is not asked.
func (f *Federation) askPeer(ctx context.Context, domain string) (string, error) {
	policies, err := f.service.Policies(ctx)
	if err != nil || policies.Judge(domain).Refused() {
		return "", err
	}
	bounded, cancel := context.WithTimeout(ctx, peerWait)
	said, failed := f.fetcher.NodeInfo(bounded, domain)
	cancel()
	if err := ctx.Err(); err != nil { // it was not given the time
		return "", err
	}
	if failed != nil {
		f.config.Log.Debug().Err(failed).Str("domain", domain).Msg("a server does not say what it runs")
	}
	now := f.now()
	return said.Name, f.store.NotePeer(ctx, Peer{Domain: domain, Software: said.Name, Version: said.Version, NodeinfoAt: &now})
}

// refreshPeers asks some servers again that were not asked for a while, and says
// after which one it goes on; empty after the last.
func (f *Federation) refreshPeers(ctx context.Context, after string) (next string, err error) {
	now := f.now()
	domains, err := f.store.StalePeers(ctx, now.Add(-softwareLife), now.Add(-softwareUnknown), after, peersAtOnce)
	if err != nil {
		return "", err
	}
	for _, domain := range domains {
		if _, err := f.askPeer(ctx, domain); err != nil {
			return "", err
		}
		next = domain
	}
	if len(domains) < peersAtOnce {
		next = ""
	}
	return next, nil
}

// lookAtPeers keeps what is known of servers true, and lets those go who may no
// longer be in a group by what their server runs: the group changed, or it is only
// now known. Nothing is sent to them meanwhile.
func (f *Federation) lookAtPeers(ctx context.Context, after string) (next string, err error) {
	next, err = f.refreshPeers(ctx, after)
	return next, errors.Join(err, f.letStraysGo(ctx))
}

// letStraysGo goes on as long as anybody was let go.
func (f *Federation) letStraysGo(ctx context.Context) error {
	for more := true; more; {
		stray, err := f.store.StrayFollowers(ctx, microblogs, strayAtOnce)
		if err != nil {
			return err
		}
		more = false
		for _, s := range stray {
			done, err := f.service.LetFollowerGo(ctx, s.GroupID, s.AccountID)
			if err != nil {
				return err
			}
			more = more || done
		}
	}
	return nil
}

// peersEvery is how often it is looked whom to ask again.
const peersEvery = 10 * time.Minute

// runPeers keeps what is known of servers true. It asks nobody when a node has
// just begun: there is time for that, and much else to be done.
func (f *Federation) runPeers(ctx context.Context) {
	after := ""
	for ctx.Err() == nil {
		timer := time.NewTimer(jittered(peersEvery))
		select {
		case <-f.wakes.strays:
			f.complain(ctx, f.letStraysGo(ctx), "followers of a group that changed")
		case <-timer.C:
			next, err := f.lookAtPeers(ctx, after)
			f.complain(ctx, err, "servers")
			after = next
		case <-ctx.Done():
		}
		timer.Stop()
	}
}
