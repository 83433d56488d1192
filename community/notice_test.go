package community_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"hearth/community"
)

func TestAnswersAndNamesAreTold(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, maya, tomasz := h.member("rowan", community.GroupMember), h.member("maya", community.GroupMember), h.member("tomasz", community.GroupMember)
		ash := h.person("ash")
		root := h.write(rowan, community.Draft{Text: "for @Maya, @ash and @rowan, not for @nobody"})
		reply := h.reply(maya, root, "thank you")
		last := h.reply(tomasz, reply, "and @rowan@willow.example says hello")
		for _, c := range []struct {
			v    community.Viewer
			want []string
		}{
			{rowan, []string{"answer", "reply"}}, {maya, []string{"reply", "mention"}}, {tomasz, nil}, {ash, nil},
		} {
			if got := h.notices(c.v); !slices.Equal(got, c.want) {
				h.t.Errorf("%s heard %v, want %v", c.v.Acting.Name, got, c.want)
			}
		}
		_, err := h.service.DeletePost(h.ctx, tomasz, last.ID)
		h.must(err)
		if got := h.notices(rowan); !slices.Equal(got, []string{"reply"}) {
			h.t.Errorf("after it was deleted: got %v, want reply", got)
		}
	})
}

func TestAnEditTellsWhoIsNamedAnewAndNobodyTwice(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, maya, tomasz := h.member("rowan", community.GroupMember), h.member("maya", community.GroupMember), h.member("tomasz", community.GroupMember)
		p := h.write(rowan, community.Draft{Text: "@maya"})
		_, err := h.service.EditPost(h.ctx, rowan, p.ID, community.Draft{Text: "@maya and @tomasz", Version: 1})
		h.must(err)
		for _, v := range []community.Viewer{maya, tomasz} {
			if got := h.notices(v); !slices.Equal(got, []string{"mention"}) {
				h.t.Errorf("%s heard %v, want one mention", v.Acting.Name, got)
			}
		}
	})
}

func TestSupportIsToldOnceADay(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, maya, tomasz := h.member("rowan", community.GroupMember), h.member("maya", community.GroupMember), h.member("tomasz", community.GroupMember)
		p := h.write(rowan, community.Draft{Text: "words"})
		press := func(v community.Viewer, kind string, give bool) {
			_, err := h.service.GiveSupport(h.ctx, v, p.ID, kind, give)
			h.must(err)
		}
		press(maya, community.SupportWithYou, true)
		press(maya, community.SupportWithYou, true)
		press(tomasz, community.SupportThankYou, true)
		if got := h.notices(rowan); !slices.Equal(got, []string{"support"}) {
			h.t.Errorf("heard %v on the first day, want once", got)
		}
		own, others := h.thread(rowan, p.ID).Posts[0], h.thread(maya, p.ID).Posts[0]
		if len(own.SupportedBy) != 2 || own.SupportedBy[0].Title != "maya" || len(others.SupportedBy) != 0 || !slices.Equal(others.Gave, []string{"with_you"}) {
			h.t.Errorf("its author sees %+v, another %+v and their own %v", own.SupportedBy, others.SupportedBy, others.Gave)
		}
		press(maya, community.SupportWithYou, false)
		if own = h.thread(rowan, p.ID).Posts[0]; len(own.SupportedBy) != 1 {
			h.t.Errorf("after it was taken back: got %+v", own.SupportedBy)
		}
		h.now = h.now.Add(24 * time.Hour)
		press(maya, community.SupportSameHere, true)
		if got := h.notices(rowan); len(got) != 2 {
			h.t.Errorf("heard %v by the next day, want twice", got)
		}
		_, err := h.service.GiveSupport(h.ctx, rowan, p.ID, community.SupportWithYou, true)
		wantErr(h.t, "supporting oneself", err, community.Forbidden, "support.not_here")
		_, err = h.service.GiveSupport(h.ctx, h.person("ash"), p.ID, community.SupportWithYou, true)
		wantErr(h.t, "an outsider", err, community.NotFound, "error.not_found")
	})
}

func TestNoticesAreReadByLookingAtThem(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, maya := h.member("rowan", community.GroupMember), h.member("maya", community.GroupMember)
		root := h.write(rowan, community.Draft{Text: "root"})
		for i := range community.NoticesPage + 2 {
			h.reply(maya, root, fmt.Sprint("reply ", i))
		}
		unread := func() bool {
			calls, err := h.service.Calls(h.ctx, rowan)
			h.must(err)
			return calls.Unread
		}
		read := func(ask community.Paging) (page community.Page[community.NoticeView], fresh int) {
			page, err := h.service.Notices(h.ctx, rowan, ask)
			h.must(err)
			h.must(h.service.ReadNotices(h.ctx, rowan, page.Items))
			for _, n := range page.Items {
				if n.ReadAt == nil {
					fresh++
				}
			}
			return page, fresh
		}
		first, fresh := read(community.Paging{})
		if fresh != community.NoticesPage || !unread() {
			h.t.Errorf("the first page: got %d unread, want %d, and more to read", fresh, community.NoticesPage)
		}
		if n := first.Items[0]; n.ActorTitle != "maya" || n.GroupTitle != "Carers" || *n.AccountID != "rowan" {
			h.t.Errorf("got %+v", n)
		}
		if second, fresh := read(community.Paging{After: first.Older}); fresh != 2 || len(second.Items) != 2 || unread() {
			h.t.Errorf("the second page: got %d unread of %d, want 2 of 2, and all read", fresh, len(second.Items))
		}
		if _, fresh = read(community.Paging{}); fresh != 0 {
			h.t.Errorf("looking again: got %d unread, want none", fresh)
		}
	})
}

// tidy lets time pass and the clock tidy up.
func (h *hall) tidy(after time.Duration) {
	h.t.Helper()
	h.mu.Lock()
	h.now = h.now.Add(after)
	h.mu.Unlock()
	_, err := h.service.Tidy(h.ctx)
	h.must(err)
}

func TestDraftsAreKeptContinuedAndErasedAfterThirtyDays(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, ash := h.member("rowan", community.GroupMember), h.person("ash")
		root := h.write(rowan, community.Draft{Title: "A thread", Text: "root"})
		d := community.Draft{ID: h.service.NewDraftID(), ParentID: root.ID, Text: "half a sent", NoteTopics: []string{"grief"}}
		h.must(h.service.KeepDraft(h.ctx, rowan, d))
		d.Text = "half a sentence"
		h.must(h.service.KeepDraft(h.ctx, rowan, d))
		outside := community.Draft{ID: h.service.NewDraftID(), GroupID: "carers", Title: "first words"}
		h.must(h.service.KeepDraft(h.ctx, ash, outside))
		wantErr(h.t, "answering what one may not read", h.service.KeepDraft(h.ctx, ash, community.Draft{ID: h.service.NewDraftID(), ParentID: root.ID, Text: "x"}), community.NotFound, "error.not_found")

		list, err := h.service.Drafts(h.ctx, rowan)
		h.must(err)
		if len(list) != 1 || list[0].Source != "half a sentence" || list[0].ThreadTitle != "A thread" || list[0].GroupTitle != "Carers" || list[0].ParentAuthor != "rowan" {
			h.t.Errorf("got %+v", list)
		}
		got, err := h.service.Draft(h.ctx, rowan, d.ID)
		h.must(err)
		if got.Text != "half a sentence" || got.ParentID != root.ID || !slices.Equal(got.NoteTopics, []string{"grief"}) {
			h.t.Errorf("got %+v", got)
		}
		if view := h.thread(rowan, root.ID); view.Unfinished != d.ID || len(view.Posts) != 1 || h.stored(root.ID).Replies != 0 {
			h.t.Errorf("the thread has %d posts, %d replies and unfinished %q; want the root alone and %q", len(view.Posts), h.stored(root.ID).Replies, view.Unfinished, d.ID)
		}
		h.tidy(29 * 24 * time.Hour)
		h.must(h.service.DiscardDraft(h.ctx, ash, outside.ID))
		if list, _ = h.service.Drafts(h.ctx, rowan); len(list) != 1 {
			h.t.Errorf("after 29 days: got %+v, want it still there", list)
		}
		h.tidy(2 * 24 * time.Hour)
		if list, _ = h.service.Drafts(h.ctx, rowan); len(list) != 0 {
			h.t.Errorf("after 31 days: got %+v, want none", list)
		}
	})
}
