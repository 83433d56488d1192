package wire

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestGroupsAreLookedForInOrder(t *testing.T) {
	const garden = "https://lemmy.example.org/c/garden"
	tests := []struct {
		file string
		want []string
	}{
		{"lemmy/02-like-without-address", []string{ourGroup}},
		{"lemmy/05-audience-of-somebody-else", []string{"https://lemmy.example.org/u/main", garden}},
		{"lotide/01-addressed-by-string", []string{"https://lotide.example.org/communities/3"}},
		{"mastodon/04-group-by-mention-only", []string{ourGroup}},
		{"pleroma/04-group-in-cc", []string{ourGroup}},
		{"mastodon/38-reply-to-author-only", []string{
			"https://mastodon.example.com/users/uma", "https://mastodon.example.com/users/uma/statuses/3"}},
		{"lemmy/29-ban-end-time", []string{garden}},
		{"nodebb/12-announce-create", []string{"https://nodebb.example.net/category/3"}},
		{"nodebb/11-announce-like-embedded-note", []string{
			"https://nodebb.example.net/category/3", "https://lemmy.example.org/u/wren"}},
		{"lemmy/30-context-in-inner", []string{garden}},
		{"piefed/50-feed-add", []string{"https://piefed.example.org/f/calm/following"}},
		{"mitra/47-proof", []string{ourGroup}},
		{"lotide/02-delete-without-address", nil},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			a, err := Decode(golden(t, tt.file))
			if err != nil {
				t.Fatal(err)
			}
			if got := GroupCandidates(a); !slices.Equal(got, tt.want) {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestTheWholeOrderOfGroupCandidates(t *testing.T) {
	id := func(name string) string { return "https://a.example.org/" + name }
	body := fmt.Sprintf(`{"id":%q,"type":"Create","actor":%q,
		"audience":%q,"to":[%q,"as:Public"],"cc":%q,"target":{"id":%q},
		"tag":{"type":"Mention","href":%q},
		"object":{"id":%q,"type":"Video","audience":[%q],"to":%q,"cc":[%q,%q,%q],"inReplyTo":{"id":%q},
			"attributedTo":[{"type":"Person","id":%q},{"type":"Group","id":%q}],
			"tag":[{"type":"Mention","href":%q},{"type":"Hashtag","href":%q}]}}`,
		id("1"), id("u"),
		id("audience"), id("to"), id("cc"), id("target"),
		id("mention"),
		id("2"), id("object-audience"), id("object-to"), id("object-cc"), id("u/followers"), id("to"), id("parent"),
		id("u"), id("author-group"),
		id("object-mention"), id("hashtag"))
	a, err := Decode([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, name := range strings.Fields("audience object-audience object-to object-cc to cc target author-group parent mention object-mention") {
		want = append(want, id(name))
	}
	if got := GroupCandidates(a); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestAMessageCannotCostManyLookUps(t *testing.T) {
	mentions := numbered(MaxItems, `{"type":"Mention","href":"https://a.example.org/#"}`)
	to := numbered(MaxItems, `"https://b.example.org/#"`)
	a, err := Decode([]byte(like(`,"tag":[` + mentions + `],"to":[` + to + `]`)))
	if err != nil {
		t.Fatal(err)
	}
	if got := len(GroupCandidates(a)); got != maxCandidates {
		t.Errorf("got %d candidates, want %d", got, maxCandidates)
	}
}

func TestNestingIsFollowedOnlySoFar(t *testing.T) {
	body := `"https://a.example.org/p"`
	for i := range 12 {
		body = fmt.Sprintf(`{"id":"https://a.example.org/%d","type":"Announce","actor":"https://a.example.org/u","audience":"https://a.example.org/g/%d","object":%s}`, i, i, body)
	}
	a, err := Decode([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	if got := len(GroupCandidates(a)); got != maxNesting+1 {
		t.Errorf("got %d candidates, want those of %d levels", got, maxNesting+1)
	}
}
