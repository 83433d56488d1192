package federation

import (
	"hearth/community"
	"hearth/community/markup"
	"hearth/federation/wire"
)

// groupOfDocument is what is kept of a group elsewhere (FEP-1b12). Who may read
// is what its server shows: everyone, unless it lets people in one by one, which
// is how Lemmy marks a private group. One in which moderators alone begin threads
// takes nobody in: to be in a group is to write there.
func groupOfDocument(doc *wire.Actor, domain string) community.Group {
	g := community.Group{
		Actor: actorOf(doc, domain), State: community.GroupActive, Purpose: doc.Source.Content, PurposeHTML: markup.Sanitize(doc.Summary),
		Sensitive: doc.Sensitive, Joining: community.JoiningOpen, Readers: community.ReadersAnyone, Reach: community.ReachAnywhere,
		Listed: !doc.Sensitive && (doc.Discoverable == nil || *doc.Discoverable), FollowersURI: doc.Followers, ModeratorsURI: doc.Moderators,
		FeaturedURI: doc.Featured, OutboxURI: doc.Outbox,
	}
	if doc.ManuallyApprovesFollowers {
		g.Joining, g.Readers, g.Listed = community.JoiningAsked, community.ReadersMembers, false
	}
	if doc.PostingRestrictedToMods {
		g.Joining = community.JoiningClosed
	}
	if doc.Closed {
		g.State = community.GroupClosed
		if !doc.ClosedAt.IsZero() {
			g.ClosedAt = &doc.ClosedAt
		}
	}
	if len(doc.Languages) > 0 {
		g.Language = doc.Languages[0].Identifier
	}
	return g
}
