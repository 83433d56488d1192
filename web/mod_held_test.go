package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
)

// reaching has a group be for people elsewhere too.
func reaching(g *community.Group) { g.Reach = community.ReachAnywhere }

// heldChoice is what a form of a page sends about words that wait.
func (a *answer) heldChoice(postID string) string {
	a.t.Helper()
	_, rest, found := strings.Cut(a.body, `name="post" value="`+postID+".")
	if !found {
		a.t.Fatalf("%s offers nothing about %s", a.what, postID)
	}
	reading, _, _ := strings.Cut(rest, `"`)
	return postID + "." + reading
}

// farMember is somebody of a server whose words are read first, in a group of here.
func (p *place) farMember(g community.Group, name, host string) {
	p.t.Helper()
	ctx, now := context.Background(), p.clock.Now()
	far := community.Account{Actor: community.Actor{ID: name, URI: "https://" + host + "/u/" + name, Type: community.ActorPerson, Domain: host, Name: name, Title: strings.ToUpper(name[:1]) + name[1:], CreatedAt: now}}
	p.must(p.store.InsertAccount(ctx, far))
	p.must(p.store.InsertMembership(ctx, community.Membership{ID: "m-" + name, GroupID: g.ID, AccountID: far.ID, Role: community.GroupMember, State: community.MemberActive, CreatedAt: now, ChangedAt: now}))
	_, err := p.service.SetPolicyAsOperator(ctx, community.PolicyDraft{Domain: host, Severity: policy.Hold})
	p.must(err)
}

// arrives has somebody elsewhere say something in a group; it gives the post's id.
func (p *place) arrives(g community.Group, author, uri, html string, change ...func(*community.Inbound)) string {
	p.t.Helper()
	ctx := context.Background()
	policies, err := p.service.Policies(ctx)
	p.must(err)
	in := community.Inbound{URI: uri, GroupID: g.ID, AuthorID: author, Title: "Title of " + uri, HTML: "<p>" + html + "</p>", Verified: community.VerifiedSigned, Epoch: policies.Epoch()}
	for _, fn := range change {
		fn(&in)
	}
	post, err := p.service.ReceivePost(ctx, in)
	p.must(err)
	return post.ID
}

func TestR34ModeratorReadsWhatWaitsAndDecides(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers, reaching)
		mod, member, admin := p.moderator("maya", g), p.member("rowan", g), p.admin()
		mod.get("/mod/held").wants(http.StatusOK).says("Nothing waits to be read")
		mod.get("/mod").hides("/mod/held")
		admin.get("/admin/federation").says(`href="/mod/held"`)
		p.farMember(g, "kim", "far.example")
		first := p.arrives(g, "kim", "https://far.example/p/1", "the first words", func(in *community.Inbound) { in.NoteText = "grief" })
		second := p.arrives(g, "kim", "https://far.example/p/2", "the second words")
		third := p.arrives(g, "kim", "https://far.example/p/3", "the third words")
		p.clock.advance(3 * 24 * time.Hour)

		mod.get("/mod").says("3 posts wait to be read before others see them")
		page := mod.get("/mod/held").wants(http.StatusOK).says("Kim in ", "far.example", "grief", "the first words", "the third words", "Show all of these 3 by Kim", "Keep all of these 3 by Kim away", "came <time").
			hides("no longer read first")
		if n := strings.Count(page.body, `<details class="note"`); n != 1 {
			t.Errorf("%d of the words stand behind a note, want those that have one", n)
		}
		choice := page.heldChoice
		mod.get("/p/" + second).says("Waiting for a moderator to read it")
		mod.get("/mod/post/"+second).wants(http.StatusOK).says("Nobody but moderators has seen it", `href="/mod/held"`)
		for who, b := range map[string]*browser{"a member": member, "an admin who is not in the group": admin, "a visitor": p.browser()} {
			for _, path := range []string{"/p/" + second, "/mod/post/" + second, "/g/carers", "/@kim@far.example", "/home", "/search?q=second"} {
				if strings.Contains(b.get(path).body, "second words") {
					t.Errorf("%s reads on %s what waits", who, path)
				}
			}
		}
		member.get("/mod/held").wants(http.StatusNotFound)
		admin.get("/mod/held").wants(http.StatusOK).says("Nothing waits to be read")
		admin.follow(admin.post("/mod/held", "post", choice(second), "do", "show")).says("It no longer waits")

		mod.post("/mod/held", "do", "show").wants(http.StatusUnprocessableEntity).says("Please choose")
		mod.post("/mod/held", "post", choice(first), "do", "show", "note", strings.Repeat("n", 2001)).wants(http.StatusUnprocessableEntity).says("nnnnn", `class="rest" open`)
		mod.follow(mod.post("/mod/held", "post", first+".another", "do", "show")).says("changed since you read it")
		mod.follow(mod.post("/mod/held", "post", choice(first), "do", "show", "note", "read by two")).says("It is shown from now on")
		member.get("/p/" + first).wants(http.StatusOK).says("the first words")
		mod.get("/mod/log?group=carers").says("Showed words that were read first", "about Kim")
		mod.get("/decisions/" + p.newestOf(g.ID, community.DecidedApprove).ID).wants(http.StatusOK).says("read by two")
		mod.follow(mod.post("/mod/held", "post", choice(second), "post", choice(third), "do", "refuse")).says("2 stay away")
		mod.get("/mod/held").says("Nothing waits to be read").hides("second words")
		mod.get("/mod/held?refused=yes").says("second words", "third words", "Show all of these 2 by Kim").hides("Keep all of these")
		mod.follow(mod.post("/mod/held?refused=yes", "post", choice(second), "do", "show")).says("It is shown from now on", "third words")
		member.get("/p/" + second).wants(http.StatusOK).says("the second words")
		member.get("/p/" + third).wants(http.StatusNotFound)
	})
}

// What waits when its server is talked with freely again is for a person to decide.
func TestR34WhatWaitsOutlivesTheDecisionThatHeldIt(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersAnyone, reaching)
		admin := p.admin()
		p.farMember(g, "kim", "far.example")
		p.farMember(g, "lee", "near.example")
		const held = community.HeldPage + 1
		for n := range held {
			p.arrives(g, "kim", fmt.Sprintf("https://far.example/p/%02d", n), fmt.Sprintf("words %02d.", n))
			p.clock.advance(time.Second)
		}
		p.arrives(g, "lee", "https://near.example/p/1", "near words")
		admin.get("/admin").says(fmt.Sprintf("%d posts wait to be read", held+1))
		admin.get("/mod/held").says("words 00.", "words 19.").hides("words 20.", "no longer read first")
		admin.get("/mod/held?host=near.example").says("near words").hides("words 00.")
		admin.post("/admin/federation", "domain", "far.example", "severity", "allow").leads()
		next := p.arrives(g, "kim", "https://far.example/p/next", "the next words")
		p.browser().get("/p/" + next).wants(http.StatusOK)
		admin.get("/mod/held").says("What comes from far.example is no longer read first", "Show all that waits from far.example", "words 00.").hides("comes from near.example")
		admin.follow(admin.post("/mod/held", "all_of", "far.example")).says(fmt.Sprintf("%d are shown from now on", held), "near words").hides("words 00.")
		p.browser().get("/g/carers").says("Title of https://far.example/p/20")
	})
}

func TestThreeVerdictsStandFirstAndTheOthersUnderMore(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin := p.admin()
		page := admin.get("/admin/federation").says("Talk freely", "We read it first", "No contact", "Only whoever is known").body
		more := strings.Index(page, `<details class="rest"`)
		for value, isFirst := range map[string]bool{"allow": true, "hold": true, "suspend": true, "watch": false, "limit": false} {
			at := strings.Index(page, `name="severity" value="`+value+`"`)
			if at < 0 || at < more != isFirst {
				t.Errorf("%s stands first: %v, want %v", value, at < more, isFirst)
			}
		}
		for _, severity := range policy.Severities {
			admin.post("/admin/federation", "domain", severity+".example", "severity", severity).leads()
		}
		admin.post("/admin/federation", "domain", "", "severity", "limit").wants(http.StatusUnprocessableEntity).says(`value="limit" checked`, `<details class="rest" open>`)
		admin.post("/admin/federation", "domain", "elm.example", "severity", "shout").wants(http.StatusUnprocessableEntity)
		p.browser().get("/about/federation").says("hold.example", "We read it first", "Only whoever is known")
		admin.get("/mod/log").says("We read it first")
		admin.get("/admin/federation/why?domain=hold.example").says("within limits")
	})
}

func TestR34GroupsOfALimitedServerAreFoundByTheirMembersAlone(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("garden", community.ReadersAnyone, groupAt("far.example"))
		rowan, maya := p.member("rowan", g), p.member("maya")
		decide := func(severity string) {
			_, err := p.service.SetPolicyAsOperator(context.Background(), community.PolicyDraft{Domain: "far.example", Severity: severity})
			p.must(err)
		}
		for _, c := range []struct {
			severity string
			shown    bool
		}{{policy.Allow, true}, {policy.Watch, true}, {policy.Limit, false}, {policy.Hold, false}} {
			decide(c.severity)
			if got := strings.Contains(maya.get("/groups").body, g.Title); got != c.shown {
				t.Errorf("%s: somebody who is not in it finds it: %v, want %v", c.severity, got, c.shown)
			}
			rowan.get("/groups").says(g.Title)
		}
	})
}
