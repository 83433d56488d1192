package community_test

import (
	"testing"

	"hearth/community"
	"hearth/community/secret"
)

// returns has whoever left come back.
func (h *hall) returns(v community.Viewer) {
	h.t.Helper()
	h.must(h.service.ComeBack(h.ctx, h.signIn(v)))
}

func (h *hall) wantsState(when, id, want string) {
	h.t.Helper()
	if got := h.stored(id).State; got != want {
		h.t.Errorf("%s the post is %q, want %q", when, got, want)
	}
}

func TestR43WhatAGroupElsewhereHidesAndShowsStaysAwayWithItsAuthor(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan := h.leaver("rowan", community.GroupMember)
		far := community.Group{Actor: community.Actor{ID: secret.NewActorID(), URI: "https://elm.example/g/1", Type: community.ActorGroup, Domain: "elm.example", Name: "quiet", CreatedAt: noon},
			State: community.GroupActive, Joining: community.JoiningOpen, Readers: community.ReadersAnyone, Reach: community.ReachAnywhere, LastActivityAt: noon}
		h.must(h.store.InsertGroup(h.ctx, far))
		post := community.Post{ID: secret.NewID(noon), URI: "https://willow.example/p/1", GroupID: far.ID, AuthorID: rowan.ActingID(), State: community.PostPublished, Version: 1,
			Readers: community.ReadersAnyone, Reach: community.ReachAnywhere, Verified: community.VerifiedLocal, PublishedAt: noon, ReceivedAt: noon, LastActivityAt: noon}
		post.ThreadID = post.ID
		h.must(h.store.InsertPost(h.ctx, post))
		epoch, err := h.store.PolicyEpoch(h.ctx)
		h.must(err)
		there := community.Deletion{URI: post.URI, ActorURI: far.URI, ByGroup: true, Epoch: epoch}
		hide := func() error { return errOf(h.service.ReceiveDelete(h.ctx, there)) }
		show := func() error { return errOf(h.service.ReceiveRestore(h.ctx, there)) }

		h.leave(rowan)
		wantErr(h.t, "showing what was not hidden", show(), community.Forbidden, "receive.not_author")
		h.must(hide())
		h.must(hide()) // said again
		h.wantsState("hidden there,", post.ID, community.PostAway)
		h.must(show())
		h.wantsState("shown there again,", post.ID, community.PostAway)
		h.returns(rowan)
		h.wantsState("back again,", post.ID, community.PostPublished)

		h.leave(rowan)
		h.must(hide())
		h.returns(rowan)
		h.wantsState("hidden there while away,", post.ID, community.PostHidden)
		h.must(show())
		h.wantsState("shown there after all,", post.ID, community.PostPublished)
	})
}

func TestR43LeavingForAWhileKeepsNoPostFromBeingHidden(t *testing.T) {
	eachHall(t, func(h *hall) {
		rowan, maya, mod := h.leaver("rowan", community.GroupMember), h.member("maya", community.GroupMember), h.member("mod", community.GroupModerator)
		post := h.write(rowan, community.Draft{Title: "A long night", Text: "rowan begins"})
		h.must(errOf(h.service.SendReport(h.ctx, maya, community.ReportDraft{PostID: post.ID, Reason: community.ReasonUnkind})))
		var report string
		h.must(h.db.QueryRow("SELECT max(id) FROM reports").Scan(&report))

		h.leave(rowan)
		page, err := h.service.PostToModerate(h.ctx, mod, post.ID)
		if err != nil || len(page.Measures) != 0 {
			h.t.Errorf("without the report a moderator may do %q, %v; want as with a deleted post", page.Measures, err)
		}
		if p := page.Post; p.State != community.PostDeleted || p.Title+p.Source+p.HTML != "" {
			h.t.Errorf("a moderator is shown %s, %q; want it as one that was deleted", p.State, p.Title+p.Source+p.HTML)
		}
		hide := community.Measure{Kind: community.MeasureHide, Reason: "because", Version: 1}
		h.must(errOf(h.service.DecideReport(h.ctx, mod, report, hide)))
		h.wantsState("hidden,", post.ID, community.PostAway)
		h.returns(rowan)
		h.wantsState("back again,", post.ID, community.PostHidden)
		h.must(errOf(h.service.ModeratePost(h.ctx, mod, post.ID, community.Measure{Kind: community.MeasureShow, Version: 1})))
		h.wantsState("shown,", post.ID, community.PostPublished)
	})
}
