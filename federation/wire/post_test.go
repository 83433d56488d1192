package wire

import (
	"slices"
	"testing"
)

// said is a Note with room for more members, each beginning with a comma.
func said(more string) string {
	return `{"id":"https://a.example.org/n","type":"Note"` + more + `}`
}

// A number for an author was once read as one of the server's own accounts
// (NodeBB, 2026).
func TestAuthorsMustBeNamedByIRI(t *testing.T) {
	tests := []struct{ name, by, author, want string }{
		{"an IRI", `"https://a.example.org/u"`, "https://a.example.org/u", ""},
		{"an object", `{"type":"Person","id":"https://a.example.org/u"}`, "https://a.example.org/u", ""},
		{"an array of one", `["https://a.example.org/u"]`, "https://a.example.org/u", ""},
		{"a Person after others", `["https://a.example.org/s",{"type":"Person","id":"https://a.example.org/u"}]`, "https://a.example.org/u", ""},
		{"a Group alone", `{"type":"Group","id":"https://a.example.org/g"}`, "https://a.example.org/g", ""},
		{"null", `null`, "", ""},
		{"an empty array", `[]`, "", ""},
		{"a number", `1`, "", BadAuthor},
		{"a number in an array", `["https://a.example.org/u",1]`, "", BadAuthor},
		{"a digit", `"1"`, "", BadAuthor},
		{"a path", `"/uid/1"`, "", BadAuthor},
		{"a blank", `""`, "", BadAuthor},
		{"true", `true`, "", BadAuthor},
		{"an object without id", `{"type":"Person"}`, "", BadAuthor},
		{"arrays in arrays", `[["https://a.example.org/u","https://a.example.org/v"]]`, "", BadAuthor},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := DecodePost([]byte(said(`,"attributedTo":` + tt.by)))
			if reason(err) != tt.want {
				t.Fatalf("got %q, want %q", reason(err), tt.want)
			}
			if err == nil && p.Author != tt.author {
				t.Errorf("Author = %q, want %q", p.Author, tt.author)
			}
		})
	}
}

func TestAuthorMayBeTheActorOfThePost(t *testing.T) {
	p, err := DecodePost([]byte(said(`,"actor":"https://a.example.org/u"`)))
	if err != nil || p.Author != "https://a.example.org/u" {
		t.Errorf("got %+v, %v", p, err)
	}
	p, err = DecodePost([]byte(said(`,"actor":"https://a.example.org/v","attributedTo":"https://a.example.org/u"`)))
	if err != nil || p.Author != "https://a.example.org/u" {
		t.Errorf("attributedTo must win: got %q, %v", p.Author, err)
	}
	p, err = DecodePost([]byte(said(`,"attributedTo":null,"actor":"https://a.example.org/u"`)))
	if err != nil || p.Author != "https://a.example.org/u" {
		t.Errorf("null is nobody: got %+v, %v", p, err)
	}
}

func TestPostsNeedAnID(t *testing.T) {
	for _, body := range []string{`{"type":"Note"}`, `{"type":"Note","id":"n/1"}`, `{"type":"Note","id":null}`} {
		if _, err := DecodePost([]byte(body)); reason(err) != BadID {
			t.Errorf("%s: got %q, want %q", body, reason(err), BadID)
		}
	}
}

func TestVotesAreToldFromReplies(t *testing.T) {
	const reply = `,"inReplyTo":"https://b.example.org/q"`
	tests := []struct {
		name, more string
		want       bool
	}{
		{"a vote", reply + `,"name":"tea","to":"https://b.example.org/u"`, true},
		{"with content", reply + `,"name":"tea","content":"<p>tea</p>","to":"https://b.example.org/u"`, false},
		{"in public", reply + `,"name":"tea","to":"as:Public"`, false},
		{"to nothing", `,"name":"tea","to":"https://b.example.org/u"`, false},
		{"without a name", reply + `,"to":"https://b.example.org/u"`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := DecodePost([]byte(said(tt.more)))
			if err != nil {
				t.Fatal(err)
			}
			if p.IsVote() != tt.want {
				t.Errorf("IsVote = %v, want %v", p.IsVote(), tt.want)
			}
		})
	}
}

func TestLanguageIsFoundWhereverItIsTold(t *testing.T) {
	tests := []struct{ name, more, content, language string }{
		{"object before map", `,"language":{"identifier":"fr"},"content":"a","contentMap":{"en":"a"}`, "a", "fr"},
		{"und is none", `,"language":{"identifier":"und","name":"Undetermined"},"content":"a"`, "a", ""},
		{"map with the same words", `,"content":"b","contentMap":{"en":"a","de":"b"}`, "b", "de"},
		{"map with other words", `,"content":"c","contentMap":{"en":"a","de":"b"}`, "c", ""},
		{"map in the language told", `,"language":"de","contentMap":{"en":"a","de":"b"}`, "b", "de"},
		{"map alone takes the first", `,"contentMap":{"nl":null,"en":"a","de":"b"}`, "a", "en"},
		{"underscore", `,"content":"a","language":"pt_BR"`, "a", "pt-BR"},
		{"no language", `,"content":"a","language":"no such language"`, "a", ""},
		{"map a string", `,"content":"a","contentMap":"en"`, "a", ""},
		{"by the title", `,"name":"t","nameMap":{"es":"t"}`, "", "es"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := DecodePost([]byte(said(tt.more)))
			if err != nil {
				t.Fatal(err)
			}
			if p.Content != tt.content || p.Language != tt.language {
				t.Errorf("got %q in %q, want %q in %q", p.Content, p.Language, tt.content, tt.language)
			}
		})
	}
}

func TestR48ContentNotesAreToldFromExcerpts(t *testing.T) {
	tests := []struct {
		name, post string
		want       string
	}{
		{"Mastodon", said(`,"summary":"food","sensitive":true`), "food"},
		{"Mastodon, not marked", said(`,"summary":" food "`), "food"},
		{"ours", `{"id":"https://a.example.org/n","type":"Page","name":"Soup","summary":"food","sensitive":true}`, "food"},
		{"an excerpt with a name", `{"id":"https://a.example.org/n","type":"Page","name":"Soup","summary":"It is hot"}`, ""},
		{"an Article's excerpt", `{"id":"https://a.example.org/n","type":"Article","summary":"It is hot"}`, ""},
		{"the name again", `{"id":"https://a.example.org/n","type":"Page","name":"Soup","summary":"Soup #hot","sensitive":true}`, ""},
		{"blank", said(`,"summary":" ","sensitive":true`), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := DecodePost([]byte(tt.post))
			if err != nil {
				t.Fatal(err)
			}
			if got := p.ContentNote(); got != tt.want {
				t.Errorf("ContentNote = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestMentionsAreActorsAndNothingElse(t *testing.T) {
	p, err := DecodePost(golden(t, "nodebb/24-mentions"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"https://hearth.example/u/1", "https://hearth.example/u/2", "https://hearth.example/u/3"}
	if got := p.Mentions(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	var labels []string
	for _, tag := range p.Tags {
		labels = append(labels, tag.Label())
	}
	if want := []string{"kim@hearth.example", "lee@hearth.example", "", "nobody"}; !slices.Equal(labels, want) {
		t.Errorf("labels %q, want %q", labels, want)
	}
	if got := (Tag{Type: "Hashtag", Name: "#sleep"}).Label(); got != "sleep" {
		t.Errorf("a hashtag's label is %q", got)
	}
	if got := (Tag{Type: "Emoji", Name: ":wave:"}).Label(); got != "wave" {
		t.Errorf("an emoji's label is %q", got)
	}
}

func TestPublicIsFoundInBothLines(t *testing.T) {
	for more, want := range map[string]bool{`,"to":"Public"`: true, `,"cc":["as:Public"]`: true, `,"to":["https://a.example.org/u"]`: false, ``: false, `,"to":"public"`: false} {
		p, err := DecodePost([]byte(said(more)))
		if err != nil {
			t.Fatal(err)
		}
		if p.IsPublic() != want {
			t.Errorf("%q: IsPublic = %v, want %v", more, p.IsPublic(), want)
		}
	}
}

func TestTombstonesAreTold(t *testing.T) {
	gone, err := DecodePost(golden(t, "lemmy/16-tombstone"))
	if err != nil || !gone.IsTombstone() {
		t.Errorf("got %+v, %v", gone, err)
	}
	there, err := DecodePost([]byte(said(``)))
	if err != nil || there.IsTombstone() {
		t.Errorf("got %+v, %v", there, err)
	}
}

func TestTagsThatAreNoObjectsAreLeftOut(t *testing.T) {
	p, err := DecodePost([]byte(said(`,"tag":["#sleep",7,{"type":"Hashtag","name":"#sleep"}]`)))
	if err != nil || len(p.Tags) != 1 {
		t.Errorf("got %+v, %v, want one tag", p.Tags, err)
	}
}
