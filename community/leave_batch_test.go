package community_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/secret"
	"hearth/storage"
)

var errKilled = errors.New("killed")

// stumbling is a store of a process that is killed after some transactions.
type stumbling struct {
	*storage.Store
	left int
}

func (s *stumbling) InTx(ctx context.Context, fn func(tx community.Store) error) error {
	if s.left == 0 {
		return errKilled
	}
	s.left--
	return s.Store.InTx(ctx, fn)
}

// killedAfter is a service that is killed after some transactions.
func (h *hall) killedAfter(transactions int) *community.Service {
	return community.NewService(&stumbling{h.store, transactions}, community.WithClock(h.clock), community.WithPasswords(secret.NewTestPasswords()))
}

// muchWritten is more than one transaction moves.
const muchWritten = 450

// writesMuch has somebody answer in a thread, and stand in other things of which
// there can be many, and gives the posts, the oldest first.
func (h *hall) writesMuch(v community.Viewer, root community.Post) (ids []string) {
	h.t.Helper()
	posts := make([]community.Post, muchWritten)
	for i := range posts {
		id := secret.NewID(noon)
		at := noon.Add(time.Duration(i) * time.Second)
		posts[i] = community.Post{
			ID: id, URI: "https://willow.example/p/" + id, GroupID: root.GroupID, AuthorID: v.ActingID(), ThreadID: root.ID, ParentID: &root.ID, InReplyToURI: root.URI,
			State: community.PostPublished, Source: fmt.Sprint("words ", i), Readers: root.Readers, Reach: root.Reach, Verified: community.VerifiedLocal, Version: 1,
			PublishedAt: at, ReceivedAt: at, LastActivityAt: at,
		}
		ids = append(ids, id)
	}
	h.must(h.store.InsertPosts(h.ctx, posts))
	h.must(h.store.GrowThreads(h.ctx, posts))
	_, err := h.db.Exec(`INSERT INTO supports (post_id, account_id, kind, given_at) SELECT id, '` + v.ActingID() + `', 'with_you', received_at FROM posts WHERE parent_id IS NOT NULL`)
	h.must(err)
	_, err = h.db.Exec(`INSERT INTO read_marks (user_id, thread_id, read_until) SELECT '` + v.User.ID + `', id, received_at FROM posts WHERE parent_id IS NOT NULL`)
	h.must(err)
	return ids
}

// states are how many posts of somebody there are in each state.
func (h *hall) states(v community.Viewer) map[string]int {
	h.t.Helper()
	rows, err := h.db.Query("SELECT state, count(*) FROM posts WHERE author_id = '" + v.ActingID() + "' GROUP BY state")
	h.must(err)
	defer rows.Close()
	states := map[string]int{}
	for rows.Next() {
		var state string
		var n int
		h.must(rows.Scan(&state, &n))
		states[state] = n
	}
	h.must(rows.Err())
	return states
}

func (h *hall) wantsStates(when string, v community.Viewer, state string, replies int, threadID string) {
	h.t.Helper()
	if got := h.states(v); len(got) != 1 || got[state] != muchWritten {
		h.t.Errorf("%s their posts are %v, want all %s", when, got, state)
	}
	if got := h.stored(threadID).Replies; got != replies {
		h.t.Errorf("%s the thread counts %d replies, want %d", when, got, replies)
	}
}

func TestR43LeavingAndComingBackGoOnAfterTheyWereCutShort(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, maya := h.leaver("rowan", community.GroupMember), h.member("maya", community.GroupMember)
		root := h.write(maya, community.Draft{Title: "A long night", Text: "maya begins"})
		ids := h.writesMuch(rowan, root)

		code, err := h.killedAfter(1).Leave(h.ctx, rowan, leaverPassword)
		if err != nil || code == "" {
			h.t.Fatalf("left, and was told %v: nobody has the code of the receipt", err)
		}
		if _, err := h.service.Profile(h.ctx, maya, "rowan"); !errors.Is(err, community.NotFound) {
			h.t.Errorf("the profile: %v, want that there is none", err)
		}
		if m := h.groupView(rowan).Membership; m.IsActive() {
			h.t.Error("whoever left is in the group")
		}
		h.wantsState("at once,", ids[muchWritten-1], community.PostAway)
		if got := h.states(rowan); got[community.PostPublished] == 0 || h.stored(root.ID).Replies != got[community.PostPublished] {
			h.t.Fatalf("%v posts, and %d replies are counted: this test sees nothing cut short", got, h.stored(root.ID).Replies)
		}
		h.tidy(10 * time.Minute)
		h.wantsStates("after the clock's next turn", rowan, community.PostAway, 0, root.ID)

		device := h.signIn(rowan)
		h.must(h.killedAfter(1).ComeBack(h.ctx, device))
		h.wantsState("at once,", ids[muchWritten-1], community.PostPublished)
		if d, err := h.store.Departure(h.ctx, rowan.User.ID); err != nil || !d.EndsAt.After(d.LeftAt.Add(21*24*time.Hour)) {
			h.t.Errorf("half way back they would be deleted at %s, %v; want 21 days after they began to come back, whoever runs the clock", d.EndsAt, err)
		}
		wantErr(h.t, "the receipt of who came back", errOf(h.service.LeaveReceipt(h.ctx, code)), community.NotFound, "error.not_found")
		if _, err := h.killedAfter(1).Leave(h.ctx, rowan, leaverPassword); err != nil { // turning round half way
			h.t.Fatal(err)
		}
		h.tidy(10 * time.Minute)
		h.wantsStates("left again,", rowan, community.PostAway, 0, root.ID)

		h.must(h.killedAfter(1).ComeBack(h.ctx, h.signIn(rowan)))
		h.tidy(30 * 24 * time.Hour)
		h.wantsStates("back again,", rowan, community.PostPublished, muchWritten, root.ID)
		h.returnsFromNowhere(rowan)
	})
}

// returnsFromNowhere has nothing left of a departure that is over.
func (h *hall) returnsFromNowhere(v community.Viewer) {
	h.t.Helper()
	if _, err := h.store.Departure(h.ctx, v.User.ID); !errors.Is(err, community.NotFound) {
		h.t.Errorf("they came back, and their departure is there: %v", err)
	}
	if u, err := h.store.User(h.ctx, v.User.ID); err != nil || u.State != community.UserActive {
		h.t.Errorf("they came back, and are %s, %v", u.State, err)
	}
}

func TestR43DeletingGoesOnAfterItWasCutShort(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, maya := h.leaver("rowan", community.GroupMember), h.member("maya", community.GroupMember)
		root := h.write(maya, community.Draft{Title: "A long night", Text: "maya begins"})
		ids := h.writesMuch(rowan, root)
		h.must(h.store.DiscloseActor(h.ctx, "rowan", noon))
		_, err := h.db.Exec("UPDATE posts SET reach = 'anywhere' WHERE id IN ('" + ids[0] + "', '" + ids[muchWritten-1] + "')")
		h.must(err)
		h.must(h.store.MarkShown(h.ctx, ids[0], "far.example", noon))
		h.leave(rowan)
		h.mu.Lock()
		h.now = h.now.Add(22 * 24 * time.Hour)
		h.mu.Unlock()

		kills := 0
		for ; ; kills++ {
			_, err := h.killedAfter(7).EraseDeparted(h.ctx) // some of them find out where it stood
			if err == nil {
				break
			}
			if !errors.Is(err, errKilled) || kills > 40 {
				h.t.Fatalf("killed %d times: %v", kills, err)
			}
			got := h.seen(maya, root.ID)
			if got = slices.DeleteFunc(got, func(post string) bool { return post == "deleted::" }); len(got) != 1 {
				h.t.Fatalf("half deleted, maya sees %q", got)
			}
		}
		if kills < 2 {
			h.t.Errorf("it was cut short %d times: this test sees nothing", kills)
		}
		h.wantsStates("at the end", rowan, community.PostDeleted, 0, root.ID)
		for _, table := range []string{"supports", "read_marks"} {
			if got := h.count("SELECT count(*) FROM " + table); got != 0 {
				h.t.Errorf("%d rows of %s are left", got, table)
			}
		}
		waits := h.waits()
		if n, gone := len(waits[community.EventPostDeleted]), len(waits[community.EventAccountGone]); n != 2 || gone != 1 {
			h.t.Errorf("others hear of %d posts and %d accounts, want two and one", n, gone)
		}
		var told time.Time
		h.must(h.db.QueryRow("SELECT tell_at FROM farewells WHERE host = 'far.example'").Scan(&told))
		if len(waits[community.EventAccountGone]) == 1 && !told.Equal(waits[community.EventAccountGone][0]) {
			h.t.Errorf("the receipt says %s, and it goes at %s", told, waits[community.EventAccountGone][0])
		}
	})
}

func (h *hall) count(query string) (n int) {
	h.t.Helper()
	h.must(h.db.QueryRow(query).Scan(&n))
	return n
}

// laneLocks counts how often each transaction stops what is on its way.
type laneLocks struct {
	*storage.Store
	each []int
}

func (l *laneLocks) InTx(ctx context.Context, fn func(tx community.Store) error) error {
	return l.Store.InTx(ctx, func(tx community.Store) error {
		counted := &laneLocksTx{Store: tx}
		err := fn(counted)
		l.each = append(l.each, counted.times)
		return err
	})
}

type laneLocksTx struct {
	community.Store
	times int
}

func (l *laneLocksTx) CancelDeliveries(ctx context.Context, postIDs []string, now time.Time) error {
	l.times++
	return l.Store.CancelDeliveries(ctx, postIDs, now)
}

// Lanes that are locked post by post are in no order, and whoever locks them in
// theirs waits for good.
func TestWhoeverErasesManyPostsLocksTheLanesOfAllOfThemAtOnce(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan := h.leaver("rowan", community.GroupMember)
		for range 3 {
			h.write(rowan, community.Draft{Title: "A title", Text: "words"})
		}
		h.leave(rowan)
		h.now = h.now.Add(22 * 24 * time.Hour)
		locks := &laneLocks{Store: h.store}
		service := community.NewService(locks, community.WithClock(h.clock), community.WithPasswords(secret.NewTestPasswords()))
		h.must(errOf(service.EraseDeparted(h.ctx)))
		if h.states(rowan)[community.PostDeleted] != 3 {
			h.t.Fatalf("the posts are %v, want all deleted", h.states(rowan))
		}
		if !slices.Contains(locks.each, 1) || slices.Max(locks.each) > 1 {
			h.t.Errorf("the transactions locked %v times, want none more than once", locks.each)
		}
	})
}
