package federation_test

import (
	"slices"
	"testing"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation"
	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
)

func TestNobodyNewFollowsFromAServerOfWhichNoNewOnesAreTaken(t *testing.T) {
	eachDialects(t, func(d *dialects) {
		elm := fedtest.NewServer(t, "elm.example", fedtest.In(d.world), fedtest.Speaking(fedtest.Lemmy))
		if got := d.asksFor(elm, "ann"); got != "Accept" {
			t.Fatalf("before it is said: %q, want Accept", got)
		}
		_, err := d.service.SetPolicyAsOperator(d.Context(), community.PolicyDraft{Domain: elm.Host, Severity: policy.Allow, NoNewFollows: true})
		d.must(err)
		if got := d.asksFor(elm, "bee"); got != "Reject" {
			t.Errorf("somebody new is answered %q, want Reject", got)
		}
		if got := d.asksFor(elm, "ann"); got != "Accept" {
			t.Errorf("somebody who is in asks again and is answered %q, want Accept", got)
		}
		if got := storagetest.Strings(t, d.db, "SELECT outcome || ' ' || reason FROM activities WHERE direction = 'in' ORDER BY seq"); !slices.Equal(got, []string{
			"accepted ", "refused no_new_follows", "accepted "}) {
			t.Errorf("kept as facts: %q", got)
		}
		d.must(d.service.LiftPolicyAsOperator(d.Context(), elm.Host))
		if got := d.asksFor(elm, "bee"); got != "Accept" {
			t.Errorf("when it is taken back: %q, want Accept", got)
		}
	})
}

func TestReportsAreNotTakenFromAServerWhoseReportsAreRejected(t *testing.T) {
	eachWriters(t, func(w *writers) {
		post := w.writeIn(w.ownGroup("carers"))
		reports := func() int { return len(storagetest.Strings(w.T, w.db, "SELECT id FROM reports")) }
		_, err := w.service.SetPolicyAsOperator(w.Context(), community.PolicyDraft{Domain: w.far.Host, Severity: policy.Allow, RejectReports: true})
		w.must(err)
		out := w.Handled(w.Context(), w.incoming(w.far.Person("kim").Activity("Flag", post.URI)))
		if out.Outcome != federation.Refused || out.Reason != "no_reports" || reports() != 0 {
			t.Errorf("got %+v and %d reports, want it refused", out, reports())
		}
		_, err = w.service.SetPolicyAsOperator(w.Context(), community.PolicyDraft{Domain: w.far.Host, Severity: policy.Allow})
		w.must(err)
		out = w.Handled(w.Context(), w.incoming(w.far.Person("kim").Activity("Flag", post.URI)))
		if out.Outcome != federation.Accepted || reports() != 1 {
			t.Errorf("when it is said no longer: got %+v and %d reports, want one", out, reports())
		}
	})
}

func TestReportsOfAServerWhoseReportsAreRejectedAreNotPassedOnToUs(t *testing.T) {
	eachWriters(t, func(w *writers) {
		kim := fedtest.NewServer(t, "elsewhere.example", fedtest.In(w.world)).Person("kim")
		post := w.write(w.ada, "", "words")
		w.after(0)
		reports := func() int { return len(storagetest.Strings(w.T, w.db, "SELECT id FROM reports")) }
		_, err := w.service.SetPolicyAsOperator(w.Context(), community.PolicyDraft{Domain: kim.Server.Host, Severity: policy.Allow, RejectReports: true})
		w.must(err)
		w.becomes("one of theirs", w.passes(kim.Activity("Flag", post.URI)), federation.Refused, "no_reports")
		if reports() != 0 {
			t.Errorf("there are %d reports, want none", reports())
		}
		w.becomes("one of another server", w.passes(w.far.Person("lee").Activity("Flag", post.URI)), federation.Accepted, "")
		if reports() != 1 {
			t.Errorf("there are %d reports, want one", reports())
		}
	})
}
