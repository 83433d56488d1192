package main

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"hearth/community"
	"hearth/storage/storagetest"
	"hearth/web"
)

// history is a group of oak with a past, which nobody elsewhere follows yet, and
// what an outsider may have of it: addresses of threads and answers.
type history struct {
	*pair
	group   community.Group
	lena    *guest // who agreed to no copies elsewhere
	shared  []string
	threads []community.Post
	answers map[string]int // by the title of their thread
	pinned  community.Post
	locked  community.Post
}

// eachHistory is a group with a past at a hearth on one engine, for a hearth on the
// other: one engine each way.
func eachHistory(t *testing.T, fn func(h *history)) {
	t.Run("sqlite from postgres", func(t *testing.T) { fn(newHistory(strangers(t, storagetest.PostgresDatabase(t), ""))) })
	t.Run("postgres from sqlite", func(t *testing.T) { fn(newHistory(strangers(t, "", storagetest.PostgresDatabase(t)))) })
}

func newHistory(p *pair) *history {
	p.Helper()
	h := &history{pair: p, answers: map[string]int{}}
	h.arrive()
	h.begins()
	h.talks()
	h.looksAfter()
	h.isPublished()
	return h
}

// arrive lets people in, by the open doors.
func (h *history) arrive() {
	h.Helper()
	words, err := web.NewCatalogue(true)
	h.must(err)
	h.admin = h.pair.guest(h.oak, "oak-admin", words)
	for who, at := range map[**guest]struct {
		hearth      *demoHearth
		login, name string
	}{&h.rowan: {h.oak, "rowan-in", "still-lake"}, &h.lena: {h.oak, "lena-in", "grey-heron"}, &h.maya: {h.elm, "maya-in", "soft-orchard"}} {
		*who, err = at.hearth.arrive(h.ctx, at.login, at.name, words)
		h.must(err)
	}
}

// begins makes the group for members alone, who write in it, and then opens it.
func (h *history) begins() {
	h.Helper()
	service := h.oak.node.house.service
	narrow := community.Audience{Readers: community.ReadersMembers, Reach: community.ReachNowhere, Listed: true}
	draft := demoGroups["oak"]
	draft.Name, draft.Title, draft.Audience = "with-a-past", "With a past", narrow
	draft.Consents = h.admin.consents("take_part_founder", community.Group{Readers: narrow.Readers, Reach: community.ReachAnywhere})[:1]
	var err error
	h.group, err = service.MakeGroup(h.ctx, h.admin.Viewer, draft)
	h.must(inWords(err))
	h.writes(h.admin, "", "for members alone")
	wide := h.group.Audience()
	wide.Readers, wide.Reach = community.ReadersAnyone, community.ReachAnywhere
	h.must(service.ChangeAudience(h.ctx, h.admin.Viewer, h.group.ID, h.group.Audience(), wide))
	h.must(h.rowan.join(h.ctx, h.group.ID))
	view, err := service.GroupView(h.ctx, h.lena.Viewer, h.group.ID)
	h.must(err)
	_, err = service.JoinGroup(h.ctx, h.lena.Viewer, h.group.ID, community.JoinRequest{
		RulesVersion: view.Group.RulesVersion, Consents: h.lena.consents("take_part", view.Group)[:1],
	})
	h.must(inWords(err))
}

// writes is a thread, or an answer to something.
func (h *history) writes(who *guest, parent, text string) community.Post {
	h.Helper()
	d := community.Draft{GroupID: h.group.ID, ParentID: parent, Text: text, Language: "en"}
	if parent == "" {
		d.Title = text
	}
	post, err := who.write(h.ctx, d)
	h.must(err)
	return post
}

// shares is writes of what an outsider may have.
func (h *history) shares(who *guest, parent, text string) community.Post {
	h.Helper()
	post := h.writes(who, parent, text)
	h.shared = append(h.shared, post.URI)
	return post
}

// deeper is in how many threads the answer is answered too.
const deeper = 3

// talks is twelve threads that anyone may read, each with an answer, and what its
// author keeps here.
func (h *history) talks() {
	h.Helper()
	for i := range 12 {
		thread := h.shares(h.rowan, "", fmt.Sprint("thread ", i))
		answer := h.shares(h.rowan, thread.ID, fmt.Sprint("an answer to ", i))
		if h.answers[thread.Title] = 1; i < deeper {
			h.shares(h.rowan, answer.ID, fmt.Sprint("an answer to the answer to ", i))
			h.answers[thread.Title] = 2
		}
		h.threads = append(h.threads, thread)
	}
	h.writes(h.lena, "", "a thread that stays at oak")
	h.writes(h.lena, h.threads[0].ID, "an answer that stays at oak")
}

// looksAfter pins, locks, hides and deletes some of it.
func (h *history) looksAfter() {
	h.Helper()
	service := h.oak.node.house.service
	h.pinned, h.locked = h.threads[1], h.threads[2]
	h.must(service.PinThread(h.ctx, h.admin.Viewer, h.pinned.ID))
	h.must(service.LockThread(h.ctx, h.admin.Viewer, h.locked.ID, "It has said what it had to."))
	for _, post := range []community.Post{h.writes(h.rowan, "", "a hidden thread"), h.writes(h.rowan, h.threads[3].ID, "a hidden answer")} {
		_, err := service.ModeratePost(h.ctx, h.admin.Viewer, post.ID, community.Measure{Kind: community.MeasureHide, Reason: "Please leave out the dose.", Version: 1})
		h.must(inWords(err))
	}
	for _, post := range []community.Post{h.writes(h.rowan, "", "a deleted thread"), h.writes(h.rowan, h.threads[4].ID, "a deleted answer")} {
		_, err := service.DeletePost(h.ctx, h.rowan.Viewer, post.ID)
		h.must(inWords(err))
	}
}

// isPublished waits until nothing of it waits to be told of: what is told after
// somebody came is no past.
func (h *history) isPublished() {
	h.Helper()
	db := storagetest.SQL(h.T, h.oak.database)
	h.must(until(h.ctx, "oak has told of all", func() (bool, error) {
		n, err := count(db, "SELECT count(*) FROM events WHERE done_at IS NULL AND group_id = '"+h.group.ID+"'")
		return n == 0, err
	}))
}

// comesHere has maya of elm follow the group, and waits until its past is fetched.
func (h *history) comesHere() community.Actor {
	h.Helper()
	h.must(h.maya.follow(h.ctx, "!with-a-past@"+h.oak.node.house.host))
	store := h.elm.node.house.store
	copied, err := store.ActorByURI(h.ctx, h.group.URI)
	h.must(err)
	var job community.Job
	h.must(until(h.ctx, "elm knows its past", func() (bool, error) {
		job, err = store.LastJob(h.ctx, community.JobBackfill, copied.ID)
		return err == nil && !job.IsOpen(), err
	}))
	if job.State != community.JobDone || job.Error != "" {
		h.Errorf("the backfill is %s: %q, want it done", job.State, job.Error)
	}
	return copied
}

// What a hearth gives an outsider of a group's past is what another has of it once
// somebody there follows: all of that, and nothing else.
func TestAHearthHasThePastOfAGroupOfAHearth(t *testing.T) {
	eachHistory(t, func(h *history) {
		copied := h.comesHere()
		db := storagetest.SQL(h.T, h.elm.database)
		got := storagetest.Strings(h.T, db, "SELECT uri FROM posts WHERE group_id = '"+copied.ID+"'")
		slices.Sort(got)
		slices.Sort(h.shared)
		if !slices.Equal(got, h.shared) {
			h.Errorf("elm has %d posts %q, want the %d that are shared %q", len(got), got, len(h.shared), h.shared)
		}
		for _, words := range []string{"for members alone", "stays at oak", "hidden", "deleted", "leave out the dose"} {
			like := "'%" + words + "%'"
			if n, err := count(db, "SELECT count(*) FROM posts WHERE title LIKE "+like+" OR html LIKE "+like+" OR source LIKE "+like); err != nil || n != 0 {
				h.Errorf("elm has %d posts with %q, %v", n, words, err)
			}
		}
		if odd := storagetest.Strings(h.T, db, "SELECT uri FROM posts WHERE group_id = '"+copied.ID+"' AND (state <> 'published' OR NOT backfilled OR verified <> 'origin')"); len(odd) > 0 {
			h.Errorf("not all are shown as of the past, from their own server: %q", odd)
		}
		if told := storagetest.Strings(h.T, db, "SELECT kind FROM notices WHERE group_id = '"+copied.ID+"'"); !slices.Equal(told, []string{community.NoticeJoined}) {
			h.Errorf("maya has notices of %q, want only that she was let in", told)
		}
		h.isAsAtHome(copied)
	})
}

// isAsAtHome wants the threads in the order that they have at oak, pinned, locked and
// answered as they are there, and nothing of them new.
func (h *history) isAsAtHome(copied community.Actor) {
	h.Helper()
	service := h.elm.node.house.service
	view, err := service.GroupView(h.ctx, h.maya.Viewer, copied.ID)
	h.must(err)
	page, pinned, err := service.Threads(h.ctx, h.maya.Viewer, view, community.ByActivity, community.Paging{})
	h.must(err)
	var got, want []string
	for _, t := range slices.Concat(pinned, page.Items) {
		got = append(got, t.Title)
		if t.New || t.Replies != h.answers[t.Title] || (t.Title == h.pinned.Title) != (t.PinnedAt != nil) || (t.Title == h.locked.Title) != (t.LockedAt != nil) {
			h.Errorf("%s: new %v, %d answers, pinned %v, locked %v", t.Title, t.New, t.Replies, t.PinnedAt, t.LockedAt)
		}
	}
	want = append(want, h.pinned.Title)
	for _, t := range slices.Backward(h.threads) {
		if t.ID != h.pinned.ID {
			want = append(want, t.Title)
		}
	}
	if !slices.Equal(got, want) {
		h.Errorf("elm's threads are %q, want %q", got, want)
	}
	_, err = h.elm.node.house.store.ActorByURI(h.ctx, h.lena.Accounts[0].URI)
	if !errors.Is(err, community.NotFound) {
		h.Errorf("elm knows who agreed to no copies: %v, want NotFound", err)
	}
}
