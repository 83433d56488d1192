package federation

import (
	"context"
	"errors"

	"hearth/community"
)

// doWarn has an author of here hear that whoever looks after a group elsewhere asks
// them to look again at what they wrote in it (Lemmy 1.0). Of anybody else's words it
// is nobody's here to know.
func (f *Federation) doWarn(ctx context.Context, in incoming, a act) (Outcome, error) {
	post, group, err := f.postAndGroup(ctx, a.Object.ID)
	if errors.Is(err, community.NotFound) {
		return ignored("unknown"), nil
	}
	if err != nil {
		return Outcome{}, err
	}
	if reason, err := f.oversees(ctx, a, group); reason != "" || err != nil {
		return refused(reason), err
	}
	if post.Verified != community.VerifiedLocal {
		return ignored("another_servers"), nil
	}
	err = f.service.ReceiveWarning(ctx, community.Warning{PostID: post.ID, Why: a.Summary, Epoch: in.epoch})
	return Outcome{Outcome: Accepted, PostID: post.ID, GroupID: group.ID}, err
}
