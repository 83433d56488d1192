package federation_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
)

// origins are the servers that the posts of a talk come from, which serve them.
type origins struct {
	*talk
	far, elm *fedtest.Server
	mail     community.Group // another group of elm.example that ada is in
}

func eachOrigins(t *testing.T, fn func(o *origins)) {
	t.Helper()
	eachTalk(t, func(k *talk) {
		o := &origins{talk: k, far: fedtest.NewServer(t, "far.example", fedtest.In(k.world)), elm: fedtest.NewServer(t, "elm.example", fedtest.In(k.world))}
		o.mail = k.group("mail", "https://elm.example/c/mail", "elm.example")
		k.join(o.mail, "ada")
		fn(o)
	})
}

// serves has a post stand on its author's server, and gives its document.
func (o *origins) serves(uri, author, audience, parent string) string {
	o.t.Helper()
	doc := postDocument(uri, author, audience, parent, "words of "+uri)
	o.at(uri, fedtest.Body(activityJSON, []byte(doc)))
	return doc
}

func (o *origins) at(uri string, answer http.HandlerFunc) {
	o.t.Helper()
	server := map[string]*fedtest.Server{"far.example": o.far, "elm.example": o.elm}[hostOf(uri)]
	server.Handle(strings.TrimPrefix(uri, server.URL), answer)
}

// asked is how many times something was asked for.
func (o *origins) asked(uri string) (n int) {
	for _, server := range []*fedtest.Server{o.far, o.elm} {
		for _, r := range server.Requests() {
			if server.URL+r.Path == uri {
				n++
			}
		}
	}
	return n
}

// stands wants the posts of a URI that there are: their group, state and how their
// author is known.
func (o *origins) stands(when, uri string, want ...string) {
	o.t.Helper()
	got := storagetest.Strings(o.t, o.db, "SELECT group_id || ' ' || state || ' ' || verified FROM posts WHERE uri = '"+uri+"'")
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		o.t.Errorf("%s: %s stands as %q, want %q", when, uri, got, want)
	}
}

func quoted(text string) string {
	raw, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

func create(uri, author, object string) string {
	return fmt.Sprintf(`{"id":%q,"type":"Create","actor":%q,"object":%s}`, uri+"/create", author, object)
}

// What a group passes on is taken in whichever form it says so, and asked for at
// its own server where the form is no proof of whose words they are.
func TestAnnounceOfAnObjectIsTakenAsItsCreateWouldBe(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		quiet := o.quiet.URI
		for i, c := range []struct {
			name, author string
			object       func(uri, doc string) string
			verified     string
			asked        int
		}{
			{"its id", kim, func(uri, _ string) string { return quoted(uri) }, "origin", 1},
			{"the id of one there", moe, func(uri, _ string) string { return quoted(uri) }, "origin", 1},
			{"the post, of another server", kim, func(_, doc string) string { return strings.Replace(doc, "words of", "forged words of", 1) }, "origin", 1},
			{"the post, of the group's server", moe, func(_, doc string) string { return doc }, "signed", 0},
			{"the post in a list", moe, func(_, doc string) string { return "[" + doc + "]" }, "signed", 0},
			{"an Announce of the post", moe, func(uri, doc string) string {
				return fmt.Sprintf(`{"id":%q,"type":"Announce","actor":%q,"object":%s}`, uri+"/announce", lee, doc)
			}, "signed", 0},
			{"an Announce of its id", kim, func(uri, _ string) string {
				return fmt.Sprintf(`{"id":%q,"type":"Announce","actor":%q,"object":%q}`, uri+"/announce", lee, uri)
			}, "origin", 1},
			{"a collection", moe, func(_, doc string) string { return `{"type":"OrderedCollection","orderedItems":[` + doc + `]}` }, "signed", 0},
			{"its Create", kim, func(uri, doc string) string { return create(uri, kim, doc) }, "group", 0},
			{"its Create, of its id", kim, func(uri, _ string) string { return create(uri, kim, quoted(uri)) }, "origin", 1},
			{"its Create in a list", kim, func(uri, doc string) string { return "[" + create(uri, kim, doc) + "]" }, "group", 0},
			{"its Create in an Announce", kim, func(uri, doc string) string {
				return fmt.Sprintf(`{"type":"Announce","actor":%q,"object":%s}`, quiet, create(uri, kim, doc))
			}, "group", 0},
		} {
			uri := fmt.Sprintf("https://%s/p/%d", hostOf(c.author), i)
			doc := o.serves(uri, c.author, quiet, "")
			o.becomes(c.name, o.arrives("Announce", quiet, uri, c.object(uri, doc)), "accepted ")
			o.stands(c.name, uri, "quiet published "+c.verified)
			o.says(c.name, uri, "<p>words of")
			if asked := o.asked(uri); asked != c.asked {
				t.Errorf("%s: asked for %d times, want %d", c.name, asked, c.asked)
			}
		}
	})
}

// Quirk 12: NodeBB and Lemmy say a thread both ways; it is one.
func TestAnnounceOfBothFormsIsOnePost(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		doc := o.serves(kimsPost, kim, o.quiet.URI, "")
		for _, object := range []string{doc, create(kimsPost, kim, doc), quoted(kimsPost), doc, create(kimsPost, kim, doc)} {
			o.becomes("said again", o.arrives("Announce", o.quiet.URI, kimsPost, object), "accepted ")
			o.stands("said again", kimsPost, "quiet published origin")
		}
		if asked := o.asked(kimsPost); asked != 1 {
			t.Errorf("asked for %d times, want once", asked)
		}
	})
}

// An activity that is passed on by its id alone is believed as it is found there.
func TestAnnounceOfAnActivitysIDIsDoneAsItIsFoundThere(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		doc := o.serves(kimsPost, kim, o.quiet.URI, "")
		activity := "https://far.example/p/kims/create"
		o.at(activity, fedtest.Body(activityJSON, []byte(create(kimsPost, kim, doc))))
		o.becomes("a Create", o.arrives("Announce", o.quiet.URI, activity, quoted(activity)), "accepted ")
		o.stands("a Create", kimsPost, "quiet published origin")

		forged := "https://elm.example/x/forged"
		o.at(forged, fedtest.Body(activityJSON, []byte(strings.Replace(create(kimsPost, kim, doc), activity, forged, 1))))
		o.becomes("a Create of somebody elsewhere", o.arrives("Announce", o.quiet.URI, forged, quoted(forged)), "refused fetch_failed")
		lees := "https://far.example/p/lees"
		foreign := postDocument(lees, lee, o.quiet.URI, "", "words")
		o.at(lees+"/create", fedtest.Body(activityJSON, []byte(create(lees, kim, foreign))))
		o.becomes("a Create of another's post", o.arrives("Announce", o.quiet.URI, lees, quoted(lees+"/create")), "refused not_author")
		circle := "https://far.example/x/circle"
		o.at(circle, fedtest.Body(activityJSON, []byte(fmt.Sprintf(`{"id":%q,"type":"Announce","actor":%q,"object":%[1]q}`, circle, kim))))
		o.becomes("an Announce of itself", o.arrives("Announce", o.quiet.URI, circle, quoted(circle)), "ignored object")
		o.stands("another's post", lees)
	})
}

// What cannot be believed is not taken, whatever its group says of it.
func TestAnnounceOfAnObjectIsRefusedForWhatIsFoundThere(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		serve := func(uri, author string, change func(doc map[string]any)) {
			doc := noteOf(author, "words")
			doc["id"] = uri
			change(doc)
			raw, err := json.Marshal(doc)
			o.must(err)
			o.at(uri, fedtest.Body(activityJSON, raw))
		}
		for name, c := range map[string]struct {
			answer func(uri string)
			want   string
		}{
			"not there":         {func(uri string) { o.at(uri, fedtest.Status(404)) }, "refused fetch_failed"},
			"gone":              {func(uri string) { o.at(uri, fedtest.Status(410)) }, "refused fetch_failed"},
			"not for us":        {func(uri string) { o.at(uri, fedtest.Status(403)) }, "refused fetch_failed"},
			"a page":            {func(uri string) { o.at(uri, fedtest.Body("text/html", []byte("<p>"))) }, "refused fetch_failed"},
			"another's":         {func(uri string) { serve(uri, moe, func(map[string]any) {}) }, "refused fetch_failed"},
			"under another id":  {func(uri string) { serve(uri, kim, func(doc map[string]any) { doc["id"] = moesPost }) }, "refused fetch_failed"},
			"under an id of us": {func(uri string) { serve(uri, kim, func(doc map[string]any) { doc["id"] = "https://oak.example/p/x" }) }, "refused fetch_failed"},
			"a message":         {func(uri string) { serve(uri, kim, func(doc map[string]any) { doc["type"] = "ChatMessage" }) }, "refused fetch_failed"},
			"somebody's page":   {func(uri string) { serve(uri, kim, func(doc map[string]any) { doc["type"] = "Person" }) }, "refused fetch_failed"},
			"an odd thing":      {func(uri string) { serve(uri, kim, func(doc map[string]any) { doc["type"] = "Teapot" }) }, "refused fetch_failed"},
		} {
			uri := "https://far.example/p/" + strings.ReplaceAll(name, " ", "-")
			uri = strings.ReplaceAll(uri, "'", "")
			c.answer(uri)
			o.becomes(name, o.arrives("Announce", o.quiet.URI, uri, quoted(uri)), c.want)
			o.stands(name, uri)
		}
		o.becomes("an odd thing inside", o.arrives("Announce", o.quiet.URI, kimsPost, `{"id":"https://elm.example/t","type":"Teapot"}`), "ignored object")
		o.becomes("nothing", o.arrives("Announce", o.quiet.URI, o.quiet.URI, `[]`), "ignored object")
		late := "https://far.example/p/late"
		o.at(late, fedtest.Status(503))
		announce := o.arrives("Announce", o.quiet.URI, late, quoted(late))
		o.must(o.HandleDue(t.Context()))
		o.serves(late, kim, o.quiet.URI, "")
		o.clock.pass(maxPause)
		o.becomes("once its server answers", announce, "accepted ")
	})
}

// maxPause is longer than anything waits for its next try.
const maxPause = 3600e9

// Nobody but a group that is followed here has anything fetched or taken.
func TestAnnounceByWhoMayNotHasNothingFetched(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		o.serves(kimsPost, kim, o.quiet.URI, "")
		left := o.group("left", "https://elm.example/c/left", "elm.example")
		for by, want := range map[string]string{
			lee:                           "ignored not_a_group", // a boost
			moe:                           "ignored not_a_group",
			"https://far.example/u/ghost": "ignored not_a_group",
			left.URI:                      "refused nobody_follows",
		} {
			o.becomes(by, o.arrives("Announce", by, kimsPost, quoted(kimsPost)), want)
			o.becomes(by, o.arrives("Announce", by, kimsPost, postDocument(kimsPost, kim, o.quiet.URI, "", "words")), want)
		}
		o.exec("UPDATE accounts SET suspended_at = '2026-01-01 00:00:00+00:00' WHERE actor_id = 'kim'")
		o.becomes("a suspended author", o.arrives("Announce", o.quiet.URI, kimsPost, quoted(kimsPost)), "refused suspended")
		_, err := o.service.SetPolicyAsOperator(t.Context(), community.PolicyDraft{Domain: "far.example", Severity: policy.Suspend})
		o.must(err)
		before := o.asked(kimsPost)
		for _, object := range []string{quoted(kimsPost), postDocument(kimsPost, kim, o.quiet.URI, "", "words"), `{"type":"Announce","actor":"` + moe + `","object":` + quoted(kimsPost) + `}`} {
			o.becomes("a refused server", o.arrives("Announce", o.quiet.URI, kimsPost, object), "refused inner_policy")
		}
		if o.asked(kimsPost) != before || before > 1 {
			t.Errorf("asked for %d times, %d before its server was refused", o.asked(kimsPost), before)
		}
		o.stands("after all", kimsPost)
	})
}

// Every post stands in exactly one group.
func TestAnotherGroupsAnnounceOfAPostIsRefused(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		quiet, mail := o.quiet.URI, o.mail.URI
		doc := o.serves(kimsPost, kim, quiet, "")
		for _, object := range []string{quoted(kimsPost), create(kimsPost, kim, doc), doc} {
			o.becomes("named for another, unknown", o.arrives("Announce", mail, kimsPost, object), "refused another_group")
		}
		o.stands("named for another", kimsPost)
		o.becomes("by its own", o.arrives("Announce", quiet, kimsPost, create(kimsPost, kim, doc)), "accepted ")
		relabelled := postDocument(kimsPost, kim, mail, "", "words")
		for _, object := range []string{quoted(kimsPost), create(kimsPost, kim, relabelled), relabelled} {
			o.becomes("known", o.arrives("Announce", mail, kimsPost, object), "refused another_group")
		}
		o.becomes("sent to a group of ours", o.arrives("Create", kim, kimsPost, postDocument(kimsPost, kim, o.carers.URI, "", "words")), "refused another_group")
		o.stands("after all", kimsPost, "quiet published group")

		both := fmt.Sprintf(`{"id":%q,"type":"Note","attributedTo":%q,"to":[%q,%q,"as:Public"],"content":"<p>words</p>"}`, moesPost, moe, mail, quiet)
		o.becomes("named for both", o.arrives("Announce", quiet, moesPost, create(moesPost, moe, both)), "accepted ")
		o.becomes("named for both, later", o.arrives("Announce", mail, moesPost, create(moesPost, moe, both)), "refused another_group")
		o.stands("named for both", moesPost, "quiet published signed")
	})
}

// A group elsewhere that passes on our own post by its id shows it there.
func TestAnnounceOfAPostOfOursByItsIDSaysThatItIsShown(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		o.exec("UPDATE posts SET group_id = 'quiet' WHERE id = 'post-ada'")
		const ours = "https://oak.example/p/ada"
		o.becomes("by another", o.arrives("Announce", o.mail.URI, ours, quoted(ours)), "refused another_group")
		o.becomes("by its own", o.arrives("Announce", o.quiet.URI, ours, quoted(ours)), "accepted ")
		if shown := storagetest.Strings(t, o.db, "SELECT host FROM reach WHERE post_id = 'post-ada' AND shown_at IS NOT NULL"); len(shown) != 1 || shown[0] != "elm.example" {
			t.Errorf("shown on %q, want elm.example", shown)
		}
	})
}

// However much one message names, it makes us ask for a hundred things at most.
func TestOneAnnounceHasAHundredThingsFetchedAtMost(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		var ids []string
		for i := range 130 {
			uri := fmt.Sprintf("https://far.example/p/many-%d", i)
			o.serves(uri, kim, o.quiet.URI, "")
			ids = append(ids, quoted(uri))
		}
		o.becomes("many", o.arrives("Announce", o.quiet.URI, o.quiet.URI, "["+strings.Join(ids, ",")+"]"), "accepted ")
		if n := len(o.far.Requests()); n != 100 {
			t.Errorf("%d things were asked for, want 100", n)
		}
	})
}
