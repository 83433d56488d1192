package web_test

import (
	"net/http"
	"testing"

	"hearth/community"
)

func TestWhoIsNotInAGroupElsewhereComesInBeforeTheyWrite(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.registers(community.RegistrationApproval, func(s *community.Site) { s.FrontDoor = community.FrontDoorOpen })
		g := p.newGroup("garden", community.ReadersAnyone, groupAt("far.example"))
		maya := p.member("maya")
		for _, b := range []*browser{maya, p.browser()} {
			b.get("/g/garden@far.example").wants(http.StatusOK).hides("Write something")
			if got := b.get("/g/garden@far.example/new").wants(http.StatusSeeOther).leads(); got != "/g/garden@far.example/join?next=%2Fg%2Fgarden%40far.example%2Fnew" {
				t.Errorf("writing leads to %s, want to joining", got)
			}
		}
		p.admit("maya", g, community.GroupMember)
		maya.get("/g/garden@far.example").wants(http.StatusOK).says("Write something")
	})
}

func TestWhoIsPausedReadsOfNoWordsWhereTheyWroteNone(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		rowan := p.member("rowan", p.newGroup("carers", community.ReadersAnyone))
		p.suspend("rowan")
		rowan.get("/g/carers/new").wants(http.StatusForbidden).says("You cannot write here now").hides("These words were not sent", "They are not lost")
		rowan.post("/g/carers/new", "text", "Some words.").says("These words were not sent", "Some words.")
	})
}
