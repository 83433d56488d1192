package markup

import (
	"bytes"
	"strings"
	"testing"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// post is a post as people write them, of some 900 bytes.
var post = strings.Repeat("It's been a *long* week, and I didn't sleep again.\nDoes anybody know what **helps**? I read "+
	"[this](https://elm.example/sleep) and https://oak.example/tea.\n\n- tea\n- walking\n- _nothing_ at all\n\n> breathe in\n\nThank you @rowan.\n\n", 3)

func BenchmarkRender(b *testing.B) {
	b.SetBytes(int64(len(post)))
	for b.Loop() {
		Render(post)
	}
}

// BenchmarkRenderBare is what there is to pay anyway: the two libraries, with
// their defaults, one after the other.
func BenchmarkRenderBare(b *testing.B) {
	md, p := goldmark.New(goldmark.WithExtensions(extension.Strikethrough, extension.Linkify)), bluemonday.UGCPolicy()
	b.SetBytes(int64(len(post)))
	for b.Loop() {
		var html bytes.Buffer
		md.Convert([]byte(post), &html)
		p.SanitizeBytes(html.Bytes())
	}
}

func BenchmarkSanitize(b *testing.B) {
	html := Render(post)
	b.SetBytes(int64(len(html)))
	for b.Loop() {
		Sanitize(html)
	}
}

func BenchmarkSanitizeBare(b *testing.B) {
	html, p := Render(post), bluemonday.UGCPolicy()
	b.SetBytes(int64(len(html)))
	for b.Loop() {
		p.Sanitize(html)
	}
}

func BenchmarkExcerpt(b *testing.B) {
	html := Render(post)
	for b.Loop() {
		Excerpt(html, 200)
	}
}

func BenchmarkMentions(b *testing.B) {
	for b.Loop() {
		Mentions(post)
	}
}
