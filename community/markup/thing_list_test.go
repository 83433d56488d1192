package markup

import (
	"strconv"
	"strings"
	"testing"
)

func TestThingsAreLinksThatSayWhereTheyLead(t *testing.T) {
	for _, c := range []struct {
		name   string
		things []Thing
		want   string
	}{
		{"nothing", nil, ""},
		{"a picture with its description", []Thing{{"a bee & a <rose>", "https://far.example/b.webp?a=1&b=2"}},
			`<ul><li><a href="https://far.example/b.webp?a=1&amp;b=2" rel="` + rel + `">a bee &amp; a &lt;rose&gt; (far.example)</a></li></ul>`},
		{"a file without a name", []Thing{{"", "https://far.example/files/leaf%20let.pdf"}},
			`<ul><li><a href="https://far.example/files/leaf%20let.pdf" rel="` + rel + `">leaf let.pdf (far.example)</a></li></ul>`},
		{"a page without a name", []Thing{{"  ", "https://far.example/"}},
			`<ul><li><a href="https://far.example/" rel="` + rel + `">far.example</a></li></ul>`},
		{"one that calls itself another server", []Thing{{"https://bank.example", "https://evil.example/x"}},
			`<ul><li><a href="https://evil.example/x" rel="` + rel + `">https://bank.example (evil.example)</a></li></ul>`},
		{"what is no address, and the same again", []Thing{{"a", "javascript:alert(1)"}, {"b", "mailto:a@far.example"}, {"c", "/relative"}, {"d", "https:///nowhere"}, {"e", "https://far.example/e"}, {"f", "https://far.example/e"}},
			`<ul><li><a href="https://far.example/e" rel="` + rel + `">e (far.example)</a></li></ul>`},
		{"one that would break out", []Thing{{`"></a><script>alert(1)</script>`, `https://far.example/"><img src=x>`}}, ""},
	} {
		got := ThingList(c.things)
		if c.want == "" && strings.ContainsAny(strings.NewReplacer("<ul>", "", "<li>", "", "<a ", "", "</a>", "", "</li>", "", "</ul>", "", `">`, "").Replace(got), "<>") || c.want != "" && got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
		if again := Sanitize(got); again != got {
			t.Errorf("%s: sanitizing it again makes %s of %s", c.name, again, got)
		}
	}
}

func TestOnlySoManyThingsAreListed(t *testing.T) {
	var many []Thing
	for i := range 50 {
		many = append(many, Thing{strings.Repeat("long ", 200), "https://far.example/" + strconv.Itoa(i)})
	}
	got := ThingList(many)
	if n := strings.Count(got, "<li>"); n != maxThings || len(got) > maxThings*(thingRunes+150) {
		t.Errorf("%d of 50 things are listed in %d bytes, want %d of them, each short", n, len(got), maxThings)
	}
}
