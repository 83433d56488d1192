package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation"
)

func TestAdminSeesAServerWithAllThatIsKnownOfIt(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		ctx, now := context.Background(), p.clock.Now()
		admin := p.admin()
		admin.get("/admin/federation/instances/nowhere.example").wants(http.StatusOK).says("Nothing was ever sent to this server", "Talk freely", "Nobody there follows a group here")
		admin.get("/admin/federation/instances/no%20name").wants(http.StatusNotFound)
		p.must(p.store.NoteHeard(ctx, "elm.example", now))
		p.must(p.store.NotePeer(ctx, federation.Peer{Domain: "elm.example", Software: "lemmy", Version: "0.19.5", NodeinfoAt: &now}))
		for i, outcome := range []string{federation.Accepted, federation.Refused, federation.Refused} {
			id := fmt.Sprint("came", i)
			p.must(p.store.SaveIncoming(ctx, federation.Activity{ID: id, URI: id, Direction: federation.Incoming, Type: "Create", Domain: "elm.example", State: federation.Finished, Outcome: outcome, Reason: map[string]string{federation.Refused: "locked"}[outcome], ReceivedAt: now}))
		}
		p.queued("elm.example", 2, p.failing(1, "status 503"))
		_, err := p.service.SetPolicyAsOperator(ctx, community.PolicyDraft{Domain: "elm.example", Severity: policy.Allow, PublicReason: "They are kind."})
		p.must(err)
		admin.get("/admin/federation/instances/elm.example").wants(http.StatusOK).says(
			"lemmy 0.19.5", "last heard from", "2 messages wait", "the oldest waits since", "nobody behind it (503)",
			"What came from elm.example, by day", "with 3.", "The thread is closed to replies.", "What was sent to elm.example, by day: nothing",
			"They are kind.", "Drop what waits", "Deletions still go",
		)
		admin.get("/admin/federation/instances").says("elm.example", "lemmy 0.19.5")
	})
}

func TestServersAreFoundByNameAndByHowTheyFare(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		ctx, now := context.Background(), p.clock.Now()
		for _, domain := range []string{"elm.example", "oak.example", "loud.example"} {
			p.must(p.store.NoteHeard(ctx, domain, now))
		}
		p.queued("ash.example", 1, p.failing(1, "timeout"))
		_, err := p.service.SetPolicyAsOperator(ctx, community.PolicyDraft{Domain: "loud.example", Severity: policy.Suspend})
		p.must(err)
		admin := p.admin()
		all := []string{"ash.example", "elm.example", "loud.example", "oak.example"}
		for query, want := range map[string]string{
			"":                   "ash.example elm.example loud.example oak.example",
			"?q=OA":              "oak.example",
			"?q=%25":             "",
			"?only=talking":      "elm.example oak.example",
			"?only=refused":      "loud.example",
			"?only=silent":       "ash.example",
			"?only=waiting":      "ash.example",
			"?only=limited":      "",
			"?after=elm.example": "loud.example oak.example",
		} {
			page := admin.get("/admin/federation/instances" + query).wants(http.StatusOK).body
			var shown []string
			for _, host := range all {
				if strings.Contains(page, `href="/admin/federation/instances/`+host+`"`) {
					shown = append(shown, host)
				}
			}
			if got := strings.Join(shown, " "); got != want {
				t.Errorf("%q: got %q, want %q", query, got, want)
			}
		}
	})
}

func TestNothingIsDroppedWhereNoWordsWait(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		p.queued("elm.example", 1, nil) // of no post
		p.admin().post("/admin/federation/instances/drop", "host", "elm.example").wants(http.StatusConflict).says("There is nothing to drop for elm.example")
		p.person("robin-in", "robin-quiet").post("/admin/federation/instances/drop", "host", "elm.example").wants(http.StatusNotFound)
		if p.lane("elm.example").NextAt == nil {
			t.Error("the server is not due any more")
		}
	})
}
