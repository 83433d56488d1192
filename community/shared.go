package community

import (
	"context"
	"time"
)

// What another server asks for is read through the Shared methods: their Viewer
// is nobody, or a verified Domain with the Remote it speaks for.

// Tie is what a group and the server that asks for it have to do with each other.
type Tie struct {
	Named    bool // the group names the server among those it reaches
	Followed bool // an account there was let into the group
}

// SharedGroup is a group with all that a server that asks for it is judged by.
type SharedGroup struct {
	Group
	Tie
	Members int // the true number, to be rounded by whoever tells it (R14)
}

// SharedPost is a post with all that its document says.
type SharedPost struct {
	Post
	Author         Actor `bun:"embed:by_"`
	Parent         Actor `bun:"embed:to_"` // who wrote what is answered; zero for a root
	ThreadURI      string
	ThreadVerified string // the root's Verified
	Tie            Tie    `bun:"embed:tie_"` // of the post's group
}

// IsThreadLocal says whether the thread began here, so that its collection is ours.
func (p SharedPost) IsThreadLocal() bool { return p.ThreadVerified == VerifiedLocal }

// SharedQuery asks for published posts of one group, one thread, or one parent.
type SharedQuery struct {
	GroupID, ThreadID, ParentID string // exactly one is set; of a group, roots alone
	Pinned                      bool   // only pinned ones
	NewestFirst                 bool
	Readers, Reach              []string // values of a post's that are open to who asks
	Paging
}

// Numbers are how much there is here, for NodeInfo. Posts and Replies are those
// that everyone may read everywhere: nothing else leaves a trace (R17).
type Numbers struct {
	Users, ActiveMonth, ActiveHalf int64
	Posts, Replies                 int64
}

// SharedStore reads for other servers.
type SharedStore interface {
	// SharedGroup and SharedPost return NotFound for what is not there. domain is
	// who asks, empty for nobody.
	SharedGroup(ctx context.Context, find GroupRef, domain string) (SharedGroup, error)
	SharedPost(ctx context.Context, id, domain string) (SharedPost, error)
	SharedPosts(ctx context.Context, q SharedQuery) ([]SharedPost, error)
	// ActorsNamed are the actors of any of some folded names at any of some
	// folded domains.
	ActorsNamed(ctx context.Context, domains, names []string) ([]Actor, error)
	Numbers(ctx context.Context, now time.Time) (Numbers, error)
	// ServerState is without what policies say, whose epoch it gives; zero for a
	// server never met.
	ServerState(ctx context.Context, domain string) (state ServerState, epoch int64, err error)
}
