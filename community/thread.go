package community

import (
	"context"
	"time"
)

// ThreadPage is how many posts of a thread stand on one page.
const ThreadPage = 200

// ThreadsPage is how many threads stand on one page of a list.
const ThreadsPage = 25

// MaxPinned bounds the pinned threads of a group.
const MaxPinned = 5

// Orders of a list of threads.
const (
	ByActivity = HomeByActivity
	ByNewest   = HomeByNewest
)

// ThreadView is one page of a thread as one Viewer may see it.
type ThreadView struct {
	Group      Group
	Membership Membership
	Root       PostView   // with what may be done to the thread
	Posts      []PostView // of this page, in the order they were written, the root among them
	Earlier    Cursor     // the page before begins after it; zero on the first
	Later      Cursor
	First      bool // whether the page begins with the root

	FirstUnread string     // id of the first post that is new to the reader, here or on a later page
	ReadTo      *time.Time // how far the reader has read now; nil where that is nothing new
	Unfinished  string     // id of a draft that the reader began in this thread

	Agreed      bool // the reader agreed that copies of their words in this group may leave
	MayModerate bool
	WhyNot      error // why the reader may not answer the root; nil where they may
}

// ThreadSummary is a thread in a list.
type ThreadSummary struct {
	ID             string
	GroupID        string
	GroupTitle     string
	GroupName      string
	GroupDomain    string
	Sensitive      bool
	State          string
	Title          string
	NoteTopics     string
	NoteText       string
	Wants          string
	Language       string
	Author         Byline `bun:"embed:by_"`
	Replies        int
	PublishedAt    time.Time
	LastActivityAt time.Time
	PinnedAt       *time.Time
	LockedAt       *time.Time
	New            bool // something in it is new to the reader
	Blocked        bool // begun by somebody the reader blocked
}

// Topics are the keys of the content note's topics.
func (t ThreadSummary) Topics() []string { return splitTopics(t.NoteTopics) }

// place is where the thread stands in a list of an order.
func (t ThreadSummary) place(order string) Cursor {
	if order == ByNewest {
		return Cursor{t.PublishedAt, t.ID}
	}
	return Cursor{t.LastActivityAt, t.ID}
}

// ThreadsQuery asks for threads of some groups.
type ThreadsQuery struct {
	GroupIDs    []string
	Readers     []string // values of a post's readers that are open to the reader
	Hidden      bool     // hidden and held ones too: for moderators
	PinnedFirst bool     // pinned ones stand before the first page, and nowhere else
	Order       string
	Paging
}

// ThreadStore keeps threads: posts by their root.
type ThreadStore interface {
	// Threads lists roots in the query's order. On the first page the pinned
	// ones, at most MaxPinned, stand before the others and count beside the limit.
	Threads(ctx context.Context, q ThreadsQuery, by Reader) ([]ThreadSummary, error)
	// ThreadPosts lists the posts of a thread in the order they were written:
	// those that are published, and the places of those that were. Of what no
	// page of a thread shows, Renderer, BeforeAway and all addresses but the URI are
	// left empty.
	ThreadPosts(ctx context.Context, q ThreadPostsQuery, by Reader) ([]PostView, error)
	// CountThreadPosts counts those before a place, up to a page of them.
	CountThreadPosts(ctx context.Context, q ThreadPostsQuery, by Reader) (int, error)
	// FirstUnread is the place of the first published post that others wrote and
	// that arrived after a time; the zero Cursor where there is none.
	FirstUnread(ctx context.Context, q ThreadPostsQuery, since time.Time, by Reader) (Cursor, error)

	// GrowThreads counts newly published posts where they belong: in their
	// threads, those that are replies, and in their groups' last activity.
	GrowThreads(ctx context.Context, posts []Post) error
	// RecountThread counts a thread anew, after posts in it were hidden, shown
	// or deleted in the same transaction.
	RecountThread(ctx context.Context, rootID string) error
	// GroupsOf are the ids of the groups that some accounts are active in, those
	// with the latest activity first.
	GroupsOf(ctx context.Context, accountIDs []string) ([]string, error)
	// CountPinned counts a group's pinned threads.
	CountPinned(ctx context.Context, groupID string) (int, error)
}

// ThreadPostsQuery asks for posts of one thread.
type ThreadPostsQuery struct {
	RootID  string
	Readers []string
	Hidden  bool // held and frozen ones too: for moderators
	From    bool // with the post that Paging.After names
	Paging
}
