package web_test

import (
	"database/sql"
	"net/http"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"

	"hearth/storage/storagetest"
)

// eachPlaceWithRows is eachPlace with the first column of any query's rows, as
// whoever holds the database alone can read them.
func eachPlaceWithRows(t *testing.T, fn func(t *testing.T, p *place, rows func(query string) []string)) {
	t.Helper()
	storagetest.EachAddress(t, func(t *testing.T, address string) {
		p := newPlace(t, storagetest.Open(t, address))
		driver := "sqlite"
		if strings.HasPrefix(address, "postgres") {
			driver = "pgx"
		}
		db, err := sql.Open(driver, address)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		fn(t, p, func(query string) []string {
			return storagetest.Strings(t, db, query)
		})
	})
}

func TestWhatIsShownOnceCannotBeReadFromTheDatabase(t *testing.T) {
	eachPlaceWithRows(t, func(t *testing.T, p *place, rows func(string) []string) {
		b := p.admin()
		b.post("/admin/invitations", "uses", "1", "days", "1").leads()
		kept := strings.Join(rows("SELECT data FROM browser_sessions"), "\n")
		page := b.get("/admin/invitations").wants(http.StatusOK)
		code := strings.TrimPrefix(invitationLink.FindStringSubmatch(page.body)[1], "/invitation/")
		if !strings.Contains(kept, "once") {
			t.Fatal("nothing waited for the next page")
		}
		if strings.Contains(kept, code) {
			t.Error("a session in the database carries the code of an invitation")
		}
	})
}

func TestTheAnswerOfAnApplicantStandsInOneColumnAndIsErased(t *testing.T) {
	eachPlaceWithRows(t, func(t *testing.T, p *place, rows func(string) []string) {
		const canary = "my canary words"
		p.join(p.browser(), "/join", "answer", canary).leads()
		p.decide("rowan", false, "Not now.")
		if got := rows("SELECT answer FROM applications"); len(got) != 1 || got[0] != canary {
			t.Fatalf("the answer: got %q", got)
		}
		payloads := strings.Join(rows("SELECT payload FROM decision_payloads"), "\n")
		if !strings.Contains(payloads, "Not now.") || strings.Contains(payloads, canary) {
			t.Errorf("the decision keeps %q, want the reply and not the answer", payloads)
		}
		p.clock.advance(answersKept - 1)
		p.tidy()
		if got := rows("SELECT answer FROM applications"); got[0] != canary {
			t.Errorf("erased before 30 days: %q", got)
		}
		p.clock.advance(1000)
		if done := p.tidy(); done.Answers != 1 {
			t.Errorf("tidying erased %d answers, want 1", done.Answers)
		}
		if got := rows("SELECT answer FROM applications"); got[0] != "" {
			t.Errorf("after 30 days: %q is still there", got)
		}
		if done := p.tidy(); done.Answers != 0 {
			t.Errorf("the second turn erased %d answers, want none", done.Answers)
		}
	})
}
