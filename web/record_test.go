package web_test

import (
	"context"
	"net/http"
	"testing"

	"hearth/community"
	"hearth/storage/storagetest"
)

func TestR28ARecordIsReadAndShowsWhatWasChangedInIt(t *testing.T) {
	storagetest.EachAddress(t, func(t *testing.T, address string) {
		p := newPlace(t, storagetest.Open(t, address))
		db := storagetest.SQL(t, address)
		g := p.newGroup("carers", community.ReadersMembers)
		author, mod := p.member("rowan", g), p.moderator("maya", g)
		staff := p.personAs("staff-login", "steady-otter", community.RoleModerator)
		mod.get("/mod/log?group=carers").says("Nothing was decided yet.")
		for range 3 {
			post := author.write(g, "title", "A title", "text", "Words.")
			mod.decide("/mod/post/"+post, "measure", "hide", "reason", "Because of the words.").leads()
		}
		log := "/mod/log?group=carers"
		mod.get(log).wants(http.StatusOK).says("1. Hid a post", "3. Hid a post", "by maya", "about rowan", "Because of the words.", "Every entry fits")
		mod.get(log+"&before=3").says("2. Hid a post", "The newest").hides("3. Hid a post")
		staff.get(log).wants(http.StatusOK)
		staff.get("/mod/log").wants(http.StatusOK).says("Changed what somebody may do")
		mod.get("/mod/log").wants(http.StatusNotFound)
		author.get(log).wants(http.StatusNotFound)
		mod.post("/mod/log").wants(http.StatusMethodNotAllowed)

		if _, err := db.Exec("DELETE FROM decision_payloads WHERE decision_id = (SELECT id FROM decisions WHERE scope = '" + g.ID + "' AND seq = 1)"); err != nil {
			t.Fatal(err)
		}
		mod.get(log).says("words erased", "Every entry fits")
		if _, err := db.Exec("UPDATE decisions SET account_id = NULL WHERE scope = '" + g.ID + "' AND seq = 2"); err != nil {
			t.Fatal(err)
		}
		mod.get(log).says("changed since", "was changed or taken out after it was written").hides("Every entry fits")
	})
}

func TestWhomADecisionIsAboutReadsNothingInThePlaceOfWhoDecided(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin, other := p.admin(), p.personAs("hazel", "soft-cloud", community.RoleAdmin)
		p.group(admin)
		admin.get("/mod/log").wants(http.StatusOK).says("Agreed to a group", "about quiet-heron").hides("Somebody who left", "by quiet-heron")
		other.get("/mod/log").wants(http.StatusOK).says("Agreed to a group", "by quiet-heron")
	})
}

func TestNotesForAdminsAreNotForOtherModerators(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin, staff := p.admin(), p.personAs("hazel", "soft-cloud", community.RoleModerator)
		admin.post("/admin/invitations", "uses", "1", "days", "3", "note", "For a neighbour.").leads()
		admin.post("/admin/federation", "domain", "elm.example", "severity", "suspend", "public_reason", "Said openly.", "private_note", "Said among us.").leads()
		for kind, note := range map[string]string{community.DecidedInvitation: "For a neighbour.", community.DecidedPolicy: "Said among us."} {
			rows, err := p.store.RecordRows(context.Background(), "", 0, 10)
			p.must(err)
			for _, row := range rows {
				if row.Kind == kind {
					admin.get("/decisions/" + row.ID).wants(http.StatusOK).says(note)
					staff.get("/decisions/" + row.ID).wants(http.StatusOK).hides(note)
					staff.get("/mod/log").wants(http.StatusOK).hides(note)
				}
			}
		}
	})
}
