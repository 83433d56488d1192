package community

import (
	"context"
	"time"

	"hearth/community/policy"
)

// What other servers say comes in through the Receive methods. Their caller has
// verified who speaks, judged the policy, fetched what was missing and made the
// words safe; here is judged whether it may happen, and it is stored.
//
// Errors with a Kind are final for the sender: Forbidden and Conflict say why in
// one key of the catalogue, whose last word is the reason that is kept as a fact.
// NotFound with the key receive.unknown means that something named has not
// come yet: it may come later. So may what is TooMany.

// Inbound is a post as another server sent it.
type Inbound struct {
	URI, URL, Link string
	GroupID        string
	AuthorID       string
	InReplyToURI   string // empty for a thread's root
	Title          string
	NoteText       string // a content note
	Language       string
	Source         string
	HTML           string   // safe already
	Bare           string   // HTML without the pictures and files that hang on the post
	HasFiles       bool     // there are some
	Mentioned      []string // ids of accounts here that it names, each once
	Published      time.Time
	Updated        time.Time        // when its author changed it last; zero where that is not said
	Verified       string           // VerifiedSigned and its like
	IsProven       bool             // VerifiedSigned by a proof alone (FEP-8b32): whose it is, not that it is new
	Private        bool             // not addressed to everybody: only members read it, whatever its group says
	ActivityID     string           // ours, of the activity that brought it: its bytes are what a group of ours passes on
	Epoch          int64            // of the policy that it was judged by
	Policies       *policy.Snapshot // of that epoch; nil: they are read
	Backfilled     bool             // written before its group was followed here
	Locked         bool             // a backfilled root that nobody answers any more
	IsFetched      bool             // asked for by this server: nobody sent it, and there is nothing to pass on
	Depth          int              // of what was fetched: how many were asked for on the way to it
}

// ReceiveStore is what receiving needs beyond reading and writing.
type ReceiveStore interface {
	// PostByURI returns NotFound for what never came.
	PostByURI(ctx context.Context, uri string) (Post, error)
	// HasLocalMembers says whether an account of this server is in the group.
	HasLocalMembers(ctx context.Context, groupID string) (bool, error)
	// MembershipByFollow finds a membership by the Follow that made it.
	MembershipByFollow(ctx context.Context, followURI string) (Membership, error)
	// IsNamedServer says whether a group with reach "named" names the domain.
	IsNamedServer(ctx context.Context, groupID, domain string) (bool, error)
	// InsertWithdrawal notes who said of a post that it was deleted before it came.
	InsertWithdrawal(ctx context.Context, uri, by string, now time.Time) error
	// EndWithdrawal takes that back.
	EndWithdrawal(ctx context.Context, uri, by string) error
	// Withdrawals are who said so of some URIs, by URI. An empty one counts for
	// everybody: it is from before it was kept who said so.
	Withdrawals(ctx context.Context, uris []string) (map[string][]string, error)
	// PostsToChange are the posts of some ids, by id, and nobody else changes
	// them until the transaction ends.
	PostsToChange(ctx context.Context, ids []string) (map[string]Post, error)
	// PostsAndRootsToChange is PostsToChange, of the roots of their threads too, which
	// are recounted: all are locked in the order of whoever changes one post.
	PostsAndRootsToChange(ctx context.Context, ids []string) (map[string]Post, error)
	// InsertPosts is InsertPost of several: all or none.
	InsertPosts(ctx context.Context, posts []Post) error
	// LivingPosts are posts of an account that are not deleted yet.
	LivingPosts(ctx context.Context, authorID string, limit int) ([]string, error)
	// EndMemberships takes an account out of all groups.
	EndMemberships(ctx context.Context, accountID string, now time.Time) error
	// MarkShown notes that a group's server passed a post of ours on.
	MarkShown(ctx context.Context, postID, host string, now time.Time) error
	// MarkRejected notes that a group turned a post of ours down that its server was
	// sent, until it is sent there anew.
	MarkRejected(ctx context.Context, postID, host, why string, now time.Time) error
}

// sameEpoch is Conflict when a policy changed since the sender was judged: the
// activity is judged anew. Until the transaction ends no policy changes.
func sameEpoch(ctx context.Context, tx Store, epoch int64) error {
	now, err := tx.HoldPolicyEpoch(ctx)
	if err == nil && now != epoch {
		return fail(Conflict, "receive.policy_changed")
	}
	return err
}

// mayReceive says why an account elsewhere, of whom anything is taken, may not
// write in a group here.
func mayReceive(g Group, m Membership, now time.Time) error {
	switch {
	case g.State != GroupActive:
		return fail(Forbidden, "receive.group_closed")
	case g.Reach == ReachNowhere:
		return fail(Forbidden, "receive.group_stays_here")
	case m.isRemoved(now):
		return fail(Forbidden, "receive.removed")
	case !m.IsActive():
		return fail(Forbidden, "receive.not_member")
	}
	return nil
}

// mayBeTaken says why nothing that an account elsewhere writes is taken here, in
// whichever group.
func mayBeTaken(author Account, now time.Time) error {
	switch {
	case author.GoneAt != nil: // passed on by a group late: the words would stay for good
		return fail(Forbidden, "receive.gone")
	case author.IsSuspended(now):
		return fail(Forbidden, "receive.suspended")
	}
	return nil
}

// mayReceiveReply says why a reply from elsewhere may not stand in a thread.
func mayReceiveReply(root, parent Post, m Membership) error {
	switch {
	case root.LockedAt != nil && !m.Moderates():
		return fail(Forbidden, "receive.locked")
	case parent.State == PostDraft || parent.IsUnseen():
		return fail(NotFound, "receive.unknown")
	case parent.State != PostPublished:
		return fail(Forbidden, "receive.parent_gone")
	}
	return nil
}
