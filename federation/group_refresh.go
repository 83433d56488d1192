package federation

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"hearth/community"
)

// groupsAtOnce is how many groups elsewhere one pass asks for anew.
const groupsAtOnce = 20

// refreshGroup asks for a group elsewhere anew, and keeps what its server says
// of it now: among that, whether anybody can still write in it. What its server
// took down (410) is gone. One that it does not show to us is closed to us where
// it also took nothing from us: doubted says so.
func (f *Federation) refreshGroup(ctx context.Context, g community.Group, doubted bool) error {
	doc, err := f.fetchActor(ctx, g.URI)
	var fetch *FetchError
	switch {
	case err == nil && doc.Type == community.ActorGroup:
		if err := f.confirmName(ctx, g.Actor, doc); err != nil && !isFetch(err) {
			return err
		}
		if g, err = f.keepGroup(ctx, doc, g.Domain); err != nil {
			return err
		}
		return f.refreshModerators(ctx, g)
	case errors.As(err, &fetch) && fetch.Fault == FetchGone && fetch.Status == http.StatusGone:
		return f.service.MarkActorGone(ctx, g.URI)
	case doubted && fetch != nil && isWithheld(fetch.Status):
		return f.service.CloseRemoteGroup(ctx, g.ID)
	}
	return nil // it cannot be asked now, or is no group that we read: what is known stays
}

// isWithheld says whether a status means that a server does not show something to
// this one: it is not there, or not for us.
func isWithheld(status int) bool {
	return status == http.StatusNotFound || status == http.StatusForbidden || status == http.StatusUnauthorized
}

// inDoubt is a group elsewhere that is to be asked for anew.
type inDoubt struct {
	id       string
	withheld bool // it was not shown to us; no longer so, it need not be asked for
	changed  bool // whoever looks after it says so
	// who looks after it is all that is asked for, or their names alone
	moderators, names bool
}

// isKeptFromUs says whether a group's server did not show it to us when asked last.
func isKeptFromUs(g community.Group) bool {
	return g.State == community.GroupClosed && g.FetchedAt == nil
}

// hasSpoken has a group asked for anew that its server did not show to us, and
// that is heard of again.
func (f *Federation) hasSpoken(g community.Group) {
	if isKeptFromUs(g) {
		f.fetcher.failed.forget(g.URI)
		f.askLater(inDoubt{id: g.ID, withheld: true})
	}
}

// doubt has a group asked for anew whose server took something of ours for good
// not: it may be closed, or no longer there. What finds no room is found by the
// daily round.
func (f *Federation) doubt(groupID *string) {
	if groupID != nil {
		f.askLater(inDoubt{id: *groupID})
	}
}

func (f *Federation) askLater(d inDoubt) { f.doubted.add(d) }

// doubts are the groups that wait to be asked for, each once however often it is
// heard of.
type doubts struct {
	line chan inDoubt

	mu      sync.Mutex
	waiting map[inDoubt]bool
}

func newDoubts() *doubts {
	return &doubts{line: make(chan inDoubt, mostDoubted), waiting: map[inDoubt]bool{}}
}

func (d *doubts) add(one inDoubt) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.waiting[one] {
		return
	}
	select {
	case d.line <- one:
		d.waiting[one] = true
	default:
	}
}

// begun is told of what was taken from the line: whoever is heard of from now on
// waits anew.
func (d *doubts) begun(one inDoubt) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.waiting, one)
}

// mostDoubted bounds the groups that wait to be asked for.
const mostDoubted = 64

// runDoubting asks for groups that took nothing, as they come up.
func (f *Federation) runDoubting(ctx context.Context) {
	for {
		select {
		case d := <-f.doubted.line:
			f.doubted.begun(d)
			f.complain(ctx, f.askAgain(ctx, d), "a group elsewhere")
		case <-ctx.Done():
			return
		}
	}
}

func (f *Federation) askAgain(ctx context.Context, d inDoubt) error {
	g, err := f.store.Group(ctx, d.id)
	if errors.Is(err, community.NotFound) { // it is a person
		return nil
	}
	if err != nil || g.IsLocal() || g.GoneAt != nil || d.withheld && !isKeptFromUs(g) {
		return err
	}
	if d.names {
		return f.nameModerators(ctx, g)
	}
	if d.moderators {
		return f.refreshModerators(ctx, g)
	}
	return f.refreshGroup(ctx, g, !d.changed)
}

// refreshGroups asks for some of the groups elsewhere that people here are in and
// that were not asked for in a day, and says after which one it goes on; empty
// after the last.
func (f *Federation) refreshGroups(ctx context.Context, after string) (next string, err error) {
	groups, err := f.store.StaleGroups(ctx, f.now().Add(-groupLife), after, groupsAtOnce)
	if err != nil {
		return "", err
	}
	for _, g := range groups {
		if err := f.refreshGroup(ctx, g, false); err != nil {
			return "", err
		}
		next = g.ID
	}
	if len(groups) < groupsAtOnce {
		next = ""
	}
	return next, nil
}

// groupLife is how long what is known of a group elsewhere is good for.
const groupLife = 24 * time.Hour
