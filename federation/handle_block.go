package federation

import (
	"context"
	"errors"
	"net/url"

	"hearth/community"
	"hearth/federation/wire"
)

// doBlock keeps somebody from writing in a group elsewhere, or in every group of
// its server, as its authority says; Undo lets them write again. Without a target
// it is somebody's own block of somebody, which is nobody's to know.
func (f *Federation) doBlock(ctx context.Context, in incoming, a act) (Outcome, error) {
	bar, out, err := f.barOf(ctx, in, a)
	if err != nil || out.Outcome != "" {
		return out, err
	}
	change := f.service.ReceiveBar
	if a.undone {
		change = f.service.ReceiveUnbar
	} else if bar.Until != nil && !bar.Until.After(f.now()) {
		return ignored("over"), nil
	}
	defer signal(f.wakes.chores) // of what is much to hide a part is left
	err = change(ctx, bar)
	if errors.Is(err, community.NotFound) {
		return ignored("unknown"), nil
	}
	return Outcome{Outcome: Accepted, GroupID: bar.GroupID}, err
}

// barOf is what a Block says, or why it is not taken.
func (f *Federation) barOf(ctx context.Context, in incoming, a act) (community.Bar, Outcome, error) {
	bar := community.Bar{AccountURI: a.Object.ID, Why: a.Summary, HidePosts: a.RemoveData, Epoch: in.epoch}
	if a.undone {
		bar.HidePosts, bar.ShowPosts = false, a.undo.RestoreData
	}
	if end := a.Ends(); !end.IsZero() {
		bar.Until = &end
	}
	if bar.AccountURI == "" {
		return bar, ignored("object"), nil
	}
	group, site, err := f.barredFrom(ctx, a)
	switch {
	case err != nil:
		return bar, Outcome{}, err
	case site != "":
		bar.Domain, bar.HidePosts, bar.ShowPosts = site, bar.HidePosts && isSite(a.Actor), bar.ShowPosts && isSite(a.Actor)
		return bar, Outcome{}, nil
	case group.ID == "":
		return bar, ignored("target"), nil
	}
	reason, err := f.oversees(ctx, a, group)
	if reason != "" {
		return bar, refused(reason), err
	}
	bar.GroupID = group.ID
	if err == nil && (bar.HidePosts || bar.ShowPosts) {
		var may bool
		may, err = f.mayTakeWords(ctx, a, group)
		bar.HidePosts, bar.ShowPosts = bar.HidePosts && may, bar.ShowPosts && may
	}
	return bar, Outcome{}, err
}

// barredFrom is the group, or the whole server by its domain, that somebody is
// barred from; neither where it is nothing that concerns us. Only a server's own
// actor, or a group of it that passes it on, bars from all of it, by naming it itself
// or an actor of it that is no group: of a person nobody elsewhere can tell whether
// they run it.
func (f *Federation) barredFrom(ctx context.Context, a act) (group community.Group, site string, err error) {
	target := a.Target.ID
	if target == "" && a.passedOn {
		return a.group, "", nil
	}
	if target == "" {
		return community.Group{}, "", nil
	}
	actor, err := f.store.ActorByURI(ctx, target)
	switch {
	case err == nil && actor.Type == community.ActorGroup:
		group, err = f.store.Group(ctx, actor.ID)
		return group, "", err
	case err != nil && !errors.Is(err, community.NotFound):
		return group, "", err
	case f.isOurs(target):
		return community.Group{Actor: community.Actor{ID: target}}, "", nil // of this server: nobody else's to say
	case err == nil && actor.Type != community.ActorApplication && actor.Type != community.ActorService, err != nil && !isSite(target):
		return community.Group{}, "", nil
	case !wire.SameOrigin(target, a.Actor) || a.passedOn && !wire.SameOrigin(target, a.group.URI):
		return community.Group{}, "", nil
	}
	if !a.passedOn {
		if site, err := f.isSitesOwn(ctx, a.Actor); !site || err != nil {
			return community.Group{}, "", err
		}
	}
	return community.Group{}, domainOfURI(target, f.iriOptions()), nil
}

// isSitesOwn says whether an actor is a whole server's and nobody's on it. A Service
// may be anybody's bot.
func (f *Federation) isSitesOwn(ctx context.Context, uri string) (bool, error) {
	if isSite(uri) {
		return true, nil
	}
	actor, err := f.store.ActorByURI(ctx, uri)
	if errors.Is(err, community.NotFound) {
		return false, nil
	}
	return err == nil && actor.Type == community.ActorApplication, err
}

// isSite says whether an address means a whole server: its root (Lemmy, PieFed), or
// where its own actor stands.
func isSite(uri string) bool {
	u, err := url.Parse(uri)
	if err != nil || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	return u.Path == "" || u.Path == "/" || u.Path == "/actor" || u.Path == "/i/actor"
}
