package community_test

import (
	"fmt"
	"slices"
	"testing"

	"hearth/community"
)

func TestModeratorsCloseOpenAndPinThreads(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, maya, ash := h.member("rowan", community.GroupMember), h.member("maya", community.GroupModerator), h.person("ash")
		root := h.write(rowan, community.Draft{Text: "root"})
		wantErr(h.t, "its author closing it", h.service.LockThread(h.ctx, rowan, root.ID, "x"), community.Forbidden, "error.forbidden")
		wantErr(h.t, "an outsider closing it", h.service.LockThread(h.ctx, ash, root.ID, "x"), community.NotFound, "error.not_found")
		wantErr(h.t, "closing it without a reason", h.service.LockThread(h.ctx, maya, root.ID, ""), community.Invalid, "form.check")

		h.must(h.service.LockThread(h.ctx, maya, root.ID, "It goes round in circles."))
		h.must(h.service.LockThread(h.ctx, maya, root.ID, "Pressed twice."))
		_, err := h.service.WritePost(h.ctx, rowan, community.Draft{ParentID: root.ID, Text: "but"})
		wantErr(h.t, "answering in a closed thread", err, community.Conflict, "write.locked")
		h.reply(maya, root, "A moderator may.")
		if got := h.notices(rowan); !slices.Equal(got, []string{"reply", "decision"}) {
			h.t.Errorf("its author heard %v, want one decision and one reply", got)
		}
		h.must(h.service.UnlockThread(h.ctx, maya, root.ID))
		h.reply(rowan, root, "Thank you.")

		h.must(h.service.PinThread(h.ctx, maya, root.ID))
		for range community.MaxPinned - 1 {
			h.must(h.service.PinThread(h.ctx, maya, h.write(maya, community.Draft{Text: "another"}).ID))
		}
		last := h.write(maya, community.Draft{Text: "one too many"})
		wantErr(h.t, "pinning one too many", h.service.PinThread(h.ctx, maya, last.ID), community.Conflict, "pin.full")
		h.must(h.service.UnpinThread(h.ctx, maya, root.ID))
		h.must(h.service.PinThread(h.ctx, maya, last.ID))
		d, err := h.store.LastDecision(h.ctx, h.group.ID)
		h.must(err)
		if d.Kind != community.DecidedPin || d.SubjectID != last.ID || d.DecidedBy != "maya" {
			h.t.Errorf("got decision %+v, want pin of %s by maya", d, last.ID)
		}
	})
}

// walk reads a list page by page and calls between after each.
func walk[T any](h *hall, read func(community.Paging) (community.Page[T], error), between func()) (all []T) {
	h.t.Helper()
	ask := community.Paging{}
	for range 50 {
		page, err := read(ask)
		h.must(err)
		all = append(all, page.Items...)
		if page.Older.IsZero() {
			return all
		}
		ask.After = page.Older
		between()
	}
	h.t.Fatal("the list does not end")
	return nil
}

func TestPagesOfThreadsLoseAndRepeatNothingWhileOthersAreWritten(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan := h.member("rowan", community.GroupMember)
		var want []string
		for i := range 2*community.ThreadsPage + 10 {
			want = append(want, h.write(rowan, community.Draft{Text: fmt.Sprint("thread ", i)}).ID)
		}
		slices.Reverse(want)
		group, err := h.service.GroupView(h.ctx, rowan, h.group.Name)
		h.must(err)
		for _, order := range []string{community.ByActivity, community.ByNewest} {
			var ids []string
			for _, s := range walk(h, func(ask community.Paging) (community.Page[community.ThreadSummary], error) {
				page, _, err := h.service.Threads(h.ctx, rowan, group, order, ask)
				return page, err
			}, func() { h.write(rowan, community.Draft{Text: "meanwhile"}) }) {
				ids = append(ids, s.ID)
			}
			if !slices.Equal(ids[len(ids)-len(want):], want) {
				h.t.Errorf("by %s: got %d threads, want the %d there were, each once", order, len(ids), len(want))
			}
		}
		var ids []string
		for _, s := range walk(h, func(ask community.Paging) (community.Page[community.ThreadSummary], error) {
			return h.service.Home(h.ctx, rowan, ask)
		}, func() { h.write(rowan, community.Draft{Text: "meanwhile"}) }) {
			ids = append(ids, s.ID)
		}
		if !slices.Equal(ids[len(ids)-len(want):], want) {
			h.t.Errorf("at home: got %d threads, want the %d there were at the end, each once", len(ids), len(want))
		}
	})
}

func TestPinnedThreadsStandBeforeTheFirstPageAndNowhereElse(t *testing.T) {
	eachHall(t, func(h *hall) {
		maya := h.member("maya", community.GroupModerator)
		pinned := h.write(maya, community.Draft{Text: "welcome"})
		h.must(h.service.PinThread(h.ctx, maya, pinned.ID))
		for range community.ThreadsPage + 3 {
			h.write(maya, community.Draft{Text: "thread"})
		}
		group, err := h.service.GroupView(h.ctx, maya, h.group.Name)
		h.must(err)
		page, first, err := h.service.Threads(h.ctx, maya, group, community.ByNewest, community.Paging{})
		h.must(err)
		if len(first) != 1 || first[0].ID != pinned.ID || len(page.Items) != community.ThreadsPage {
			h.t.Errorf("the first page: got %d pinned and %d others, want 1 and %d", len(first), len(page.Items), community.ThreadsPage)
		}
		page, first, err = h.service.Threads(h.ctx, maya, group, community.ByNewest, community.Paging{After: page.Older})
		h.must(err)
		if len(first) != 0 || len(page.Items) != 3 {
			h.t.Errorf("the second page: got %d pinned and %d others, want none and 3", len(first), len(page.Items))
		}
	})
}

func TestALongThreadIsReadInPages(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan := h.member("rowan", community.GroupMember)
		root := h.write(rowan, community.Draft{Text: "root"})
		want := []string{root.ID}
		for i := range community.ThreadPage + 20 {
			want = append(want, h.reply(rowan, root, fmt.Sprint("reply ", i)).ID)
		}
		var got []string
		for _, p := range walk(h, func(ask community.Paging) (community.Page[community.PostView], error) {
			view, err := h.service.Thread(h.ctx, rowan, root.ID, ask, false)
			return community.Page[community.PostView]{Items: view.Posts, Older: view.Later}, err
		}, func() { want = append(want, h.reply(rowan, root, "meanwhile").ID) }) {
			got = append(got, p.ID)
		}
		if !slices.Equal(got, want) {
			h.t.Errorf("got %d posts, want %d, each once and in order", len(got), len(want))
		}
		place, err := h.service.PostPlace(h.ctx, rowan, want[5])
		h.must(err)
		if place.ThreadID != root.ID || !place.From.IsZero() {
			h.t.Errorf("a reply of the first page: got %+v, want the thread's beginning", place)
		}
		place, err = h.service.PostPlace(h.ctx, rowan, want[210])
		h.must(err)
		view, err := h.service.Thread(h.ctx, rowan, root.ID, community.Paging{After: place.From}, true)
		h.must(err)
		if view.Posts[0].ID != want[210] || view.Earlier.ID != want[210] || view.First {
			h.t.Errorf("a reply of a later page: got a page from %s", view.Posts[0].ID)
		}
		view, err = h.service.Thread(h.ctx, rowan, root.ID, community.Paging{Before: view.Earlier}, false)
		h.must(err)
		if n := len(view.Posts); n != community.ThreadPage || view.Posts[n-1].ID != want[209] {
			h.t.Errorf("the page before: got %d posts", n)
		}
	})
}

func TestNewIsWhatOthersWroteSinceOneRead(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, maya := h.member("rowan", community.GroupMember), h.member("maya", community.GroupMember)
		root := h.write(rowan, community.Draft{Text: "root"})
		isNew := func(v community.Viewer) bool {
			page, err := h.service.Home(h.ctx, v, community.Paging{})
			h.must(err)
			return page.Items[0].New
		}
		if isNew(rowan) || !isNew(maya) {
			h.t.Errorf("a fresh thread: new to its author %v, to others %v; want false, true", isNew(rowan), isNew(maya))
		}
		read := func(v community.Viewer) community.ThreadView {
			view := h.thread(v, root.ID)
			h.must(h.service.MarkRead(h.ctx, v, view))
			return view
		}
		read(maya)
		if isNew(maya) {
			h.t.Error("a thread that was read is still new")
		}
		if view := h.thread(maya, root.ID); view.ReadTo != nil {
			h.t.Errorf("reading it again would write a mark: %v", view.ReadTo)
		}
		read(rowan)
		first := h.reply(maya, root, "one")
		h.reply(maya, root, "two")
		if isNew(maya) || !isNew(rowan) {
			h.t.Errorf("after replies: new to who wrote them %v, to the other %v; want false, true", isNew(maya), isNew(rowan))
		}
		place, err := h.service.UnreadPlace(h.ctx, rowan, root.ID)
		h.must(err)
		if view := read(rowan); place.PostID != first.ID || view.FirstUnread != first.ID || view.Posts[0].New || !view.Posts[2].New {
			h.t.Errorf("got first unread %s and %s, want %s", place.PostID, view.FirstUnread, first.ID)
		}
		if place, err = h.service.UnreadPlace(h.ctx, rowan, root.ID); err != nil || place.PostID != root.ID {
			h.t.Errorf("with all of it read: got %+v, %v, want the beginning", place, err)
		}
	})
}

func TestJumpingToALaterPageReadsNothingBeforeIt(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, maya := h.member("rowan", community.GroupMember), h.member("maya", community.GroupMember)
		root := h.write(rowan, community.Draft{Text: "root"})
		h.must(h.service.MarkRead(h.ctx, maya, h.thread(maya, root.ID)))
		var replies []community.Post
		for range community.ThreadPage + 3 {
			replies = append(replies, h.reply(rowan, root, "on and on"))
		}
		place, err := h.service.PostPlace(h.ctx, maya, replies[len(replies)-1].ID)
		h.must(err)
		look := func(ask community.Paging, from bool) community.ThreadView {
			view, err := h.service.Thread(h.ctx, maya, root.ID, ask, from)
			h.must(err)
			h.must(h.service.MarkRead(h.ctx, maya, view))
			return view
		}
		look(community.Paging{After: place.From}, true)
		if at, err := h.service.UnreadPlace(h.ctx, maya, root.ID); err != nil || at.PostID != replies[0].ID {
			h.t.Errorf("after jumping to the end the first unread is %s, %v; want the first reply %s", at.PostID, err, replies[0].ID)
		}
		first := look(community.Paging{}, false)
		look(community.Paging{After: first.Later}, false)
		if at, err := h.service.UnreadPlace(h.ctx, maya, root.ID); err != nil || at.PostID != root.ID {
			h.t.Errorf("after both pages the first unread is %s, %v; want nothing left", at.PostID, err)
		}
	})
}

func TestOldThreadsAreNotNewToNewcomers(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, ash := h.member("rowan", community.GroupMember), h.person("ash")
		root := h.write(rowan, community.Draft{Text: "root"})
		h.must(h.store.InsertMembership(h.ctx, community.Membership{ID: "late", GroupID: h.group.ID, AccountID: "ash",
			Role: community.GroupMember, State: community.MemberActive, CreatedAt: h.clock(), ChangedAt: h.clock()}))
		page, err := h.service.Home(h.ctx, ash, community.Paging{})
		h.must(err)
		if len(page.Items) != 1 || page.Items[0].New {
			h.t.Errorf("got %+v, want the thread, not new", page.Items)
		}
		h.reply(rowan, root, "a word since")
		if page, err = h.service.Home(h.ctx, ash, community.Paging{}); err != nil || !page.Items[0].New {
			h.t.Errorf("after a reply: got %+v, %v, want it new", page.Items, err)
		}
	})
}

func TestHomeHasTheGroupsOneIsInAlone(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, maya := h.member("rowan", community.GroupMember), h.person("maya")
		other := h.newGroup("other", community.ReadersAnyone, community.ReachNowhere)
		h.join(rowan, other, community.GroupMember)
		h.join(maya, other, community.GroupMember)
		h.write(rowan, community.Draft{Text: "for carers"})
		open := h.write(rowan, community.Draft{GroupID: "other", Text: "open"})
		titles := func(v community.Viewer) (titles []string) {
			page, err := h.service.Home(h.ctx, v, community.Paging{})
			h.must(err)
			for _, s := range page.Items {
				titles = append(titles, s.GroupTitle+": "+s.Title)
			}
			return titles
		}
		if got, want := titles(maya), []string{"Other: open"}; !slices.Equal(got, want) {
			h.t.Errorf("got %v, want %v", got, want)
		}
		if got, want := titles(rowan), []string{"Other: open", "Carers: for carers"}; !slices.Equal(got, want) {
			h.t.Errorf("got %v, want %v", got, want)
		}
		if got := titles(h.person("ash")); len(got) != 0 {
			h.t.Errorf("somebody in no group: got %v, want nothing", got)
		}
		posts, err := h.service.PostsOf(h.ctx, maya, "rowan", community.Paging{})
		h.must(err)
		if len(posts.Items) != 1 || posts.Items[0].ID != open.ID {
			h.t.Errorf("the posts of somebody one shares one group with: got %+v, want the one there", posts.Items)
		}
		if posts, err = h.service.PostsOf(h.ctx, community.Viewer{}, "rowan", community.Paging{}); err != nil || len(posts.Items) != 0 {
			h.t.Errorf("a visitor: got %+v, %v, want nothing", posts.Items, err)
		}
	})
}

func TestBlockedPeopleAreFoldedAwayAndSilent(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, maya := h.member("rowan", community.GroupMember), h.member("maya", community.GroupMember)
		root := h.write(rowan, community.Draft{Text: "root"})
		h.must(h.service.MarkRead(h.ctx, rowan, h.thread(rowan, root.ID)))
		_, err := h.db.ExecContext(h.ctx, "INSERT INTO blocks (user_id, kind, what, since) VALUES ('u-rowan', 'account', 'maya', '2026-03-04 12:00:00+00:00')")
		h.must(err)
		reply := h.reply(maya, root, "@rowan hello")
		_, err = h.service.GiveSupport(h.ctx, maya, root.ID, community.SupportWithYou, true)
		h.must(err)
		if got := h.notices(rowan); len(got) != 0 {
			h.t.Errorf("heard %v from somebody they blocked", got)
		}
		view := h.thread(rowan, root.ID)
		if !view.Posts[1].Blocked || view.Posts[1].New || len(view.Posts[0].SupportedBy) != 0 || view.FirstUnread != "" {
			h.t.Errorf("got %+v", view.Posts)
		}
		if page, _ := h.service.Home(h.ctx, rowan, community.Paging{}); page.Items[0].New {
			h.t.Error("a reply of somebody they blocked makes the thread new")
		}
		if other := h.thread(maya, root.ID); other.Posts[1].Blocked || other.Posts[1].ID != reply.ID {
			h.t.Error("the one who was blocked sees it")
		}
	})
}
