package storage

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
)

// longestManifest and longestSecrets bound what is read at once, in bytes.
const (
	longestManifest = 4 << 20
	longestSecrets  = 1 << 20
)

// Archive is an archive to restore from. Its file is held open from the first
// look to the last read.
type Archive struct {
	Manifest
	Name  string // what sentences call it
	file  *os.File
	parts map[string]*zip.File
}

// OpenArchive is ReadArchive of the file at a path.
func OpenArchive(path string) (*Archive, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, badArchive("there is no file %s", path)
	}
	if err != nil {
		return nil, err
	}
	return ReadArchive(file, path)
}

// ReadArchive reads what an archive says of itself, and owns its file from then
// on. A BadArchive is a file that is none, is cut off, or is of a newer Hearth.
func ReadArchive(file *os.File, name string) (*Archive, error) {
	a := &Archive{Name: name, file: file, parts: map[string]*zip.File{}}
	if err := a.look(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return a, nil
}

// Close lets go of the file.
func (a *Archive) Close() error { return a.file.Close() }

func (a *Archive) look() error {
	info, err := a.file.Stat()
	if err != nil {
		return err
	}
	if info.IsDir() {
		return badArchive("%s is a folder, not a backup", a.Name)
	}
	packed, err := zip.NewReader(a.file, info.Size())
	if err != nil {
		if a.beginsAsArchive() {
			return badArchive("%s is cut off or damaged: its end is missing", a.Name)
		}
		return a.foreign()
	}
	for _, f := range packed.File {
		if a.parts[f.Name] != nil {
			return a.damaged(f.Name)
		}
		a.parts[f.Name] = f
	}
	return a.readManifest()
}

// beginsAsArchive says whether the first part is there: a zip has its name at
// byte 30 (APPNOTE 4.3.7).
func (a *Archive) beginsAsArchive() bool {
	begin := make([]byte, 30+len(aboutPart))
	_, err := a.file.ReadAt(begin, 0)
	return err == nil && bytes.HasPrefix(begin, []byte("PK\x03\x04")) && string(begin[30:]) == aboutPart
}

func (a *Archive) readManifest() error {
	if a.parts[manifestPart] == nil {
		return a.foreign()
	}
	text, err := a.readPart(manifestPart, longestManifest)
	if err != nil {
		return err
	}
	var form struct{ Format int }
	if err := json.Unmarshal(text, &form); err != nil || form.Format < 1 {
		return a.foreign()
	}
	if form.Format > archiveFormat {
		return badArchive("%s was made by a newer Hearth: restore it with that one", a.Name)
	}
	if err := json.Unmarshal(text, &a.Manifest); err != nil {
		return a.damaged(manifestPart)
	}
	return a.checkParts()
}

// checkParts holds the parts that are there against those that the manifest
// names, and its schema against this binary's.
func (a *Archive) checkParts() error {
	names := []string{manifestPart}
	for _, part := range a.all() {
		names = append(names, part.Name)
		if a.parts[part.Name] == nil {
			return a.damaged(part.Name)
		}
	}
	if len(names) != len(a.parts) || !a.hasFile(secretsPart) {
		return a.damaged(manifestPart)
	}
	known, err := migrationNames()
	if err != nil {
		return err
	}
	for _, name := range a.Schema {
		if !slices.Contains(known, name) {
			return badArchive("%s was made by a newer Hearth (%s): restore it with that one", a.Name, a.Hearth)
		}
	}
	return nil
}

// all are the parts that have a sum.
func (a *Archive) all() []Part {
	parts := slices.Clone(a.Files)
	for _, t := range a.Tables {
		parts = append(parts, t.Part)
	}
	return parts
}

func (a *Archive) hasFile(name string) bool {
	return slices.ContainsFunc(a.Files, func(p Part) bool { return p.Name == name })
}

func (a *Archive) foreign() error { return badArchive("%s is not a backup of a hearth", a.Name) }

func (a *Archive) damaged(part string) error {
	return badArchive("%s is damaged: %s is not what was written", a.Name, part)
}

func (a *Archive) open(name string) (io.ReadCloser, error) {
	content, err := a.parts[name].Open()
	if err != nil {
		return nil, a.damaged(name)
	}
	return content, nil
}

func (a *Archive) readPart(name string, longest int64) ([]byte, error) {
	content, err := a.open(name)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	text, err := io.ReadAll(io.LimitReader(content, longest+1))
	if err != nil || int64(len(text)) > longest {
		return nil, a.damaged(name)
	}
	return text, nil
}

// Secrets are the bytes of the secrets file.
func (a *Archive) Secrets() ([]byte, error) { return a.readPart(secretsPart, longestSecrets) }

// Verify reads all of it once, and is a BadArchive where a part is not what was
// written, or is not what the database at an address can keep.
func (a *Archive) Verify(ctx context.Context, address string) error {
	for _, part := range a.Files {
		if err := a.verifyFile(part); err != nil {
			return err
		}
	}
	for _, t := range a.Tables {
		if err := a.verifyTable(ctx, t, engineOf(address)); err != nil {
			return err
		}
	}
	return nil
}

func (a *Archive) verifyFile(part Part) error {
	content, err := a.open(part.Name)
	if err != nil {
		return err
	}
	defer content.Close()
	sum := newSum()
	read := io.TeeReader(io.LimitReader(content, part.Bytes+1), sum)
	if part.Name == mediaPart {
		if err := a.eachMedia(read, func(string, io.Reader) error { return nil }); err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, read); err != nil || sum.part(part.Name) != part {
		return a.damaged(part.Name)
	}
	return nil
}

func (a *Archive) verifyTable(ctx context.Context, t TablePart, e engine) error {
	sum := newSum()
	rows, err := a.rows(t, sum)
	if err != nil {
		return err
	}
	defer rows.Close()
	host := a.Domain
	for rows.Next() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if unfitFor(e, rows.values) {
			return badArchive("%s cannot go into PostgreSQL: row %d of %s holds a character that it does not keep; restore it into SQLite",
				a.Name, rows.n, t.Table)
		}
		if t.Table == "site" {
			host = rows.text("host")
		}
	}
	if rows.err != nil || rows.n != t.Rows || sum.part(t.Name) != t.Part || host != a.Domain {
		return a.damaged(t.Name)
	}
	return nil
}

// archiveRows reads a table's rows one after the other.
type archiveRows struct {
	io.Closer
	lines  *bufio.Scanner
	reader *rowReader
	values []any
	n      int64
	err    error
}

func (a *Archive) rows(t TablePart, also io.Writer) (*archiveRows, error) {
	content, err := a.open(t.Name)
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(io.TeeReader(io.LimitReader(content, t.Bytes+1), also))
	lines.Buffer(make([]byte, 64<<10), longestRow+1)
	return &archiveRows{Closer: content, lines: lines, reader: newRowReader(t.Columns)}, nil
}

// Next reads a row into values, and is false at the end or with an err.
func (r *archiveRows) Next() bool {
	if r.err != nil || !r.lines.Scan() {
		r.err = errors.Join(r.err, r.lines.Err())
		return false
	}
	r.n++
	r.values, r.err = r.reader.row(r.lines.Bytes())
	if r.err != nil {
		r.err = fmt.Errorf("row %d: %w", r.n, r.err)
	}
	return r.err == nil
}

// Values and Err make it a source for COPY.
func (r *archiveRows) Values() ([]any, error) { return r.values, nil }

// Err is what ended the rows early.
func (r *archiveRows) Err() error { return r.err }

func (r *archiveRows) text(column string) string {
	i := slices.IndexFunc(r.reader.columns, func(c Column) bool { return c.Name == column })
	if i < 0 {
		return ""
	}
	s, _ := r.values[i].(string)
	return s
}

func engineOf(address string) engine {
	if isPostgres(address) {
		return postgres
	}
	return sqlite
}
