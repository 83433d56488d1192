package federation_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation"
	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
)

// passed has quiet pass on what somebody of another server wrote, and wants it to
// stand at once, with the mark that only quiet says so.
func (o *origins) passed(uri string) {
	o.t.Helper()
	o.becomes("passed on", o.passesOn(kim, uri, ""), "accepted ")
	o.stands("passed on", uri, "quiet published group")
	if n := o.asked(uri); n != 0 {
		o.t.Errorf("%s was asked for %d times before it stood", uri, n)
	}
}

// answered is what kim's server says now of a post, as its document with changes.
func (o *origins) answered(uri string, changes ...string) http.HandlerFunc {
	doc := postDocument(uri, kim, o.quiet.URI, "", "words of "+uri)
	return fedtest.Body(activityJSON, []byte(strings.NewReplacer(changes...).Replace(doc)))
}

// waiting wants so many questions to be open.
func (o *origins) waiting(when, want string) {
	o.t.Helper()
	if n := storagetest.Strings(o.t, o.db, "SELECT '' || count(*) FROM group_inquiries"); n[0] != want {
		o.t.Errorf("%s: %s questions are open, want %s", when, n[0], want)
	}
}

// within is longer than it takes until a question is asked for the first time.
const within = 3 * time.Minute

// What a group elsewhere says that somebody of a third server wrote is what that
// server says of it (FEP-fe34), and what it says is said once.
func TestWhatOnlyItsGroupSaysIsAskedForAtItsOrigin(t *testing.T) {
	const public, followers = "https://www.w3.org/ns/activitystreams#Public", "https://far.example/u/kim/followers"
	eachOrigins(t, func(o *origins) {
		cases := []struct {
			name   string
			answer func(uri string) http.HandlerFunc
			want   string
			words  string // of the post then; "as passed on" where it is empty
			before int    // versions that are kept
		}{
			{"the same words", func(uri string) http.HandlerFunc { return o.answered(uri) }, "published origin", "", 0},
			{"other words", func(uri string) http.HandlerFunc { return o.answered(uri, "words of", "true words of") }, "published origin", "true words of", 1},
			{"nobody is named", func(uri string) http.HandlerFunc { return o.answered(uri, `"to":`, `"x":`, `"audience":`, `"y":`) }, "published origin", "", 0},
			{"404", func(string) http.HandlerFunc { return fedtest.Status(404) }, "deleted denied", "gone", 0},
			{"410", func(string) http.HandlerFunc { return fedtest.Status(410) }, "deleted denied", "gone", 0},
			{"a Tombstone", func(uri string) http.HandlerFunc { return o.answered(uri, `"Note"`, `"Tombstone"`) }, "deleted denied", "gone", 0},
			{"another author there", func(uri string) http.HandlerFunc { return o.answered(uri, kim+`"`, lee+`"`) }, "deleted denied", "gone", 0},
			{"an author elsewhere", func(uri string) http.HandlerFunc { return o.answered(uri, kim+`"`, moe+`"`) }, "deleted denied", "gone", 0},
			{"no author", func(uri string) http.HandlerFunc { return o.answered(uri, `"attributedTo"`, `"by"`) }, "deleted denied", "gone", 0},
			{"another id, of nothing", func(uri string) http.HandlerFunc {
				return o.answered(uri, `{"id":"`, `{"id":"https://far.example/other`)
			}, "published group", "", 0},
			{"another place", func(uri string) http.HandlerFunc {
				o.at(uri+"-moved", o.answered(uri))
				return fedtest.Redirect(uri + "-moved")
			}, "published group", "", 0},
			{"another place where nothing is", func(uri string) http.HandlerFunc { return fedtest.Redirect(uri + "-lost") }, "published group", "", 0},
			{"a page", func(uri string) http.HandlerFunc {
				return fedtest.Body("text/html", []byte(postDocument(uri, kim, o.quiet.URI, "", "a page")))
			}, "published group", "", 0},
			{"no JSON", func(string) http.HandlerFunc { return fedtest.Body(activityJSON, []byte("<p>")) }, "published group", "", 0},
			{"no post", func(uri string) http.HandlerFunc { return o.answered(uri, `"Note"`, `"Person"`) }, "published group", "", 0},
			{"a message", func(uri string) http.HandlerFunc { return o.answered(uri, `"Note"`, `"ChatMessage"`) }, "published group", "", 0},
			{"not for everybody", func(uri string) http.HandlerFunc {
				return o.answered(uri, public, followers, "words of", "a secret of")
			}, "published group", "", 0},
			{"401", func(string) http.HandlerFunc { return fedtest.Status(401) }, "published group", "", 0},
			{"403", func(string) http.HandlerFunc { return fedtest.Status(403) }, "published group", "", 0},
		}
		o.far.Person("kim") // who is looked up again after a day
		uri := func(i int) string { return fmt.Sprintf("https://far.example/p/asked-%d", i) }
		for i, c := range cases {
			o.at(uri(i), c.answer(uri(i)))
			o.passed(uri(i))
		}
		o.inquires(within)
		for i, c := range cases {
			o.stands(c.name, uri(i), "quiet "+c.want)
			if got := o.wordsOf(uri(i)); c.words == "gone" && got != "" || c.words != "gone" && !strings.Contains(got, "<p>"+c.words) {
				t.Errorf("%s: the words are %q", c.name, got)
			}
			before := storagetest.Strings(t, o.db, "SELECT v.html FROM post_versions AS v JOIN posts AS p ON p.id = v.post_id WHERE p.uri = '"+uri(i)+"'")
			if len(before) != c.before || c.before == 1 && !strings.Contains(before[0], "<p>words of") {
				t.Errorf("%s: earlier versions are %q, want %d", c.name, before, c.before)
			}
			raw := storagetest.Strings(t, o.db, "SELECT uri FROM activities WHERE object_uri = '"+uri(i)+"' AND raw IS NOT NULL")
			if c.words == "gone" && len(raw) != 0 {
				t.Errorf("%s: the bytes of %q are kept", c.name, raw)
			}
		}
		o.waiting("once they were answered", "0")
		asked := len(o.far.Requests())
		o.inquires(8 * 24 * time.Hour)
		if n := len(o.far.Requests()); n != asked {
			t.Errorf("%d things were asked for after an answer", n-asked)
		}
		for i, c := range cases {
			if n := o.asked(uri(i)); n == 0 {
				t.Errorf("%s: it was not asked for", c.name)
			}
			o.becomes(c.name+", again", o.passesOn(kim, uri(i), ""), "accepted ")
			o.stands(c.name+", again", uri(i), "quiet "+c.want)
		}
		o.waiting("said again", "0")
		o.wantEvents("of a group elsewhere nobody is told")
	})
}

// What a group makes up under an id keeps nothing away that its author says under it,
// in the group where they say it.
func TestWhatAGroupMadeUpSuppressesNothing(t *testing.T) {
	const next, ours = "https://far.example/p/next", "https://far.example/p/ours"
	eachOrigins(t, func(o *origins) {
		o.far.Person("kim")
		o.at(next, fedtest.Status(404)) // an id that was guessed
		o.serves(ours, kim, o.carers.URI, "")
		for _, uri := range []string{next, ours} {
			o.passed(uri)
			o.inquires(within)
			o.stands("once its server was asked", uri, "quiet deleted denied")
			o.becomes("made up again", o.passesOn(kim, uri, ""), "accepted ")
			o.stands("made up again", uri, "quiet deleted denied")
			o.becomes("as its author says it", o.posts(kim, uri, ""), "accepted ")
			o.stands("as its author says it", uri, "carers published signed")
		}
	})
}

func (o *origins) wordsOf(uri string) string {
	o.t.Helper()
	return strings.Join(storagetest.Strings(o.t, o.db, "SELECT html || coalesce(source, '') || coalesce(title, '') FROM posts WHERE uri = '"+uri+"'"), " ")
}

// A server that does not answer is asked again, less and less, and in the end no more.
func TestOriginThatDoesNotAnswerIsAskedAgainForAWeek(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		o.at(kimsPost, fedtest.Status(500))
		o.passed(kimsPost)
		o.clock.pass(within)
		asks := 0
		ask := func(when string, want int) {
			o.t.Helper()
			o.must(o.InquireDue(t.Context()))
			if asks = o.asked(kimsPost); asks != want {
				o.t.Fatalf("%s: asked for %d times, want %d", when, asks, want)
			}
		}
		ask("at first", 1)
		for i, pause := range []time.Duration{time.Minute, 4 * time.Minute, 16 * time.Minute, 64 * time.Minute, 256 * time.Minute, 12 * time.Hour, 12 * time.Hour} {
			o.clock.pass(pause - time.Second)
			ask("too soon", i+1)
			o.clock.pass(pause/4 + 3*time.Second)
			ask("after "+pause.String(), i+2)
		}
		o.stands("meanwhile", kimsPost, "quiet published group")
		o.waiting("meanwhile", "1")
		last := asks
		o.clock.pass(7 * 24 * time.Hour)
		ask("at last", last+1)
		o.waiting("in the end", "0")
		o.stands("in the end", kimsPost, "quiet published group")
	})
}

func TestOriginIsAskedAgainWhenItSaysAndOnceItAnswers(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		o.at(kimsPost, fedtest.InOrder(fedtest.Status(503, "Retry-After", "7200"), o.answered(kimsPost, "words of", "true words of")))
		o.passed(kimsPost)
		o.inquires(within)
		o.clock.pass(2*time.Hour - time.Second)
		o.must(o.InquireDue(t.Context()))
		if n := o.asked(kimsPost); n != 1 {
			t.Errorf("asked for %d times before it wanted to be, want once", n)
		}
		o.inquires(time.Hour)
		o.stands("once it answers", kimsPost, "quiet published origin")
		o.says("once it answers", kimsPost, "<p>true words of")

		lost := "https://far.example/p/lost"
		o.passed(lost)
		o.far.Unplug()
		o.inquires(within)
		o.stands("nobody there", lost, "quiet published group")
		o.waiting("nobody there", "1")
	})
}

// Nobody is asked on a refused server, nor about what is not for everybody.
func TestOriginIsNotAskedWhereNobodyMay(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		private := "https://far.example/p/private"
		doc := strings.ReplaceAll(postDocument(private, kim, o.quiet.URI, "", "for few"), "https://www.w3.org/ns/activitystreams#Public", o.quiet.URI+"/followers")
		o.becomes("for few", o.announces("Create", kim, private, doc), "accepted ")
		o.stands("for few", private, "quiet published group")
		o.waiting("for few", "0")
		o.serves(kimsPost, kim, o.quiet.URI, "")
		o.passed(kimsPost)
		o.waiting("for everybody", "1")
		_, err := o.service.SetPolicyAsOperator(t.Context(), community.PolicyDraft{Domain: "far.example", Severity: policy.Suspend})
		o.must(err)
		o.inquires(within)
		o.inquires(8 * 24 * time.Hour)
		o.waiting("refused", "0")
		if n := len(o.far.Requests()); n != 0 {
			t.Errorf("a refused server was asked for %d things", n)
		}
	})
}

// An edit that comes by the group alone brings the mark back, and is asked about also
// where it comes while its server is being asked.
func TestEditByTheGroupAloneIsAskedAboutToo(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		o.at(kimsPost, o.answered(kimsPost))
		o.passed(kimsPost)
		o.inquires(within)
		o.stands("asked about", kimsPost, "quiet published origin")
		edited := func(words string) string { return postDocument(kimsPost, kim, o.quiet.URI, "", words) }
		o.becomes("the group's edit", o.announces("Update", kim, kimsPost, edited("forged")), "accepted ")
		o.stands("the group's edit", kimsPost, "quiet published group")
		o.says("the group's edit", kimsPost, "forged")

		o.clock.pass(within)
		q, token, err := o.store.ClaimInquiry(t.Context(), o.clock.Now())
		o.must(err)
		policies, err := o.service.Policies(t.Context())
		o.must(err)
		post, err := o.store.PostByURI(t.Context(), q.URI)
		o.must(err)
		o.must(o.service.ConfirmPost(t.Context(), community.Origin{URI: q.URI, Epoch: policies.Epoch(), Version: post.Version, Inbound: community.Inbound{Title: "Kim", HTML: "<p>mended</p>"}}))
		o.stands("asked about again", kimsPost, "quiet published origin")
		o.becomes("an edit meanwhile", o.announces("Update", kim, kimsPost, edited("forged again")), "accepted ")
		if err := o.store.FinishInquiry(t.Context(), q.ID, token, time.Time{}); !errors.Is(err, federation.ErrLeaseLost) {
			t.Errorf("who asked before the edit ends the question: %v", err)
		}
		o.at(kimsPost, o.answered(kimsPost, "words of", "mended words of"))
		o.inquires(within)
		o.stands("after all", kimsPost, "quiet published origin")
		o.says("after all", kimsPost, "<p>mended words of")
		o.waiting("after all", "0")
	})
}

// A parent that comes by its group while it is being asked for is asked about, too.
func TestParentThatComesWhileItIsAskedForIsAskedAbout(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		o.becomes("a reply", o.passesOn(lee, secondPost, firstPost), "held orphan")
		q, token, err := o.store.ClaimInquiry(t.Context(), o.clock.Now())
		if o.must(err); q.URI != firstPost || q.Kind != community.InquireParent {
			o.t.Fatalf("asked for is %+v", q)
		}
		o.passed(firstPost)
		o.must(o.store.FinishInquiry(t.Context(), q.ID, token, time.Time{}))
		o.at(firstPost, o.answered(firstPost))
		o.at(secondPost, fedtest.Body(activityJSON, []byte(postDocument(secondPost, lee, o.quiet.URI, firstPost, "words of "+secondPost))))
		o.inquires(within)
		o.stands("the parent", firstPost, "quiet published origin")
		o.stands("the reply", secondPost, "quiet published origin")
	})
}

// untilAsked waits until a question has come to its server, which a node asks.
func (o *origins) untilAsked(came <-chan struct{}, done <-chan error) {
	o.t.Helper()
	select {
	case <-came:
	case err := <-done:
		o.t.Fatalf("nothing was asked: %v", err)
	}
}

// Of several nodes one asks.
func TestOneNodeAloneAsksAnOrigin(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		came, ready := make(chan struct{}), make(chan struct{})
		answer := o.answered(kimsPost)
		o.at(kimsPost, func(w http.ResponseWriter, r *http.Request) {
			close(came) // a second request fails the test here
			<-ready
			answer(w, r)
		})
		o.passed(kimsPost)
		o.clock.pass(within)
		other := o.another(t)
		done := make(chan error, 1)
		go func() { done <- o.InquireDue(t.Context()) }()
		o.untilAsked(came, done)
		o.must(other.InquireDue(t.Context()))
		close(ready)
		o.must(<-done)
		o.must(other.InquireDue(t.Context()))
		o.stands("asked by one", kimsPost, "quiet published origin")
		if n := o.asked(kimsPost); n != 1 {
			t.Errorf("asked for %d times, want once", n)
		}
	})
}

// A question survives the node that asks it, whether it stops or is killed.
func TestQuestionOutlivesItsNode(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		came := make(chan struct{}, 1)
		o.at(kimsPost, func(_ http.ResponseWriter, r *http.Request) {
			select {
			case came <- struct{}{}:
			default:
			}
			<-r.Context().Done() // it hangs
		})
		o.passed(kimsPost)
		o.clock.pass(within)
		o.SetGrace(0)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { _, err := o.InquireNext(ctx); done <- err }()
		o.untilAsked(came, done)
		stop()
		o.must(<-done)
		o.stands("stopped", kimsPost, "quiet published group")
		o.waiting("stopped", "1")

		_, _, err := o.store.ClaimInquiry(t.Context(), o.clock.Now())
		if err != nil {
			o.t.Fatalf("a node that stopped leaves nothing to ask: %v", err)
		}
		o.at(kimsPost, o.answered(kimsPost))
		other := o.another(t)
		o.must(other.InquireDue(t.Context()))
		o.stands("while a killed node has it", kimsPost, "quiet published group")
		o.exec("UPDATE group_inquiries SET leased_until = '2020-01-01 00:00:00+00:00'")
		o.must(other.InquireDue(t.Context()))
		o.stands("asked by another", kimsPost, "quiet published origin")
		o.waiting("in the end", "0")
	})
}
