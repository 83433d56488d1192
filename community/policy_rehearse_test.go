package community_test

import (
	"fmt"
	"testing"

	"hearth/community"
	"hearth/community/policy"
)

// passed is some messages of one kind that elm.example sent today, in a group or none.
func (h *parlour) passed(kind policy.FactKind, groupID, outcome, reason string, n int) {
	h.Helper()
	group := "NULL"
	if groupID != "" {
		group = "'" + groupID + "'"
	}
	for i := range n {
		id := fmt.Sprint(kind, groupID, outcome, i)
		_, err := h.db.Exec(fmt.Sprintf(`INSERT INTO activities (id, uri, direction, type, kind, actor_uri, domain, about_domain, object_uri, order_key, group_id, state, outcome, reason, size, hash, received_at)
			VALUES ('%s', '%s', 'in', 'x', '%s', '', 'elm.example', '', '', '', %s, 'finished', '%s', '%s', 0, '', '%s')`,
			id, id, kind, group, outcome, reason, h.now.Format("2006-01-02 15:04:05+00:00")))
		h.must(err)
	}
}

func TestARehearsalCountsWordsAndBandsWhatTellsOfPeople(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		h.must(h.store.NoteHeard(h.ctx, "elm.example", h.now))
		open, closed := h.farGroup("open", community.ReadersAnyone), h.farGroup("closed", community.ReadersMembers)
		h.passed(policy.FactWords, open.ID, "accepted", "", 3)
		h.passed(policy.FactWords, closed.ID, "accepted", "", 2)
		h.passed(policy.FactFollow, "", "accepted", "", 2)
		r, err := h.service.RehearsePolicies(h.ctx, h.admin, setting("elm.example", policy.Suspend))
		h.must(err)
		today := r.Days[len(r.Days)-1]
		if len(r.Days) != community.RehearsalDays || today.Day != "2026-03-04" || today.Words != (policy.Tally{policy.Barred: 5}) || r.AtLeast {
			h.Errorf("got %d days, the last %+v, at least: %t", len(r.Days), today, r.AtLeast)
		}
		few := policy.BandOf(1)
		want := []community.RehearsedKind{
			{Kind: policy.FactWords, Counts: [policy.Effects]policy.Band{policy.Barred: {From: 5, To: 5}}},
			{Kind: policy.FactFollow, Counts: [policy.Effects]policy.Band{policy.Barred: few}},
		}
		if fmt.Sprint(r.Kinds) != fmt.Sprint(want) {
			h.Errorf("got kinds %+v, want %+v", r.Kinds, want)
		}
		if len(r.Groups) != 1 || r.Groups[0].Title != open.Title || r.Groups[0].Counts[policy.Barred] != few || !r.Others {
			h.Errorf("got groups %+v, others %t: want the one that anybody reads, in a band, and that there are others", r.Groups, r.Others)
		}
		if n := len(h.column("SELECT domain FROM domain_policies")); n != 0 {
			h.Errorf("%d policies hold now, want none", n)
		}
		watched, err := h.service.RehearsePoliciesAsOperator(h.ctx, setting("elm.example", policy.Watch))
		h.must(err)
		if len(watched.Kinds)+len(watched.Groups) == 0 || watched.Days[len(watched.Days)-1].Words != (policy.Tally{policy.Stays: 5}) {
			h.Errorf("watched: got %+v", watched.Kinds)
		}
	})
}

// Who is refused may be named by anybody: that is no word of theirs, but at least so
// much would come.
func TestARehearsalOfLettingInSaysAtLeast(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		h.policy(policy.Suspend)
		h.passed(policy.FactUnread, "", "refused", "policy", 7)
		r, err := h.service.RehearsePolicies(h.ctx, h.admin, community.PolicyProposal{Lift: []string{"elm.example"}})
		h.must(err)
		if want := policy.BandOf(7); !r.AtLeast || len(r.Kinds) != 1 || r.Kinds[0].Kind != policy.FactUnread || r.Kinds[0].Counts[policy.LetIn] != want {
			h.Errorf("got %+v, at least: %t", r.Kinds, r.AtLeast)
		}
	})
}

func TestOnlyAdminsRehearse(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		moderator := h.person("moss")
		moderator.User.Role = community.RoleModerator
		for name, v := range map[string]community.Viewer{"an outsider": {}, "a member": h.person("rowan"), "a moderator": moderator, "a server": {Domain: "elm.example"}} {
			_, err := h.service.RehearsePolicies(h.ctx, v, setting("elm.example", policy.Suspend))
			h.wants(name, err, community.NotFound)
		}
	})
}
