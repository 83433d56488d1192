package federation_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
)

// asksFor has somebody of a server ask for a group, and says what the server was
// answered, if anything.
func (d *dialects) asksFor(s *fedtest.Server, name string) string {
	d.Helper()
	before := len(s.Deliveries())
	actor := s.Person(name)
	d.take(d.T, actor, actor.Activity("Follow", d.group.URI))
	d.must(d.HandleDue(d.Context()))
	d.publishAndDeliver()
	var answers []string
	for _, r := range s.Deliveries()[before:] {
		answers = append(answers, r.Type())
	}
	return strings.Join(answers, " ")
}

// software is what is known that a server runs, and whether it was asked.
func (d *dialects) software(host string) (name string, asked bool) {
	d.Helper()
	p, err := d.store.Peer(d.Context(), host)
	if errors.Is(err, community.NotFound) {
		return "", false
	}
	d.must(err)
	return p.Software, p.NodeinfoAt != nil
}

// asked is how often a server was asked what it runs.
func asked(s *fedtest.Server) (n int) {
	for _, r := range s.Requests() {
		if r.Path == "/.well-known/nodeinfo" {
			n++
		}
	}
	return n
}

func TestAServerSaysWhatItRunsBeforeItsFirstFollowIsAnswered(t *testing.T) {
	eachDialects(t, func(d *dialects) {
		d.world.Trust(d.group.URI+"#main-key", &fedtest.PrivateKey(0).PublicKey)
		elm := fedtest.NewServer(t, "elm.example", fedtest.In(d.world), fedtest.Speaking(fedtest.GoToSocial))
		elm.AnswerDeliveries(func(w http.ResponseWriter, _ *http.Request) {
			if asked(elm) == 0 {
				t.Error("it was answered before it was asked what it runs")
			}
			w.WriteHeader(http.StatusAccepted)
		})
		if got := d.asksFor(elm, "ann"); got != "Accept" {
			t.Errorf("the first follower is answered %q, want Accept", got)
		}
		if got, known := d.software(elm.Host); got != "gotosocial" || !known {
			t.Errorf("it is known to run %q, asked %v; want gotosocial", got, known)
		}
		if got := d.asksFor(elm, "bo"); got != "Accept" {
			t.Errorf("the second follower is answered %q, want Accept", got)
		}
		if n := asked(elm); n != 1 {
			t.Errorf("it was asked %d times what it runs, want once", n)
		}
	})
}

func TestAFollowFromAMicroblogIsTurnedDownByAGroupThatTakesNone(t *testing.T) {
	eachDialects(t, func(d *dialects) {
		d.group.Microblogs = false
		d.must(d.store.UpdateGroup(d.Context(), d.group))
		elm := fedtest.NewServer(t, "elm.example", fedtest.In(d.world), fedtest.Speaking(fedtest.Mastodon))
		oak := fedtest.NewServer(t, "lemur.example", fedtest.In(d.world), fedtest.Speaking(fedtest.Lemmy))
		silent := fedtest.NewServer(t, "silent.example", fedtest.In(d.world), fedtest.Speaking(fedtest.Mastodon))
		silent.Handle("/.well-known/nodeinfo", fedtest.Status(http.StatusNotFound))
		for _, c := range []struct {
			server *fedtest.Server
			want   string
		}{{elm, "Reject"}, {oak, "Accept"}, {silent, "Accept"}} {
			if got := d.asksFor(c.server, "ann"); got != c.want {
				t.Errorf("%s is answered %q, want %q", c.server.Host, got, c.want)
			}
		}
		if got := storagetest.Strings(t, d.db, "SELECT domain || ' ' || outcome || ' ' || reason FROM activities WHERE direction = 'in' ORDER BY domain"); !slices.Equal(got, []string{
			"elm.example refused no_microblogs", "lemur.example accepted ", "silent.example accepted "}) {
			t.Errorf("kept as facts: %q", got)
		}
		// In what it is told of nothing is a boost; once it says what it is, it is let go.
		d.writeIn(d.group)
		d.publishAndDeliver()
		silent.Handle("/.well-known/nodeinfo", nodeInfoOf(silent))
		d.clock.pass(2 * time.Hour)
		d.must(d.LookAtPeers(d.Context()))
		d.publishAndDeliver()
		if got := (listener{silent, ""}).heard(); !slices.Equal(got, []string{"Accept", "Announce Create", "Reject"}) {
			t.Errorf("%s heard %q", silent.Host, got)
		}
		d.group.Microblogs = true
		d.must(d.store.UpdateGroup(d.Context(), d.group))
		if got := d.asksFor(elm, "ann"); got != "Accept" {
			t.Errorf("a group that takes them again answers %q, want Accept", got)
		}
		d.group.Microblogs = false
		d.must(d.store.UpdateGroup(d.Context(), d.group))
		if got := d.asksFor(elm, "ann"); got != "Reject" {
			t.Errorf("somebody who is in asks again of a group that takes none: %q, want Reject", got)
		}
	})
}

// nodeInfoOf answers as a fedtest.Server does by itself.
func nodeInfoOf(s *fedtest.Server) http.HandlerFunc {
	return fedtest.Body("application/json", []byte(`{"links":[{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.1","href":"`+s.URL+`/nodeinfo/2.1"}]}`))
}

func TestWhoDoesNotSayWhatTheyRunIsNotWaitedForTwice(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"not there":  fedtest.Status(http.StatusNotFound),
		"in trouble": fedtest.Status(http.StatusServiceUnavailable),
		"nonsense":   fedtest.Body("application/json", []byte(`{"links":7}`)),
	} {
		t.Run(name, func(t *testing.T) {
			eachDialects(t, func(d *dialects) {
				elm := fedtest.NewServer(t, "elm.example", fedtest.In(d.world))
				elm.Handle("/.well-known/nodeinfo", answer)
				for _, who := range []string{"ann", "bo"} {
					if got := d.asksFor(elm, who); got != "Accept" {
						t.Errorf("%s is answered %q, want Accept", who, got)
					}
					d.clock.pass(10 * time.Minute) // nothing of the first try is remembered by then but that it was one
				}
				if n := asked(elm); n != 1 {
					t.Errorf("it was asked %d times, want once", n)
				}
				if got, known := d.software(elm.Host); got != "" || !known {
					t.Errorf("it is known to run %q, asked %v", got, known)
				}
			})
		})
	}
}

func TestServersAreAskedAgainWhatTheyRun(t *testing.T) {
	eachDialects(t, func(d *dialects) {
		all := []*fedtest.Server{d.lemmy.Server, d.mastodon.Server, d.stranger.Server}
		wants := func(when string, want ...int) {
			t.Helper()
			d.must(d.LookAtPeers(d.Context()))
			for i, s := range all {
				if got := asked(s); got != want[i] {
					t.Errorf("%s: %s was asked %d times, want %d", when, s.Host, got, want[i])
				}
			}
		}
		wants("at once", 0, 0, 0)
		d.clock.pass(2 * time.Hour)
		wants("after two hours, whoever did not say", 0, 0, 1)
		d.mastodon.Dialect.Software = "lemmy"
		d.lemmy.Handle("/.well-known/nodeinfo", fedtest.Status(http.StatusServiceUnavailable))
		d.clock.pass(25 * time.Hour)
		wants("after a day, everybody", 1, 1, 2)
		for host, want := range map[string]string{"lemmy.example": "lemmy", "mastodon.example": "lemmy", "stranger.example": "mastodon"} {
			if got, _ := d.software(host); got != want {
				t.Errorf("%s is known to run %q, want %q", host, got, want)
			}
		}
		_, err := d.service.SetPolicyAsOperator(d.Context(), community.PolicyDraft{Domain: "mastodon.example", Severity: policy.Suspend})
		d.must(err)
		d.exec("UPDATE memberships SET state = 'active'") // as if the policy had let them be
		d.clock.pass(25 * time.Hour)
		wants("one of them is refused", 2, 1, 3)
	})
}

func TestServersThatNobodyHasToDoWithAreForgotten(t *testing.T) {
	eachDialects(t, func(d *dialects) {
		for _, host := range []string{"passer.example", "fresh.example"} {
			d.must(d.store.NoteHeard(d.Context(), host, d.clock.Now()))
		}
		d.runs(t, "asked.example", "mastodon")
		d.clock.pass(31 * 24 * time.Hour)
		d.must(d.store.NoteHeard(d.Context(), "fresh.example", d.clock.Now()))
		d.must(d.Tidy(d.Context()))
		got := storagetest.Strings(t, d.db, "SELECT domain FROM instances ORDER BY domain")
		if want := []string{"far.example", "fresh.example", "lemmy.example", "mastodon.example", "stranger.example"}; !slices.Equal(got, want) {
			t.Errorf("known are %q, want %q", got, want)
		}
	})
}
