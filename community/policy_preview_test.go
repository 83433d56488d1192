package community_test

import (
	"testing"

	"hearth/community"
	"hearth/community/policy"
	"hearth/community/secret"
)

func setting(domain, severity string) community.PolicyProposal {
	return community.PolicyProposal{Set: []community.PolicyDraft{{Domain: domain, Severity: severity}}}
}

// farGroup is a group of elm.example.
func (h *parlour) farGroup(name, readers string) community.Group {
	h.Helper()
	far := community.Group{Actor: community.Actor{ID: secret.NewActorID(), URI: "https://elm.example/g/" + name, Type: community.ActorGroup, Domain: "elm.example", Name: name, Title: "Far " + name, CreatedAt: h.now},
		State: community.GroupActive, Joining: community.JoiningOpen, Readers: readers, Reach: community.ReachAnywhere, LastActivityAt: h.now}
	h.must(h.store.InsertGroup(h.ctx, far))
	return far
}

// looks previews as the admin, who may.
func (h *parlour) looks(p community.PolicyProposal) community.PolicyPreview {
	h.Helper()
	preview, err := h.service.PreviewPolicies(h.ctx, h.admin, p)
	h.must(err)
	return preview
}

// neighbours are ties with elm.example both ways: six people there follow a group
// here, and one person here is in two groups there, one of which only members read.
func (h *parlour) neighbours() (rowan community.Viewer) {
	h.Helper()
	own := h.group("carers", reaching(community.ReachAnywhere))
	for i, name := range []string{"kim", "lou", "mo", "ned", "oda", "pat"} {
		h.tie(name, own.ID, h.farAccount(name).ID)
		h.must(h.store.InsertPost(h.ctx, community.Post{ID: "post-" + name, URI: "https://elm.example/p/" + name, GroupID: own.ID, AuthorID: h.column("SELECT id FROM actors WHERE name = '" + name + "'")[0],
			ThreadID: "post-kim", State: []string{community.PostPublished, community.PostHeld}[min(i, 1)], Readers: community.ReadersAnyone, Reach: community.ReachAnywhere, PublishedAt: h.now, ReceivedAt: h.now, LastActivityAt: h.now}))
	}
	rowan = h.person("rowan")
	h.tie("m1", h.farGroup("open", community.ReadersAnyone).ID, rowan.Acting.ID)
	h.tie("m2", h.farGroup("closed", community.ReadersMembers).ID, rowan.Acting.ID)
	return rowan
}

func TestR30APreviewSaysWhatAPolicyWouldCutAndDoesNothing(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		h.neighbours()
		preview := h.looks(setting("Elm.Example", policy.Suspend))
		if len(preview.Turns) != 1 || preview.Turns[0].Turn != policy.Cut || preview.Turns[0].Servers != 1 || preview.Turns[0].Names[0] != "elm.example" || !preview.Cuts() || preview.Loosens() {
			h.Fatalf("got %+v", preview)
		}
		cut := preview.Turns[0]
		for what, want := range map[string]policy.Band{
			community.TieFollowers: policy.BandOf(6), community.TieMembers: policy.BandOf(1), community.TieThreads: policy.BandOf(1),
			community.TieHeld: policy.BandOf(5), community.TieFollowersKept: {}, community.TieReports: {}, community.TieDeliveries: {},
		} {
			if cut.Ties[what] != want {
				h.Errorf("%s: got %+v, want %+v", what, cut.Ties[what], want)
			}
		}
		if len(cut.Groups) != 2 || cut.Groups[0].Title != "Carers at night" || cut.Groups[1].Title != "Far open" || !cut.Others {
			h.Errorf("groups: got %+v, others %v; want those that admins may read, and that there are others", cut.Groups, cut.Others)
		}
		if n := len(h.column("SELECT domain FROM domain_policies")) + len(h.column("SELECT id FROM memberships WHERE state = 'severed'")); n != 0 {
			h.Errorf("looking did %d things", n)
		}
		preview = h.looks(setting("fir.example", policy.Suspend))
		if len(preview.Turns) != 0 || preview.Cuts() || preview.Loosens() {
			h.Errorf("of a server that nobody knows: got %+v", preview)
		}
		preview = h.looks(community.PolicyProposal{Door: community.FrontDoorChosen})
		if len(preview.Turns) != 1 || preview.Turns[0].Turn != policy.Shut || !preview.Cuts() || !preview.Loosens() {
			h.Errorf("of the front door: got %+v", preview)
		}
	})
}

func TestAPreviewSaysWhatWouldComeBack(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		h.neighbours()
		_, err := h.db.Exec("UPDATE actors SET disclosed_at = created_at WHERE domain = ''") // or nobody here can be asked back in
		h.must(err)
		h.policy(policy.Suspend)
		h.must(h.service.LiftPolicyAsOperator(h.ctx, "elm.example"))
		h.policy(policy.Suspend)
		preview := h.looks(community.PolicyProposal{Lift: []string{"elm.example"}})
		if len(preview.Turns) != 1 || preview.Turns[0].Turn != policy.Back || preview.Cuts() || !preview.Loosens() {
			h.Fatalf("got %+v", preview)
		}
		back := preview.Turns[0].Ties
		if back[community.TieFollowersKept] != policy.BandOf(6) || back[community.TieMembersKept] != policy.BandOf(1) {
			h.Errorf("got %+v", back)
		}
	})
}

func TestR30PoliciesHoldOnlyAsTheyWereLookedAt(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan := h.neighbours()
		cut := setting("elm.example", policy.Suspend)
		seen := h.looks(cut)
		h.must(func() error {
			_, err := h.service.SetPolicyAsOperator(h.ctx, community.PolicyDraft{Domain: "fir.example", Severity: policy.Suspend})
			return err
		}())
		if again := h.looks(cut); again.Fingerprint != seen.Fingerprint {
			h.Error("another server's policy made it another preview")
		}
		if other := h.looks(setting("elm.example", policy.Hold)); other.Fingerprint == seen.Fingerprint {
			h.Error("another verdict has the same fingerprint")
		}
		if words := h.looks(community.PolicyProposal{Set: []community.PolicyDraft{{Domain: "elm.example", Severity: policy.Suspend, PublicReason: "Loud."}}}); words.Fingerprint == seen.Fingerprint {
			h.Error("another reason has the same fingerprint")
		}
		ash := h.person("ash")
		for i, id := range h.column("SELECT id FROM actors WHERE domain = 'elm.example' AND type = 'Group'") {
			h.tie([]string{"n1", "n2"}[i], id, ash.Acting.ID)
		}
		if again := h.looks(cut); again.Fingerprint != seen.Fingerprint {
			h.Error("two people instead of one are the same band, and another preview")
		}
		h.tie("n3", h.farGroup("third", community.ReadersAnyone).ID, ash.Acting.ID)
		now, err := h.service.ApplyPolicies(h.ctx, h.admin, cut, seen.Fingerprint)
		h.wants("a group was named since", err, community.Conflict)
		if now.Fingerprint == seen.Fingerprint || len(now.Turns) != 1 || len(h.column("SELECT domain FROM domain_policies WHERE domain = 'elm.example'")) != 0 {
			h.Errorf("got %+v, want the new preview and nothing done", now)
		}
		_, err = h.service.ApplyPolicies(h.ctx, h.admin, cut, now.Fingerprint)
		h.must(err)
		policies, err := h.service.Policies(h.ctx)
		h.must(err)
		if !policies.Judge("elm.example").Refused() || len(h.column("SELECT id FROM memberships WHERE state = 'severed'")) != 11 {
			h.Errorf("it does not hold: %+v", policies.Judge("elm.example"))
		}
		_, err = h.service.ApplyPolicies(h.ctx, h.admin, cut, now.Fingerprint)
		h.wants("a second time", err, community.Conflict)
		for _, who := range []community.Viewer{{}, rowan} {
			_, err := h.service.PreviewPolicies(h.ctx, who, cut)
			h.wants("who is no admin looks", err, community.NotFound)
			_, err = h.service.ApplyPolicies(h.ctx, who, cut, now.Fingerprint)
			h.wants("who is no admin decides", err, community.NotFound)
		}
	})
}

func TestAProposalIsHeldWholeOrNotAtAll(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		h.must(func() error {
			_, err := h.service.SetPolicyAsOperator(h.ctx, community.PolicyDraft{Domain: "ash.example", Severity: policy.Allow})
			return err
		}())
		p := community.PolicyProposal{Lift: []string{"ash.example"}, Door: community.FrontDoorChosen,
			Set: []community.PolicyDraft{{Domain: "elm.example", Severity: policy.Allow}, {Domain: "fir.example", Severity: policy.Suspend}}}
		preview := h.looks(p)
		_, err := h.service.ApplyPoliciesAsOperator(h.ctx, p, preview.Fingerprint)
		h.must(err)
		site, err := h.store.Site(h.ctx)
		h.must(err)
		if got := h.column("SELECT domain FROM domain_policies ORDER BY domain"); len(got) != 2 || got[0] != "elm.example" || got[1] != "fir.example" || site.FrontDoor != community.FrontDoorChosen {
			h.Errorf("got %q and the door %q", got, site.FrontDoor)
		}
		for _, c := range []struct {
			name string
			p    community.PolicyProposal
			want community.Kind
		}{
			{"a domain twice", community.PolicyProposal{Set: []community.PolicyDraft{{Domain: "elm.example", Severity: policy.Hold}, {Domain: "ELM.example", Severity: policy.Hold}}}, community.Invalid},
			{"set and taken back", community.PolicyProposal{Set: []community.PolicyDraft{{Domain: "elm.example", Severity: policy.Hold}}, Lift: []string{"elm.example"}}, community.Invalid},
			{"no domain", setting("elm", policy.Hold), community.Invalid},
			{"ourselves", setting("oak.example", policy.Suspend), community.Invalid},
			{"no door", community.PolicyProposal{Door: "ajar"}, community.Invalid},
			{"nothing to take back", community.PolicyProposal{Lift: []string{"yew.example"}}, community.NotFound},
			{"no domain to take back", community.PolicyProposal{Lift: []string{"yew"}}, community.Invalid},
		} {
			_, err := h.service.PreviewPolicies(h.ctx, h.admin, c.p)
			h.wants(c.name, err, c.want)
		}
	})
}

func TestAListLeavesWhatSomebodyHereDecided(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		h.must(func() error {
			_, err := h.service.SetPolicyAsOperator(h.ctx, community.PolicyDraft{Domain: "elm.example", Severity: policy.Hold, PublicReason: "Ours."})
			return err
		}())
		list := community.PolicyProposal{FromList: true, Set: []community.PolicyDraft{{Domain: "elm.example", Severity: policy.Suspend}, {Domain: "fir.example", Severity: policy.Suspend}}}
		_, err := h.service.ApplyPolicies(h.ctx, h.admin, list, h.looks(list).Fingerprint)
		h.must(err)
		list = community.PolicyProposal{FromList: true, Set: []community.PolicyDraft{{Domain: "elm.example", Severity: policy.Hold, PublicReason: "Theirs."}}}
		_, err = h.service.ApplyPolicies(h.ctx, h.admin, list, h.looks(list).Fingerprint)
		h.must(err)
		if got := h.column("SELECT severity || ' ' || public_reason FROM domain_policies ORDER BY domain"); len(got) != 2 || got[0] != "hold Ours." || got[1] != "suspend " {
			h.Errorf("got %q", got)
		}
	})
}
