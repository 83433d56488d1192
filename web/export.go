package web

import (
	"archive/zip"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"hearth/community"
)

func (s *Server) exportRoutes() {
	s.get("/me/export", s.showExport)
	s.post("/me/export", s.doExport)
}

// exportPage leads to the file.
type exportPage struct{ Problems Problems }

func (s *Server) showExport(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	return v.page("export", v.t("export.title"), exportPage{})
}

// doExport sends all that is the reader's as a file, while it is made: it is kept
// nowhere. What fails on the way breaks the connection off, so that no browser
// takes half of a file for the whole.
func (s *Server) doExport(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	head, err := s.service.Export(v.ctx(), v.viewer)
	if code := statusOf(err); code == http.StatusTooManyRequests {
		return v.render(code, "export", v.t("export.title"), exportPage{Problems{{Text: v.sentence(err)}}})
	}
	if err != nil {
		return err
	}
	v.Header("Content-Type", "application/zip")
	v.Header("Content-Disposition", `attachment; filename="export-`+head.MadeAt.Format(time.DateOnly)+`.zip"`)
	if err := (&exporter{v: v, head: head, flow: http.NewResponseController(v.Writer)}).write(); err != nil {
		logOf(v.ctx()).err = err
		v.breakOff()
	}
	return nil
}

// breakOff ends an answer that was begun and cannot be finished.
func (v *visit) breakOff() {
	flow := http.NewResponseController(v.Writer)
	_ = flow.Flush()
	_ = flow.SetWriteDeadline(time.Unix(1, 0))
}

// exportPatience is how long a browser may take for one part of the file.
const exportPatience = time.Minute

// exporter writes one export.
type exporter struct {
	v    *visit
	head community.Export
	flow *http.ResponseController
}

func (e *exporter) write() error {
	file := zip.NewWriter(e.v.Writer)
	for _, part := range []struct {
		name  string
		write func(io.Writer) error
	}{{"export.html", e.writePage}, {"export.json", e.writeJSON}} {
		w, err := file.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: e.head.MadeAt})
		if err != nil {
			return err
		}
		if err := part.write(w); err != nil {
			return err
		}
	}
	return file.Close()
}

// writeJSON writes the head as an object, and into its end the posts and drafts,
// as they are read.
func (e *exporter) writeJSON(w io.Writer) error {
	head, err := json.Marshal(e.head)
	if err != nil {
		return err
	}
	if _, err := w.Write(head[:len(head)-1]); err != nil {
		return err
	}
	if err := e.writeList(w, "posts", false); err != nil {
		return err
	}
	if err := e.writeList(w, "drafts", true); err != nil {
		return err
	}
	_, err = io.WriteString(w, "}\n")
	return err
}

// writeList writes one more field of an object: the reader's posts or drafts.
func (e *exporter) writeList(w io.Writer, name string, drafts bool) error {
	before := `,"` + name + `":[`
	err := e.posts(drafts, func(p community.ExportedPost) error {
		text, err := json.Marshal(p)
		if err == nil {
			_, err = w.Write(append([]byte(before), text...))
		}
		before = ",\n"
		return err
	})
	if err != nil {
		return err
	}
	if before != ",\n" { // there was none
		_, err = io.WriteString(w, before)
	}
	if err == nil {
		_, err = io.WriteString(w, "]")
	}
	return err
}

// posts gives the reader's posts, or drafts, one after the other.
func (e *exporter) posts(drafts bool, give func(community.ExportedPost) error) error {
	for after := ""; ; {
		if err := e.flow.SetWriteDeadline(time.Now().Add(exportPatience)); err != nil { // a connection's, on the machine's clock
			return err
		}
		page, next, err := e.v.server.service.ExportPosts(e.v.ctx(), e.v.viewer, drafts, after)
		if err != nil {
			return err
		}
		for _, p := range page {
			if err := give(p); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		after = next
	}
}

// writePage writes the page that people read, in the words of their language.
func (e *exporter) writePage(w io.Writer) error {
	if err := e.v.part(w, "export-head", e.head); err != nil {
		return err
	}
	for _, drafts := range []bool{false, true} {
		if err := e.v.part(w, "export-list", drafts); err != nil {
			return err
		}
		if err := e.posts(drafts, func(p community.ExportedPost) error { return e.v.part(w, "export-post", newExportedArticle(p)) }); err != nil {
			return err
		}
	}
	return e.v.part(w, "export-foot", nil)
}
