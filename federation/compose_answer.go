package federation

import (
	"context"
	"slices"

	"hearth/community"
)

// answered is the server of whoever an answer of ours is to, where it has to be told
// by itself: somebody of a microblog gets no answers from the group, and whoever is
// in no group here nothing at all. It is told of a thread that everybody may read
// everywhere alone, and not where the author wants nothing to do with them. done are
// servers that hear of it anyway. What takes an answer away goes where it went.
func (c *postChange) answered(ctx context.Context, done []Recipient) ([]Recipient, error) {
	to := c.post.Parent
	at := Recipient{Host: to.Domain, Inbox: inboxOf(to)}
	isDone := hasHost(done, at.Host)
	switch {
	case !c.isOwnAnswer() || to.IsLocal() || !isKnownAbroad(to) || at.Inbox == "":
		return nil, nil
	case c.takesAway():
		if !isDone || !c.group.IsLocal() || !slices.Contains(c.holders, at.Host) || c.To != nil && hasHost(c.To.Followers, at.Host) {
			return nil, nil
		}
		return []Recipient{at}, nil // Lemmy takes no Announce of a group that nobody there follows
	case isDone:
		return nil, nil
	case !isForEveryone(c.group, c.post.Post) || c.group.IsLocal() && !c.group.TakesMicroblogs():
		return nil, nil
	}
	avoids, err := c.f.service.Avoids(ctx, c.author.ID, to.ID)
	if err != nil || avoids {
		return nil, err
	}
	return []Recipient{at}, nil
}

func hasHost(all []Recipient, host string) bool {
	return slices.ContainsFunc(all, func(r Recipient) bool { return r.Host == host })
}

// isOwnAnswer says whether somebody here wrote, changed or deleted an answer.
func (c *postChange) isOwnAnswer() bool {
	switch c.event.Kind {
	case community.EventPostWritten, community.EventPostEdited, community.EventPostDeleted:
		return c.post.IsReply() && c.author.IsLocal()
	}
	return false
}

// groupSoftware are those of some servers that are told all that is written, and
// understand it.
func groupSoftware(to []Recipient) []Recipient {
	return slices.DeleteFunc(slices.Clone(to), func(r Recipient) bool { return dialectOf(r.Software).addresses })
}
