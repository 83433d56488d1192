package community_test

import (
	"testing"

	"hearth/community"
)

// R43: whoever left for a while looks like somebody who deleted what they wrote,
// also to a moderator who sends the form of a post without its page.
func TestR43AModeratorsFormTellsNobodyWhoIsAwayForAWhile(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, maya, mod := h.leaver("rowan", community.GroupMember), h.member("maya", community.GroupMember), h.member("mod", community.GroupModerator)
		shown, hidden := h.write(rowan, community.Draft{Title: "One", Text: "of rowan"}), h.write(rowan, community.Draft{Title: "Two", Text: "of rowan"})
		gone := h.write(maya, community.Draft{Title: "Three", Text: "of maya"})
		h.must(errOf(h.service.ModeratePost(h.ctx, mod, hidden.ID, community.Measure{Kind: community.MeasureHide, Reason: "because", Version: 1})))
		h.must(errOf(h.service.DeletePost(h.ctx, maya, gone.ID)))
		h.leave(rowan)
		for _, m := range []community.Measure{
			{Kind: community.MeasureHide, Reason: "because", Version: 1}, {Kind: community.MeasureHide, Reason: "because", Version: 7},
			{Kind: community.MeasureHide, Version: 1}, {Kind: community.MeasureShow, Version: 1}, {Kind: community.MeasureShow, Version: 7}, {Kind: "nothing"},
		} {
			_, want := h.service.ModeratePost(h.ctx, mod, gone.ID, m)
			if want == nil {
				h.t.Fatalf("%+v of a deleted post was done", m)
			}
			for before, id := range map[string]string{"shown": shown.ID, "hidden": hidden.ID} {
				if _, err := h.service.ModeratePost(h.ctx, mod, id, m); err == nil || err.Error() != want.Error() {
					h.t.Errorf("%+v of a post that was %s before: got %v, want %v as of a deleted one", m, before, err, want)
				}
			}
		}
		h.returns(rowan)
		h.wantsState("back again,", shown.ID, community.PostPublished)
		h.wantsState("back again,", hidden.ID, community.PostHidden)
	})
}
