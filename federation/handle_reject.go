package federation

import (
	"context"
	"errors"
	"strings"

	"hearth/community"
)

// takeRejection takes a group's no to words that it was sent (ActivityPub 7.7),
// which it names by the id of the activity that brought them. False where the no
// is to something else.
func (f *Federation) takeRejection(ctx context.Context, in incoming) (out Outcome, words bool, err error) {
	id, ours := strings.CutPrefix(in.act.Object.ID, f.config.Scheme+"://"+f.config.Host+"/x/")
	if in.act.Type != "Reject" || !ours {
		return Outcome{}, false, nil
	}
	sent, err := f.store.OutgoingActivity(ctx, id)
	if errors.Is(err, community.NotFound) {
		return Outcome{}, false, nil
	}
	if err != nil || sent.PostID == nil || sent.Type != "Create" && sent.Type != "Update" {
		return Outcome{}, false, err
	}
	why := in.act.Summary
	if why == "" {
		why = in.act.Content
	}
	post, err := f.service.ReceiveRejection(ctx, community.Rejection{PostID: *sent.PostID, ByURI: in.act.Actor, HTML: why, Epoch: in.epoch})
	return Outcome{Outcome: Accepted, PostID: post.ID, GroupID: post.GroupID}, true, err
}
