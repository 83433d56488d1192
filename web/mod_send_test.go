package web_test

import (
	"context"
	"net/http"
	"testing"

	"hearth/community"
	"hearth/community/policy"
)

// farPost is what somebody of near.example wrote in a group.
func (p *place) farPost(g community.Group) community.Post {
	p.t.Helper()
	ctx, now := context.Background(), p.clock.Now()
	far := community.Account{Actor: community.Actor{ID: "wren", URI: "https://near.example/u/1", Type: community.ActorPerson, Domain: "near.example", Name: "wren", Title: "Wren",
		Inbox: "https://near.example/u/1/inbox", CreatedAt: now}}
	p.must(p.store.InsertAccount(ctx, far))
	post := community.Post{ID: "post", URI: "https://near.example/p/1", GroupID: g.ID, AuthorID: far.ID, ThreadID: "post", State: community.PostPublished, Version: 1, Title: "From near",
		HTML: "<p>words</p>", Readers: g.Readers, Reach: g.Reach, Verified: community.VerifiedGroup, PublishedAt: now, ReceivedAt: now, LastActivityAt: now}
	p.must(p.store.InsertPost(ctx, post))
	return post
}

func TestR19ModeratorSeesExactlyWhatAnotherServerIsSent(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.registers(community.RegistrationApproval, func(s *community.Site) { s.FrontDoor = community.FrontDoorOpen })
		g := p.newGroup("garden", community.ReadersAnyone, groupAt("far.example"))
		post := p.farPost(g)
		rowan, staff := p.member("rowan", g), p.personAs("staff-login", "steady-otter", community.RoleModerator)
		rowan.get("/report?post=post").says("Ours can ask those of near.example to look", "neither who you are nor what you write")
		p.report(rowan, post.ID, "reason", "unkind", "words", "It was at the bus stop.").wants(http.StatusSeeOther)
		item := staff.item()
		send := item + "/send"
		staff.get(item).wants(http.StatusOK).says("Send this on", `href="`+send+`"`)
		staff.get(send).wants(http.StatusOK).says(`name="host" value="near.example"`, `name="host" value="far.example"`, "Leave out who reported it", `value="unkind" checked`).
			hides("bus stop", "rowan")
		sent := []string{"host", "near.example", "category", "unkind", "note", "Please <look>."}
		staff.post(send, append(sent, "do", "preview")...).wants(http.StatusOK).
			says("This is sent", "https://near.example/u/1", "https://near.example/p/1", "It attacks, mocks or presses somebody.", "Please &lt;look&gt;.", "/actor</code>").hides("bus stop", "rowan", "<dd><bdi>far.example")
		staff.post(send, "host", "near.example", "category", "unkind", "note", "It was at the bus stop.", "do", "send").
			wants(http.StatusUnprocessableEntity).says("repeats what whoever reported wrote")
		staff.post(send, "category", "unkind", "do", "send").wants(http.StatusUnprocessableEntity).says("choose who should look at it")
		for _, b := range []*browser{rowan, p.browser()} {
			b.get(send).hides("near.example/p/1")
			if b.post(send, append(sent, "do", "send")...); b.get(send).StatusCode == http.StatusOK {
				t.Error("somebody else sees the page")
			}
		}
		staff.get(item).hides("On its way to")
		staff.follow(staff.post(send, append(sent, "do", "send")...)).wants(http.StatusOK).says("On its way to near.example.", "Send this on")
		staff.post(send, append(sent, "do", "send")...).wants(http.StatusConflict).says("sent on to near.example before", "Please &lt;look&gt;.")
		staff.get("/mod/g/garden@far.example/log").hides("bus stop")

		_, err := p.service.SetPolicyAsOperator(context.Background(), community.PolicyDraft{Domain: "far.example", Severity: policy.Suspend})
		p.must(err)
		staff.get(item).wants(http.StatusOK).says("near.example").hides("Send this on")
		staff.get(send).wants(http.StatusNotFound)
		staff.post(send, "host", "far.example", "category", "spam", "do", "send").wants(http.StatusForbidden).says("cannot be sent to far.example")
		rowan.get("/report?post=post").hides("near.example") // it is out of sight, as its group is
	})
}

func TestR19NothingIsSentOnWhereThisServerTalksWithNobody(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("garden", community.ReadersAnyone, groupAt("far.example"))
		post := p.farPost(g)
		rowan, staff := p.member("rowan", g), p.personAs("staff-login", "steady-otter", community.RoleModerator)
		rowan.get("/report?post=" + post.ID).wants(http.StatusOK).hides("Ours can ask")
		p.report(rowan, post.ID, "reason", "spam").wants(http.StatusSeeOther)
		item := staff.item()
		staff.get(item).wants(http.StatusOK).hides("Send this on")
		staff.get(item + "/send").wants(http.StatusNotFound)
		staff.post(item+"/send", "host", "near.example", "category", "spam", "do", "send").wants(http.StatusForbidden)
	})
}

// Whom a report is about is the only one who would read it, and its group's
// moderators are elsewhere: nobody is said to read it who does not.
func TestReportThatNobodyReadsNamesNobodyWhoReadsIt(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("garden", community.ReadersAnyone, groupAt("far.example"))
		p.admin()
		warden := p.viewer("warden")
		p.must(p.store.InsertMembership(context.Background(), community.Membership{ID: "m", GroupID: g.ID, AccountID: warden.ActingID(), Role: community.GroupMember, State: community.MemberActive,
			CreatedAt: p.clock.Now(), ChangedAt: p.clock.Now()}))
		p.must(p.service.GiveFederateConsent(context.Background(), warden, g.ID, "Copies may go."))
		post, err := p.service.WritePost(context.Background(), warden, community.Draft{GroupID: g.ID, Title: "Mine", Text: "words", Language: "en"})
		p.must(err)
		p.member("rowan", g).get("/report?post="+post.ID).wants(http.StatusOK).
			says("Nobody else reads your report now", "You can report it to them there", `href="https://far.example/c/garden"`).
			hides("The moderators of this server read it")
	})
}
