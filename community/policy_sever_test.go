package community_test

import (
	"context"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/community/secret"
)

// tie is a membership between here and elm.example, under a Follow.
func (h *parlour) tie(id, groupID, accountID string) {
	h.Helper()
	h.must(h.store.InsertMembership(h.ctx, community.Membership{ID: id, GroupID: groupID, AccountID: accountID, Role: community.GroupMember,
		State: community.MemberActive, FollowURI: "https://follow.example/" + id, CreatedAt: h.now, ChangedAt: h.now}))
}

// farAccount is somebody of elm.example.
func (h *parlour) farAccount(name string) community.Account {
	h.Helper()
	a := community.Account{Actor: community.Actor{ID: secret.NewActorID(), URI: "https://elm.example/u/" + name, Type: community.ActorPerson, Domain: "elm.example", Name: name, Title: name, CreatedAt: h.now}}
	h.must(h.store.InsertAccount(h.ctx, a))
	return a
}

func (h *parlour) policy(severity string) {
	h.Helper()
	h.now = h.now.Add(time.Minute)
	_, err := h.service.SetPolicyAsOperator(h.ctx, community.PolicyDraft{Domain: "elm.example", Severity: severity})
	h.must(err)
}

func (h *parlour) lift() {
	h.Helper()
	h.now = h.now.Add(time.Minute)
	h.must(h.service.LiftPolicyAsOperator(h.ctx, "elm.example"))
}

// said are the kinds of events about memberships, in order, since the last call.
func (h *parlour) said() []string {
	h.Helper()
	kinds := h.column("SELECT kind FROM events WHERE kind IN ('left', 'follow_answered') ORDER BY kind, seq")
	_, err := h.db.Exec("DELETE FROM events")
	h.must(err)
	return kinds
}

// changingStore changes the policies after they were read, before anything of a
// transaction is.
type changingStore struct {
	community.Store
	change func()
}

func (s *changingStore) InTx(ctx context.Context, fn func(tx community.Store) error) error {
	if change := s.change; change != nil {
		s.change = nil
		change()
	}
	return s.Store.InTx(ctx, fn)
}

func TestNobodyJoinsAGroupOfAServerThatIsRefusedMeanwhile(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		far := community.Group{Actor: community.Actor{ID: secret.NewActorID(), URI: "https://elm.example/g/1", Type: community.ActorGroup, Domain: "elm.example", Name: "quiet", Title: "Quiet", CreatedAt: h.now},
			State: community.GroupActive, Joining: community.JoiningOpen, Readers: community.ReadersAnyone, Reach: community.ReachAnywhere, LastActivityAt: h.now}
		h.must(h.store.InsertGroup(h.ctx, far))
		rowan := h.person("rowan")
		h.policy(policy.Allow)
		store := &changingStore{h.store, func() { h.policy(policy.Suspend) }}
		service := community.NewService(store, community.WithClock(func() time.Time { return h.now }))
		_, err := service.JoinGroup(h.ctx, rowan, far.ID, community.JoinRequest{
			Consents: append([]community.GivenConsent{{Scope: community.ConsentFederate, Text: "Copies may leave."}}, takePart...)})
		h.wants("joining as its server is refused", err, community.Forbidden)
		if got := h.column("SELECT id FROM memberships WHERE group_id = '" + far.ID + "'"); len(got) != 0 {
			h.Error("they are in")
		}
	})
}
