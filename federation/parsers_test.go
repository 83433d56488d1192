package federation_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/community"
)

// What peers' parsers demand of each field of what is served and really sent. The
// fields are paths: a number is a place in a list.

// demand is a field, and what a parser wants of it.
type demand struct {
	field string
	is    func(any) bool
	rule  string
}

const everybody = "https://www.w3.org/ns/activitystreams#Public"

var (
	isURL = func(v any) bool {
		u, err := url.Parse(fmt.Sprint(v))
		return err == nil && u.Scheme == "https" && u.Host != ""
	}
	isWords   = func(v any) bool { s, ok := v.(string); return ok && s != "" }
	isList    = func(v any) bool { _, ok := v.([]any); return ok }
	isAbsent  = func(v any) bool { return v == nil }
	isHTML    = func(v any) bool { return v == "text/html" || v == "text/markdown" }
	isBool    = func(v any) bool { _, ok := v.(bool); return ok }
	isZoned   = func(v any) bool { _, err := time.Parse(time.RFC3339, fmt.Sprint(v)); return err == nil }
	isPEM     = func(v any) bool { return strings.HasPrefix(fmt.Sprint(v), "-----BEGIN PUBLIC KEY-----") }
	isPublic  = func(v any) bool { all, _ := v.([]any); return slices.Contains(all, any(everybody)) }
	isContext = func(v any) bool {
		all, _ := v.([]any)
		return len(all) > 0 && all[0] == "https://www.w3.org/ns/activitystreams"
	}
	isFragment = func(v any) bool { return isURL(v) && strings.Contains(fmt.Sprint(v), "#") }
	isOfOak    = func(v any) bool { return strings.HasPrefix(fmt.Sprint(v), "https://oak.example/") }
	isAttached = func(v any) bool {
		all, ok := v.([]any)
		return ok && !slices.ContainsFunc(all, func(one any) bool {
			a, _ := one.(map[string]any)
			address := map[any]string{"Link": "href", "Image": "url", "Document": "url"}[a["type"]]
			return address == "" || !isURL(a[address])
		})
	}
)

func isJust(want any) func(any) bool { return func(v any) bool { return v == want } }

// field is what stands at a path of a document; nil where nothing does.
func field(doc any, path string) any {
	for name := range strings.FieldsFuncSeq(path, func(r rune) bool { return r == '.' }) {
		switch at := doc.(type) {
		case map[string]any:
			doc = at[name]
		case []any:
			var i int
			if _, err := fmt.Sscan(name, &i); err != nil || i >= len(at) {
				return nil
			}
			doc = at[i]
		default:
			return nil
		}
	}
	return doc
}

func holds(t testing.TB, what string, doc any, demands []demand) {
	t.Helper()
	for _, d := range demands {
		if got := field(doc, d.field); !d.is(got) {
			t.Errorf("%s: %s is %v, but %s", what, d.field, got, d.rule)
		}
	}
}

// served is a document of this server.
func served(t testing.TB) func(doc json.RawMessage, err error) map[string]any {
	return func(doc json.RawMessage, err error) map[string]any {
		t.Helper()
		var read map[string]any
		if err != nil || json.Unmarshal(doc, &read) != nil {
			t.Fatalf("got %s, %v; want a document", doc, err)
		}
		return read
	}
}

var (
	lemmyPage = []demand{
		{"id", isOfOak, "Lemmy wants it of the actor's domain"},
		{"type", isJust("Page"), "Lemmy knows threads as Page"},
		{"attributedTo", isOfOak, "Lemmy wants one author, of the domain of the id"},
		{"to", isPublic, "Lemmy refuses what is not public in a public community"},
		{"cc", isList, "Lemmy requires cc, even empty"},
		{"audience", isURL, "Lemmy finds the community by it"},
		{"name", isWords, "Lemmy requires a title of a Page"},
		{"content", isWords, "what else would be read"},
		{"mediaType", isHTML, "Lemmy reads no other type"},
		{"attachment", isAttached, "Lemmy drops a Page that has anything but a list of Link, Image or Document"},
		{"inReplyTo", isAbsent, "Lemmy refuses a Page that answers"},
		{"sensitive", isBool, "Lemmy reads a boolean"},
		{"published", isZoned, "Lemmy wants RFC 3339 with a zone"},
		{"tag", isList, "Lemmy reads a list"},
		{"source.mediaType", isJust("text/markdown"), "Lemmy shows the source of no other type"},
	}
	lemmyNote = []demand{
		{"id", isOfOak, "Lemmy wants it of the actor's domain"},
		{"type", isJust("Note"), "Lemmy knows answers as Note"},
		{"attributedTo", isOfOak, "Lemmy wants one author, of the domain of the id"},
		{"to", isPublic, "Lemmy requires to, and refuses what is not public in a public community"},
		{"cc", isList, "Lemmy requires cc"},
		{"content", isWords, "Lemmy requires it"},
		{"inReplyTo", isURL, "Lemmy requires it"},
		{"mediaType", isHTML, "Lemmy reads no other type"},
		{"published", isZoned, "Lemmy wants RFC 3339 with a zone"},
		{"tag", isList, "Lemmy reads a list"},
		{"tag.0.type", isJust("Mention"), "microblogs tell nobody who is not mentioned"},
	}
	lemmyAnnounce = []demand{
		{"@context", isContext, "Discourse wants that very string, Mastodon that it is there"},
		{"id", isOfOak, "it is the group's"},
		{"type", isJust("Announce"), "FEP-1b12"},
		{"to", isPublic, "Lemmy wants Public in to or cc"},
		{"cc", isList, "Lemmy requires cc"},
		{"object.id", isOfOak, "NodeBB asks for the activity by its id"},
		{"object.type", isJust("Create"), "what the group took"},
		{"object.actor", isOfOak, "Lemmy wants it of the domain of the id"},
		{"object.to", isList, "Lemmy requires to"},
		{"object.cc", isList, "Lemmy requires cc"},
		{"object.audience", isURL, "Lemmy finds the community by it"},
	}
	mastodonBoost = []demand{
		{"@context", isContext, "Mastodon wants it"},
		{"type", isJust("Announce"), "it is shown as a boost"},
		{"id", isOfOak, "GoToSocial wants it to be the signer's"},
		{"actor", isOfOak, "GoToSocial wants it to be the signer's"},
		{"object", isURL, "an object within is fetched by its id or dropped"},
		{"to", isPublic, "Mastodon reads from it who may see the boost"},
		{"published", isZoned, "GoToSocial says so in its log where it is missing"},
	}
	anyActor = []demand{
		{"@context", isContext, "Mastodon and Discourse want it"},
		{"id", isOfOak, "Lemmy requires it"},
		{"preferredUsername", isWords, "Lemmy and Mastodon require it"},
		{"inbox", isURL, "Lemmy requires it"},
		{"outbox", isURL, "Lemmy requires it"},
		{"publicKey.id", isFragment, "Lemmy finds an actor by what is before the fragment"},
		{"publicKey.owner", isOfOak, "Lemmy requires it"},
		{"publicKey.publicKeyPem", isPEM, "Lemmy requires it"},
		{"endpoints.sharedInbox", isURL, "Mastodon sends there"},
	}
	lemmyGroup = append([]demand{
		{"type", isJust("Group"), "Lemmy knows communities as Group"},
		{"attributedTo", isURL, "Lemmy reads moderators from the collection of that address"},
		{"followers", isURL, "Mastodon reads from it who may see a boost"},
		{"featured", isURL, "Lemmy reads what is pinned from there"},
		{"postingRestrictedToMods", isBool, "Lemmy reads a boolean"},
		{"sensitive", isBool, "Lemmy reads a boolean"},
		{"published", isZoned, "Lemmy wants RFC 3339 with a zone"},
	}, anyActor...)
)

func TestWhatIsServedAndSentHasTheFieldsThatPeersRequire(t *testing.T) {
	eachDialects(t, func(d *dialects) {
		ctx, nobody, get := d.Context(), community.Viewer{}, served(d.T)
		d.exec("UPDATE actors SET inbox = uri || '/inbox', shared_inbox = 'https://oak.example/inbox' WHERE domain = ''")
		post := d.writeIn(d.group)
		post.PinnedAt = &post.PublishedAt
		d.must(d.store.UpdatePost(ctx, post))
		d.publishAndDeliver()
		announced, boosted := d.lemmy.last(), d.mastodon.last()
		holds(d.T, "the Announce that Lemmy got", announced, lemmyAnnounce)
		holds(d.T, "the thread in it", field(announced, "object.object"), lemmyPage)
		holds(d.T, "the boost that Mastodon got", boosted, mastodonBoost)
		holds(d.T, "a thread as it is served", get(d.PostDocument(ctx, nobody, post.ID)), append(lemmyPage, demand{"@context", isContext, "Mastodon wants it"}))

		answer, err := d.service.WritePost(ctx, d.ada, community.Draft{GroupID: d.group.ID, ParentID: post.ID, Text: "an answer", Language: "en"})
		d.must(err)
		d.publishAndDeliver()
		holds(d.T, "the Announce of an answer", d.lemmy.last(), lemmyAnnounce)
		holds(d.T, "the answer in it", field(d.lemmy.last(), "object.object"), lemmyNote)
		holds(d.T, "an answer as it is served", get(d.PostDocument(ctx, nobody, answer.ID)), append(lemmyNote, demand{"@context", isContext, "Mastodon wants it"}))

		holds(d.T, "a group", get(d.GroupDocument(ctx, nobody, d.group.ID)), lemmyGroup)
		holds(d.T, "a person", get(d.PersonDocument(ctx, nobody, "ada")), append(anyActor, demand{"type", isJust("Person"), "Lemmy knows people as Person"}))
		holds(d.T, "the server", get(d.InstanceDocument(ctx)), append(anyActor[:0:0], demand{"type", isJust("Application"), "Lemmy signs its fetches as one"}, demand{"publicKey.publicKeyPem", isPEM, "what is fetched is signed by it"}))

		holds(d.T, "who moderates", get(d.GroupModerators(ctx, nobody, d.group.ID)), []demand{{"type", isJust("OrderedCollection"), "Lemmy reads no other"}, {"orderedItems", isList, "Lemmy reads no pages"}})
		holds(d.T, "who follows", get(d.GroupFollowers(ctx, nobody, d.group.ID)), []demand{{"type", isJust("Collection"), "Lemmy reads no other"}, {"first", isAbsent, "nobody is listed"}})
		featured := get(d.GroupFeatured(ctx, nobody, d.group.ID))
		holds(d.T, "what is pinned", featured, []demand{{"type", isJust("OrderedCollection"), "Lemmy reads no other"}, {"orderedItems", isList, "Lemmy reads no pages"}})
		holds(d.T, "a thread that is pinned", field(featured, "orderedItems.0"), lemmyPage)
		outbox := get(d.GroupOutbox(ctx, nobody, d.group.ID, ""))
		holds(d.T, "the outbox", outbox, []demand{{"type", isJust("OrderedCollection"), "Lemmy reads no other"}, {"orderedItems", isList, "Lemmy reads no pages"}, {"first", isURL, "others read nothing else"}})
		holds(d.T, "what stands in the outbox", field(outbox, "orderedItems.0"), slices.DeleteFunc(slices.Clone(lemmyAnnounce), func(d demand) bool { return d.field == "@context" }))
		holds(d.T, "a thread in the outbox", field(outbox, "orderedItems.0.object.object"), lemmyPage)

		_, err = d.service.DeletePost(ctx, d.ada, post.ID)
		d.must(err)
		d.publishAndDeliver()
		gone := []demand{{"type", isJust("Delete"), "it is gone"}, {"to", isPublic, "Lemmy requires to"}, {"actor", isOfOak, "Mastodon takes it from its author alone"},
			{"object.type", isJust("Tombstone"), "Mastodon reads that or an address"}, {"object.id", isJust(post.URI), "it is what is gone"}}
		holds(d.T, "the deletion that Lemmy got", field(d.lemmy.last(), "object"), gone)
		holds(d.T, "the deletion that Mastodon got", d.mastodon.last(), append(gone, demand{"@context", isContext, "Mastodon wants it"}))
	})
}
