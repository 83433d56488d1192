package federation_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/federation/fedtest"
)

// dated has a document say when it was published and changed; zero times it leaves out.
func dated(document string, published, updated time.Time) string {
	for name, at := range map[string]time.Time{"published": published, "updated": updated} {
		if !at.IsZero() {
			document = strings.TrimSuffix(document, "}") + fmt.Sprintf(`,%q:%q}`, name, at.UTC().Format(time.RFC3339))
		}
	}
	return document
}

// Of what an author sent, what they said last counts, in whichever order it comes and
// whatever their clock says.
func TestWhatAnAuthorSaidLastCounts(t *testing.T) {
	const year = 365 * 24 * time.Hour
	type edit struct {
		words string
		at    time.Duration // after it was published; negative: it is not said
		want  string
	}
	eachOrigins(t, func(o *origins) {
		for i, c := range []struct {
			name  string
			edits []edit
			says  string
		}{
			{"in order", []edit{{"first", time.Minute, "accepted "}, {"second", 2 * time.Minute, "accepted "}}, "second"},
			{"the other way round", []edit{{"second", 2 * time.Minute, "accepted "}, {"first", time.Minute, "refused older"}}, "second"},
			{"what it said at first", []edit{{"second", 2 * time.Minute, "accepted "}, {"published", 0, "refused older"}}, "second"},
			{"within a second", []edit{{"first", time.Minute, "accepted "}, {"second", time.Minute, "accepted "}}, "second"},
			{"without saying when", []edit{{"first", -1, "accepted "}, {"second", -1, "accepted "}}, "second"},
			{"a year ahead", []edit{{"first", year, "accepted "}, {"second", 59 * time.Minute, "refused older"}, {"third", 61 * time.Minute, "accepted "}}, "third"},
		} {
			for _, group := range []community.Group{o.carers, o.mail} {
				uri, author := fmt.Sprintf("https://far.example/p/%s-%d", group.ID, i), kim
				if !group.IsLocal() { // whose server is its author's: it speaks for both
					uri, author = fmt.Sprintf("https://elm.example/p/%s-%d", group.ID, i), moe
				}
				say := func(kind, words string, at time.Duration) string {
					doc := postDocument(uri, author, group.URI, "", words)
					if at >= 0 {
						doc = dated(doc, noon, noon.Add(at))
					}
					if group.IsLocal() {
						return o.arrives(kind, author, uri, doc)
					}
					inner := fmt.Sprintf(`{"id":"https://elm.example/x/in-%d","type":%q,"actor":%q,"object":%s}`, o.serial, kind, author, doc)
					return o.arrives("Announce", group.URI, uri, inner)
				}
				o.clock.now = noon.Add(time.Hour)
				first := time.Duration(0)
				if c.edits[0].at < 0 {
					first = -1
				}
				o.becomes(c.name, say("Create", "published", first), "accepted ")
				for _, e := range c.edits {
					if e.at > time.Hour && e.at < year {
						o.clock.now = noon.Add(2 * time.Hour)
					}
					o.becomes(c.name+": "+e.words, say("Update", e.words, e.at), e.want)
				}
				o.says(c.name, uri, "<p>"+c.says+"</p>")
			}
		}
	})
}

// Whoever has a proof has it for ever: it says whose words are, and not that they are
// what the author says now (FEP-8b32).
func TestAnOldProofBringsNoOldWordsBack(t *testing.T) {
	kims := newSigner(kim + "#proofs")
	eachOrigins(t, func(o *origins) {
		lists(o.far.Person("kim"), kims.multikey(kim))
		proven := func(words string, updated time.Time) string {
			return kims.proves(o, dated(postDocument(kimsPost, kim, o.quiet.URI, "", words), noon, updated))
		}
		update := func(doc string) string { return o.announces("Update", kim, kimsPost, doc) }
		o.clock.pass(time.Hour)
		published, first, second := proven("published", time.Time{}), proven("first", noon.Add(time.Minute)), proven("second", noon.Add(2*time.Minute))
		ahead := proven("ahead", noon.AddDate(1, 0, 0))
		o.becomes("a post", o.arrives("Announce", o.quiet.URI, kimsPost, create(kimsPost, kim, published)), "accepted ")
		o.becomes("an edit", update(first), "accepted ")
		o.becomes("another", update(second), "accepted ")
		for what, old := range map[string]string{"the first edit": first, "what it said at first": published} {
			o.becomes(what+", replayed", update(old), "refused older")
		}
		o.says("after replays", kimsPost, "<p>second")
		o.stands("after replays", kimsPost, "quiet published signed")
		o.waiting("after replays", "0")

		// What does not say that it is newer is no more than the group's word.
		o.at(kimsPost, fedtest.Body(activityJSON, []byte(dated(postDocument(kimsPost, kim, o.quiet.URI, "", "second"), noon, noon.Add(2*time.Minute)))))
		for what, doc := range map[string]string{
			"from the future":  ahead,
			"of the same time": proven("twice", noon.Add(2*time.Minute)),
			"without any time": kims.proves(o, postDocument(kimsPost, kim, o.quiet.URI, "", "timeless")),
		} {
			o.becomes(what, update(doc), "accepted ")
			o.stands(what, kimsPost, "quiet published group")
			o.inquires(within)
			o.stands(what+", asked about", kimsPost, "quiet published origin")
			o.says(what+", asked about", kimsPost, "<p>second")
		}

		// What the group says of the time ends with the answer of the author's server.
		lie := dated(postDocument(kimsPost, kim, o.quiet.URI, "", "made up"), noon, noon.AddDate(2, 0, 0))
		o.becomes("made up", update(lie), "accepted ")
		o.becomes("an edit meanwhile", update(proven("third", noon.Add(3*time.Minute))), "refused older")
		o.inquires(within)
		o.becomes("an edit, once it was asked", update(proven("third", noon.Add(3*time.Minute))), "accepted ")
		o.stands("an edit, once it was asked", kimsPost, "quiet published origin")
		o.says("an edit, once it was asked", kimsPost, "<p>third")
	})
}

// Nor does it bring back what its author's server does not have any more.
func TestAnOldProofBringsNoDeniedPostBack(t *testing.T) {
	kims := newSigner(kim + "#proofs")
	eachOrigins(t, func(o *origins) {
		lists(o.far.Person("kim"), kims.multikey(kim))
		o.at(kimsPost, fedtest.Status(410))
		o.clock.pass(time.Hour)
		said := func(at time.Time) string {
			return create(kimsPost, kim, kims.proves(o, dated(postDocument(kimsPost, kim, o.quiet.URI, "", "words"), at, time.Time{})))
		}
		o.passed(kimsPost)
		o.inquires(within)
		o.stands("asked about", kimsPost, "quiet deleted denied")
		for _, at := range []time.Time{noon, noon.AddDate(1, 0, 0)} {
			o.becomes("an old proof", o.arrives("Announce", o.quiet.URI, kimsPost, said(at)), "accepted ")
			o.stands("an old proof", kimsPost, "quiet deleted denied")
		}
		o.clock.pass(time.Hour)
		o.becomes("a new one", o.arrives("Announce", o.quiet.URI, kimsPost, said(o.clock.Now())), "accepted ")
		o.stands("a new one", kimsPost, "quiet published signed")
	})
}
