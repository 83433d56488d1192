package community_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
)

func TestAGroupIsAskedForAndAnAdminAgrees(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan := h.person("rowan")
		asked, err := h.service.MakeGroup(h.ctx, rowan, draftOf("carers"))
		h.must(err)
		if asked.State != community.GroupAsked {
			t.Fatalf("got state %q, want asked", asked.State)
		}
		h.heard(h.admin, community.NoticeGroupAsked, asked.ID)
		stranger := h.person("tomasz")
		_, err = h.service.GroupView(h.ctx, stranger, "carers")
		h.wants("a stranger looks", err, community.NotFound)
		if view := h.view(rowan, "carers"); view.MayWrite || view.MayAsk {
			t.Errorf("before the answer its asker may write %v, join %v; want neither", view.MayWrite, view.MayAsk)
		}
		_, err = h.service.AnswerGroup(h.ctx, rowan, asked.ID, community.GroupAnswer{Approve: true})
		h.wants("its asker answers", err, community.NotFound)
		_, err = h.service.AnswerGroup(h.ctx, h.admin, asked.ID, community.GroupAnswer{Approve: true})
		h.must(err)
		_, err = h.service.AnswerGroup(h.ctx, h.admin, asked.ID, community.GroupAnswer{Approve: true})
		h.wants("a second answer", err, community.Conflict)
		h.heard(rowan, community.NoticeGroupDecided, asked.ID)
		view := h.view(rowan, "carers")
		if !view.MayModerate || !view.MayWrite || view.Membership.Role != community.GroupOwner || len(view.Rules) != 2 {
			t.Errorf("its owner sees %+v; want to own it, write and moderate, with two rules", view)
		}
		if got := h.decided(""); got[len(got)-1] != community.DecidedGroup {
			t.Errorf("got decisions %q, want the last to be of the group", got)
		}
	})
}

func TestANoToAGroupSaysWhyAndForgetsTheConsent(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan := h.person("rowan")
		g, err := h.service.MakeGroup(h.ctx, rowan, draftOf("carers"))
		h.must(err)
		_, err = h.service.AnswerGroup(h.ctx, h.admin, g.ID, community.GroupAnswer{})
		h.wants("a no without a sentence", err, community.Invalid)
		_, err = h.service.AnswerGroup(h.ctx, h.admin, g.ID, community.GroupAnswer{Reason: "There is one already."})
		h.must(err)
		own, err := h.service.OwnGroupsAsked(h.ctx, rowan)
		h.must(err)
		if len(own) != 1 || own[0].State != community.GroupRefused || own[0].Reason() != "There is one already." {
			t.Errorf("its asker reads %+v, want the sentence", own)
		}
		if kept, err := h.service.OwnConsents(h.ctx, rowan); err != nil || len(kept) != 0 {
			t.Errorf("got consents %+v, %v; want none left", kept, err)
		}
	})
}

func TestWhoMayMakeGroupsIsTheSitesChoice(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		site, err := h.service.Site(h.ctx)
		h.must(err)
		rowan := h.person("rowan")
		for i, c := range []struct {
			creation string
			by       community.Viewer
			state    string
			err      error
		}{
			{community.GroupCreationAsked, rowan, community.GroupAsked, nil},
			{community.GroupCreationAsked, h.admin, community.GroupActive, nil},
			{community.GroupCreationOpen, rowan, community.GroupActive, nil},
			{community.GroupCreationAdmins, rowan, "", community.Forbidden},
			{community.GroupCreationAdmins, h.admin, community.GroupActive, nil},
			{community.GroupCreationOpen, community.Viewer{}, "", community.Forbidden},
		} {
			site.GroupCreation = c.creation
			h.must(h.store.UpdateSite(h.ctx, site))
			g, err := h.service.MakeGroup(h.ctx, c.by, draftOf(fmt.Sprint("group-", i)))
			h.wants(c.creation, err, c.err)
			if err == nil && g.State != c.state {
				t.Errorf("%s: got state %q, want %q", c.creation, g.State, c.state)
			}
		}
	})
}

func TestNobodyWaitsForMoreThanThreeGroups(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan := h.person("rowan")
		for i := range 3 {
			_, err := h.service.MakeGroup(h.ctx, rowan, draftOf(fmt.Sprint("group-", i)))
			h.must(err)
		}
		_, err := h.service.MakeGroup(h.ctx, rowan, draftOf("one-more"))
		h.wants("a fourth", err, community.TooMany)
		h.must(h.service.LeaveGroup(h.ctx, rowan, "group-0"))
		_, err = h.service.MakeGroup(h.ctx, rowan, draftOf("one-more"))
		h.wants("a fourth after one was taken back", err, nil)
	})
}

func TestANameIsNeverUsedTwice(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		h.group("carers")
		for _, name := range []string{"carers", "quiet-heron"} {
			_, err := h.service.MakeGroup(h.ctx, h.admin, draftOf(name))
			h.wants(name, err, community.Invalid)
		}
	})
}

func TestTheDirectoryShowsWhatAViewerMayKnow(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan := h.person("rowan")
		h.group("listed", func(d *community.GroupDraft) { d.Title, d.ForWhom = "Ängste am Abend", "Everybody" })
		h.group("unlisted", membersOnly)
		closed := h.group("closed")
		h.must(h.service.CloseGroup(h.ctx, h.admin, closed.Name, ""))
		_, err := h.service.MakeGroup(h.ctx, rowan, draftOf("waiting"))
		h.must(err)
		h.join(rowan, "unlisted")
		for _, c := range []struct {
			name   string
			v      community.Viewer
			search community.GroupSearch
			want   []string
		}{
			{"a visitor", community.Viewer{}, community.GroupSearch{}, []string{"listed"}},
			{"a member of an unlisted one", rowan, community.GroupSearch{}, []string{"listed", "unlisted"}},
			{"the owner of all, a closed one too", h.admin, community.GroupSearch{}, []string{"closed", "listed", "unlisted"}},
			{"a word in capitals, beyond ASCII", community.Viewer{}, community.GroupSearch{Words: "ÄNGSTE"}, []string{"listed"}},
			{"all words", community.Viewer{}, community.GroupSearch{Words: "abend everybody"}, []string{"listed"}},
			{"a word that is not there", community.Viewer{}, community.GroupSearch{Words: "abend nobody"}, nil},
			{"signs of the engine are letters", community.Viewer{}, community.GroupSearch{Words: "%"}, nil},
			{"a situation", community.Viewer{}, community.GroupSearch{Situation: community.SituationCaring}, []string{"listed"}},
			{"another situation", community.Viewer{}, community.GroupSearch{Situation: community.SituationLoss}, nil},
			{"another language", community.Viewer{}, community.GroupSearch{Language: "de"}, nil},
		} {
			page, err := h.service.Groups(h.ctx, c.v, c.search)
			h.must(err)
			var got []string
			for _, g := range page.Groups {
				got = append(got, g.Group.Name)
			}
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: got %q, want %q", c.name, got, c.want)
			}
		}
	})
}

func TestTheDirectoryHidesGroupsOfRefusedServers(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan, tomasz := h.person("rowan"), h.person("tomasz")
		far := community.Group{
			Actor: community.Actor{ID: "abcdefghijklmnopqrstuvwxyz", URI: "https://elm.example/g/1", Type: community.ActorGroup, Domain: "elm.example", Name: "far", Title: "Far", CreatedAt: h.now},
			State: community.GroupActive, Joining: community.JoiningOpen, Readers: community.ReadersAnyone, Reach: community.ReachAnywhere, Listed: true, LastActivityAt: h.now,
		}
		h.must(h.store.InsertGroup(h.ctx, far))
		h.must(h.store.InsertMembership(h.ctx, community.Membership{ID: "m", GroupID: far.ID, AccountID: rowan.ActingID(), Role: community.GroupMember, State: community.MemberActive, CreatedAt: h.now, ChangedAt: h.now}))
		seen := func(v community.Viewer) int {
			page, err := h.service.Groups(h.ctx, v, community.GroupSearch{})
			h.must(err)
			return len(page.Groups)
		}
		if member, visitor := seen(tomasz), seen(community.Viewer{}); member != 1 || visitor != 0 {
			t.Errorf("a listed group elsewhere, which somebody here is in: a member sees %d, a visitor %d; want 1 and 0", member, visitor)
		}
		_, err := h.service.SetPolicy(h.ctx, h.admin, community.PolicyDraft{Domain: "elm.example", Severity: policy.Suspend})
		h.must(err)
		if got := seen(tomasz); got != 0 {
			t.Errorf("a stranger sees %d groups of a refused server, want none", got)
		}
	})
}

func TestTheDirectoryGoesOnWhereItStopped(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		for i := range 45 {
			h.group(fmt.Sprintf("group-%02d", i))
			if i%3 == 0 {
				h.now = h.now.Add(time.Microsecond) // some share their time
			}
		}
		seen, after := map[string]bool{}, ""
		for range 3 {
			page, err := h.service.Groups(h.ctx, community.Viewer{}, community.GroupSearch{After: after})
			h.must(err)
			for _, g := range page.Groups {
				seen[g.Group.Name] = true
			}
			after = page.Older
		}
		if len(seen) != 45 || after != "" {
			t.Errorf("three pages showed %d groups and go on at %q; want all 45 and the end", len(seen), after)
		}
	})
}

func TestR15WideningAGroupLeavesOldPostsAsTheyWere(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		g := h.group("carers", membersOnly)
		post := community.Post{
			ID: "p1", URI: "p1", GroupID: g.ID, AuthorID: h.admin.ActingID(), ThreadID: "p1", State: community.PostPublished,
			Readers: g.Readers, Reach: g.Reach, Listed: g.Listed, PublishedAt: h.now, ReceivedAt: h.now, LastActivityAt: h.now,
		}
		h.must(h.store.InsertPost(h.ctx, post))
		wide := community.Audience{Readers: community.ReadersAnyone, Reach: community.ReachAnywhere, Listed: true}
		h.must(h.service.ChangeAudience(h.ctx, h.admin, "carers", g.Audience(), wide))
		after := h.view(community.Viewer{}, "carers").Group
		if !after.Audience().Listed || after.Readers != community.ReadersAnyone || after.Reach != community.ReachAnywhere {
			t.Fatalf("got %+v, want the group open", after.Audience())
		}
		old, err := h.store.Post(h.ctx, "p1")
		h.must(err)
		if got := community.NarrowerReaders(old.Readers, after.Readers); got != community.ReadersMembers {
			t.Errorf("the old post is read by %q, want members", got)
		}
		if got := community.NarrowerReach(old.Reach, after.Reach); got != community.ReachNowhere || old.Listed {
			t.Errorf("the old post reaches %q, listed %v; want nowhere, unlisted", got, old.Listed)
		}
	})
}

func TestMembersAreAskedAgainWhenAGroupOpens(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan := h.person("rowan")
		g := h.group("carers", membersOnly)
		h.join(rowan, "carers")
		wide := community.Audience{Readers: community.ReadersAnyone, Reach: community.ReachNowhere}
		h.must(h.service.ChangeAudience(h.ctx, h.admin, "carers", g.Audience(), wide))
		view := h.view(rowan, "carers")
		if view.MayWrite || !view.MayRead || !view.RulesChanged || len(view.Rules) != 2 {
			t.Fatalf("after widening a member sees %+v; want to read the same rules, and to be asked before writing", view)
		}
		agreed := community.JoinRequest{RulesVersion: view.Group.RulesVersion - 1, Consents: takePart}
		h.wants("the rules of before", h.service.AcceptRules(h.ctx, rowan, "carers", agreed), community.Invalid)
		agreed.RulesVersion++
		h.wants("without the box", h.service.AcceptRules(h.ctx, rowan, "carers", community.JoinRequest{RulesVersion: agreed.RulesVersion}), community.Invalid)
		h.must(h.service.AcceptRules(h.ctx, rowan, "carers", agreed))
		if view = h.view(rowan, "carers"); !view.MayWrite {
			t.Errorf("after agreeing again a member may not write")
		}
		h.must(h.service.ChangeAudience(h.ctx, h.admin, "carers", wide, community.StartingAudience(true)))
		if !h.view(rowan, "carers").MayWrite {
			t.Errorf("narrowing asked a member again; want only widening to")
		}
	})
}

func TestAudienceIsTheOwnersAndKnowsWhatWasSeen(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan, tomasz := h.person("rowan"), h.person("tomasz")
		g := h.group("carers")
		h.join(rowan, "carers")
		h.must(h.service.SetModerator(h.ctx, h.admin, "carers", rowan.ActingID(), true))
		to := community.StartingAudience(true)
		h.wants("a moderator", h.service.ChangeAudience(h.ctx, rowan, "carers", g.Audience(), to), community.Forbidden)
		h.wants("a stranger", h.service.ChangeAudience(h.ctx, tomasz, "carers", g.Audience(), to), community.NotFound)
		h.must(h.service.ChangeAudience(h.ctx, h.admin, "carers", g.Audience(), to))
		h.wants("what was seen is no longer so", h.service.ChangeAudience(h.ctx, h.admin, "carers", g.Audience(), to), community.Conflict)
	})
}

func TestGroupsTellTheWorldOnlyWhatMayLeave(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		h.group("inside")
		if got := h.column("SELECT kind FROM events"); len(got) != 0 {
			t.Errorf("a group that reaches nowhere wrote events %q, want none", got)
		}
		h.group("outside", func(d *community.GroupDraft) { d.Reach = community.ReachAnywhere })
		if got := h.column("SELECT kind FROM events"); len(got) != 1 || got[0] != community.EventGroupChanged {
			t.Errorf("a group that reaches anywhere wrote events %q, want one", got)
		}
	})
}

func TestClosingAGroupIsItsOwnersOrAnAdmins(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan, tomasz := h.person("rowan"), h.person("tomasz")
		g, err := h.service.MakeGroup(h.ctx, rowan, draftOf("carers"))
		h.must(err)
		_, err = h.service.AnswerGroup(h.ctx, h.admin, g.ID, community.GroupAnswer{Approve: true})
		h.must(err)
		h.join(tomasz, "carers")
		h.wants("a member", h.service.CloseGroup(h.ctx, tomasz, "carers", ""), community.NotFound)
		h.must(h.service.CloseGroup(h.ctx, h.admin, "carers", "Nobody looks after it."))
		h.heard(rowan, community.NoticeDecision, g.ID)
		if view := h.view(tomasz, "carers"); view.MayWrite || view.MayAsk || !view.MayRead {
			t.Errorf("in a closed group a member may read %v, write %v, join %v; want only read", view.MayRead, view.MayWrite, view.MayAsk)
		}
		h.must(h.service.ReopenGroup(h.ctx, rowan, "carers", ""))
		if !h.view(tomasz, "carers").MayWrite {
			t.Error("after it was opened again a member may not write")
		}
		if got := h.decided(g.ID); !slices.Equal(got, []string{community.DecidedSettings, community.DecidedSettings}) {
			t.Errorf("got decisions %q, want two of settings", got)
		}
	})
}

func TestTextsAndRulesAreTheModerators(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan, tomasz := h.person("rowan"), h.person("tomasz")
		g := h.group("carers")
		h.join(rowan, "carers")
		h.join(tomasz, "carers")
		h.must(h.service.SetModerator(h.ctx, h.admin, "carers", rowan.ActingID(), true))
		texts := g.Texts()
		texts.Title = "Carers by day"
		h.wants("a member", h.service.ChangeGroupTexts(h.ctx, tomasz, "carers", texts), community.NotFound)
		h.must(h.service.ChangeGroupTexts(h.ctx, rowan, "carers", texts))
		h.must(h.service.ChangeGroupTexts(h.ctx, rowan, "carers", texts)) // nothing new, no Decision
		h.wants("rules of a member", h.service.ChangeRules(h.ctx, tomasz, "carers", 1, []string{"Shout."}), community.NotFound)
		h.must(h.service.ChangeRules(h.ctx, rowan, "carers", 1, []string{"Listen first."}))
		h.wants("rules over newer ones", h.service.ChangeRules(h.ctx, rowan, "carers", 1, []string{"Shout."}), community.Conflict)
		h.must(h.service.ChangeRules(h.ctx, rowan, "carers", 2, []string{"Listen first."})) // the same, no version
		member, moderator := h.view(tomasz, "carers"), h.view(rowan, "carers")
		if member.Group.Title != "Carers by day" || member.Group.RulesVersion != 2 || len(member.Rules) != 1 {
			t.Errorf("got %q with %d rules of version %d; want the new title and one rule of version 2", member.Group.Title, len(member.Rules), member.Group.RulesVersion)
		}
		if member.MayWrite || !moderator.MayWrite {
			t.Errorf("a member may write %v, who wrote the rules %v; want only the latter", member.MayWrite, moderator.MayWrite)
		}
		if got := h.decided(g.ID); !slices.Equal(got, []string{community.DecidedRole, community.DecidedSettings, community.DecidedRules}) {
			t.Errorf("got decisions %q", got)
		}
		_, versions, err := h.service.RuleVersions(h.ctx, community.Viewer{}, "carers")
		h.must(err)
		if len(versions) != 2 || versions[0].Version != 2 || len(versions[1].Rules) != 2 {
			t.Errorf("got versions %+v, want 2 and then 1 with its two rules", versions)
		}
	})
}
