package wire

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// required walks a document by dotted paths; all must be there and not null.
func required(t *testing.T, document map[string]any, paths string) {
	t.Helper()
	for path := range strings.FieldsSeq(paths) {
		at := any(document)
		for name := range strings.SplitSeq(path, ".") {
			object, _ := at.(map[string]any)
			at = object[name]
		}
		if at == nil {
			t.Errorf("%s is not there", path)
		}
	}
}

func TestLemmysParserFindsWhatItNeeds(t *testing.T) {
	documents := ourDocuments()
	tests := []struct{ names, paths string }{
		{"group person server", "type id preferredUsername inbox outbox publicKey.id publicKey.owner publicKey.publicKeyPem"},
		{"group", "attributedTo featured followers endpoints.sharedInbox postingRestrictedToMods sensitive published"},
		{"page", "type id attributedTo to cc name attachment mediaType sensitive published language.identifier language.name source.content source.mediaType"},
		{"note", "type id attributedTo to cc content inReplyTo tag published mediaType"},
		{"create update-note update-group add remove lock announce announce-uri undo-delete", "id type actor to cc object"},
		{"delete removal follow undo-follow accept reject flag", "id type actor to object"},
		{"add remove", "target"},
		{"moderators moderators-none featured outbox", "id type orderedItems"},
	}
	for _, tt := range tests {
		for name := range strings.FieldsSeq(tt.names) {
			t.Run(name, func(t *testing.T) { required(t, parsed(t, encoded(t, documents[name])), tt.paths) })
		}
	}
}

func TestLemmysParserFindsNothingThatItRefuses(t *testing.T) {
	page := parsed(t, encoded(t, aPage()))
	if _, there := page["inReplyTo"]; there {
		t.Error("a Page has inReplyTo")
	}
	if _, isArray := page["attachment"].([]any); !isArray {
		t.Errorf("a Page's attachment is %T, want an array", page["attachment"])
	}
	withoutCopies := aPage()
	withoutCopies.CC, withoutCopies.Attachments, withoutCopies.Tags = nil, nil, nil
	bare := parsed(t, encoded(t, withoutCopies))
	for _, property := range []string{"cc", "attachment", "tag"} {
		if got, isArray := bare[property].([]any); !isArray || len(got) != 0 {
			t.Errorf("a Page's %s is %v, want an empty array", property, bare[property])
		}
	}
	removal := parsed(t, encoded(t, ourDocuments()["removal"]))
	if summary, there := removal["summary"]; !there || summary != "" {
		t.Errorf("a removal's summary is %v, want it there and empty", summary)
	}
	if _, there := parsed(t, encoded(t, ourDocuments()["delete"]))["summary"]; there {
		t.Error("an author's own Delete has a summary, which makes it a moderator's")
	}
	if object := parsed(t, encoded(t, ourDocuments()["delete-account"]))["object"]; object != ourPerson {
		t.Errorf("a deleted account is %v, want its URI", object)
	}
	follow := parsed(t, encoded(t, ourDocuments()["follow"]))
	if to, _ := follow["to"].([]any); len(to) != 1 || to[0] != follow["object"] {
		t.Errorf("a Follow is to %v, want its object alone", follow["to"])
	}
	accept := parsed(t, encoded(t, ourDocuments()["accept"]))
	if to, _ := accept["to"].([]any); len(to) != 1 || to[0] != theirs {
		t.Errorf("an Accept is to %v, want the follower alone", accept["to"])
	}
	if inner, _ := accept["object"].(map[string]any); inner["object"] != accept["actor"] {
		t.Errorf("an Accept's actor %v is not whom the Follow is of, %v", accept["actor"], inner["object"])
	}
}

func TestMastodonFindsWhatItNeeds(t *testing.T) {
	for _, d := range []Document{aGroup(), aPerson(), aServer()} {
		required(t, parsed(t, encoded(t, d)), "id type preferredUsername inbox publicKey.publicKeyPem")
	}
	page := parsed(t, encoded(t, aPage()))
	required(t, page, "id type attributedTo to content url published summary contentMap.en")
	for _, property := range []string{"published"} {
		said, _ := page[property].(string)
		if _, err := time.Parse(time.RFC3339, said); err != nil {
			t.Errorf("%s: %v", property, err)
		}
	}
	updated := parsed(t, encoded(t, aNote()))
	if updated["updated"] != "2026-03-04T06:08:09.000Z" {
		t.Errorf("updated = %v, want it in UTC with milliseconds", updated["updated"])
	}
}

// R10: nothing in an account's document says whose else it is, or when exactly
// it was made.
func TestR10AccountsShareNothingButTheirServer(t *testing.T) {
	allowed := "@context id type preferredUsername name summary url icon inbox outbox endpoints publicKey " +
		"manuallyApprovesFollowers discoverable indexable published"
	person := parsed(t, encoded(t, aPerson()))
	for property := range person {
		if !strings.Contains(" "+allowed+" ", " "+property+" ") {
			t.Errorf("a person's document has %s", property)
		}
	}
	if person["published"] != "2026-03-01T00:00:00.000Z" {
		t.Errorf("published = %v, want the month", person["published"])
	}
	late := aPerson()
	late.Published = time.Date(2026, 3, 1, 0, 30, 0, 0, time.FixedZone("", 3600))
	if got := parsed(t, encoded(t, late))["published"]; got != "2026-02-01T00:00:00.000Z" {
		t.Errorf("published = %v, want the month in UTC", got)
	}
}

func TestR14FollowersCarryNoItems(t *testing.T) {
	for n, want := range map[int64]string{0: `0`, 9: `0`, 10: `10`, 19: `10`, 37: `20`, 50: `50`, 99: `50`, 199: `100`, 4999: `2000`, 5000: `5000`} {
		raw := encoded(t, Followers{ID: ourGroup + "/followers", Total: count(n)})
		f := members(raw)
		if f.get("items", "orderedItems", "first") != nil {
			t.Errorf("followers have items: %s", raw)
		}
		if got := string(f.get("totalItems")); got != want {
			t.Errorf("%d followers are written as %s, want %s", n, got, want)
		}
	}
	if raw := encoded(t, Followers{ID: ourGroup + "/followers"}); members(raw).get("totalItems") != nil {
		t.Errorf("an unsaid total is written: %s", raw)
	}
}

func TestR19FlagNamesOnlyTheServer(t *testing.T) {
	flag := parsed(t, encoded(t, ourDocuments()["flag"]))
	required(t, flag, "id type actor to object content summary")
	if flag["actor"] != ourServer {
		t.Errorf("actor = %v", flag["actor"])
	}
	if written := string(encoded(t, ourDocuments()["flag"])); strings.Contains(written, "/u/w3cz") || strings.Contains(written, "published") {
		t.Errorf("a Flag says who asked, or when: %s", written)
	}
}

func TestR40ActorsAreNeitherFoundNorIndexedUnlessSaid(t *testing.T) {
	for _, d := range []Document{bareGroup(), aPerson(), aServer()} {
		f := members(encoded(t, d))
		if string(f.get("discoverable")) != "false" || string(f.get("indexable")) != "false" {
			t.Errorf("discoverable %s, indexable %s, want both said and false", f.get("discoverable"), f.get("indexable"))
		}
	}
	open := aGroup()
	open.Discoverable, open.Indexable = true, true
	if f := members(encoded(t, open)); string(f.get("discoverable")) != "true" || string(f.get("indexable")) != "true" {
		t.Error("what was said is not written")
	}
}

func TestR48ContentNoteIsSummaryAndSensitive(t *testing.T) {
	page := aPage()
	f := members(encoded(t, page))
	if f.text("summary") != "insomnia" || !f.flag("sensitive") {
		t.Errorf("summary %q, sensitive %v", f.text("summary"), f.flag("sensitive"))
	}
	page.ContentNote = ""
	f = members(encoded(t, page))
	if f.get("summary") != nil || f.flag("sensitive") {
		t.Errorf("without a note: summary %s, sensitive %v", f.get("summary"), f.flag("sensitive"))
	}
	p, err := DecodePost(encoded(t, aPage()))
	if err != nil || p.ContentNote() != "insomnia" {
		t.Errorf("read back: %q, %v", p.ContentNote(), err)
	}
}

func TestCountsAreBandedInNodeInfo(t *testing.T) {
	n := parsed(t, encoded(t, nodeInfo("2.1")))
	usage, _ := n["usage"].(map[string]any)
	users, _ := usage["users"].(map[string]any)
	for got, want := range map[any]float64{users["total"]: 100, users["activeMonth"]: 20, users["activeHalfyear"]: 50, usage["localPosts"]: 1000, usage["localComments"]: 0} {
		if got != want {
			t.Errorf("a count is %v, want %v", got, want)
		}
	}
	if software, _ := parsed(t, encoded(t, nodeInfo("2.0")))["software"].(map[string]any); software["repository"] != nil {
		t.Error("NodeInfo 2.0 has a repository, which its schema forbids")
	}
}

func TestVersionInNodeInfoIsSemantic(t *testing.T) {
	for in, want := range map[string]string{
		"0.1.0": "0.1.0", "v1.2.3": "1.2.3", "v1.2.3-4-gabcdef0": "1.2.3-4-gabcdef0", "1.2.3-rc.1+linux": "1.2.3-rc.1+linux",
		"development": "0.0.0+development", "0379fe2-dirty": "0.0.0+0379fe2-dirty", "0123456": "0.0.0+0123456", "1.2": "0.0.0+1-2",
		"1.2.3-01": "0.0.0+1-2-3-01", "v1": "0.0.0+v1", "my build": "0.0.0+my-build",
	} {
		n := nodeInfo("2.0")
		n.Software.Version = in
		if software, _ := parsed(t, encoded(t, n))["software"].(map[string]any); software["version"] != want {
			t.Errorf("a build named %q: got version %v, want %s", in, software["version"], want)
		}
	}
}

func TestHostMetaLeadsToWebFinger(t *testing.T) {
	got, err := HostMeta("https://hearth.example")
	want := `<?xml version="1.0" encoding="UTF-8"?>
<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0"><Link rel="lrdd" type="application/jrd+json" template="https://hearth.example/.well-known/webfinger?resource={uri}"></Link></XRD>`
	if err != nil || string(got) != want {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
}

func TestMediaTypesAreExact(t *testing.T) {
	if MediaType != "application/activity+json" {
		t.Errorf("MediaType = %q: Lemmy takes no other", MediaType)
	}
	if got := NodeInfoMediaType("2.1"); got != `application/json; profile="http://nodeinfo.diaspora.software/ns/schema/2.1#"` {
		t.Errorf("NodeInfoMediaType = %s", got)
	}
}

func TestVerbatimIsAnObject(t *testing.T) {
	for _, bad := range []string{``, `1`, `"x"`, `{`, `{} {}`, `{},"a":1`} {
		if _, err := Encode(Create(by(ourPerson, "1"), Verbatim(json.RawMessage(bad)))); err == nil {
			t.Errorf("%q was spliced", bad)
		}
	}
}
