package storage

import (
	"archive/zip"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"io"
	"io/fs"
	"time"
)

// Contents are what an archive holds beside the database.
type Contents struct {
	Hearth  string // the version that makes it
	TakenAt time.Time
	Secrets []byte
	Media   fs.FS // nil where there is no media folder
}

// WriteArchive writes a snapshot and what belongs to it. Memory does not grow
// with what there is.
func (s *Snapshot) WriteArchive(ctx context.Context, to io.Writer, c Contents) error {
	w := &archiveWriter{zip: zip.NewWriter(to)}
	// The words of people are short and alike: the fastest way of packing keeps
	// nearly all of what the best would.
	w.zip.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) { return flate.NewWriter(to, flate.BestSpeed) })
	w.manifest = Manifest{
		Format: archiveFormat, Hearth: c.Hearth, TakenAt: c.TakenAt.UTC().Truncate(time.Microsecond), Engine: string(s.engine),
		Scheme: s.Site.Scheme, Domain: s.Site.Host, Schema: s.schema, Tables: []TablePart{}, Files: []Part{},
	}
	if err := w.file(aboutPart, zip.Deflate, func(to io.Writer) error { return write(to, []byte(aboutText)) }); err != nil {
		return err
	}
	for _, t := range s.tables {
		if err := w.table(ctx, s, t); err != nil {
			return err
		}
	}
	if err := w.file(secretsPart, zip.Deflate, func(to io.Writer) error { return write(to, c.Secrets) }); err != nil {
		return err
	}
	if c.Media != nil {
		if err := w.file(mediaPart, zip.Store, func(to io.Writer) error { return writeMedia(ctx, to, c.Media) }); err != nil {
			return err
		}
	}
	return w.end()
}

type archiveWriter struct {
	zip      *zip.Writer
	manifest Manifest
}

func (w *archiveWriter) table(ctx context.Context, s *Snapshot, t table) error {
	part := TablePart{Table: t.name, Columns: t.columns}
	var err error
	part.Part, err = w.part("tables/"+t.name+".jsonl", zip.Deflate, func(to io.Writer) error {
		return s.readRows(ctx, t, func(line []byte) error {
			part.Rows++
			if ctx.Err() != nil {
				return ctx.Err()
			}
			return write(to, line)
		})
	})
	if err != nil {
		return err
	}
	if part.Last, err = s.lastNumber(ctx, t); err != nil {
		return err
	}
	w.manifest.Tables = append(w.manifest.Tables, part)
	return nil
}

func (w *archiveWriter) file(name string, method uint16, fill func(to io.Writer) error) error {
	part, err := w.part(name, method, fill)
	w.manifest.Files = append(w.manifest.Files, part)
	return err
}

func (w *archiveWriter) part(name string, method uint16, fill func(to io.Writer) error) (Part, error) {
	to, err := w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: w.manifest.TakenAt})
	if err != nil {
		return Part{}, err
	}
	sum := newSum()
	if err := fill(io.MultiWriter(to, sum)); err != nil {
		return Part{}, err
	}
	return sum.part(name), nil
}

// end writes the manifest last: what was cut off has none.
func (w *archiveWriter) end() error {
	to, err := w.zip.CreateHeader(&zip.FileHeader{Name: manifestPart, Method: zip.Deflate, Modified: w.manifest.TakenAt})
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(to)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(w.manifest); err != nil {
		return err
	}
	return w.zip.Close()
}

func write(to io.Writer, b []byte) error {
	_, err := to.Write(b)
	return err
}

// sum counts and hashes what is written to it.
type sum struct {
	hash  hash.Hash
	bytes int64
}

func newSum() *sum { return &sum{hash: sha256.New()} }

func (s *sum) Write(b []byte) (int, error) {
	s.bytes += int64(len(b))
	return s.hash.Write(b)
}

func (s *sum) part(name string) Part {
	return Part{name, s.bytes, hex.EncodeToString(s.hash.Sum(nil))}
}
