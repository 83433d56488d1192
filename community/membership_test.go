package community_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"hearth/community"
)

func TestR41NobodyIsInAGroupWithoutTheirConsent(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan := h.person("rowan")
		g := h.group("carers", func(d *community.GroupDraft) { d.Reach = community.ReachAnywhere })
		_, err := h.service.JoinGroup(h.ctx, rowan, "carers", community.JoinRequest{RulesVersion: 1})
		h.wants("without the box", err, community.Invalid)
		if m := h.view(rowan, "carers").Membership; m.ID != "" {
			t.Fatalf("without the box: got membership %+v, want none", m)
		}
		both := append(slices.Clone(takePart), community.GivenConsent{Scope: community.ConsentFederate, Text: "Copies may leave."})
		_, err = h.service.JoinGroup(h.ctx, rowan, "carers", community.JoinRequest{RulesVersion: 1, Consents: both})
		h.must(err)
		rowan = h.viewer("sign-in-rowan")
		if rowan.Acting.DisclosedAt == nil {
			t.Error("after the consent to copies the account is not disclosed")
		}
		consents, err := h.service.OwnConsents(h.ctx, rowan)
		h.must(err)
		if len(consents) != 2 {
			t.Fatalf("got %d consents, want two", len(consents))
		}
		for _, c := range consents {
			if c.TextHash != community.ConsentHash(c.Text) || c.Group.ID != g.ID || c.Account.ID != rowan.ActingID() {
				t.Errorf("got consent %+v, want its text's hash, its group and account", c)
			}
			if c.Scope == community.ConsentFederate {
				h.must(h.service.WithdrawConsent(h.ctx, rowan, c.ID))
			}
		}
		if !h.view(rowan, "carers").Membership.IsActive() {
			t.Fatal("taking the consent to copies back ended the membership")
		}
		consents, err = h.service.OwnConsents(h.ctx, rowan)
		h.must(err)
		tomasz := h.person("tomasz")
		h.wants("somebody else's", h.service.WithdrawConsent(h.ctx, tomasz, consents[0].ID), community.NotFound)
		h.must(h.service.WithdrawConsent(h.ctx, rowan, consents[0].ID))
		if m := h.view(rowan, "carers").Membership; m.State != community.MemberLeft {
			t.Errorf("after taking it back: got state %q, want left", m.State)
		}
		if consents, _ = h.service.OwnConsents(h.ctx, rowan); len(consents) != 0 {
			t.Errorf("got %d consents after leaving, want none", len(consents))
		}
	})
}

func TestSuspendedPeopleMayLeaveAndNotJoin(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan := h.person("rowan")
		h.group("carers")
		h.group("another")
		h.join(rowan, "carers")
		rowan.User.State = community.UserSuspended
		_, err := h.service.JoinGroup(h.ctx, rowan, "another", community.JoinRequest{RulesVersion: 1, Consents: takePart})
		h.wants("joining", err, community.Forbidden)
		consents, err := h.service.OwnConsents(h.ctx, rowan)
		h.must(err)
		h.must(h.service.WithdrawConsent(h.ctx, rowan, consents[0].ID))
		if m := h.view(rowan, "carers").Membership; m.State != community.MemberLeft {
			t.Errorf("got state %q, want left", m.State)
		}
	})
}

func TestOnlyOneNameOfAPersonIsInAGroup(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan := h.person("rowan")
		h.group("carers")
		lantern := h.persona(rowan, "lantern")
		rowan = h.viewer("sign-in-rowan")
		tried := make([]error, 2)
		var both sync.WaitGroup
		for i, v := range []community.Viewer{rowan, lantern} {
			both.Go(func() {
				_, tried[i] = h.service.JoinGroup(h.ctx, v, "carers", community.JoinRequest{RulesVersion: 1, Consents: takePart})
			})
		}
		both.Wait()
		if (tried[0] == nil) == (tried[1] == nil) || !errors.Is(errors.Join(tried...), community.Conflict) {
			t.Errorf("joining by two names at once: got %v and %v, want one in and one Conflict", tried[0], tried[1])
		}
		h.must(h.service.LeaveGroup(h.ctx, rowan, "carers"))
		_, err := h.service.JoinGroup(h.ctx, rowan, "carers", community.JoinRequest{AccountID: lantern.ActingID(), RulesVersion: 1, Consents: takePart})
		h.wants("by the other name after leaving", err, nil)
		_, err = h.service.JoinGroup(h.ctx, rowan, "carers", community.JoinRequest{AccountID: h.admin.ActingID(), RulesVersion: 1, Consents: takePart})
		h.wants("by somebody else's name", err, community.NotFound)
	})
}

func TestAnAnswerToAGroupIsErasedWithTheDecision(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan, tomasz := h.person("rowan"), h.person("tomasz")
		g := h.group("carers", asked)
		_, err := h.service.JoinGroup(h.ctx, rowan, "carers", community.JoinRequest{RulesVersion: 1, Consents: takePart})
		h.wants("without an answer", err, community.Invalid)
		if m := h.join(rowan, "carers"); m.State != community.MemberAsked || m.Answer != "My father." {
			t.Fatalf("got %+v, want to have asked with the answer", m)
		}
		h.join(tomasz, "carers")
		h.heard(h.admin, community.NoticeJoinAsked, g.ID)
		_, page, err := h.service.GroupMembers(h.ctx, h.admin, "carers", "")
		h.must(err)
		if len(page.Asking) != 2 || page.Asking[0].Title != "rowan" || len(page.Members) != 1 {
			t.Fatalf("got %+v, want rowan and tomasz asking, one member", page)
		}
		_, _, err = h.service.GroupMembers(h.ctx, rowan, "carers", "")
		h.wants("who asks looks at the list", err, community.NotFound)
		answer := func(who community.Viewer, a community.JoinAnswer) error {
			_, err := h.service.AnswerJoin(h.ctx, h.admin, "carers", who.ActingID(), a)
			return err
		}
		h.must(answer(rowan, community.JoinAnswer{Accept: true}))
		h.must(answer(tomasz, community.JoinAnswer{Reason: "It is for carers."}))
		h.wants("a second answer", answer(tomasz, community.JoinAnswer{Accept: true}), community.Conflict)
		h.heard(rowan, community.NoticeJoined, g.ID)
		h.heard(tomasz, community.NoticeJoinRefused, g.ID)
		if got := h.column("SELECT answer FROM memberships WHERE answer <> ''"); len(got) != 0 {
			t.Errorf("got answers %q, want all erased", got)
		}
		if got := h.decided(g.ID); !slices.Equal(got, []string{community.DecidedJoin, community.DecidedJoinRefuse}) {
			t.Errorf("got decisions %q", got)
		}
		why, err := h.service.JoinRefusal(h.ctx, tomasz, h.view(tomasz, "carers"))
		if err != nil || why != "It is for carers." {
			t.Errorf("who was refused reads %q, %v; want the sentence", why, err)
		}
		if consents, _ := h.service.OwnConsents(h.ctx, tomasz); len(consents) != 0 {
			t.Errorf("who was refused has %d consents, want none", len(consents))
		}
		h.now = h.now.Add(time.Hour)
		h.join(tomasz, "carers") // asking again is told again
		if got := h.column("SELECT id FROM notices WHERE kind = 'join_asked' AND user_id = '" + h.admin.User.ID + "'"); len(got) != 3 {
			t.Errorf("the moderator heard of %d requests, want three", len(got))
		}
	})
}

func TestARemovalCountsForThePerson(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan := h.person("rowan")
		h.group("carers")
		lantern := h.persona(rowan, "lantern")
		rowan = h.viewer("sign-in-rowan")
		m := h.join(rowan, "carers")
		until := h.now.Add(time.Hour)
		m.State, m.RemovedUntil = community.MemberRemoved, &until
		h.must(h.store.UpdateMembership(h.ctx, m))
		for v, want := range map[*community.Viewer]string{&rowan: "group_join.removed_until", &lantern: "group_join.closed"} {
			_, err := h.service.JoinGroup(h.ctx, *v, "carers", community.JoinRequest{RulesVersion: 1, Consents: takePart})
			var e *community.Error
			if !errors.As(err, &e) || e.Key != want {
				t.Errorf("as %s: got %v, want %s", v.Acting.Name, err, want)
			}
		}
		h.now = until
		h.join(lantern, "carers")
	})
}

func TestAnOwnerHandsOverBeforeTheyLeave(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan, tomasz := h.person("rowan"), h.person("tomasz")
		g := h.group("carers")
		h.join(rowan, "carers")
		h.wants("the owner leaves", h.service.LeaveGroup(h.ctx, h.admin, "carers"), community.Conflict)
		h.wants("to nobody", h.service.OfferGroup(h.ctx, h.admin, "carers", "nobody-here"), community.Invalid)
		h.wants("to a stranger", h.service.OfferGroup(h.ctx, h.admin, "carers", "tomasz"), community.Invalid)
		h.wants("by a member", h.service.OfferGroup(h.ctx, rowan, "carers", "rowan"), community.NotFound)
		h.must(h.service.OfferGroup(h.ctx, h.admin, "carers", "@Rowan"))
		h.heard(rowan, community.NoticeHandOver, g.ID)
		if h.view(rowan, "carers").MayModerate {
			t.Fatal("being asked already made an owner")
		}
		h.wants("another answers", h.service.AnswerOffer(h.ctx, tomasz, "carers", true), community.NotFound)
		h.must(h.service.AnswerOffer(h.ctx, rowan, "carers", false))
		h.heard(h.admin, community.NoticeHandOverDeclined, g.ID)
		h.wants("the same offer again", h.service.AnswerOffer(h.ctx, rowan, "carers", true), community.NotFound)
		h.must(h.service.OfferGroup(h.ctx, h.admin, "carers", "rowan"))
		h.must(h.service.AnswerOffer(h.ctx, rowan, "carers", true))
		if m := h.view(rowan, "carers").Membership; m.Role != community.GroupOwner {
			t.Errorf("got role %q, want owner", m.Role)
		}
		if m := h.view(h.admin, "carers").Membership; m.Role != community.GroupModerator {
			t.Errorf("who owned it has role %q, want moderator", m.Role)
		}
		h.must(h.service.LeaveGroup(h.ctx, h.admin, "carers"))
		if got := h.decided(g.ID); !slices.Equal(got, []string{community.DecidedHandOver, community.DecidedHandOver, community.DecidedHandOver}) {
			t.Errorf("got decisions %q, want two offers and one taking", got)
		}
	})
}

func TestWhoLeavesLosesTheOfferAndTheRole(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan := h.person("rowan")
		h.group("carers")
		h.join(rowan, "carers")
		h.must(h.service.SetModerator(h.ctx, h.admin, "carers", rowan.ActingID(), true))
		h.must(h.service.OfferGroup(h.ctx, h.admin, "carers", "rowan"))
		h.must(h.service.LeaveGroup(h.ctx, rowan, "carers"))
		h.join(rowan, "carers")
		if m := h.view(rowan, "carers").Membership; m.Role != community.GroupMember {
			t.Errorf("after coming back: got role %q, want member", m.Role)
		}
		h.wants("the old offer", h.service.AnswerOffer(h.ctx, rowan, "carers", true), community.NotFound)
	})
}

func TestModeratorsAreMadeByTheOwnerAndMayStepDown(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan, tomasz, maya := h.person("rowan"), h.person("tomasz"), h.person("maya")
		g := h.group("carers")
		h.join(rowan, "carers")
		h.join(tomasz, "carers")
		h.must(h.service.SetModerator(h.ctx, h.admin, "carers", rowan.ActingID(), true))
		h.heard(rowan, community.NoticeDecision, g.ID)
		h.wants("a moderator makes another", h.service.SetModerator(h.ctx, rowan, "carers", tomasz.ActingID(), true), community.Forbidden)
		h.wants("a member makes themselves one", h.service.SetModerator(h.ctx, tomasz, "carers", tomasz.ActingID(), true), community.NotFound)
		h.wants("somebody who is not in it", h.service.SetModerator(h.ctx, h.admin, "carers", maya.ActingID(), true), community.NotFound)
		h.wants("the owner", h.service.SetModerator(h.ctx, h.admin, "carers", h.admin.ActingID(), false), community.Conflict)
		h.must(h.service.SetModerator(h.ctx, rowan, "carers", rowan.ActingID(), false))
		if h.view(rowan, "carers").MayModerate {
			t.Error("after stepping down somebody still moderates")
		}
	})
}
