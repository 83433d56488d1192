package community

import (
	"context"
	"time"
)

// Group is a moderated room, here or elsewhere: the role of a Group Actor
// (FEP-1b12). Readers, Reach and Listed are copied onto every post when it is
// written, so that widening a group never widens an old post.
type Group struct {
	Actor
	State          string
	AskedBy        *string // the account that asked for or made it
	Purpose        string  // Markdown
	PurposeHTML    string
	ForWhom        string
	NotFor         string
	Situation      string // SituationCaring and its like, for the directory
	Language       string // BCP 47
	Sensitive      bool
	Joining        string
	Question       string // asked of those who ask to join
	Readers        string
	Reach          string
	Listed         bool
	RulesVersion   int
	FollowersURI   string // remote groups: their collections
	ModeratorsURI  string
	FeaturedURI    string
	OutboxURI      string
	Microblogs     bool    // whether microblog servers may follow; see TakesMicroblogs
	OfferedTo      *string // the account that is asked to own it, until it answers
	LastActivityAt time.Time
	ClosedAt       *time.Time // since when nobody writes in it; nil where State is another
}

// States of a Group.
const (
	GroupAsked   = "asked" // somebody asked for it, no admin has decided
	GroupActive  = "active"
	GroupRefused = "refused"
	GroupClosed  = "closed"
)

// TakesMicroblogs says whether people of microblog servers may follow a group
// here. A group in which it could harm somebody to be seen is not shown there,
// whatever it said before it was one.
func (g Group) TakesMicroblogs() bool { return g.Microblogs && !g.Sensitive }

// asksForAnswer says whether whoever wants to join answers a question: the
// moderators of a group elsewhere are asked by a Follow, which carries no words.
func (g Group) asksForAnswer() bool { return g.Joining == JoiningAsked && g.IsLocal() }

// How people join.
const (
	JoiningOpen   = "open"
	JoiningAsked  = "asked"
	JoiningClosed = "closed"
)

// Who may read. Narrower comes later.
const (
	ReadersAnyone   = "anyone"
	ReadersInstance = "instance" // members of this instance, and servers it reaches
	ReadersMembers  = "members"
)

// How far copies travel. Narrower comes later.
const (
	ReachAnywhere = "anywhere"
	ReachNamed    = "named" // only to the group's named servers
	ReachNowhere  = "nowhere"
)

// Rule is one rule of a group in one version of its list.
type Rule struct {
	GroupID  string
	Version  int
	Position int
	Text     string
	Since    time.Time
}

// narrower returns the narrower of two values in an order from wide to narrow.
func narrower(a, b string, order ...string) string {
	for i := len(order) - 1; i >= 0; i-- {
		if a == order[i] || b == order[i] {
			return order[i]
		}
	}
	return order[len(order)-1]
}

// NarrowerReaders is what a read of a post goes by: the narrower of the post's
// and its group's.
func NarrowerReaders(a, b string) string {
	return narrower(a, b, ReadersAnyone, ReadersInstance, ReadersMembers)
}

// NarrowerReach is the narrower of a post's and its group's reach.
func NarrowerReach(a, b string) string {
	return narrower(a, b, ReachAnywhere, ReachNamed, ReachNowhere)
}

// mayReadGroup says whether a Viewer may read what stands in a group for the
// given readers. m is the Viewer's membership, the zero value for none.
// Moderators of the instance do not read members' groups by their role.
func mayReadGroup(v Viewer, g Group, readers string, m Membership, now time.Time) bool {
	switch readers {
	case ReadersAnyone:
		return true
	case ReadersInstance:
		return v.IsMember(now)
	}
	return v.IsMember(now) && m.State == MemberActive
}

// GroupStore keeps groups, their rules and their named servers.
type GroupStore interface {
	// InsertGroup stores the actor and the group.
	InsertGroup(ctx context.Context, g Group) error
	// Group and GroupByName return NotFound for what is not known.
	Group(ctx context.Context, id string) (Group, error)
	GroupByName(ctx context.Context, domain, name string) (Group, error)
	// GroupSeen is a group with the membership of any of a person's accounts (the
	// active one first, then a removal in force) and its number of members. This
	// server's own host in the reference is the same as none.
	GroupSeen(ctx context.Context, find GroupRef, accountIDs []string, now time.Time) (GroupSeen, error)
	// LockGroup keeps others from changing a group, or who is in it, until the
	// transaction ends.
	LockGroup(ctx context.Context, id string) error
	// UpdateGroup leaves LastActivityAt as it is.
	UpdateGroup(ctx context.Context, g Group) error
	// Groups is one page of the directory.
	Groups(ctx context.Context, q GroupQuery) ([]GroupSeen, error)
	GroupLanguages(ctx context.Context) ([]string, error)
	GroupsByID(ctx context.Context, ids []string) (map[string]Group, error)
	// GroupsAsked lists what waits for an admin, the oldest first.
	GroupsAsked(ctx context.Context, limit int) ([]AskedGroup, error)
	CountGroupsAsked(ctx context.Context) (int, error)
	// GroupsAskedBy lists what some accounts asked for and have not got.
	GroupsAskedBy(ctx context.Context, accountIDs []string) ([]AskedGroup, error)
	GroupServers(ctx context.Context, groupID string) ([]string, error)
	ReplaceGroupServers(ctx context.Context, groupID string, domains []string) error
	InsertRules(ctx context.Context, rules []Rule) error
	Rules(ctx context.Context, groupID string, version int) ([]Rule, error)
	// LastRules are the versions from one on, the newest first.
	LastRules(ctx context.Context, groupID string, from int) ([]Rule, error)
	// RulesOf are the present rules of several groups, by group.
	RulesOf(ctx context.Context, groupIDs []string) (map[string][]Rule, error)
}
