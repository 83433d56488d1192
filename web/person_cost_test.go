package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"hearth/community"
	"hearth/storage"
	"hearth/storage/storagetest"
)

func TestPagesOfPeopleAreAFixedNumberOfQueries(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx, count := context.Background(), &counter{}
		p := newPlace(t, store.Observed(count.tell))
		g := p.newGroup("carers", community.ReadersAnyone)
		rowan := p.member("rowan", g)
		p.member("maya", g)
		for i := range 5 {
			p.seed(g, "maya", "", fmt.Sprint("thread ", i))
			_, err := p.service.Join(ctx, arrival(i))
			p.must(err)
			_, err = p.service.MakeInvitation(ctx, p.viewer("warden"), community.InvitationDraft{Uses: 1, Days: 1, Group: "carers"})
			p.must(err)
		}
		applicants, _, err := p.service.Applicants(ctx, p.viewer("warden"), "")
		p.must(err)
		admin := p.admin()
		moderator, bridge := p.moderator("wren", g), p.newGroup("bridge", community.ReadersMembers, func(g *community.Group) {
			offered := "account-maya"
			g.Reach, g.OfferedTo, g.RulesVersion = community.ReachNamed, &offered, 1
		})
		p.must(store.ReplaceGroupServers(ctx, bridge.ID, []string{"friend.example"}))
		p.must(store.InsertRules(ctx, []community.Rule{{GroupID: bridge.ID, Version: 1, Position: 1, Text: "Be kind.", Since: p.clock.Now()}}))
		owner := p.memberAs("olive", community.GroupOwner, bridge)
		p.admit("maya", bridge, community.GroupMember)
		garden := p.newGroup("garden", community.ReadersAnyone, func(g *community.Group) { g.Domain, g.Reach = "friend.example", community.ReachAnywhere })
		p.admit("rowan", garden, community.GroupMember)
		_, err = p.service.Policies(ctx) // once for every change of them
		p.must(err)
		for _, c := range []struct {
			b    *browser
			page string
		}{
			{p.browser(), "/join"}, {p.browser(), "/sign-in"}, {p.browser(), "/@maya"}, {rowan, "/@maya"}, {rowan, "/@rowan"},
			{rowan, "/me"}, {rowan, "/me/settings"}, {rowan, "/me/about"}, {rowan, "/me/devices"}, {rowan, "/me/password"},
			{admin, "/admin"}, {admin, "/admin/registration"}, {admin, "/admin/registration/" + applicants[0].ID}, {admin, "/admin/invitations"},
			{admin, "/admin/people"}, {admin, "/admin/people?q=maya"}, {admin, "/admin/people/user-maya"}, {admin, "/admin/site"},
			{moderator, "/mod/people/account-maya?group=carers"}, {owner, "/mod/people/account-maya?group=bridge"}, {owner, "/mod/g/bridge"},
			{owner, "/mod/g/bridge/audience?sensitive=yes&readers=anyone&reach=named&servers=friend.example&listed=yes"}, {admin, "/mod/g/bridge"}, {p.browser(), "/groups"}, {rowan, "/groups"}, {rowan, "/groups?q=the"},
			{rowan, "/g/garden@friend.example"}, {rowan, "/g/garden@friend.example/new"}, {owner, "/g/bridge/new"}, {owner, "/g/bridge@" + p.host() + "/new"},
		} {
			c.b.get("/safety") // takes what an earlier answer left in the session
			got := count.during(func() { c.b.get(c.page).wants(http.StatusOK) })
			if len(got) > maxQueries {
				t.Errorf("%s: got %d queries, want at most %d:\n%s", c.page, len(got), maxQueries, strings.Join(got, "\n"))
			}
		}
	})
}
