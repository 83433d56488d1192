package markup

import "testing"

func TestLinksToFilesAreTakenOutAndTheirNamesStay(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"a picture", Sanitize(`<p>See <img src="https://pics.example/a/cat.JPG?w=9" alt="a grey cat">!</p>`), "<p>See a grey cat (pics.example)!</p>"},
		{"a file among links", ThingList([]Thing{{Name: "the form", URL: "https://far.example/form.pdf"}, {Name: "more", URL: "https://far.example/more"}}),
			`<ul><li>the form (far.example)</li><li><a href="https://far.example/more" rel="` + rel + `">more (far.example)</a></li></ul>`},
		{"no file", Sanitize(`<p>a &lt; b <a href="https://far.example/a.html">c</a></p>`), Sanitize(`<p>a &lt; b <a href="https://far.example/a.html">c</a></p>`)},
		{"no link", "<p>a</p>", "<p>a</p>"},
		{"in emphasis", Sanitize(`<p><a href="https://far.example/a.png"><em>one</em></a> <a href="https://far.example/">two</a></p>`), `<p><em>one</em> (far.example) <a href="https://far.example/" rel="` + rel + `">two (far.example)</a></p>`},
	} {
		if got := WithoutFiles(c.in); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		if got := WithoutFiles(WithoutFiles(c.in)); got != WithoutFiles(c.in) {
			t.Errorf("%s: twice is something else: %q", c.name, got)
		}
	}
}
