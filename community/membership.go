package community

import (
	"context"
	"time"
)

// Membership is an account in a group. A remote Follow of a group is one too.
type Membership struct {
	ID           string
	GroupID      string
	AccountID    string
	Role         string
	State        string
	Answer       string // to the group's question; erased when decided
	RulesVersion int    // the rules they accepted
	FollowURI    string // the Follow that made it, where one travelled
	RemovedUntil *time.Time
	BarredAt     *time.Time // of an account here, in a group elsewhere: its server says that it may not write
	BarredUntil  *time.Time // nil where no end of that is known
	BarredWhy    string     // what they said of why, for the account's person alone
	CreatedAt    time.Time
	ChangedAt    time.Time
}

// Roles in a group.
const (
	GroupMember    = "member"
	GroupModerator = "moderator"
	GroupOwner     = "owner"
)

// States of a Membership.
const (
	MemberAsked   = "asked"
	MemberActive  = "active"
	MemberLeft    = "left"
	MemberRemoved = "removed"
	MemberSevered = "severed"
	MemberRefused = "refused" // in a group elsewhere, whose server said no
	MemberUnheard = "unheard" // in a group elsewhere, whose server did not get the request
	MemberAway    = "away"    // their person left the instance, and may come back
)

// IsActive says whether the account is in the group now.
func (m Membership) IsActive() bool { return m.State == MemberActive }

// Moderates says whether the account may moderate the group.
func (m Membership) Moderates() bool {
	return m.IsActive() && (m.Role == GroupModerator || m.Role == GroupOwner)
}

// MembershipStore keeps memberships.
type MembershipStore interface {
	InsertMembership(ctx context.Context, m Membership) error
	UpdateMembership(ctx context.Context, m Membership) error
	// Membership is one account's in one group; NotFound where there is none.
	Membership(ctx context.Context, groupID, accountID string) (Membership, error)
	// Member is an account with its membership in a group, in one read; NotFound
	// where it never had one.
	Member(ctx context.Context, groupID, accountID string) (Account, Membership, error)
	// PlainMembers are the accounts of this server that are in a group and do not
	// look after it.
	PlainMembers(ctx context.Context, groupID string) ([]string, error)
	// LostFollows are requests of here to be in groups elsewhere whose Follow ended
	// and did not arrive.
	LostFollows(ctx context.Context, limit int) ([]LostFollow, error)
	// Moderators lists a group's owner and moderators, the owner first.
	Moderators(ctx context.Context, groupID string) ([]Membership, error)
	// ModeratorAccounts lists their accounts, the owner's first.
	ModeratorAccounts(ctx context.Context, groupID string) ([]Account, error)
	Members(ctx context.Context, q MembersQuery) ([]Member, error)
	// WaitingIn is what in a group waits for an answer.
	WaitingIn(ctx context.Context, groupID string) (GroupWaiting, error)
	// LastPayload is of the newest Decision of a kind in a scope about somebody;
	// NotFound where there is none.
	LastPayload(ctx context.Context, scope, kind, subjectID string) (DecisionPayload, error)
}
