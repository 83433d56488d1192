package federation

import (
	"context"
	"errors"

	"hearth/community"
)

// groupChanged follows what a moderator changed of a group elsewhere (Lemmy's and
// PieFed's Update of the Group, by whoever did it): the group is asked for anew, and
// what its own server says of it is believed. Of anybody else it is no actor's but
// their own to say what they are.
func (f *Federation) groupChanged(ctx context.Context, a act) (Outcome, error) {
	group, err := f.groupAt(ctx, a.Object.ID)
	if errors.Is(err, community.NotFound) {
		return refused("not_author"), nil
	}
	if err != nil {
		return Outcome{}, err
	}
	if reason, err := f.oversees(ctx, a, group); reason != "" || err != nil {
		return refused(reason), err
	}
	f.askLater(inDoubt{id: group.ID, changed: true})
	return Outcome{Outcome: Accepted, GroupID: group.ID}, nil
}
