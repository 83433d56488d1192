package community

import (
	"context"
	"time"
)

// PostPlace is where to read a post: its thread's id, and for a reply that does
// not stand on the thread's first page, from where.
type PostPlace struct {
	ThreadID string
	PostID   string
	From     Cursor
}

// PostPlace finds a post in its thread. NotFound where the Viewer may not read
// it, Gone where its author deleted it.
func (s *Service) PostPlace(ctx context.Context, v Viewer, id string) (PostPlace, error) {
	seen, err := s.postFor(ctx, s.store, v, id)
	if err != nil {
		return PostPlace{}, err
	}
	if seen.Post.isTakenBack() && seen.Post.ID != seen.Root.ID {
		return PostPlace{ThreadID: seen.Root.ID}, goneOrNot(seen.Post)
	}
	return s.placeIn(ctx, v, seen, Cursor{seen.Post.PublishedAt, seen.Post.ID})
}

// UnreadPlace is where a thread goes on for the Viewer; its beginning where
// nothing is new.
func (s *Service) UnreadPlace(ctx context.Context, v Viewer, id string) (PostPlace, error) {
	seen, err := s.postFor(ctx, s.store, v, id)
	if err != nil {
		return PostPlace{}, err
	}
	at := Cursor{}
	if since, ok := seen.newSince(); ok {
		if at, err = s.store.FirstUnread(ctx, s.threadQuery(v, seen), since, s.reader(v)); err != nil {
			return PostPlace{}, err
		}
	}
	if at.IsZero() {
		return PostPlace{ThreadID: seen.Root.ID, PostID: seen.Root.ID}, nil
	}
	return s.placeIn(ctx, v, seen, at)
}

func (s *Service) placeIn(ctx context.Context, v Viewer, seen PostSeen, at Cursor) (PostPlace, error) {
	place := PostPlace{ThreadID: seen.Root.ID, PostID: at.ID}
	if at.ID == seen.Root.ID {
		return place, nil
	}
	q := s.threadQuery(v, seen)
	q.Before, q.Limit = at, ThreadPage
	before, err := s.store.CountThreadPosts(ctx, q, s.reader(v))
	if before >= ThreadPage {
		place.From = at
	}
	return place, err
}

// newSince is the time after which posts are new to the reader of a thread, and
// whether there is one: a thread that was never opened is new as a whole.
func (p PostSeen) newSince() (time.Time, bool) {
	if p.ReadUntil == nil {
		return time.Time{}, false
	}
	return *p.ReadUntil, true
}

func (s *Service) threadQuery(v Viewer, seen PostSeen) ThreadPostsQuery {
	now := s.now()
	return ThreadPostsQuery{
		RootID:  seen.Root.ID,
		Readers: readersOpenTo(v, seen.Group, seen.Membership, now),
		Hidden:  mayModerate(v, seen.Membership, now),
	}
}

// Thread is a page of the thread that begins with the post id: after a place
// (from it, if so asked) or before one. NotFound where the Viewer may not read
// it. A thread whose root was deleted can still be read. For the id of a reply
// it returns only the thread's group and root: PostPlace finds the reply.
func (s *Service) Thread(ctx context.Context, v Viewer, id string, ask Paging, from bool) (ThreadView, error) {
	seen, err := s.postFor(ctx, s.store, v, id)
	if err != nil {
		return ThreadView{}, err
	}
	if seen.Post.ID != seen.Root.ID {
		return ThreadView{Group: seen.Group, Membership: seen.Membership, Root: PostView{Post: s.rootAsSeen(v, seen)}}, nil
	}
	return s.thread(ctx, v, seen, ask, from)
}

func (s *Service) thread(ctx context.Context, v Viewer, seen PostSeen, ask Paging, from bool) (ThreadView, error) {
	q := s.threadQuery(v, seen)
	q.Paging, q.From = ask, from
	q.Limit = ThreadPage + 1
	posts, err := s.store.ThreadPosts(ctx, q, s.reader(v))
	if err != nil {
		return ThreadView{}, err
	}
	page := paged(posts, q.Paging, func(p PostView) Cursor { return Cursor{p.PublishedAt, p.ID} })
	view := ThreadView{
		Group: seen.Group, Membership: seen.Membership, Posts: page.Items, Earlier: page.Newer, Later: page.Older,
		Unfinished: seen.Unfinished, Agreed: seen.Agreed, MayModerate: mayModerate(v, seen.Membership, s.now()),
	}
	s.judgeThread(v, seen, &view)
	if err := s.hideMedia(ctx, seen.Group, view.Posts); err != nil {
		return ThreadView{}, err
	}
	if view.ReadTo, err = s.readOn(ctx, v, seen, view); err != nil {
		return ThreadView{}, err
	}
	if err := s.addStandings(ctx, seen.Group, view.Posts); err != nil {
		return ThreadView{}, err
	}
	return view, s.addSupporters(ctx, v, view.Posts)
}

// readOn is readTo, but nothing where unread words stand before the page: whoever
// jumps to a later one has not read what they passed over.
func (s *Service) readOn(ctx context.Context, v Viewer, seen PostSeen, view ThreadView) (*time.Time, error) {
	to := readTo(seen, view.Posts)
	if to == nil || v.User == nil || view.Earlier.IsZero() {
		return to, nil
	}
	since, _ := seen.newSince()
	first, err := s.store.FirstUnread(ctx, s.threadQuery(v, seen), since, s.reader(v))
	if err != nil || !first.IsZero() && first.isBefore(view.Earlier) {
		return nil, err
	}
	return to, nil
}

// judgeThread says of every post what the Viewer may see of it and do with it.
func (s *Service) judgeThread(v Viewer, seen PostSeen, view *ThreadView) {
	now := s.now()
	since, opened := seen.newSince()
	may := mayPost(v, seen.Group, seen.Membership, now)
	view.Root = PostView{Post: seen.Root}
	for i := range view.Posts {
		p := &view.Posts[i]
		s.judgePost(v, seen, p, may)
		p.New = opened && p.Words && !p.Mine && !p.Blocked && !p.Backfilled && p.ReceivedAt.After(since)
		if p.New && view.FirstUnread == "" {
			view.FirstUnread = p.ID
		}
		if p.ID == seen.Root.ID {
			view.Root, view.First = *p, true
		}
	}
	if !view.First {
		s.judgePost(v, seen, &view.Root, may)
	}
	if view.WhyNot = may; may == nil {
		view.WhyNot = mayAnswerThread(v, seen, now)
	}
}

// mayAnswerThread is mayReply about what the thread begins with, in words for
// somebody who has not chosen what to answer.
func mayAnswerThread(v Viewer, seen PostSeen, now time.Time) error {
	err := mayReply(v, seen.Root, seen.Root, seen.Membership, now)
	switch {
	case err == nil || seen.Root.LockedAt != nil && !mayModerate(v, seen.Membership, now):
		return err
	case seen.Root.isTakenBack():
		return fail(Conflict, "write.root_deleted")
	}
	return fail(Conflict, "write.root_hidden")
}

func (s *Service) judgePost(v Viewer, seen PostSeen, p *PostView, may error) {
	now := s.now()
	p.Mine = v.Owns(p.AuthorID)
	p.Words = maySeeWords(v, p.Post, seen.Membership, now)
	p.MayReply = may == nil && mayReply(v, seen.Root, p.Post, seen.Membership, now) == nil
	p.MayEdit = p.Mine && mayEdit(v, p.Post, seen.Group, seen.Membership, now) == nil
	p.MayDelete = mayDelete(v, p.Post)
	p.MaySupport = may == nil && maySupport(v, p.Post, seen.Group, seen.Membership, now)
	if !p.Words {
		p.erase()
		p.Author, p.AuthorID = Byline{}, ""
	}
	if p.isTakenBack() { // nobody can tell whether its author left
		p.State = PostDeleted
	}
}

// rootAsSeen is what the Viewer may see of what a post's thread begins with.
func (s *Service) rootAsSeen(v Viewer, seen PostSeen) Post {
	root := PostView{Post: seen.Root}
	s.judgePost(v, seen, &root, nil)
	return root.Post
}

// addSupporters tells the Viewer who is with them, on posts of their own.
func (s *Service) addSupporters(ctx context.Context, v Viewer, posts []PostView) error {
	var own []string
	for _, p := range posts {
		if p.Mine && p.State == PostPublished {
			own = append(own, p.ID)
		}
	}
	if len(own) == 0 {
		return nil
	}
	supporters, err := s.store.Supporters(ctx, own, v.UserID())
	if err != nil {
		return err
	}
	for i := range posts {
		for _, sup := range supporters {
			if sup.PostID == posts[i].ID && posts[i].Mine {
				posts[i].SupportedBy = append(posts[i].SupportedBy, sup)
			}
		}
	}
	return nil
}
