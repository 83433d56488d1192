package community_test

import (
	"errors"
	"slices"
	"testing"

	"hearth/community"
	"hearth/storage/storagetest"
)

// moving is a crowd with two groups of elm.example, of which both warden's account
// here is in, and a thread by kim in the first.
func (h *parlour) moving(kim string) (from, to community.Group, root community.Post) {
	h.Helper()
	group := func(id string) community.Group {
		g := h.opened(id, h.admin.Acting.ID)
		_, err := h.db.Exec("UPDATE actors SET domain = 'elm.example', uri = 'https://elm.example/c/" + id + "', inbox = 'https://elm.example/inbox' WHERE id = '" + id + "'")
		h.must(err)
		g, err = h.store.Group(h.ctx, g.ID)
		h.must(err)
		return g
	}
	from, to = group("quiet"), group("loud")
	root, err := h.service.ReceivePost(h.ctx, inbound(kim, h.epoch(), "root", from)[0])
	h.must(err)
	return from, to, root
}

func (h *parlour) wantsTogether(root community.Post, in community.Group, posts string) {
	h.Helper()
	got := storagetest.Strings(h, h.db, "SELECT group_id || ' ' || count(*) FROM posts WHERE thread_id = '"+root.ID+"' GROUP BY group_id")
	if !slices.Equal(got, []string{in.ID + " " + posts}) {
		h.Errorf("the thread stands in %q, want %s in %s", got, posts, in.ID)
	}
}

// A thread that is moved to another group while it is answered stays in one piece:
// what names the group that it left is refused.
func TestAThreadThatMovesIsNotSplit(t *testing.T) {
	onCrowd(t, func(h *parlour, kim string) {
		from, to, root := h.moving(kim)
		for _, g := range []community.Group{from, to} {
			h.must(h.store.InsertConsent(h.ctx, community.Consent{ID: "yes-" + g.ID, UserID: h.admin.User.ID, AccountID: h.admin.Acting.ID, GroupID: &g.ID, Scope: community.ConsentFederate, GivenAt: h.now}))
		}
		epoch := h.epoch()
		h.movesDuring(root, to, "a reply that comes", func() error {
			in := inbound(kim, epoch, "reply", from)[0]
			in.InReplyToURI = root.URI
			_, err := h.service.ReceivePost(h.ctx, in)
			wantErr(h.T, "of the group before", err, community.Forbidden, "receive.another_group")
			return nil
		})
		h.wantsTogether(root, to, "1")
		h.movesDuring(root, from, "a reply that is written here", func() error {
			_, err := h.service.WritePost(h.ctx, h.admin, community.Draft{GroupID: to.ID, ParentID: root.ID, Text: "an answer"})
			return err
		})
		h.wantsTogether(root, from, "2")
	})
}

// movesDuring has a thread moved to a group by somebody who has begun and not ended
// when something is written in it.
func (h *parlour) movesDuring(root community.Post, to community.Group, what string, write func() error) {
	h.Helper()
	move := h.begin("UPDATE posts SET version = version WHERE id = '"+root.ID+"'", "UPDATE posts SET group_id = '"+to.ID+"' WHERE thread_id = '"+root.ID+"'")
	written, err := aside(write)
	if !storagetest.AwaitBlocked(h, h.db, 1, written) {
		h.Fatalf("%s did not wait for the move: %v", what, *err)
	}
	h.must(move.Commit())
	<-written
	h.must(*err)
}

// A group puts nothing into threads of another, also not of its own server: who may
// write there is not for it to say.
func TestAGroupPutsNothingIntoThreadsOfAnother(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		kim := h.farAccount("kim").ID
		from, to, root := h.moving(kim)
		late, reply := inbound(kim, h.epoch(), "late", from)[0], inbound(kim, h.epoch(), "reply", to)[0]
		reply.InReplyToURI = root.URI
		_, err := h.service.ReceivePost(h.ctx, reply)
		wantErr(h.T, "a reply", err, community.Forbidden, "receive.another_group")
		middle := inbound(kim, h.epoch(), "middle", to)[0]
		late.InReplyToURI, middle.InReplyToURI = middle.URI, root.URI
		_, err = h.service.ReceivePost(h.ctx, late)
		h.must(err)
		h.must(h.service.ReceiveThreadMove(h.ctx, community.ThreadMove{PostID: root.ID, FromID: from.ID, ToID: to.ID, Epoch: h.epoch()}))
		_, err = h.service.ReceivePost(h.ctx, middle)
		h.must(err)
		h.wantsTogether(root, to, "2")
		if _, err := h.store.PostByURI(h.ctx, late.URI); !errors.Is(err, community.NotFound) {
			t.Errorf("what waited for it in the group before: %v, want NotFound", err)
		}
	})
}

// What was deleted while it waited to be hidden stays deleted: to show it again would
// show it without its words.
func TestWhatIsDeletedWhileItIsHiddenWithOthersStaysDeleted(t *testing.T) {
	onCrowd(t, func(h *parlour, kim string) {
		group, _, root := h.moving(kim)
		in := inbound(kim, h.epoch(), "reply", group)[0]
		in.InReplyToURI = root.URI
		reply, err := h.service.ReceivePost(h.ctx, in)
		h.must(err)
		deletion := h.begin("UPDATE posts SET state = 'deleted' WHERE id = '" + reply.ID + "'")
		removal := community.Deletion{URI: root.URI, ActorURI: group.URI, ByGroup: true, WithReplies: true, Epoch: h.epoch()}
		hidden, err2 := aside(func() error {
			_, err := h.service.ReceiveDelete(h.ctx, removal)
			return err
		})
		if !storagetest.AwaitBlocked(h, h.db, 1, hidden) {
			h.Fatalf("the removal did not wait: %v", *err2)
		}
		h.must(deletion.Commit())
		<-hidden
		h.must(*err2)
		_, err = h.service.ReceiveRestore(h.ctx, removal)
		h.must(err)
		if now, err := h.store.Post(h.ctx, reply.ID); err != nil || now.State != community.PostDeleted {
			h.Errorf("the reply is %s, %v; want it deleted", now.State, err)
		}
	})
}
