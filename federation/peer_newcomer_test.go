package federation_test

import (
	"slices"
	"testing"
	"time"

	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
)

// became is what became of what a server sent, in the order it came.
func (d *dialects) became(s *fedtest.Server) []string {
	d.Helper()
	return storagetest.Strings(d.T, d.db, "SELECT type || ' ' || state || ' ' || outcome || ' ' || reason FROM activities WHERE direction = 'in' AND domain = '"+s.Host+"' ORDER BY seq")
}

func (d *dialects) wantsBecame(s *fedtest.Server, want ...string) {
	d.Helper()
	if got := d.became(s); !slices.Equal(got, want) {
		d.Errorf("of what %s sent became %q, want %q", s.Host, got, want)
	}
}

// Whoever asks to be let in from a server that is new waits for it to say what it
// runs, and nobody waits with them.
func TestNobodyWaitsWithAFollowForItsServerToSayWhatItRuns(t *testing.T) {
	eachDialects(t, func(d *dialects) {
		elm := fedtest.NewServer(t, "elm.example", fedtest.In(d.world), fedtest.Speaking(fedtest.Lemmy))
		ann, ctx := elm.Person("ann"), d.Context()
		d.take(t, ann, ann.Activity("Follow", d.group.URI))
		d.take(t, ann, ann.Activity("Like", elm.URL+"/p/1"))
		d.must(d.HandleInbox(ctx))
		d.wantsBecame(elm, "Follow waiting  software", "Like finished ignored reaction")
		if n := asked(elm); n > 0 {
			t.Fatalf("a worker of the inbox asked it %d times", n)
		}
		post := ann.Note(d.group.URI, "<p>hello</p>", map[string]any{"name": "hello"})
		d.take(t, ann, ann.Activity("Create", post))
		d.must(d.HandleInbox(ctx))
		d.wantsBecame(elm, "Follow waiting  software", "Like finished ignored reaction", "Create waiting  not_member")
		d.must(d.AskNewcomers(ctx))
		d.must(d.HandleInbox(ctx))
		d.clock.pass(10 * time.Second)
		d.must(d.HandleInbox(ctx))
		d.wantsBecame(elm, "Follow finished accepted ", "Like finished ignored reaction", "Create finished accepted ")
	})
}

// It waits for a minute at most, whether or not its server was ever asked.
func TestAFollowIsAnsweredAfterAMinuteWhateverItsServerSays(t *testing.T) {
	eachDialects(t, func(d *dialects) {
		elm := fedtest.NewServer(t, "elm.example", fedtest.In(d.world), fedtest.Speaking(fedtest.Mastodon))
		ann, ctx := elm.Person("ann"), d.Context()
		d.take(t, ann, ann.Activity("Follow", d.group.URI))
		d.must(d.HandleInbox(ctx))
		d.clock.pass(59 * time.Second)
		d.must(d.HandleInbox(ctx))
		d.wantsBecame(elm, "Follow waiting  software")
		d.clock.pass(time.Second)
		d.must(d.HandleInbox(ctx))
		d.wantsBecame(elm, "Follow finished accepted ")
		// One that lay in a long inbox for that time is asked all the same.
		fir := fedtest.NewServer(t, "fir.example", fedtest.In(d.world), fedtest.Speaking(fedtest.Mastodon))
		ben := fir.Person("ben")
		d.take(t, ben, ben.Activity("Follow", d.group.URI))
		d.clock.pass(5 * time.Minute)
		d.must(d.HandleInbox(ctx))
		d.wantsBecame(fir, "Follow waiting  software")
	})
}

// An Undo that names a Follow by its id alone does not overtake it.
func TestAFollowThatWaitsIsTakenBack(t *testing.T) {
	eachDialects(t, func(d *dialects) {
		elm := fedtest.NewServer(t, "elm.example", fedtest.In(d.world), fedtest.Speaking(fedtest.Lemmy))
		ann, ctx := elm.Person("ann"), d.Context()
		follow := ann.Activity("Follow", d.group.URI)
		d.take(t, ann, follow)
		d.take(t, ann, ann.Activity("Undo", follow["id"]))
		d.must(d.HandleInbox(ctx))
		d.must(d.HandleDue(ctx))
		d.clock.pass(10 * time.Second)
		d.must(d.HandleDue(ctx))
		d.wantsBecame(elm, "Follow finished accepted ", "Undo finished accepted ")
		if state := storagetest.Strings(t, d.db, "SELECT m.state FROM memberships AS m JOIN actors AS a ON a.id = m.account_id WHERE a.domain = 'elm.example'"); !slices.Equal(state, []string{"left"}) {
			t.Errorf("their membership is %q", state)
		}
	})
}
