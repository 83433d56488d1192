package federation_test

import (
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
)

// What a rehearsal says would have been refused is what is refused once it holds and
// the same comes again.
func TestARehearsalAgreesWithWhatHappensThen(t *testing.T) {
	eachDialects(t, func(d *dialects) {
		elm := fedtest.NewServer(t, "elm.example", fedtest.In(d.world), fedtest.Speaking(fedtest.Lemmy))
		for _, name := range []string{"ann", "bee"} {
			if got := d.asksFor(elm, name); got != "Accept" {
				t.Fatalf("%s is answered %q, want Accept", name, got)
			}
		}
		draft := community.PolicyDraft{Domain: elm.Host, Severity: policy.Allow, NoNewFollows: true}
		now, proposal, err := d.service.ProposedPoliciesAsOperator(d.Context(), community.PolicyProposal{Set: []community.PolicyDraft{draft}})
		d.must(err)
		hosts, err := d.store.HostsMet(d.Context())
		d.must(err)
		to := d.service.Now().Truncate(24*time.Hour).AddDate(0, 0, 1)
		facts, err := d.store.Facts(d.Context(), community.FactQuery{Hosts: hosts, From: to.AddDate(0, 0, -2), To: to})
		d.must(err)
		rehearsed := policy.Rehearse(facts, now, now.With(proposal)).All[policy.FactFollow][policy.Barred]
		_, err = d.service.SetPolicyAsOperator(d.Context(), draft)
		d.must(err)
		for _, name := range []string{"cat", "dan"} {
			if got := d.asksFor(elm, name); got != "Reject" {
				t.Errorf("%s is answered %q, want Reject", name, got)
			}
		}
		refused := len(storagetest.Strings(t, d.db, "SELECT id FROM activities WHERE outcome = 'refused' AND kind = 'follow'"))
		if rehearsed != 2 || refused != rehearsed {
			t.Errorf("%d were rehearsed and %d refused, want two of each", rehearsed, refused)
		}
	})
}
