package web_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/community/secret"
)

// fetches notes how far the past of a group elsewhere has been fetched, as whoever
// fetches it does.
func (p *place) fetches(g community.Group, j community.Job) {
	p.t.Helper()
	now := p.clock.Now()
	j.ID, j.Kind, j.AboutID, j.Host = secret.NewID(now), community.JobBackfill, g.ID, g.Domain
	j.CreatedAt, j.NextAt = now.Add(-40*24*time.Hour), now
	p.must(p.store.InsertJob(context.Background(), j))
}

func TestWhoIsInAGroupElsewhereReadsHowFarItsPastIsFetched(t *testing.T) {
	const heading, day = "What was written before", 24 * time.Hour
	eachPlace(t, func(t *testing.T, p *place) {
		p.registers(community.RegistrationApproval, func(s *community.Site) { s.FrontDoor = community.FrontDoorOpen })
		p.talksWith("far.example")
		ago := func(d time.Duration) *time.Time { at := p.clock.Now().Add(-d); return &at }
		rowan, maya, admin, visitor := p.member("rowan"), p.member("maya"), p.admin(), p.browser()
		for name, c := range map[string]struct {
			job  community.Job
			says string // empty: that part is not on the page
		}{
			"begins":      {community.Job{State: community.JobWaiting}, "Earlier threads are fetched from far.example."},
			"fetches":     {community.Job{State: community.JobWaiting, Done: 120}, "Fetching earlier threads: 120 so far."},
			"answers":     {community.Job{State: community.JobWaiting, Done: 3, Total: 40}, "Fetching what was answered in earlier threads: 3 of 40 threads so far."},
			"waits":       {community.Job{State: community.JobWaiting, Done: 7, Error: community.BackfillUnreachable}, "7 so far. It waits, because far.example does not answer."},
			"paused":      {community.Job{State: community.JobWaiting, Error: community.BackfillPaused}, "It waits, because the people who run this server have paused it."},
			"done":        {community.Job{State: community.JobDone, FinishedAt: ago(6 * day)}, "Earlier threads are here, as far as they could be fetched."},
			"no-news":     {community.Job{State: community.JobDone, FinishedAt: ago(8 * day)}, ""},
			"left":        {community.Job{State: community.JobStopped, Error: community.BackfillLeft, FinishedAt: ago(8 * day)}, "Fetching earlier threads has stopped."},
			"refused":     {community.Job{State: community.JobStopped, Error: community.BackfillRefused, FinishedAt: ago(day)}, "this server ended its contact with far.example"},
			"gone":        {community.Job{State: community.JobFailed, Error: community.BackfillGone, FinishedAt: ago(day)}, "far.example took the group down"},
			"withheld":    {community.Job{State: community.JobFailed, Error: community.BackfillWithheld, FinishedAt: ago(day)}, "far.example does not show them to this server"},
			"unreadable":  {community.Job{State: community.JobFailed, Error: community.BackfillUnreadable, FinishedAt: ago(day)}, "cannot read what far.example shows"},
			"no-list":     {community.Job{State: community.JobFailed, Error: community.BackfillNoList, FinishedAt: ago(day)}, "far.example gives out no list of them"},
			"unreachable": {community.Job{State: community.JobFailed, Error: community.BackfillUnreachable, FinishedAt: ago(29 * day)}, "did not answer for about a day"},
			"long-failed": {community.Job{State: community.JobFailed, Error: community.BackfillUnreachable, FinishedAt: ago(31 * day)}, ""},
			"new-word":    {community.Job{State: community.JobFailed, Error: "a_word_of_later", FinishedAt: ago(day)}, "Earlier threads could not be fetched from far.example."},
		} {
			g := p.newGroup(name, community.ReadersAnyone, groupAt("far.example"))
			p.admit("rowan", g, community.GroupMember)
			p.fetches(g, c.job)
			page := rowan.get("/g/" + g.Handle()).wants(http.StatusOK)
			if c.says == "" {
				page.hides(heading)
				continue
			}
			page.says(heading, c.says)
			for _, b := range []*browser{maya, admin, visitor} {
				b.get("/g/"+g.Handle()).wants(http.StatusOK).hides(heading, c.says)
			}
		}
	})
}

// What is fetched says when somebody here came: who is not in the group, or not any
// more, reads nothing of it (R14).
func TestR14OnlyWhoIsInAGroupReadsThatItsPastIsFetched(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.talksWith("far.example")
		g := p.newGroup("garden", community.ReadersAnyone, groupAt("far.example"))
		rowan := p.member("rowan", g)
		const heading = "What was written before"
		rowan.get("/g/garden@far.example").wants(http.StatusOK).hides(heading) // nothing is fetched
		p.fetches(g, community.Job{State: community.JobWaiting, Done: 120})
		rowan.get("/g/garden@far.example").wants(http.StatusOK).says(heading, "120 so far")
		rowan.get("/g/garden@far.example/join").hides(heading, "120 so far")
		for _, state := range []string{community.MemberAsked, community.MemberLeft, community.MemberRefused, community.MemberSevered} {
			p.put("rowan", g, state)
			rowan.get("/g/garden@far.example").wants(http.StatusOK).hides(heading, "120 so far")
		}
		p.put("rowan", g, community.MemberActive)
		_, err := p.service.SetPolicyAsOperator(context.Background(), community.PolicyDraft{Domain: "far.example", Severity: policy.Suspend})
		p.must(err)
		p.put("rowan", g, community.MemberActive) // they came back to a server that is refused at the moment
		rowan.get("/g/garden@far.example").wants(http.StatusOK).says("has stopped, because this server ended its contact with far.example").hides("120 so far")
		here := p.newGroup("carers", community.ReadersAnyone)
		p.admit("rowan", here, community.GroupMember)
		p.fetches(here, community.Job{State: community.JobWaiting, Done: 120})
		rowan.get("/g/carers").wants(http.StatusOK).hides(heading)
	})
}
