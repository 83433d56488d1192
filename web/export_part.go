package web

import (
	"bytes"
	"html/template"
	"io"

	"hearth/community"
	"hearth/community/markup"
)

// exportedArticle is a post in the page of an export.
type exportedArticle struct {
	community.ExportedPost
	Words template.HTML // made safe when it was written
}

func newExportedArticle(p community.ExportedPost) exportedArticle {
	if p.HTML == "" { // a draft is made into a page when it is sent
		p.HTML = markup.Render(p.Source)
	}
	return exportedArticle{p, wordsUnder(3, p.HTML)}
}

// part writes one template by itself, in the reader's language and zone: what is
// longer than fits into memory is made of such parts.
func (v *visit) part(w io.Writer, name string, data any) error {
	return v.server.pages.Part(w, name, Frame{Lang: v.lang, Zone: v.zone(), Now: v.server.service.Now()}, data)
}

// Part writes what a part of the templates makes of data; f says for whom.
func (r *Renderer) Part(w io.Writer, name string, f Frame, data any) error {
	buf := r.buffers.Get().(*bytes.Buffer)
	defer r.buffers.Put(buf)
	buf.Reset()
	if err := r.renderPart(buf, name, f, data); err != nil {
		return err
	}
	_, err := buf.WriteTo(w)
	return err
}

func (r *Renderer) renderPart(buf *bytes.Buffer, name string, f Frame, data any) error {
	set, err := r.take()
	if err != nil {
		return err
	}
	defer func() { r.sets <- set }()
	set.page, set.frame = name, &f
	defer func() { set.frame = nil }()
	return set.templates.ExecuteTemplate(buf, name, data)
}
