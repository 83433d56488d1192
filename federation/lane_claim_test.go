package federation_test

import (
	"strings"
	"testing"

	"hearth/storage/storagetest"
)

// A lane is leased for each direction of its own, but is one row: who writes
// about one direction locks it for a moment for the other.
func TestClaimWaitsForALaneThatIsWrittenAbout(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		if !strings.HasPrefix(h.address, "postgres") {
			return // SQLite locks no rows
		}
		h.queue(t, mail{host: "far.example", key: "a"})
		h.receive(t, "far.example", "a", "1")
		for direction, claim := range map[string]func() (int, error){
			"out": func() (int, error) {
				lanes, err := h.store.ClaimLanes(t.Context(), h.clock.Now(), 10)
				return len(lanes), err
			},
			"in": func() (int, error) {
				batch, err := h.store.ClaimIncoming(t.Context(), h.clock.Now(), 10)
				return len(batch.Activities), err
			},
		} {
			tx, err := h.db.BeginTx(t.Context(), nil)
			if err == nil {
				_, err = tx.Exec("SELECT 1 FROM lanes FOR UPDATE")
			}
			if err != nil {
				t.Fatal(err)
			}
			var claimed int
			var failed error
			done := make(chan struct{})
			go func() {
				defer close(done)
				claimed, failed = claim()
			}()
			storagetest.AwaitBlocked(t, h.db, 1, done)
			if err := tx.Commit(); err != nil {
				t.Fatal(err)
			}
			<-done
			if claimed != 1 || failed != nil {
				t.Errorf("%s: claimed %d, %v; want what waited for the lane", direction, claimed, failed)
			}
		}
	})
}
