package community

import (
	"context"
	"slices"

	"hearth/community/policy"
	"hearth/community/secret"
)

// desk is where posts from elsewhere are judged, one after the other, in one
// transaction. What the judgement takes is read once for all of them, and what
// follows from it is stored at the end: until then a no costs nothing.
type desk struct {
	s    *Service
	tx   Store
	site Site

	posts map[string]*Post    // by URI: those that are here, and those just taken
	roots map[string]*Post    // by id: of the threads that are answered in, held
	gone  map[string][]string // by URIs that were deleted before they came: who said so

	groups   map[string]Group
	members  map[membershipKey]Membership // the zero Membership for none
	accounts map[string]Account
	followed map[string]bool
	named    map[serverKey]bool

	taken []*takenPost

	waits    map[string][]waiting // by the URI of what they wait for
	asks     []Inquiry
	asked    map[serverKey]int // first questions that wait, of what groups say of a server's people
	dropped  []string          // ids of orphans that may no longer stand here
	policies *policy.Snapshot  // nil until something is judged by them that was not before

	known   map[membershipKey]bool // who wrote in a group elsewhere before
	waiting map[serverKey]int      // how much of a server waits to be read in a group
}

type (
	membershipKey struct{ groupID, accountID string }
	serverKey     struct{ groupID, domain string }
)

// takenPost is a post that will be stored, at its place.
type takenPost struct {
	place      writingPlace
	post       *Post
	mentioned  []string
	activityID string
	isStored   bool // as an orphan until now
	isFetched  bool // nobody sent it
	isRead     bool // by a moderator, before anybody else saw it
}

// told are those who may have to hear of it, as of words that are written here.
// Of what was written before they were there they hear nothing.
func (t takenPost) told() []told {
	if t.post.Backfilled {
		return nil
	}
	return append(t.place.answered(), mentions(t.mentioned)...)
}

func (s *Service) newDesk(tx Store) *desk {
	return &desk{
		s: s, tx: tx, posts: map[string]*Post{}, roots: map[string]*Post{}, groups: map[string]Group{}, members: map[membershipKey]Membership{},
		accounts: map[string]Account{}, followed: map[string]bool{}, named: map[serverKey]bool{}, waits: map[string][]waiting{},
		known: map[membershipKey]bool{}, waiting: map[serverKey]int{}, asked: map[serverKey]int{},
	}
}

// openDesk reads what all of the posts are judged by.
func (s *Service) openDesk(ctx context.Context, tx Store, posts []Inbound) (*desk, error) {
	d := s.newDesk(tx)
	d.policies = posts[0].Policies
	var own, all []string
	for _, in := range posts {
		own, all = append(own, in.URI), append(all, in.URI)
		if in.InReplyToURI != "" {
			all = append(all, in.InReplyToURI)
		}
	}
	known, orphans, err := tx.PostsMet(ctx, all, own)
	if err != nil {
		return nil, err
	}
	for uri, post := range known {
		d.posts[uri] = &post
	}
	if err := d.readWaiting(ctx, orphans); err != nil {
		return nil, err
	}
	if d.gone, err = tx.Withdrawals(ctx, all); err != nil {
		return nil, err
	}
	if d.site, err = tx.Site(ctx); err != nil {
		return nil, err
	}
	return d, d.holdRoots(ctx, posts)
}

// holdRoots keeps the threads that are answered in as they are.
func (d *desk) holdRoots(ctx context.Context, posts []Inbound) error {
	if err := d.holdUnread(ctx, posts); err != nil {
		return err
	}
	var ids []string
	for _, in := range posts {
		if parent := d.posts[in.InReplyToURI]; parent != nil && !parent.IsUnseen() && !slices.Contains(ids, parent.ThreadID) {
			ids = append(ids, parent.ThreadID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	roots, err := d.tx.PostsToChange(ctx, ids)
	for id, root := range roots {
		d.roots[id] = &root
	}
	for _, post := range d.posts {
		if root := d.roots[post.ThreadID]; root != nil {
			post.GroupID = root.GroupID // it was read before it was held: the thread may have moved
		}
	}
	return err
}

// receive judges a post and takes it, or finds it here already.
func (d *desk) receive(ctx context.Context, in Inbound) (Post, error) {
	if known := d.posts[in.URI]; known != nil && in.overrules(*known, d.s.now()) {
		if err := d.tx.ReleaseURI(ctx, known.ID); err != nil {
			return Post{}, err
		}
		delete(d.posts, in.URI)
	}
	if known := d.posts[in.URI]; known != nil {
		if known.GroupID != in.GroupID {
			return Post{}, fail(Forbidden, "receive.another_group")
		}
		return *known, nil
	}
	if gone, err := d.isWithdrawn(ctx, in); err != nil {
		return Post{}, err
	} else if gone {
		return Post{}, fail(Forbidden, "receive.deleted")
	}
	place, err := d.place(ctx, in)
	if err == nil {
		err = d.mayAsk(ctx, in)
	}
	if err != nil {
		return Post{}, err
	}
	if place.isReadFirst, err = d.judge(ctx, place, in); err != nil {
		return Post{}, err
	}
	if in, err = d.withoutMedia(ctx, in, place.group, in.AuthorID); err != nil {
		return Post{}, err
	}
	return d.take(ctx, place, in)
}

// isWithdrawn says whether a post was deleted before it came, by its author or by
// the group that it would stand in.
func (d *desk) isWithdrawn(ctx context.Context, in Inbound) (bool, error) {
	said := d.gone[in.URI]
	if len(said) == 0 {
		return false, nil
	}
	group, err := d.group(ctx, in.GroupID)
	if err != nil {
		return false, err
	}
	author, err := once(d.accounts, in.AuthorID, func() (Account, error) { return d.tx.Account(ctx, in.AuthorID) })
	return oneOf("", said...) || oneOf(author.URI, said...) || oneOf(group.URI, said...), err
}

// place finds and judges where a post is to stand.
func (d *desk) place(ctx context.Context, in Inbound) (place writingPlace, err error) {
	if place, err = d.speaker(ctx, in.GroupID, in.AuthorID); err != nil {
		return place, err
	}
	if err := d.mayStand(ctx, place.group); err != nil || in.InReplyToURI == "" {
		return place, err
	}
	parent := d.posts[in.InReplyToURI]
	if parent != nil && parent.GroupID != in.GroupID {
		return place, fail(Forbidden, "receive.another_group")
	}
	if parent == nil || parent.IsUnseen() || d.roots[parent.ThreadID] == nil {
		place.isMissing = true
		return place, d.mayWait(in)
	}
	place.root, place.parent = d.roots[parent.ThreadID], parent
	if !place.group.IsLocal() {
		return place, nil
	}
	return place, mayReceiveReply(*place.root, *parent, place.membership)
}

// speaker judges whether an account elsewhere may say anything in a group now, new
// or changed, and finds its place there. Who is in a group elsewhere is that
// server's to know; whose words are taken here is ours.
func (d *desk) speaker(ctx context.Context, groupID, authorID string) (place writingPlace, err error) {
	if place.group, err = d.group(ctx, groupID); err != nil {
		return place, err
	}
	author, err := once(d.accounts, authorID, func() (Account, error) { return d.tx.Account(ctx, authorID) })
	if err != nil {
		return place, err
	}
	if err := mayBeTaken(author, d.s.now()); err != nil || !place.group.IsLocal() {
		return place, err
	}
	if place.membership, err = d.membership(ctx, groupID, authorID); err != nil {
		return place, err
	}
	if err := mayReceive(place.group, place.membership, d.s.now()); err != nil || place.group.Reach != ReachNamed {
		return place, err
	}
	named, err := once(d.named, serverKey{groupID, author.Domain}, func() (bool, error) {
		return d.tx.IsNamedServer(ctx, groupID, author.Domain)
	})
	if err == nil && !named {
		err = fail(Forbidden, "receive.not_named")
	}
	return place, err
}

// mayStand says why nothing new is taken into our copy of a group elsewhere.
func (d *desk) mayStand(ctx context.Context, g Group) error {
	if g.IsLocal() {
		return nil
	}
	followed, err := once(d.followed, g.ID, func() (bool, error) { return d.tx.HasLocalMembers(ctx, g.ID) })
	if err == nil && !followed {
		err = fail(Forbidden, "receive.nobody_follows")
	}
	return err
}

func (d *desk) group(ctx context.Context, id string) (Group, error) {
	return once(d.groups, id, func() (Group, error) { return d.tx.Group(ctx, id) })
}

// membership is an account's in a group, the zero one where it has none.
func (d *desk) membership(ctx context.Context, groupID, accountID string) (Membership, error) {
	return once(d.members, membershipKey{groupID, accountID}, func() (Membership, error) {
		m, err := d.tx.Membership(ctx, groupID, accountID)
		if isNotFound(err) {
			return Membership{}, nil
		}
		return m, err
	})
}

// once is what was read before under a key, or is read now.
func once[K comparable, T any](read map[K]T, key K, from func() (T, error)) (T, error) {
	if known, ok := read[key]; ok {
		return known, nil
	}
	value, err := from()
	if err == nil {
		read[key] = value
	}
	return value, err
}

// take makes a post of what came; what comes after may answer it, and what came
// before may have waited for it.
func (d *desk) take(ctx context.Context, place writingPlace, in Inbound) (Post, error) {
	now := d.s.now()
	post := place.newPost(d.site, secret.NewID(now), in.AuthorID, now)
	in.fill(&post, now)
	in.backdate(&post, place.parent)
	if in.Private {
		post.Readers = ReadersMembers
	}
	t := &takenPost{place: place, post: &post, mentioned: in.Mentioned, activityID: in.ActivityID, isFetched: in.IsFetched}
	d.taken = append(d.taken, t)
	if place.isMissing {
		d.await(t, in)
	}
	d.posts[in.URI] = &post
	if post.Verified == VerifiedGroup && !in.Private {
		d.ask(askOrigin(post, now))
	}
	if place.isMissing {
		return post, nil
	}
	if place.isReadFirst {
		post.State = PostHeld
		return post, nil
	}
	if !post.IsReply() {
		d.roots[post.ID] = &post
	}
	err := d.adopt(ctx, &post)
	return post, err
}

// store writes what was taken and all that follows from it.
func (d *desk) store(ctx context.Context) error {
	if len(d.taken) == 0 && len(d.dropped) == 0 {
		return nil
	}
	var fresh, shown []Post
	for _, t := range d.taken {
		if !t.isStored {
			fresh = append(fresh, *t.post)
		}
		if !t.post.IsUnseen() {
			shown = append(shown, *t.post)
		}
	}
	if err := d.tx.InsertPosts(ctx, fresh); err != nil {
		return err
	}
	if err := d.storeWaiting(ctx); err != nil {
		return err
	}
	d.taken = slices.DeleteFunc(d.taken, func(t *takenPost) bool { return t.post.IsUnseen() })
	if err := d.tx.GrowThreads(ctx, shown); err != nil {
		return err
	}
	if err := d.tell(ctx); err != nil {
		return err
	}
	return d.tx.InsertEvents(ctx, d.events())
}

// tell tells people of here that they were answered or named. Who may hear of an
// author is read once for all that the author wrote.
func (d *desk) tell(ctx context.Context) error {
	asked := map[membershipKey]HearerQuery{}
	for _, t := range d.taken {
		key := membershipKey{t.post.GroupID, t.post.AuthorID}
		q := asked[key]
		for _, to := range t.told() {
			if !slices.Contains(q.AccountIDs, to.accountID) {
				q.AccountIDs = append(q.AccountIDs, to.accountID)
			}
		}
		if q.GroupID, q.AuthorID = key.groupID, key.accountID; len(q.AccountIDs) > 0 {
			asked[key] = q
		}
	}
	hearers := map[membershipKey][]Hearer{}
	for key, q := range asked {
		var err error
		if hearers[key], err = d.tx.Hearers(ctx, q); err != nil {
			return err
		}
	}
	var notices []Notice
	for _, t := range d.taken {
		who := hearers[membershipKey{t.post.GroupID, t.post.AuthorID}]
		among, err := d.audible(ctx, t.place.group, t.post.AuthorID)
		if err != nil {
			return err
		}
		notices = append(notices, noticesOf(among.of(who), Viewer{}, *t.post, t.told(), d.s.now())...)
	}
	return d.tx.InsertNotices(ctx, notices)
}

// events are what a group of ours has to pass on.
func (d *desk) events() (all []Event) {
	for _, t := range d.taken {
		if !t.place.group.IsLocal() || t.isFetched || !federates(d.site, t.place.group, *t.post) {
			continue
		}
		e := newPostEvent(d.s.now(), EventPostWritten, *t.post)
		e.AboutID = t.activityID
		if all = append(all, e); t.isStored && !t.isRead && t.post.EditedAt != nil { // while it waited
			e := newPostEvent(d.s.now(), EventPostEdited, *t.post)
			e.AboutID = AboutMended
			all = append(all, e)
		}
	}
	return all
}
