package community

import "time"

// Reader is what a Store has to know of who is looking: their accounts, for
// what is theirs; the person, for read marks and blocks; and when.
type Reader struct {
	UserID     string
	AccountIDs []string
	Now        time.Time
}

func (s *Service) reader(v Viewer) Reader {
	return Reader{UserID: v.UserID(), AccountIDs: v.AccountIDs(), Now: s.now()}
}

// PostSeen is a post with its thread's root, its group, the reader's membership
// there and how far they have read. It never leaves the community.
type PostSeen struct {
	Post       Post
	Root       Post // the same post for a root
	Group      Group
	Membership Membership
	ReadUntil  *time.Time // nil: never opened
	Unfinished string     // the id of the reader's newest draft in the thread
	Agreed     bool       // the reader agreed that copies of their words in this group may leave
}

// Byline is how an author is shown.
type Byline struct {
	ID     string
	Title  string
	Name   string
	Domain string
	URL    string
	Role   string // in the post's group
}

// IsLocal says whether the author is of this server.
func (b Byline) IsLocal() bool { return b.Domain == "" }

// Handle is name@domain for strangers and the bare name for locals.
func (b Byline) Handle() string { return Actor{Name: b.Name, Domain: b.Domain}.Handle() }

// PostView is a post as one Viewer may see it. Words that they may not see are
// not in it.
type PostView struct {
	Post
	Author       Byline // zero where the words are gone
	ParentAuthor string // how whoever is answered is called; empty where they are gone
	Mine         bool
	New          bool // arrived since the thread was last read
	Blocked      bool // by somebody the reader blocked
	Words        bool // whether there are words to show

	MayReply   bool
	MayEdit    bool
	MayDelete  bool
	MaySupport bool

	HiddenWhy string    // of their own post, hidden in a group elsewhere or to be looked at again: why, in its moderators' words
	Standing  *Standing // of their own post in a group elsewhere; nil for others

	Gave        []string    // kinds of Support that the reader gave
	SupportedBy []Supporter // only for the author
}

// Supporter is somebody who is with the author of a post.
type Supporter struct {
	PostID string
	Kind   string
	Title  string
}

// AuthorPost is a post in the list of its author's.
type AuthorPost struct {
	Post
	ThreadTitle string
	ThreadState string
	GroupTitle  string
	GroupName   string
	GroupDomain string
	Sensitive   bool // the group is
}
