package community_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"hearth/community"
	"hearth/community/policy"
	"hearth/community/secret"
	"hearth/storage/storagetest"
)

// onCrowd is a parlour with kim of elm.example, who is a member of its groups,
// on PostgreSQL: on SQLite nobody waits for anybody in the midst of a transaction.
func onCrowd(t *testing.T, fn func(h *parlour, kim string)) {
	eachParlour(t, func(h *parlour) {
		if strings.HasSuffix(h.Name(), "/sqlite") {
			return
		}
		kim := secret.NewActorID()
		h.must(h.store.InsertAccount(h.ctx, community.Account{Actor: community.Actor{
			ID: kim, URI: "https://elm.example/u/kim", Type: community.ActorPerson, Domain: "elm.example", Name: "kim", Title: "Kim", CreatedAt: h.now}}))
		fn(h, kim)
	})
}

// opened is a group that reaches everywhere, with a member.
func (h *parlour) opened(id, memberID string) community.Group {
	h.Helper()
	g := community.Group{
		Actor: community.Actor{ID: id, URI: "https://oak.example/g/" + id, Type: community.ActorGroup, Name: id, Title: id, CreatedAt: h.now, DisclosedAt: &h.now},
		State: community.GroupActive, Joining: community.JoiningOpen, Readers: community.ReadersAnyone, Reach: community.ReachAnywhere, LastActivityAt: h.now.AddDate(0, 0, -1),
	}
	h.must(h.store.InsertGroup(h.ctx, g))
	h.must(h.store.InsertMembership(h.ctx, community.Membership{ID: secret.NewActorID(), GroupID: id, AccountID: memberID, Role: community.GroupMember,
		State: community.MemberActive, CreatedAt: h.now, ChangedAt: h.now}))
	return g
}

// inbound are posts of somebody elsewhere, one for each group, judged by an epoch.
func inbound(authorID string, epoch int64, what string, groups ...community.Group) (posts []community.Inbound) {
	for _, g := range groups {
		posts = append(posts, community.Inbound{URI: fmt.Sprintf("https://elm.example/p/%s-%s", what, g.ID), GroupID: g.ID, AuthorID: authorID,
			Title: what, HTML: "<p>words</p>", Verified: community.VerifiedSigned, Epoch: epoch})
	}
	return posts
}

// aside runs something at the side and says when it has ended. Its error is to be
// read then.
func aside(fn func() error) (ended chan struct{}, err *error) {
	ended, err = make(chan struct{}), new(error)
	go func() {
		defer close(ended)
		*err = fn()
	}()
	return ended, err
}

// begin is a transaction that somebody else has open until it is committed.
func (h *parlour) begin(statements ...string) *sql.Tx {
	h.Helper()
	tx, err := h.db.BeginTx(h.ctx, nil)
	h.must(err)
	h.Cleanup(func() { tx.Rollback() }) // after a Fatal, so that nobody waits for ever
	for _, s := range statements {
		_, err := tx.Exec(s)
		h.must(err)
	}
	return tx
}

const judging = "SELECT epoch FROM policy_epoch WHERE id = 1 FOR SHARE" // as whoever receives does

// Whoever shares a lock is let past those who wait to change the row. In a flood
// of posts a suspension would never have its turn.
func TestASuspensionComesThroughAFloodOfPostsAndHoldsForTheNext(t *testing.T) {
	onCrowd(t, func(h *parlour, kim string) {
		carers, epoch := h.opened("carers", kim), h.epoch()
		receive := func(what string) func() error {
			return func() error {
				all, err := h.service.ReceivePosts(h.ctx, inbound(kim, epoch, what, carers))
				if err == nil {
					err = all[0].No
				}
				return err
			}
		}
		h.must(receive("before")())
		first := h.begin(judging)
		suspended, no := aside(func() error {
			_, err := h.service.SetPolicyAsOperator(h.ctx, community.PolicyDraft{Domain: "elm.example", Severity: policy.Suspend})
			return err
		})
		if !storagetest.AwaitBlocked(h, h.db, 1, suspended) {
			h.Fatalf("the suspension did not wait for who was judging: %v", *no)
		}
		next, refused := aside(receive("next"))
		if !storagetest.AwaitBlocked(h, h.db, 2, next) {
			h.Errorf("a post was taken past the suspension that waits: %v", *refused)
		}
		h.must(first.Commit())
		<-suspended
		<-next
		h.must(*no)
		h.wants("a post that came behind the suspension", *refused, community.Conflict)
		if _, err := h.store.PostByURI(h.ctx, "https://elm.example/p/next-carers"); !errors.Is(err, community.NotFound) {
			h.Errorf("it stands here: %v", err)
		}
	})
}

// Who changes whom we talk to waits for those who are judging with nothing in
// their hands that these may need.
func TestAFrontDoorIsMovedWithThePolicysLockFirst(t *testing.T) {
	onCrowd(t, func(h *parlour, _ string) {
		site, err := h.service.Site(h.ctx)
		h.must(err)
		draft := community.SiteDraftOf(site)
		draft.FrontDoor = community.FrontDoorClosed
		judge := h.begin(judging)
		saved, no := aside(func() error { return h.service.SaveSite(h.ctx, h.admin, draft) })
		if !storagetest.AwaitBlocked(h, h.db, 1, saved) {
			h.Fatalf("the change did not wait for who was judging: %v", *no)
		}
		var free bool
		h.must(judge.QueryRow("SELECT pg_try_advisory_xact_lock(hashtext('decisions:'))").Scan(&free))
		if !free {
			h.Error("it holds the chain of decisions while it waits: whoever judges and then decides would wait for it in turn")
		}
		h.must(judge.Commit())
		<-saved
		h.must(*no)
		if site, err := h.store.Site(h.ctx); err != nil || site.FrontDoor != community.FrontDoorClosed {
			h.Errorf("got %q, %v; want the door closed", site.FrontDoor, err)
		}
	})
}

// Two admins who move the front door at once: the second is told, and not heard.
func TestAFrontDoorThatIsMovedMeanwhileIsAConflict(t *testing.T) {
	onCrowd(t, func(h *parlour, _ string) {
		site, err := h.service.Site(h.ctx)
		h.must(err)
		draft := community.SiteDraftOf(site)
		draft.Name = "Oak Lane" // and the door as it was
		other := h.begin("SELECT pg_advisory_xact_lock(hashtext('decisions:'))")
		saved, no := aside(func() error { return h.service.SaveSite(h.ctx, h.admin, draft) })
		if !storagetest.AwaitBlocked(h, h.db, 1, saved) {
			h.Fatalf("the change did not wait for the other: %v", *no)
		}
		_, err = other.Exec("UPDATE site SET front_door = 'closed'")
		h.must(err)
		h.must(other.Commit())
		<-saved
		h.wants("a change that would open what was closed meanwhile", *no, community.Conflict)
		if site, err := h.store.Site(h.ctx); err != nil || site.FrontDoor != community.FrontDoorClosed || site.Name == "Oak Lane" {
			h.Errorf("got %q, %q, %v; want the other's change alone", site.Name, site.FrontDoor, err)
		}
	})
}

// Two runs that touch the same groups, each in its own order, wait for the first
// of them in one order, and neither holds what the other waits for.
func TestRunsThatTouchGroupsInOppositeOrderDoNotHoldThemAgainstEachOther(t *testing.T) {
	onCrowd(t, func(h *parlour, kim string) {
		second, first := h.opened("b-group", kim), h.opened("a-group", kim) // stored in the other order
		epoch := h.epoch()
		run := func(what string, groups ...community.Group) (chan struct{}, *error) {
			return aside(func() error {
				_, err := h.service.ReceivePosts(context.Background(), inbound(kim, epoch, what, groups...))
				return err
			})
		}
		const hold = "SELECT 1 FROM groups WHERE actor_id = '%s' FOR NO KEY UPDATE NOWAIT"
		other := h.begin(fmt.Sprintf(hold, first.ID))
		one, oneFailed := run("one", second, first)
		if !storagetest.AwaitBlocked(h, h.db, 1, one) {
			h.Fatalf("a run did not wait for its group: %v", *oneFailed)
		}
		two, twoFailed := run("two", first, second)
		if !storagetest.AwaitBlocked(h, h.db, 2, two) {
			h.Fatalf("the other run did not wait for its group: %v", *twoFailed)
		}
		if _, err := other.Exec(fmt.Sprintf(hold, second.ID)); err != nil {
			h.Errorf("a run holds the second group while it waits for the first: %v", err)
		}
		h.must(other.Rollback())
		<-one
		<-two
		h.must(errors.Join(*oneFailed, *twoFailed))
		for _, uri := range []string{"one-a-group", "one-b-group", "two-a-group", "two-b-group"} {
			if _, err := h.store.PostByURI(h.ctx, "https://elm.example/p/"+uri); err != nil {
				h.Errorf("%s: %v", uri, err)
			}
		}
	})
}
