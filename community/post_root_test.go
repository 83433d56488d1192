package community_test

import (
	"testing"

	"hearth/community"
)

// rootSeen is what a Viewer gets of a thread's root who answers a post in it, and
// who changes one of their own there.
func (h *hall) rootSeen(v community.Viewer, id string) (asked, own community.Post) {
	h.t.Helper()
	answer, err := h.service.PostToAnswer(h.ctx, v, id)
	h.must(err)
	_, seen, _ := h.service.PostToEdit(h.ctx, v, id)
	return answer.Root, seen.Root
}

func TestR43WhoeverWritesInAThreadReadsOfItsRootWhatTheyMay(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, maya, mod := h.leaver("rowan", community.GroupMember), h.member("maya", community.GroupMember), h.member("mod", community.GroupModerator)
		root := h.write(rowan, community.Draft{Title: "A long night", Text: "rowan begins"})
		answer := h.reply(maya, root, "maya answers")
		wants := func(when string, v community.Viewer, state, title string) {
			h.t.Helper()
			asked, own := h.rootSeen(v, answer.ID)
			for form, got := range map[string]community.Post{"answers": asked, "edits": own} {
				if got.ID != root.ID || got.State != state || got.Title != title || (got.Source == "") != (title == "") {
					h.t.Errorf("%s, who %s gets of the root %q, %q, %q; want %q, %q", when, form, got.State, got.Title, got.Source, state, title)
				}
			}
		}
		wants("shown", maya, community.PostPublished, root.Title)
		_, err := h.service.ModeratePost(h.ctx, mod, root.ID, community.Measure{Kind: community.MeasureHide, Reason: "because", Version: 1})
		h.must(err)
		wants("hidden", maya, community.PostHidden, "")
		if asked, _ := h.rootSeen(mod, answer.ID); asked.Title != root.Title {
			h.t.Errorf("hidden, a moderator gets the title %q, want %q", asked.Title, root.Title)
		}
		h.leave(rowan)
		wants("away", maya, community.PostDeleted, "")
		if asked, _ := h.rootSeen(mod, answer.ID); asked.Title != "" {
			h.t.Errorf("away, a moderator gets the title %q, want none", asked.Title)
		}
	})
}
