package federation

import (
	"context"
	"errors"
	"slices"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation/wire"
)

// listed is what stands in a collection: a post, or the address of something.
type listed struct {
	post      *wire.Post
	act       *wire.Activity // the innermost that carries the post; nil for none
	uri       string
	announced bool // by the group
}

// maxWrapping is how deep a post may stand in what carries it: an Announce of a
// Create.
const maxWrapping = 2

// unwrap finds out what an item of a collection is about; the zero listed for
// what is nothing to us.
func (b *backfill) unwrap(ref wire.Ref) (found listed) {
	for range maxWrapping + 1 {
		if ref.IsURI() {
			found.uri = ref.ID
			return found
		}
		if !wire.IsActivityType(ref.Type()) {
			found.post, _ = ref.Post()
			return found
		}
		act, err := ref.Activity()
		switch {
		case err != nil || act.Type == "Announce" && act.Actor != b.group.URI:
			return listed{}
		case act.Type != "Announce" && act.Type != "Create" && act.Type != "Update":
			return listed{}
		}
		found.announced = found.announced || act.Type == "Announce"
		found.act, ref = act, act.Object
	}
	return listed{}
}

// takeAll takes what stands on a page, and keeps the addresses of what is only
// named there to be asked for. Threads come before answers, which have to find
// what they answer.
func (b *backfill) takeAll(ctx context.Context, refs []wire.Ref) error {
	var threads, answers, named []listed
	for _, ref := range refs {
		switch one := b.unwrap(ref); {
		case one.post == nil:
			named = append(named, one)
		case one.post.InReplyTo == "":
			threads = append(threads, one)
		default:
			answers = append(answers, one)
		}
	}
	slices.SortStableFunc(answers, func(a, b listed) int { return a.post.Published.Compare(b.post.Published) })
	for _, one := range slices.Concat(threads, answers) {
		if err := b.takeOrMeet(ctx, one, 0); err != nil {
			return err
		}
	}
	return b.name(ctx, named)
}

// name keeps addresses to be asked for. An answer that is here is not; a thread is,
// for where its answers are.
func (b *backfill) name(ctx context.Context, named []listed) error {
	uris := make([]string, len(named))
	for i, one := range named {
		uris[i] = one.uri
	}
	known, err := b.f.store.PostsByURI(ctx, uris)
	if err != nil {
		return err
	}
	for _, uri := range uris {
		post, isKnown := known[uri]
		switch {
		case isKnown && (b.past.Stage == stageThreads || b.f.isOurs(uri)):
			if err := b.pin(ctx, post); err != nil {
				return err
			}
		case b.isAtHome(uri) && len(b.past.Items) < backfillPosts && !slices.Contains(b.past.Items, uri):
			b.past.Items = append(b.past.Items, uri)
		}
	}
	return nil
}

// takeNamed asks for the first of what pages only named.
func (b *backfill) takeNamed(ctx context.Context) error {
	err := b.askFor(ctx, b.past.Items[0])
	if err != nil && !errors.Is(err, errAbsent) {
		return err
	}
	b.past.Items = b.past.Items[1:]
	return nil
}

// askFor asks for something that was named; not for an answer that has come since,
// below another.
func (b *backfill) askFor(ctx context.Context, uri string) error {
	if _, err := b.f.store.PostByURI(ctx, uri); b.past.Stage == stageThreads && !errors.Is(err, community.NotFound) {
		return err
	}
	one, err := b.fetchListed(ctx, uri)
	if err != nil {
		return err
	}
	return b.takeOrMeet(ctx, one, 0)
}

// fetchListed asks the group's server for a post, or for an activity that carries
// one.
func (b *backfill) fetchListed(ctx context.Context, uri string) (listed, error) {
	body, err := b.ask(ctx, uri, b.f.fetcher.AtHome)
	if err != nil {
		return listed{}, err
	}
	ref, _, err := wire.Peek(body)
	if err != nil {
		return listed{}, errAbsent
	}
	one := b.unwrap(ref)
	if one.post == nil {
		return listed{}, errAbsent
	}
	return one, nil
}

// takeOrMeet takes a post, unless it is here.
func (b *backfill) takeOrMeet(ctx context.Context, one listed, above int) error {
	post, err := b.f.store.PostByURI(ctx, one.post.ID)
	if errors.Is(err, community.NotFound) {
		return b.take(ctx, one, above)
	}
	if err != nil {
		return err
	}
	return b.meet(ctx, one, post)
}

// take takes a post that is not here yet, and before it what it answers; above is
// how many answers wait for this one.
func (b *backfill) take(ctx context.Context, one listed, above int) error {
	if b.past.Taken >= backfillPosts {
		return errEnough
	}
	if ok, err := b.isWanted(ctx, one); !ok {
		return err
	}
	if ok, err := b.hasParent(ctx, one.post.InReplyTo, above); !ok {
		return err
	}
	author, err := b.author(ctx, one.post.Author)
	if err != nil || author == "" {
		return err
	}
	got, err := b.store(ctx, one, author)
	if err != nil || got.No != nil {
		return err
	}
	b.past.Taken++
	if !got.Post.IsReply() && b.past.Stage != stageThreads {
		b.job.Done++
	}
	return b.meet(ctx, one, got.Post)
}

// hasParent says whether what a post answers is here, and asks for it where the
// group's server has it.
func (b *backfill) hasParent(ctx context.Context, uri string, above int) (bool, error) {
	if uri == "" {
		return true, nil
	}
	parent, err := b.f.store.PostByURI(ctx, uri)
	if errors.Is(err, community.NotFound) && b.isAtHome(uri) && above < backfillDepth {
		err = b.takeParent(ctx, uri, above)
		if err == nil {
			parent, err = b.f.store.PostByURI(ctx, uri)
		}
	}
	if errors.Is(err, community.NotFound) || errors.Is(err, errAbsent) {
		return false, nil
	}
	return err == nil && parent.GroupID == b.group.ID && !parent.IsUnseen(), err
}

func (b *backfill) takeParent(ctx context.Context, uri string, above int) error {
	one, err := b.fetchListed(ctx, uri)
	if err != nil {
		return err
	}
	return b.takeOrMeet(ctx, one, above+1)
}

// isWanted says whether a post is one for this group that may be taken from its
// server: of an author of its own origin whose server is not refused, said to
// everybody or to the group, and no other group's (FEP-fe34).
func (b *backfill) isWanted(ctx context.Context, one listed) (bool, error) {
	post := one.post
	switch {
	case b.f.isOurs(post.ID) || b.f.isOurs(post.Author) || !wire.IsPostType(post.Type) || post.IsVote() || post.Direct:
		return false, nil
	case post.Author == "" || !wire.SameOrigin(post.ID, post.Author):
		return false, nil
	case one.act != nil && one.act.Type != "Announce" && one.act.Actor != post.Author:
		return false, nil
	case b.isPastRefused(domainOfURI(post.Author, b.f.iriOptions())):
		return false, nil
	case !b.isSaidHere(one):
		return false, nil
	}
	return b.standsHere(ctx, one)
}

// isPastRefused says whether nothing that somebody of a server wrote before is taken.
func (b *backfill) isPastRefused(domain string) bool {
	return b.policies.JudgeIn(b.group.ID, domain).On(policy.Past) == policy.Refuse
}

// isSaidHere says whether a post is addressed to everybody or to the group.
func (b *backfill) isSaidHere(one listed) bool {
	if b.isPublic(one) {
		return true
	}
	for _, to := range slices.Concat(one.post.To, one.post.CC, one.post.Audience) {
		if to == b.group.URI || to == b.group.FollowersURI && to != "" {
			return true
		}
	}
	return false
}

func (b *backfill) isPublic(one listed) bool {
	if one.act == nil {
		return one.post.IsPublic()
	}
	return isPublic(one.post, one.act)
}

// standsHere says whether a post's group is this one: by the first that it names
// which is known as a group, or as a post in one. One that names none is the
// group's that announces it, or that of what it answers.
func (b *backfill) standsHere(ctx context.Context, one listed) (bool, error) {
	for _, uri := range wire.GroupCandidatesOf(one.post) {
		if uri == b.group.URI {
			return true, nil
		}
		actor, err := b.f.store.ActorByURI(ctx, uri)
		if err == nil && actor.Type == community.ActorGroup {
			return false, nil
		}
		if err != nil && !errors.Is(err, community.NotFound) {
			return false, err
		}
	}
	return one.announced || one.post.InReplyTo != "", nil
}

// storeTries is how often a post is judged anew because a policy changed, or
// because it came by itself meanwhile.
const storeTries = 3

// store stores a post, if the community takes it.
func (b *backfill) store(ctx context.Context, one listed, authorID string) (got community.Received, err error) {
	in := inboundOf(one.post)
	in.GroupID, in.AuthorID, in.Verified = b.group.ID, authorID, community.VerifiedGroup
	if b.isAtHome(one.post.ID) {
		in.Verified = community.VerifiedOrigin
	}
	in.Private = !b.isPublic(one)
	in.Locked = one.post.CommentsEnabled != nil && !*one.post.CommentsEnabled
	for range storeTries {
		in.Epoch, in.Policies = b.policies.Epoch(), b.policies
		var all []community.Received
		all, err = b.f.service.ReceivePast(ctx, []community.Inbound{in})
		if err == nil {
			return all[0], nil
		}
		if !errors.Is(err, community.Conflict) {
			return got, err
		}
		if err := b.mayGoOn(ctx); err != nil {
			return got, err
		}
		if b.isPastRefused(domainOfURI(one.post.Author, b.f.iriOptions())) {
			return community.Received{No: community.Forbidden}, nil
		}
	}
	return got, err
}

// meet goes on from a post that is here: one that is featured is pinned, and its
// answers are asked for.
func (b *backfill) meet(ctx context.Context, one listed, post community.Post) error {
	if post.GroupID != b.group.ID {
		return nil
	}
	if err := b.pin(ctx, post); err != nil {
		return err
	}
	return b.follow(ctx, one.post)
}

// pin pins a thread that is featured.
func (b *backfill) pin(ctx context.Context, post community.Post) error {
	if b.past.Stage != stageFeatured || post.GroupID != b.group.ID || post.IsReply() || post.State != community.PostPublished || b.past.Pinned >= community.MaxPinned {
		return nil
	}
	yes := true
	_, err := b.f.service.ReceiveThreadMark(ctx, community.ThreadMark{URI: post.URI, GroupURI: b.group.URI, Pin: &yes})
	if err == nil {
		b.past.Pinned++
	}
	return err
}

// follow has the answers to a post asked for: all of its thread at once where its
// server has them so (FEP-7888), else those to itself. Those that stand in it
// (PieFed) are taken at once.
func (b *backfill) follow(ctx context.Context, post *wire.Post) error {
	isRoot, atHome := post.InReplyTo == "", b.isAtHome(post.ID)
	switch {
	case isRoot && atHome && b.isAtHome(post.Context):
		b.queue(branch{List: post.Context})
		return nil
	case post.Replies == nil:
		return nil
	case !atHome || !b.isAtHome(post.Replies.ID):
		return b.takeAll(ctx, post.Replies.Inline())
	case isRoot || b.past.Depth > 0 && b.past.Depth < backfillDepth: // else all of its thread is being read
		b.queue(branch{post.Replies.ID, b.past.Depth + 1})
	}
	return nil
}

func (b *backfill) queue(list branch) {
	isKnown := slices.ContainsFunc(b.past.Threads, func(known branch) bool { return known.List == list.List })
	if !isKnown && len(b.past.Threads) < backfillPosts {
		b.past.Threads = append(b.past.Threads, list)
	}
}
