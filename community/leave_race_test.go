package community_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/secret"
	"hearth/storage"
)

// isPostgres says whether the hall's engine is the one on which two write at once.
func (h *hall) isPostgres() bool {
	var version string
	return h.db.QueryRow("SHOW server_version").Scan(&version) == nil
}

// awaitWaiting returns when so many of the database wait for somebody else's lock, or
// something is done.
func (h *hall) awaitWaiting(n int, done <-chan error) {
	h.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; {
		if h.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") >= n || len(done) > 0 {
			return
		}
		if time.Now().After(deadline) {
			h.t.Fatalf("%d do not wait after a minute", n)
		}
	}
}

// holdGroup has whoever writes in the hall's group wait at its end until let go.
func (h *hall) holdGroup() (letGo func()) {
	h.t.Helper()
	tx, err := h.db.BeginTx(h.ctx, &sql.TxOptions{})
	h.must(err)
	_, err = tx.Exec("SELECT 1 FROM groups WHERE actor_id = '" + h.group.ID + "' FOR UPDATE")
	h.must(err)
	return func() { h.must(tx.Rollback()) }
}

func TestR43WhatIsWrittenInTheMomentOfLeavingGoesOutOfSightToo(t *testing.T) {
	eachHall(t, func(h *hall) {
		if !h.isPostgres() {
			return // the engine has one writer: one of the two is over before the other begins
		}
		rowan := h.leaver("rowan", community.GroupMember)
		letGo := h.holdGroup()
		id, wrote, left := h.service.NewDraftID(), make(chan error, 1), make(chan error, 1)
		go func() {
			wrote <- errOf(h.service.WritePost(h.ctx, rowan, community.Draft{ID: id, GroupID: h.group.ID, Title: "A title", Text: "Words."}))
		}()
		h.awaitWaiting(1, wrote)
		go func() { left <- errOf(h.service.Leave(h.ctx, rowan, leaverPassword)) }()
		h.awaitWaiting(2, left)
		letGo()
		h.must(<-wrote)
		h.must(<-left)
		h.wantsState("written before they had left,", id, community.PostAway)
	})
}

func TestR43WhoeverHasLeftWritesAndJoinsNothingFromAPageThatWasOpen(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan := h.leaver("rowan", community.GroupMember)
		other := h.newGroup("night-owls", community.ReadersMembers, community.ReachNowhere)
		h.leave(rowan)
		wantErr(h.t, "writing", errOf(h.service.WritePost(h.ctx, rowan, community.Draft{GroupID: h.group.ID, Title: "A title", Text: "Words."})), community.Forbidden, "leave.left_already")
		wantErr(h.t, "joining", errOf(h.service.JoinGroup(h.ctx, rowan, other.Name, community.JoinRequest{Consents: takePart})), community.Forbidden, "leave.left_already")
		wantErr(h.t, "taking a group", h.service.AnswerOffer(h.ctx, rowan, h.group.Name, true), community.Forbidden, "leave.left_already")
	})
}

func TestR43WhatWasDecidedOfAMembershipReadBeforeTheyLeftBringsNobodyBackIntoSight(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan := h.leaver("rowan", community.GroupMember)
		read, err := h.store.Membership(h.ctx, h.group.ID, rowan.ActingID())
		h.must(err)
		h.leave(rowan)
		for _, state := range []string{community.MemberActive, community.MemberAsked} {
			read.State = state
			wantErr(h.t, "storing "+state, h.store.UpdateMembership(h.ctx, read), community.Conflict, "error.conflict")
		}
		h.returns(rowan)
		read.State = community.MemberActive
		h.must(h.store.UpdateMembership(h.ctx, read)) // of whoever is back, all is as it was
		h.leave(rowan)
		read.State = community.MemberLeft
		h.must(h.store.UpdateMembership(h.ctx, read)) // and out they may be taken
	})
}

// personLocks notes in which order a transaction locks a person and the record.
type personLocks struct {
	*storage.Store
	order []string
}

func (l *personLocks) InTx(ctx context.Context, fn func(tx community.Store) error) error {
	return l.Store.InTx(ctx, func(tx community.Store) error { return fn(&personLocksTx{Store: tx, of: l}) })
}

type personLocksTx struct {
	community.Store
	of *personLocks
}

func (l *personLocksTx) UserToChange(ctx context.Context, id string) (community.User, error) {
	l.of.order = append(l.of.order, "person")
	return l.Store.UserToChange(ctx, id)
}

func (l *personLocksTx) LastDecision(ctx context.Context, scope string) (community.Decision, error) {
	l.of.order = append(l.of.order, "record")
	return l.Store.LastDecision(ctx, scope)
}

func TestARoleChangesInTheOrderInWhichItsPersonLeaves(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, warden := h.leaver("rowan", community.GroupMember), h.asWarden()
		changes, leaves := &personLocks{Store: h.store}, &personLocks{Store: h.store}
		service := func(l *personLocks) *community.Service {
			return community.NewService(l, community.WithClock(h.clock), community.WithPasswords(secret.NewTestPasswords()))
		}
		h.must(service(changes).ChangeRole(h.ctx, warden, rowan.User.ID, community.RoleModerator))
		h.must(errOf(service(leaves).Leave(h.ctx, rowan, leaverPassword)))
		for who, l := range map[string]*personLocks{"changing a role": changes, "leaving": leaves} {
			if len(l.order) < 2 || l.order[0] != "person" || l.order[1] != "record" {
				h.t.Errorf("%s locks %q, want the person before the record", who, l.order)
			}
		}
	})
}

func TestAGroupIsNotAgreedToForWhoeverHasLeftMeanwhile(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, warden := h.leaver("rowan", community.GroupMember), h.asWarden()
		g := h.newGroup("night-owls", community.ReadersMembers, community.ReachNowhere)
		asker := rowan.ActingID()
		g.State, g.AskedBy = community.GroupAsked, &asker
		h.must(h.store.UpdateGroup(h.ctx, g))
		answered := make(chan error, 1)
		answer := func() {
			answered <- errOf(h.service.AnswerGroup(h.ctx, warden, g.ID, community.GroupAnswer{Approve: true}))
		}
		leave := "UPDATE users SET state = 'left' WHERE id = '" + rowan.User.ID + "'"
		if h.isPostgres() {
			tx, err := h.db.BeginTx(h.ctx, &sql.TxOptions{})
			h.must(err)
			_, err = tx.Exec(leave)
			h.must(err)
			go answer()
			h.awaitWaiting(1, answered)
			h.must(tx.Commit())
		} else { // the engine has one writer: whoever answers comes after
			_, err := h.db.Exec(leave)
			h.must(err)
			go answer()
		}
		wantErr(h.t, "agreeing", <-answered, community.Conflict, "group_admin.answered")
		if g, err := h.store.Group(h.ctx, g.ID); err != nil || g.State != community.GroupAsked {
			h.t.Errorf("the group is %s, %v; want that nobody answered", g.State, err)
		}
	})
}
