package community

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
)

// waiting is a reply that waits for its parent: one that is stored, or one that
// came a moment ago at the same desk.
type waiting struct {
	post       *Post
	mentioned  []string
	activityID string
	taken      *takenPost // nil for one that is stored
}

// mayWait says why a reply whose parent is not here does not wait for it: a post
// of this server would be here, and one that was deleted will not come.
func (d *desk) mayWait(in Inbound) error {
	parent := d.posts[in.InReplyToURI]
	switch {
	case in.Backfilled, parent != nil && !parent.IsUnseen(), strings.HasPrefix(in.InReplyToURI, d.site.Base()+"/"):
		return fail(NotFound, "receive.unknown")
	case d.isGoneFrom(d.groups[in.GroupID], in.InReplyToURI):
		return fail(Forbidden, "receive.parent_gone")
	}
	return nil
}

// isGoneFrom says whether a post that is not here will never come to a group, as that
// said itself. Whether somebody else who says so is its author shows when it comes.
func (d *desk) isGoneFrom(g Group, uri string) bool {
	return slices.ContainsFunc(d.gone[uri], func(by string) bool { return by == "" || by == g.URI })
}

// await has a reply wait for its parent, and the parent asked for where nobody has
// sent it yet.
func (d *desk) await(t *takenPost, in Inbound) {
	t.post.State = PostOrphan
	d.waits[in.InReplyToURI] = append(d.waits[in.InReplyToURI], waiting{t.post, in.Mentioned, in.ActivityID, t})
	if in.Depth >= maxDepth {
		return
	}
	now := d.s.now()
	switch parent := d.posts[in.InReplyToURI]; {
	case parent == nil:
		d.ask(inquire(in.InReplyToURI, InquireParent, in.GroupID, in.Depth+1, now, now))
	case parent.State == PostHeld: // whoever approves it sees what waits for it
	case !slices.ContainsFunc(d.taken, func(t *takenPost) bool { return t.post == parent }):
		d.ask(inquire(in.InReplyToURI, InquireParent, in.GroupID, in.Depth+1, now, now.Add(joinAgainAfter))) // who joins it meanwhile may not see this one
	}
}

// ask has a post asked for, once.
func (d *desk) ask(q Inquiry) {
	if slices.ContainsFunc(d.asks, func(other Inquiry) bool { return other.isSame(q) }) {
		return
	}
	d.asks = append(d.asks, q)
}

// readWaiting notes orphans that are stored, with what was kept beside them.
func (d *desk) readWaiting(ctx context.Context, posts []Post) error {
	if len(posts) == 0 {
		return nil
	}
	ids := make([]string, len(posts))
	for i, p := range posts {
		ids[i] = p.ID
	}
	kept, err := d.tx.Orphans(ctx, ids)
	for _, p := range posts {
		beside := kept[p.ID]
		d.waits[p.InReplyToURI] = append(d.waits[p.InReplyToURI], waiting{&p, beside.mentioned(), beside.ActivityID, nil})
	}
	return err
}

// adopt joins what waits for a post that stands here now, and what waits for that,
// each after what it answers and siblings as they were written. All of it is judged
// as if it came this moment; what may no longer stand here is erased.
func (d *desk) adopt(ctx context.Context, parent *Post) error {
	for line := d.waitingFor(parent); len(line) > 0; {
		if err := d.holdWaiting(ctx, line); err != nil {
			return err
		}
		var joined []*Post
		for _, w := range line {
			ok, err := d.join(ctx, w)
			if err != nil {
				return err
			}
			if ok {
				joined = append(joined, w.post)
			}
		}
		var err error
		if line, err = d.nextInLine(ctx, joined); err != nil {
			return err
		}
	}
	return nil
}

func (d *desk) waitingFor(parents ...*Post) (line []waiting) {
	for _, p := range parents {
		line = append(line, d.waits[p.URI]...)
		delete(d.waits, p.URI)
	}
	slices.SortStableFunc(line, func(a, b waiting) int {
		return cmp.Or(a.post.PublishedAt.Compare(b.post.PublishedAt), cmp.Compare(a.post.ID, b.post.ID))
	})
	return line
}

// nextInLine is what waits for posts that were just joined.
func (d *desk) nextInLine(ctx context.Context, joined []*Post) ([]waiting, error) {
	if len(joined) == 0 {
		return nil, nil
	}
	uris := make([]string, len(joined))
	for i, p := range joined {
		uris[i] = p.URI
	}
	_, orphans, err := d.tx.PostsMet(ctx, nil, uris)
	if err != nil {
		return nil, err
	}
	if err := d.readWaiting(ctx, orphans); err != nil {
		return nil, err
	}
	return d.waitingFor(joined...), nil
}

// holdWaiting keeps those that are stored from being joined or erased by others.
func (d *desk) holdWaiting(ctx context.Context, line []waiting) error {
	var ids []string
	for _, w := range line {
		if w.taken == nil {
			ids = append(ids, w.post.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	now, err := d.tx.PostsToChange(ctx, ids)
	for _, w := range line {
		if w.taken == nil {
			*w.post = now[w.post.ID] // the zero Post where it is gone
		}
	}
	return err
}

// join gives an orphan its place, and says whether it has one.
func (d *desk) join(ctx context.Context, w waiting) (bool, error) {
	if w.post.State != PostOrphan {
		return false, nil
	}
	place, err := d.place(ctx, Inbound{GroupID: w.post.GroupID, AuthorID: w.post.AuthorID, InReplyToURI: w.post.InReplyToURI})
	if err == nil {
		place.isReadFirst, err = d.isReadFirst(ctx, place, w.post.AuthorID)
	}
	if err == nil && place.isReadFirst {
		err = d.mayHold(ctx, w.post.GroupID, d.accounts[w.post.AuthorID].Domain)
	}
	if err != nil && !isVerdict(err) {
		return false, err
	}
	d.taken = slices.DeleteFunc(d.taken, func(t *takenPost) bool { return t == w.taken })
	if err != nil {
		if w.taken == nil {
			d.dropped = append(d.dropped, w.post.ID)
		}
		delete(d.posts, w.post.URI)
		return false, nil
	}
	place.receive(w.post, d.s.now())
	if place.isReadFirst {
		w.hold()
	}
	d.posts[w.post.URI] = w.post
	d.taken = append(d.taken, &takenPost{place: place, post: w.post, mentioned: w.mentioned, activityID: w.activityID, isStored: w.taken == nil})
	return !place.isReadFirst, nil
}

// hold has a reply that waited for its parent wait to be read. Of one that was changed
// meanwhile only its last words are read, and passed on.
func (w *waiting) hold() {
	w.post.State = PostHeld
	if w.post.EditedAt != nil {
		w.activityID = AboutMended
	}
}

// receive puts a post that waited where it belongs. It is no wider than when it
// came, and new to whoever looked since.
func (w writingPlace) receive(p *Post, now time.Time) {
	at := w.newPost(Site{}, p.ID, p.AuthorID, now)
	p.State, p.ThreadID, p.ParentID = PostPublished, at.ThreadID, at.ParentID
	p.Readers, p.Reach, p.Listed = NarrowerReaders(p.Readers, at.Readers), NarrowerReach(p.Reach, at.Reach), p.Listed && at.Listed
	p.ReceivedAt, p.LastActivityAt = now, now
}

// storeWaiting writes what became of orphans, and who is to be asked.
func (d *desk) storeWaiting(ctx context.Context) error {
	var joined []string
	var came []Orphan
	var held []Held
	for _, t := range d.taken {
		if t.isStored {
			joined = append(joined, t.post.ID)
			if err := d.tx.UpdatePost(ctx, *t.post); err != nil {
				return err
			}
		}
		switch t.post.State {
		case PostHeld:
			held = append(held, d.held(*t))
		case PostOrphan:
			came = append(came, Orphan{
				PostID: t.post.ID, GroupID: t.post.GroupID, Host: d.accounts[t.post.AuthorID].Domain, ActivityID: t.activityID,
				Mentioned: strings.Join(t.mentioned, ","), CameAt: d.s.now(),
			})
		}
	}
	if err := d.tx.JoinOrphans(ctx, joined); err != nil {
		return err
	}
	if err := d.s.dropOrphans(ctx, d.tx, d.dropped); err != nil {
		return err
	}
	if err := d.tx.InsertHeld(ctx, held); err != nil {
		return err
	}
	if err := d.tx.InsertOrphans(ctx, came); err != nil {
		return err
	}
	if err := d.s.makeRoom(ctx, d.tx, came); err != nil {
		return err
	}
	return d.tx.InsertInquiries(ctx, d.asks)
}

// Parent is what is known of a post that others may wait for.
type Parent struct {
	IsHere    bool // what waited for it is joined
	Waits     bool // it is here, and waits for its own parent
	IsAwaited bool // something waits for it
}

// ReceiveParent joins what waits for a post that is here by now, judged by an epoch
// of the policies.
func (s *Service) ReceiveParent(ctx context.Context, uri string, epoch int64) (p Parent, err error) {
	err = s.store.InTx(ctx, func(tx Store) error {
		if err := sameEpoch(ctx, tx, epoch); err != nil {
			return err
		}
		d, err := s.openDesk(ctx, tx, []Inbound{{URI: uri, InReplyToURI: uri}})
		if err != nil {
			return err
		}
		parent := d.posts[uri]
		waits := parent != nil && parent.IsUnseen()
		p = Parent{IsHere: parent != nil && !waits, Waits: waits, IsAwaited: len(d.waits[uri]) > 0}
		if !p.IsHere || !p.IsAwaited {
			return nil
		}
		if err := d.adopt(ctx, parent); err != nil {
			return err
		}
		return d.store(ctx)
	})
	return p, err
}
