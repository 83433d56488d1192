package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"hearth/community"
)

func TestNewRulesAreAVersionThatMembersAccept(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin := p.admin()
		path := p.group(admin)
		rowan := p.person("rowan-signs", "rowan")
		p.enter(rowan, path)
		mod := "/mod" + path
		admin.post(mod+"/rules", "version", "1", "rules", "").wants(http.StatusUnprocessableEntity).says("at least one rule")
		admin.post(mod+"/rules", "version", "1", "rules", "1. Listen first.\n2. Disagree gently.").wants(http.StatusSeeOther)
		both := admin.post(mod+"/rules", "version", "1", "rules", "Shout.").wants(http.StatusConflict).
			says("Another moderator saved version 2", "Shout.</textarea>", "As they are now", "<li dir=\"auto\">Listen first.</li>", `href="#f-rules"`)
		if got := both.field("version"); got != "2" {
			t.Errorf("the form would change version %s, want the one on the page", got)
		}
		stale := admin.post(mod+"/rules", "version", "1", "rules", "").wants(http.StatusUnprocessableEntity)
		if got := stale.field("version"); got != "1" {
			t.Errorf("a form with something to mend is of version %s, want the one that was seen", got)
		}
		if view := p.view("rowan-signs", path); view.MayWrite || !view.RulesChanged {
			t.Errorf("a member may write %v before accepting; want not", view.MayWrite)
		}
		door := rowan.get(path+"/join").wants(http.StatusOK).says("what changed", "This is version 2", "Disagree gently.")
		rowan.post(path+"/join", "version", "1", "take_part", door.field("take_part")).wants(http.StatusUnprocessableEntity).says("changed while this page was open")
		if to := p.enter(rowan, path, "next", path+"/new"); to != path+"/new" {
			t.Errorf("accepting leads to %q, want the words", to)
		}
		if !p.view("rowan-signs", path).MayWrite {
			t.Error("after accepting a member may not write")
		}
		p.browser().get(path+"/rules").wants(http.StatusOK).says("Disagree gently.", "Earlier versions", "No doses, no methods.")
	})
}

// view is a group as somebody sees it.
func (p *place) view(login, path string) community.GroupView {
	p.t.Helper()
	ctx := context.Background()
	user, err := p.store.UserByLogin(ctx, login)
	if err != nil {
		p.t.Fatal(err)
	}
	accounts, err := p.store.OwnedAccounts(ctx, user.ID)
	if err != nil {
		p.t.Fatal(err)
	}
	view, err := p.service.GroupView(ctx, community.Viewer{User: &user, Accounts: accounts, Acting: &accounts[0]}, strings.TrimPrefix(path, "/g/"))
	if err != nil {
		p.t.Fatal(err)
	}
	return view
}

func TestAChangeOfAudienceIsShownBeforeItIsDone(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin := p.admin()
		path := p.group(admin, "sensitive", "yes", "readers", "members", "listed", "no")
		mod := "/mod" + path
		if to := admin.get(mod + "/audience").leads(); to != mod+"#audience" {
			t.Errorf("with nothing chosen: leads to %s", to)
		}
		admin.get(mod + "/audience?sensitive=yes&readers=members&reach=anywhere&listed=no").wants(http.StatusUnprocessableEntity).says("If only members can read")
		if to := admin.get(mod + "/audience?sensitive=yes&readers=members&reach=nowhere&listed=no").leads(); to != mod {
			t.Errorf("no change leads to %q", to)
		}
		preview := admin.get(mod + "/audience?sensitive=yes&readers=anyone&reach=named&servers=elm.example&listed=no").wants(http.StatusOK)
		preview.says("What was written until now stays with those it was written for.", "You said that being seen here could harm somebody", "asked again before they write")
		if got := p.view("warden", path).Group.Readers; got != community.ReadersMembers {
			t.Fatalf("looking changed readers to %q", got)
		}
		fields := preview.audience()
		admin.post(mod+"/audience", fields...).wants(http.StatusSeeOther)
		if g := p.view("warden", path).Group; g.Readers != community.ReadersAnyone || g.Reach != community.ReachNamed || g.RulesVersion != 2 {
			t.Errorf("got readers %q, reach %q, version %d", g.Readers, g.Reach, g.RulesVersion)
		}
		admin.post(mod+"/audience", fields...).wants(http.StatusConflict)
	})
}

func TestAnOwnerSaysWhetherMicroblogsMayFollow(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin := p.admin()
		path := p.group(admin)
		mod := "/mod" + path
		const now = "readers=anyone&reach=nowhere&listed=yes"
		if !p.view("warden", path).Group.TakesMicroblogs() {
			t.Fatal("a group begins without microblogs, want with them")
		}
		admin.get(mod).wants(http.StatusOK).says("May people on microblog servers follow it?")
		preview := admin.get(mod + "/audience?sensitive=no&microblogs=no&" + now).wants(http.StatusOK).says("People there who are in the group, or ask to be, are let go within minutes.")
		fields := preview.audience()
		admin.post(mod+"/audience", fields...).wants(http.StatusSeeOther)
		if p.view("warden", path).Group.TakesMicroblogs() {
			t.Error("the group takes microblogs, want it to have none since")
		}
		admin.get("/mod/log?group=" + strings.TrimPrefix(path, "/g/")).wants(http.StatusOK).says("Microblog servers may no longer follow")
		admin.post(mod+"/audience", fields...).wants(http.StatusConflict)
		back := admin.get(mod + "/audience?sensitive=no&microblogs=yes&" + now).wants(http.StatusOK).says("can follow the group from now on")
		admin.post(mod+"/audience", back.audience()...).wants(http.StatusSeeOther)

		sensitive := admin.get(mod + "/audience?sensitive=yes&microblogs=yes&" + now).wants(http.StatusOK).says("Nothing more goes to servers such as Mastodon.")
		admin.post(mod+"/audience", sensitive.audience()...).wants(http.StatusSeeOther)
		if p.view("warden", path).Group.TakesMicroblogs() {
			t.Error("a sensitive group takes microblogs, want it to have none")
		}
		admin.get(mod).wants(http.StatusOK).says("is not shown on microblogs", `name="microblogs" value="yes" disabled`)
		admin.get(mod + "/audience?sensitive=yes&microblogs=yes&" + now).wants(http.StatusUnprocessableEntity).says("is not shown on microblogs")
	})
}

// audience are the fields by which a page of what would change is agreed to.
func (r *answer) audience() (fields []string) {
	for _, name := range []string{"sensitive", "readers", "reach", "listed", "servers", "microblogs"} {
		fields = append(fields, name, r.field(name), "from_"+name, r.field("from_"+name))
	}
	return fields
}

func TestR15AnOldPostStaysClosedWhenItsGroupOpens(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin, visitor := p.admin(), p.browser()
		path := p.group(admin, "readers", "members")
		g := p.view("warden", path).Group
		old := admin.write(g, "title", "An old title", "text", "an old canary")
		visitor.get("/p/" + old).wants(http.StatusNotFound)
		open := []string{"from_sensitive", "no", "from_readers", "members", "from_reach", "nowhere", "from_listed", "yes", "from_microblogs", "yes",
			"sensitive", "no", "readers", "anyone", "reach", "nowhere", "listed", "yes", "microblogs", "yes"}
		admin.post("/mod"+path+"/audience", open...).wants(http.StatusSeeOther)
		p.enter(admin, path) // the owner too agrees to the wider audience before writing
		fresh := admin.write(g, "title", "A new title", "text", "a new song")
		visitor.get("/p/" + fresh).wants(http.StatusOK).says("a new song")
		visitor.get("/p/" + old).wants(http.StatusNotFound).hides("canary")
		visitor.get(path).wants(http.StatusOK).says("A new title").hides("An old title")
		admin.get("/p/" + old).wants(http.StatusOK).says("an old canary")
	})
}

func TestAGroupIsHandedOverWhenItsReceiverAgrees(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin := p.admin()
		path := p.group(admin)
		rowan := p.person("rowan-signs", "rowan")
		p.enter(rowan, path)
		mod := "/mod" + path
		admin.post(mod+"/offer", "name", "nobody").wants(http.StatusUnprocessableEntity).says("Nobody in the group has that name", `value="nobody"`)
		rowan.get(path + "/hand-over").wants(http.StatusNotFound)
		admin.post(mod+"/offer", "name", "Rowan").wants(http.StatusSeeOther)
		admin.get(mod).says("rowan was asked and has not answered yet.")
		rowan.get(path + "/hand-over").wants(http.StatusOK).says("Will you look after this group?")
		if to := rowan.post(path+"/hand-over", "answer", "yes").leads(); to != mod {
			t.Errorf("taking it leads to %q", to)
		}
		rowan.get(mod).wants(http.StatusOK).says("Who can see it")
		admin.post(path + "/leave").wants(http.StatusSeeOther)
	})
}

func TestClosingEndsWritingAndAnAdminMayDoIt(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		rowan, admin := p.person("rowan-signs", "rowan"), p.admin()
		site, err := p.service.Site(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		site.GroupCreation = community.GroupCreationOpen
		if err := p.store.UpdateSite(context.Background(), site); err != nil {
			t.Fatal(err)
		}
		path := p.group(rowan)
		admin.get("/admin/groups").wants(http.StatusOK).says("Carers at night", "/mod"+path)
		admin.get("/mod"+path).wants(http.StatusOK).says("You see this because you run the server.").hides(`name="rules"`, "Members</a>")
		admin.get("/mod" + path + "/members").wants(http.StatusNotFound)
		admin.post("/mod"+path+"/rules", "version", "1", "rules", "Shout.").wants(http.StatusNotFound)
		admin.post("/mod"+path+"/close", "reason", "Nobody looks after it.").wants(http.StatusSeeOther)
		p.person("tomasz-signs", "tomasz").get(path + "/join").wants(http.StatusOK).says("This group is closed.")
		rowan.get(path).wants(http.StatusOK).says("Nothing has been written here yet.").hides("When somebody writes", "You can be the first")
		p.browser().get("/groups").hides("Carers at night")
		rowan.get("/groups").says("Carers at night", "Closed")
		rowan.post("/mod" + path + "/reopen").wants(http.StatusSeeOther)
		p.browser().get("/groups").says("Carers at night")
	})
}

func TestModeratorsAreMadeOnTheMembersPage(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin := p.admin()
		path := p.group(admin)
		rowan := p.person("rowan-signs", "rowan")
		p.enter(rowan, path)
		role := "/mod" + path + "/members/" + p.account("rowan") + "/role"
		admin.get("/mod"+path+"/members").says("Make moderator", "Members: 2.", "/mod/people/"+p.account("rowan")+"?group=carers-at-night")
		admin.post(role, "role", "moderator").wants(http.StatusSeeOther)
		rowan.get("/mod"+path).wants(http.StatusOK).hides("Hand it over to", "See what this would change")
		rowan.get("/mod" + path + "/audience?sensitive=no&readers=members&reach=nowhere&listed=no").wants(http.StatusForbidden)
		rowan.post("/mod"+path+"/close", "reason", "x").wants(http.StatusForbidden)
		rowan.get("/mod" + path + "/members").says("I no longer want to moderate").hides("Make moderator")
		if to := rowan.post(role, "role", "member").leads(); to != path {
			t.Errorf("stepping down leads to %q", to)
		}
		rowan.get("/mod" + path).wants(http.StatusNotFound)
	})
}

func TestMembersStandOnPages(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin := p.admin()
		path := p.group(admin)
		ctx, g := context.Background(), p.view("warden", path).Group
		for i := range 60 {
			id := fmt.Sprintf("account-%02d", i)
			if err := p.store.InsertAccount(ctx, community.Account{Actor: community.Actor{ID: id, URI: id, Name: fmt.Sprintf("person-%02d", i), Title: fmt.Sprintf("person-%02d", i), CreatedAt: p.clock.Now()}}); err != nil {
				t.Fatal(err)
			}
			if err := p.store.InsertMembership(ctx, community.Membership{ID: id, GroupID: g.ID, AccountID: id, Role: "member", State: "active", CreatedAt: p.clock.Now(), ChangedAt: p.clock.Now()}); err != nil {
				t.Fatal(err)
			}
		}
		admin.get("/mod"+path+"/members").says("Members: 61.", "person-49", "members?after=person-49").hides("person-50")
		admin.get("/mod"+path+"/members?after=person-49").says("person-50", "person-59", "quiet-heron").hides("person-49</bdi>")
	})
}

// Who gets what on each route of a group that is for its members alone.
func TestWhatEachPersonGetsOfAGroup(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx := context.Background()
		site, err := p.service.Site(ctx)
		if err != nil {
			t.Fatal(err)
		}
		site.GroupCreation = community.GroupCreationOpen
		if err := p.store.UpdateSite(ctx, site); err != nil {
			t.Fatal(err)
		}
		owner := p.person("owner-signs", "otter")
		path := p.group(owner, "readers", "members", "joining", "asked", "question", "Whom do you look after?")
		member, asked, suspended := p.person("member-signs", "heron"), p.person("asked-signs", "robin"), p.person("paused-signs", "finch")
		for _, b := range []*browser{member, suspended} {
			p.enter(b, path, "answer", "Somebody.")
		}
		for _, name := range []string{"heron", "finch"} {
			owner.post("/mod"+path+"/members/"+p.account(name)+"/answer", "answer", "yes").wants(http.StatusSeeOther)
		}
		p.enter(asked, path, "answer", "A canary.")
		p.pause("paused-signs")
		people := []struct {
			name string
			b    *browser
		}{
			{"visitor", p.browser()}, {"somebody of here", p.person("here-signs", "badger")}, {"asked", asked}, {"member", member},
			{"suspended member", suspended}, {"owner", owner}, {"admin", p.admin()},
		}
		const ok, see, no, forbidden = http.StatusOK, http.StatusSeeOther, http.StatusNotFound, http.StatusForbidden
		for _, route := range []struct {
			path string
			want []int
		}{
			{"/groups", []int{ok, ok, ok, ok, ok, ok, ok}},
			{"/groups/new", []int{see, ok, ok, ok, forbidden, ok, ok}},
			{"/groups/asked", []int{see, ok, ok, ok, ok, ok, ok}},
			{path + "/join", []int{ok, ok, ok, see, see, see, ok}},
			{path + "/rules", []int{ok, ok, ok, ok, ok, ok, ok}},
			{path + "/leave", []int{see, see, ok, ok, ok, ok, see}},
			{path + "/hand-over", []int{see, no, no, no, no, no, no}},
			{"/mod" + path, []int{see, no, no, no, no, ok, ok}},
			{"/mod" + path + "/members", []int{see, no, no, no, no, ok, no}},
			{"/mod" + path + "/audience?readers=anyone&reach=nowhere", []int{see, no, no, no, no, ok, forbidden}},
			{"/admin/groups", []int{see, no, no, no, no, no, ok}},
			{"/me/consents", []int{see, ok, ok, ok, ok, ok, ok}},
		} {
			for i, who := range people {
				got := who.b.get(route.path)
				if got.StatusCode != route.want[i] {
					t.Errorf("%s, %s: got %d, want %d", who.name, route.path, got.StatusCode, route.want[i])
				}
				if who.name != "owner" && strings.Contains(got.body, "A canary.") {
					t.Errorf("%s, %s: shows what somebody answered", who.name, route.path)
				}
				if i < 3 && strings.Contains(got.body, "heron</bdi>") {
					t.Errorf("%s, %s: shows who is in the group", who.name, route.path)
				}
			}
		}
	})
}

// pause suspends a person whom p.person made, for good.
func (p *place) pause(login string) {
	p.t.Helper()
	user, err := p.store.UserByLogin(context.Background(), login)
	if err == nil {
		err = p.store.SetUserState(context.Background(), user.ID, community.UserSuspended, nil)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

func TestMembersHearThatTheirGroupCloses(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin := p.admin()
		path := p.group(admin)
		rowan, gone := p.person("rowan", "slow-river"), p.person("hazel", "soft-cloud")
		p.enter(rowan, path)
		p.enter(gone, path)
		gone.post(path + "/leave").leads()
		admin.post("/mod"+path+"/close", "reason", "Only for those who look after it.").leads()
		rowan.get("/notices").wants(http.StatusOK).says("Carers at night was closed.", `href="`+path+`"`).hides("Only for those", "open again")
		rowan.get(path).wants(http.StatusOK)
		gone.get("/notices").hides("was closed")
		admin.post("/mod"+path+"/reopen", "reason", "We are back.").leads()
		rowan.get("/notices").wants(http.StatusOK).says("Carers at night is open again.").hides("We are back")
	})
}
