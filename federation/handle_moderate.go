package federation

import (
	"context"
	"errors"
	"strings"

	"hearth/community"
	"hearth/federation/wire"
)

// act is what somebody does who looks after a group: by itself, passed on by the
// group, or taken back.
type act struct {
	*wire.Activity
	group    community.Group // the one that passed it on; zero where it came by itself
	passedOn bool
	undone   bool
	undo     *wire.Activity // what takes it back
}

// withReplies says whether an act of somebody who looks after a group is about all
// that answers a post too. Authors speak for their own words alone, also where the
// group passes on what they say.
func (a act) withReplies(byAuthor bool) bool {
	said := a.WithReplies || a.undo != nil && a.undo.WithReplies
	return said && !byAuthor
}

// handleAct does an act that came by itself, from whoever did it.
func (f *Federation) handleAct(ctx context.Context, in incoming) (Outcome, error) {
	return f.do(ctx, in, act{Activity: in.act})
}

// actPassedOn does what a group's follower does with an act that the group took.
func (f *Federation) actPassedOn(ctx context.Context, in incoming, group community.Group, inner *wire.Activity) (Outcome, error) {
	if inner.Type == "Undo" {
		return f.undoPassedOn(ctx, in, group, inner)
	}
	return f.do(ctx, in, act{Activity: inner, group: group, passedOn: true})
}

// do does an act, or takes it back. What it is not known to mean is a fact.
func (f *Federation) do(ctx context.Context, in incoming, a act) (Outcome, error) {
	switch {
	case a.Type == "Delete":
		return f.doDelete(ctx, in, a)
	case a.Type == "Lock":
		return f.doLock(ctx, in, a)
	case a.Type == "Add" || a.Type == "Remove":
		return f.doAdd(ctx, in, a)
	case a.Type == "Block":
		return f.doBlock(ctx, in, a)
	case a.Type == "Flag" && !a.undone:
		return f.takeFlag(ctx, in, a.Activity)
	case a.Type == "Move":
		return f.doMove(ctx, in, a)
	case a.Type == "Warn" && !a.undone:
		return f.doWarn(ctx, in, a)
	case a.Type == "Resolve" && !a.undone:
		return ignored("looked_at_here"), nil
	case isReaction(a.Type):
		return reaction(a.Type), nil
	}
	return ignored("inner_type"), nil
}

// oversees says why an act about a group does not count: "" where it does. A group
// of ours is looked after here alone. One elsewhere speaks for itself, its server's
// own actor for it, and whoever it names as its moderators; others of its server are
// its neighbours (docs/decisions/0028).
func (f *Federation) oversees(ctx context.Context, a act, group community.Group) (reason string, err error) {
	switch {
	case group.IsLocal():
		return "looked_after_here", nil
	case a.passedOn && a.group.ID != group.ID:
		return "another_group", nil
	case !a.isGrave(group) && wire.SameOrigin(a.Actor, group.URI):
		if site, err := f.isSitesOwn(ctx, a.Actor); site || err != nil {
			return "", err
		}
	}
	may, err := f.mayTakeWords(ctx, a, group)
	if err != nil || may {
		return "", err
	}
	return "not_moderator", nil
}

// isGrave says whether an act takes others' words away, speaks to their author, or
// makes somebody one who may: being of the group's server is not enough for that.
func (a act) isGrave(group community.Group) bool {
	names := a.Target.ID != "" && a.Target.ID == group.ModeratorsURI
	return a.Type == "Delete" || a.Type == "Warn" || names && (a.Type == "Add" || a.Type == "Remove")
}

// mayTakeWords says whether an act about a group elsewhere may hide what others
// wrote there: it is the group's own, or one of its moderators'.
func (f *Federation) mayTakeWords(ctx context.Context, a act, group community.Group) (bool, error) {
	if a.passedOn || a.Actor == group.URI {
		return true, nil
	}
	return f.service.ModeratesThere(ctx, group.ID, a.Actor)
}

// doDelete hides a post as its group does, or erases it as its author does.
func (f *Federation) doDelete(ctx context.Context, in incoming, a act) (Outcome, error) {
	if a.passedOn && a.Object.ID == a.group.URI {
		return f.lookAt(ctx, a.group, nil)
	}
	post, group, err := f.postAndGroup(ctx, a.Object.ID)
	if errors.Is(err, community.NotFound) {
		return f.deleteUnknown(ctx, in, a)
	}
	if err != nil {
		return Outcome{}, err
	}
	author, err := f.store.Account(ctx, post.AuthorID)
	if err != nil {
		return Outcome{}, err
	}
	byAuthor := author.URI == a.Actor && (!a.passedOn || a.group.ID == group.ID)
	if !byAuthor {
		if reason, err := f.oversees(ctx, a, group); reason != "" || err != nil {
			return refused(reason), err
		}
	}
	if a.undone {
		return f.takeRestore(ctx, in, a, !byAuthor || a.passedOn, a.withReplies(byAuthor))
	}
	d := deletionOf(in, a)
	d.ByGroup = !byAuthor || a.passedOn
	d.InDoubt = byAuthor && a.passedOn && !f.isOwnWord(ctx, a)
	d.WithReplies = a.withReplies(byAuthor)
	return f.takeDelete(ctx, d)
}

// isOwnWord says whether an activity that a group passed on is its actor's own: of
// the group's own server, or proven (FEP-8b32). Of anybody else's the group's word is
// all that there is.
func (f *Federation) isOwnWord(ctx context.Context, a act) bool {
	return wire.SameOrigin(a.Actor, a.group.URI) || a.HasProof && f.isProven(ctx, a.Raw, a.Actor)
}

func deletionOf(in incoming, a act) community.Deletion {
	return community.Deletion{URI: a.Object.ID, ActorURI: a.Actor, ActivityID: in.ID, GroupURI: a.group.URI, Why: a.Summary, Epoch: in.epoch}
}

// deleteUnknown notes that a post was deleted before it came, as somebody says who
// could have: of the post's own server, or of the group's. It counts if that is its
// author, or its group (docs/decisions/0005). For anybody else it is NotFound until it
// is here.
func (f *Federation) deleteUnknown(ctx context.Context, in incoming, a act) (Outcome, error) {
	switch {
	case a.undone:
		return refused("unknown"), f.service.ReceiveReturn(ctx, deletionOf(in, a))
	case a.passedOn && !wire.SameOrigin(a.Object.ID, a.group.URI):
		// Nor can a group have it never come. It may be on its way.
		return Outcome{}, &community.Error{Kind: community.NotFound, Key: "receive.unknown"}
	case !a.passedOn && !wire.SameOrigin(a.Object.ID, a.Actor):
		return refused("not_author"), nil
	}
	d := deletionOf(in, a)
	d.ByGroup = a.passedOn
	return f.takeDelete(ctx, d)
}

func (f *Federation) takeDelete(ctx context.Context, d community.Deletion) (Outcome, error) {
	post, err := f.service.ReceiveDelete(ctx, d)
	if d.InDoubt {
		signal(f.inquiring)
	}
	return Outcome{Outcome: Accepted, PostID: post.ID, GroupID: post.GroupID}, err
}

func (f *Federation) takeRestore(ctx context.Context, in incoming, a act, byGroup, withReplies bool) (Outcome, error) {
	d := deletionOf(in, a)
	d.ByGroup, d.WithReplies = byGroup, withReplies
	post, err := f.service.ReceiveRestore(ctx, d)
	return Outcome{Outcome: Accepted, PostID: post.ID, GroupID: post.GroupID}, err
}

// postAndGroup is a post that is known, and the group that it stands in.
func (f *Federation) postAndGroup(ctx context.Context, uri string) (community.Post, community.Group, error) {
	post, err := f.store.PostByURI(ctx, uri)
	if err != nil {
		return post, community.Group{}, err
	}
	group, err := f.store.Group(ctx, post.GroupID)
	return post, group, err
}

// doLock closes a thread to replies, or opens it again. A reply that is locked by
// itself (Lemmy) can be answered here.
func (f *Federation) doLock(ctx context.Context, in incoming, a act) (Outcome, error) {
	lock := !a.undone
	return f.mark(ctx, a, community.ThreadMark{Lock: &lock})
}

// mark does to a thread what whoever looks after its group says.
func (f *Federation) mark(ctx context.Context, a act, m community.ThreadMark) (Outcome, error) {
	m.URI = a.Object.ID
	post, group, err := f.postAndGroup(ctx, m.URI)
	if errors.Is(err, community.NotFound) {
		return Outcome{}, &community.Error{Kind: community.NotFound, Key: "receive.unknown"}
	}
	if err != nil {
		return Outcome{}, err
	}
	if reason, err := f.oversees(ctx, a, group); reason != "" || err != nil {
		return refused(reason), err
	}
	if post.IsReply() {
		return ignored("no_thread"), nil
	}
	m.GroupURI = group.URI
	post, err = f.service.ReceiveThreadMark(ctx, m)
	return Outcome{Outcome: Accepted, PostID: post.ID, GroupID: group.ID}, err
}

// doAdd puts a thread first in its group, or somebody among those who look after
// it; Remove, and Undo of either, the other way.
func (f *Federation) doAdd(ctx context.Context, in incoming, a act) (Outcome, error) {
	add := (a.Type == "Add") != a.undone
	if a.passedOn && a.Target.ID != "" && a.Target.ID == a.group.FeaturedURI {
		return f.mark(ctx, a, community.ThreadMark{Pin: &add})
	}
	group, err := f.collectionOwner(ctx, in, a)
	if err != nil {
		return Outcome{}, err
	}
	switch {
	case group.ID != "" && group.IsLocal():
		return refused("looked_after_here"), nil
	case group.ID == "" || a.Target.ID == "":
		return ignored("target"), nil
	case a.Target.ID == group.FeaturedURI:
		return f.mark(ctx, a, community.ThreadMark{Pin: &add})
	case a.Target.ID == group.ModeratorsURI:
		return f.doModerator(ctx, a, group, add)
	}
	return ignored("target"), nil
}

// collectionOwner is the group whose collection something is put in or taken from;
// the zero one where it is none that is known here.
func (f *Federation) collectionOwner(ctx context.Context, in incoming, a act) (community.Group, error) {
	if a.passedOn {
		return a.group, nil
	}
	if where, ours := strings.CutPrefix(a.Target.ID, f.config.Scheme+"://"+f.config.Host); ours {
		where, _, _ = strings.Cut(strings.TrimPrefix(where, "/g/"), "/")
		if at := addressOf("/g/" + where); at.kind == "group" {
			return f.store.Group(ctx, at.what)
		}
	}
	group, err := f.groupOf(ctx, in)
	var e *community.Error
	if errors.As(err, &e) && e.Kind == community.Forbidden {
		return community.Group{}, nil
	}
	return group, err
}

func (f *Federation) doModerator(ctx context.Context, a act, group community.Group, looksAfter bool) (Outcome, error) {
	if reason, err := f.oversees(ctx, a, group); reason != "" || err != nil {
		return refused(reason), err
	}
	if a.Object.ID == "" {
		return ignored("object"), nil
	}
	if err := f.service.ReceiveModerator(ctx, group.ID, a.Object.ID, looksAfter); err != nil {
		return Outcome{}, err
	}
	f.askLater(inDoubt{id: group.ID, names: true})
	return Outcome{Outcome: Accepted, GroupID: group.ID}, nil
}
