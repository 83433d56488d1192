package web_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"hearth/community"
)

// Everybody who was let in is told that words they deleted may be back. When the
// backup was taken stands in the record, which staff reads.
func TestAfterARestoreEverybodyIsToldAndTheRecordSaysSo(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx := context.Background()
		rowan := p.person("rowan-login", "still-lake")
		p.person("otter-login", "slow-otter")
		if _, err := p.service.SuspendAsOperator(ctx, "otter-login", community.Measure{Reason: "Because."}); err != nil {
			t.Fatal(err)
		}
		p.join(p.browser(), "/join").leads() // somebody asks to be let in
		takenAt := time.Date(2026, 2, 27, 5, 6, 0, 0, time.UTC)
		err := p.store.InTx(ctx, func(tx community.Store) error {
			return community.NewService(tx, community.WithClock(p.clock.Now)).WakeUp(ctx, takenAt)
		})
		if err != nil {
			t.Fatal(err)
		}
		sentence := "Willow Lane had to be put back to an earlier day"
		rowan.get("/notices").wants(http.StatusOK).says(sentence, `href="/home"`).hides("2026-02-27", "/decisions/")
		p.admin().get("/notices").wants(http.StatusOK).says(sentence)
		p.admin().get("/mod/log").wants(http.StatusOK).says("Put everything back to an earlier day", "2026-02-27 05:06", "whoever runs the machine", "Every entry fits")
		rowan.get("/mod/log").wants(http.StatusNotFound)
		for login, want := range map[string]bool{"rowan-login": true, "otter-login": true, "rowan": false} {
			user, err := p.store.UserByLogin(ctx, login)
			if err != nil {
				t.Fatal(err)
			}
			list, err := p.store.Notices(ctx, user.ID, community.Paging{Limit: 10})
			if err != nil {
				t.Fatal(err)
			}
			told := false
			for _, n := range list {
				told = told || n.DecisionKind == community.DecidedRestore
			}
			if told != want {
				t.Errorf("%s was told of the restore: %v, want %v", login, told, want)
			}
		}
	})
}
