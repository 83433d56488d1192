package markup

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestMentionsAreFoundWhereSomebodyIsAddressed(t *testing.T) {
	tests := []struct {
		name, in string
		want     []Mention
	}{
		{"here", "@rowan", []Mention{{"rowan", ""}}},
		{"elsewhere", "hi @rowan@elm.example, hi", []Mention{{"rowan", "elm.example"}}},
		{"a group elsewhere", "see !sleep@elm.example.", []Mention{{"sleep", "elm.example"}}},
		{"a group here is only a word", "!important", nil},
		{"hosts in lower case, names as typed", "@Rowan@ELM.Example", []Mention{{"Rowan", "elm.example"}}},
		{"a port", "@rowan@oak.localhost:8080", []Mention{{"rowan", "oak.localhost:8080"}}},
		{"localhost", "@rowan@localhost:8080", []Mention{{"rowan", "localhost:8080"}}},
		{"a colon after the host", "@rowan@elm.example: hi", []Mention{{"rowan", "elm.example"}}},
		{"points and dashes inside", "@a.b-c_d.", []Mention{{"a.b-c_d", ""}}},
		{"punctuation around", `("@rowan", *@ash*) [@elm]`, []Mention{{"rowan", ""}, {"ash", ""}, {"elm", ""}}},
		{"possessive", "@rowan's", []Mention{{"rowan", ""}}},
		{"each once", "@rowan @Rowan @rowan@elm.example @rowan", []Mention{{"rowan", ""}, {"rowan", "elm.example"}}},
		{"on every line", "@a\n@b\n\n> @c\n\n- @d\n\n# @e", []Mention{{"a", ""}, {"b", ""}, {"c", ""}, {"d", ""}, {"e", ""}}},
		{"another script", "مرحبا @علي", []Mention{{"علي", ""}}},
		{"marks are part of a name", "@हिन्दी", []Mention{{"हिन्दी", ""}}},
		{"a name followed by another script", "@rowanさん、こんにちは", []Mention{{"rowan", ""}}},
		{"a script without spaces before it", "こんにちは@rowan", []Mention{{"rowan", ""}}},
		{"an accent does not end a name", "@naïve", []Mention{{"naïve", ""}}},
		{"a host in another script", "@x@bücher.example", []Mention{{"x", "xn--bcher-kva.example"}}},

		{"an e-mail address", "rowan@elm.example", nil},
		{"an e-mail address with a plus", "a+b@elm.example a.b@elm.example a_@elm.example -@elm.example", nil},
		{"an e-mail address in another script", "почта@elm.example", nil},
		{"a link", "https://elm.example/@rowan [x @rowan](https://elm.example/@ash) <https://elm.example/@x>", nil},
		{"an image", "![@rowan](https://elm.example/x.png)", nil},
		{"a code span", "`@rowan` ``!a@b.example``", nil},
		{"a code block", "```\n@rowan\n```\n\n    @ash", nil},
		{"escaped", `\@rowan \!a@b.example`, nil},
		{"a package", "@scope/package", nil},
		{"a path", "/@rowan", nil},
		{"two signs", "@@rowan !@rowan @!rowan", nil},
		{"a host without a point", "@rowan@elm", nil},
		{"three parts", "@a@b.example@c.example", nil},
		{"no name", "@ @. @- @@", nil},
		{"a name too long", "@" + strings.Repeat("x", 65), nil},
		{"the longest name", "@" + strings.Repeat("x", 64), []Mention{{strings.Repeat("x", 64), ""}}},
		{"a host too long", "@a@" + strings.Repeat("x.", 140) + "example", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Mentions(tt.in); !slices.Equal(got, tt.want) {
				t.Errorf("Mentions(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestMentionsAreAtMostTwenty(t *testing.T) {
	var source strings.Builder
	for i := range 100 {
		fmt.Fprintf(&source, "@p%d ", i)
	}
	got := Mentions(source.String())
	if len(got) != 20 || got[0].Name != "p0" || got[19].Name != "p19" {
		t.Errorf("Mentions = %v, want p0 to p19", got)
	}
}

func ExampleMentions() {
	fmt.Printf("%+v\n", Mentions("@rowan, have you seen !sleep@elm.example?"))
	// Output: [{Name:rowan Host:} {Name:sleep Host:elm.example}]
}
