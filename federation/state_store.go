package federation

import (
	"context"
	"time"

	"hearth/community"
)

// StateStore reads how things stand, for what is said of them: an Event and an
// activity are references, never snapshots. Reads are NotFound for what is not there.
type StateStore interface {
	ActorByURI(ctx context.Context, uri string) (community.Actor, error)
	Account(ctx context.Context, id string) (community.Account, error)
	Group(ctx context.Context, id string) (community.Group, error)
	Post(ctx context.Context, id string) (community.Post, error)
	PostByURI(ctx context.Context, uri string) (community.Post, error)
	Membership(ctx context.Context, groupID, accountID string) (community.Membership, error)
	// HasLocalMembers says whether an account of this server is in the group.
	HasLocalMembers(ctx context.Context, groupID string) (bool, error)
	// MembershipByFollow is the one of a Follow by its id.
	MembershipByFollow(ctx context.Context, uri string) (community.Membership, error)
	// SharedPost is a post with its author, its parent's and its thread's address.
	SharedPost(ctx context.Context, id, domain string) (community.SharedPost, error)
	// SharedPostsOf are those of some posts that there are, by id.
	SharedPostsOf(ctx context.Context, ids []string) (map[string]community.SharedPost, error)
	// StoredActivities are those of some messages that there are, by our id.
	StoredActivities(ctx context.Context, ids []string) (map[string]Activity, error)
	// StoredActivity is a message as it is kept, its bytes too while they are.
	StoredActivity(ctx context.Context, id string) (Activity, error)
	// LastEdit is the last Update of a post that its author's server sent here.
	LastEdit(ctx context.Context, postID string) (Activity, error)
	// Followers are where a group's posts go: each host of an active member
	// elsewhere once, by its shared inbox where it has one.
	Followers(ctx context.Context, groupID string) ([]Recipient, error)
	// NeverBegun are the hosts that were to get a copy of a post, and for which that
	// was called off before it was begun.
	NeverBegun(ctx context.Context, postID string) ([]string, error)
	// Holders are the other hosts that ever were to get one.
	Holders(ctx context.Context, postID string) ([]Recipient, error)
	// OwedHolders are those of them that have not taken its deletion.
	OwedHolders(ctx context.Context, postID string) ([]Recipient, error)
	// Standings are where posts of ours stand with a host, by post.
	Standings(ctx context.Context, postIDs []string, host string) (map[string]community.Standing, error)
	// Neighbours are the hosts that an account here is tied to, by the groups
	// elsewhere that it is in or asked to be; of no account, all hosts that
	// anybody or any group here is tied to.
	Neighbours(ctx context.Context, accountID string) ([]Recipient, error)
	// StaleGroups are groups elsewhere that people here are in and that were last
	// asked for before a time, by id after one. Those that are gone, or whose server
	// does not answer, are not among them.
	StaleGroups(ctx context.Context, before time.Time, after string, limit int) ([]community.Group, error)
	// Acquaintances are the hosts that have to hear that an account is no more.
	Acquaintances(ctx context.Context, accountID string) ([]Recipient, error)
	// ModeratorsThere are the ids of those who look after a group elsewhere.
	ModeratorsThere(ctx context.Context, groupID string) ([]string, error)
	// GroupServers are the domains that a group with reach "named" reaches.
	GroupServers(ctx context.Context, groupID string) ([]string, error)
}
