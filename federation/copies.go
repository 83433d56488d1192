package federation

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"hearth/community"
)

// copiesEvery is how long it is only remembered in memory that a copy was taken;
// maxCopies how many of them: past that whoever asks next waits until they are
// written down. strangersAtOnce is how many new servers are asked for an inbox in
// one pass.
const (
	copiesEvery     = time.Second
	maxCopies       = 1000
	strangersAtOnce = 20
)

// copies are the posts that other servers took by asking for them. They are
// written down behind the request, so that a Delete reaches these servers too.
type copies struct {
	soon    chan struct{}
	writing sync.Mutex // held while what was taken is being written down

	mu    sync.Mutex
	taken map[Copy]string // to whoever signed for it
	over  bool            // nobody writes behind requests any more
}

// Copy is a post that a host has.
type Copy struct{ PostID, Host string }

// add remembers copies and says whether they are to be written down at once.
func (c *copies) add(host, signer string, postIDs []string) (now bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.taken == nil {
		c.taken = map[Copy]string{}
	}
	for _, id := range postIDs {
		c.taken[Copy{id, host}] = signer
	}
	return c.over || len(c.taken) >= maxCopies
}

// take hands out what is remembered.
func (c *copies) take() map[Copy]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := c.taken
	c.taken = nil
	return taken
}

// end has what is taken from now on written down by whoever asks.
func (c *copies) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
}

// took notes that a verified server is given the words of posts. Who asks without
// a signature is nobody: there is nobody to send a Delete to.
func (f *Federation) took(ctx context.Context, v community.Viewer, postIDs ...string) error {
	if v.Domain == "" || len(postIDs) == 0 {
		return nil
	}
	if f.copies.add(v.Domain, v.Remote, postIDs) {
		_, err := f.writeCopies(ctx)
		return err
	}
	signal(f.copies.soon)
	return nil
}

// writeCopies writes down what was taken until now, and returns when that, and
// what others were writing, is done. It gives who signed for it, by host.
func (f *Federation) writeCopies(ctx context.Context) (signers map[string]string, err error) {
	f.copies.writing.Lock()
	defer f.copies.writing.Unlock()
	taken := f.copies.take()
	if len(taken) == 0 {
		return nil, nil
	}
	rows := make([]Copy, 0, len(taken))
	signers = map[string]string{}
	for c, signer := range taken {
		rows = append(rows, c)
		signers[c.Host] = signer
	}
	slices.SortFunc(rows, func(a, b Copy) int {
		return strings.Compare(a.PostID+a.Host, b.PostID+b.Host)
	})
	if err := f.store.NoteCopies(ctx, rows); err != nil {
		for c, signer := range taken {
			f.copies.add(c.Host, signer, []string{c.PostID})
		}
		return nil, err
	}
	return signers, nil
}

// keepCopies writes down what was taken, soon after it was, and what is left when
// ctx ends.
func (f *Federation) keepCopies(ctx context.Context) {
	for f.awaitFor(ctx, f.copies.soon, f.poll) && pause(ctx, copiesEvery) {
		signers, err := f.writeCopies(ctx)
		if err == nil {
			err = f.meet(ctx, signers)
		}
		f.complain(ctx, err, "copies that were asked for")
	}
	f.copies.end()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), f.grace)
	defer cancel()
	_, err := f.writeCopies(last)
	f.complain(last, err, "copies that were asked for")
}

// meet learns where to write to servers that have copies and of which nobody is
// known here: whoever signed for them says so. One that does not is met when it
// asks again.
func (f *Federation) meet(ctx context.Context, signers map[string]string) error {
	hosts := make([]string, 0, len(signers))
	for host := range signers {
		hosts = append(hosts, host)
	}
	slices.Sort(hosts)
	strangers, err := f.store.HostsUnmet(ctx, hosts)
	for _, host := range strangers[:min(len(strangers), strangersAtOnce)] {
		if _, err := f.account(ctx, signers[host]); err != nil {
			f.config.Log.Info().Err(err).Str("domain", host).Msg("a server has copies and no inbox")
		}
	}
	return err
}
