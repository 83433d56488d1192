package storage_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"hearth/storage"
	"hearth/storage/storagetest"
)

func wantBad(t *testing.T, err error, says string) {
	t.Helper()
	var bad storage.BadArchive
	if !errors.As(err, &bad) || !strings.Contains(bad.Error(), says) || strings.Contains(bad.Error(), "\n") {
		t.Errorf("got %v, want one sentence with %q", err, says)
	}
}

// whole is the bytes of a backup that has something of everything.
func whole(t *testing.T) []byte {
	t.Helper()
	from := filepath.Join(t.TempDir(), "hearth.db")
	storagetest.Open(t, from)
	storagetest.Fill(t, storagetest.SQL(t, from))
	b, err := os.ReadFile(archived(t, from, fstest.MapFS{"ab/cat.webp": {Data: []byte("a cat")}}))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// refused tries to restore bytes into an empty place, which stays empty.
func refused(t *testing.T, b []byte, says string) {
	t.Helper()
	path, to := filepath.Join(t.TempDir(), "backup.hearth"), filepath.Join(t.TempDir(), "hearth.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := restoreFrom(path, to)
	wantBad(t, err, says)
	if _, err := os.Stat(to); !errors.Is(err, os.ErrNotExist) {
		wantEmpty(t, to)
	}
}

func TestABackupThatIsCutOffIsRefused(t *testing.T) {
	b := whole(t)
	for _, n := range []int{39, 100, len(b) / 2, len(b) - 100, len(b) - 1} {
		refused(t, b[:n], "is cut off or damaged: its end is missing")
	}
}

func TestABackupWithAnyByteChangedIsRefused(t *testing.T) {
	b := whole(t)
	packed, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range packed.File {
		if f.CompressedSize64 < 8 {
			continue // an empty table's part has hardly a byte of its own
		}
		at, err := f.DataOffset()
		if err != nil {
			t.Fatal(err)
		}
		changed := bytes.Clone(b)
		changed[at+int64(f.CompressedSize64)/2] ^= 0x20
		t.Run(f.Name, func(t *testing.T) { refused(t, changed, "is damaged: "+f.Name) })
	}
}

func TestWhatIsNoBackupIsRefused(t *testing.T) {
	for name, b := range map[string][]byte{
		"nothing": {}, "words": []byte("SQLite format 3\x00 and so on"),
		"another zip":                 zipped(t, map[string][]byte{"word/document.xml": []byte("<w/>")}),
		"another zip with a manifest": zipped(t, map[string][]byte{"manifest.json": []byte(`{"name": "an app"}`)}),
	} {
		t.Run(name, func(t *testing.T) { refused(t, b, "is not a backup of a hearth") })
	}
	_, err := storage.OpenArchive(filepath.Join(t.TempDir(), "missing"))
	wantBad(t, err, "there is no file")
	_, err = storage.OpenArchive(t.TempDir())
	wantBad(t, err, "is a folder, not a backup")
}

func TestABackupThatDoesNotFitItselfIsRefused(t *testing.T) {
	b := whole(t)
	type parts = map[string][]byte
	for _, tt := range []struct {
		name   string
		change func(parts, *storage.Manifest)
		says   string
	}{
		{"a newer form", func(_ parts, m *storage.Manifest) { m.Format = 2 }, "was made by a newer Hearth: restore it with that one"},
		{"a newer schema", func(_ parts, m *storage.Manifest) { m.Schema = append(m.Schema, "9999") }, "was made by a newer Hearth (1.2.3)"},
		{"a missing part", func(p parts, _ *storage.Manifest) { delete(p, "tables/posts.jsonl") }, "is damaged: tables/posts.jsonl"},
		{"a part too many", func(p parts, _ *storage.Manifest) { p["tables/more.jsonl"] = nil }, "is damaged: manifest.json"},
		{"no secrets", func(p parts, m *storage.Manifest) {
			delete(p, "secrets.json")
			m.Files = append(m.Files[:1:1], m.Files[2:]...)
		}, "is damaged: manifest.json"},
		{"fewer rows", func(p parts, m *storage.Manifest) {
			posts := p["tables/posts.jsonl"]
			p["tables/posts.jsonl"] = posts[:bytes.IndexByte(posts, '\n')+1]
		}, "is damaged: tables/posts.jsonl"},
		{"another number of rows", func(_ parts, m *storage.Manifest) { tableOf(m, "posts").Rows = 7 }, "is damaged: tables/posts.jsonl"},
		{"another domain", func(_ parts, m *storage.Manifest) { m.Domain = "elsewhere.example" }, "is damaged: tables/site.jsonl"},
		{"a missing table", func(p parts, m *storage.Manifest) {
			delete(p, "tables/attachments.jsonl")
			for i := range m.Tables {
				if m.Tables[i].Table == "attachments" {
					m.Tables = append(m.Tables[:i:i], m.Tables[i+1:]...)
					break
				}
			}
		}, "is damaged: manifest.json"},
		{"a value of another kind", func(p parts, m *storage.Manifest) {
			p["tables/tombstones.jsonl"] = []byte(`{"uri":"","at":"yesterday"}` + "\n")
			t := tableOf(m, "tombstones")
			t.Rows, t.Part = 1, partOf("tables/tombstones.jsonl", p["tables/tombstones.jsonl"])
		}, "is damaged: tables/tombstones.jsonl"},
		{"a file that leaves the folder", func(p parts, m *storage.Manifest) {
			withMedia(t, p, m, tar.Header{Name: "../secrets.json", Typeflag: tar.TypeReg})
		}, `a media file "../secrets.json", which does not belong`},
		{"a file from the root", func(p parts, m *storage.Manifest) {
			withMedia(t, p, m, tar.Header{Name: "/etc/x", Typeflag: tar.TypeReg})
		}, `a media file "/etc/x"`},
		{"a link", func(p parts, m *storage.Manifest) {
			withMedia(t, p, m, tar.Header{Name: "x", Linkname: "/etc", Typeflag: tar.TypeSymlink})
		}, `a media file "x"`},
	} {
		t.Run(tt.name, func(t *testing.T) { refused(t, tampered(t, b, tt.change), tt.says) })
	}
}

// The form is JSON, in whatever order and spacing another program writes it.
func TestRowsWrittenByAnotherProgramAreRead(t *testing.T) {
	for name, line := range map[string]string{
		"other order and spaces": `{ "at" : "2026-03-04T12:00:00Z" , "uri" : "a\u00e9, \"}" }`,
		"escapes":                `{"uri":"a\u00e9, \"}","at":"2026-03-04T12:00:00Z"}`,
		"as we write":            `{"uri":"aé, \"}","at":"2026-03-04T12:00:00Z"}`,
	} {
		t.Run(name, func(t *testing.T) {
			b := tampered(t, whole(t), func(p map[string][]byte, m *storage.Manifest) {
				p["tables/tombstones.jsonl"] = []byte(line + "\n")
				t := tableOf(m, "tombstones")
				t.Rows, t.Part = 1, partOf("tables/tombstones.jsonl", p["tables/tombstones.jsonl"])
			})
			path, to := filepath.Join(t.TempDir(), "backup.hearth"), filepath.Join(t.TempDir(), "hearth.db")
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			restored(t, path, to)
			want := []storagetest.Row{{"uri": `"aé, \"}"`, "at": "2026-03-04T12:00:00Z"}}
			if diff := cmp.Diff(want, storagetest.Rows(t, storagetest.SQL(t, to))["tombstones"]); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// tampered is a backup with some of it changed.
func tampered(t *testing.T, b []byte, change func(parts map[string][]byte, m *storage.Manifest)) []byte {
	t.Helper()
	parts := unzipped(t, b)
	var m storage.Manifest
	if err := json.Unmarshal(parts["manifest.json"], &m); err != nil {
		t.Fatal(err)
	}
	change(parts, &m)
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	parts["manifest.json"] = text
	return zipped(t, parts)
}

func tableOf(m *storage.Manifest, name string) *storage.TablePart {
	for i := range m.Tables {
		if m.Tables[i].Table == name {
			return &m.Tables[i]
		}
	}
	panic(name)
}

// withMedia puts a file of somebody's making into the media, and makes the sums fit.
func withMedia(t *testing.T, parts map[string][]byte, m *storage.Manifest, header tar.Header) {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := errors.Join(w.WriteHeader(&header), w.Close()); err != nil {
		t.Fatal(err)
	}
	parts["media.tar"] = b.Bytes()
	for i := range m.Files {
		if m.Files[i].Name == "media.tar" {
			m.Files[i] = partOf("media.tar", b.Bytes())
		}
	}
}

func partOf(name string, b []byte) storage.Part {
	sum := sha256.Sum256(b)
	return storage.Part{Name: name, Bytes: int64(len(b)), SHA256: hex.EncodeToString(sum[:])}
}

func unzipped(t *testing.T, b []byte) map[string][]byte {
	t.Helper()
	packed, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string][]byte{}
	for _, f := range packed.File {
		content, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if parts[f.Name], err = io.ReadAll(content); err != nil {
			t.Fatal(err)
		}
	}
	return parts
}

func zipped(t *testing.T, parts map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, content := range parts {
		part, err := w.Create(name)
		if err == nil {
			_, err = part.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// fullDisk takes some bytes and no more.
type fullDisk struct{ room int }

var errFull = errors.New("no space left on device")

func (d *fullDisk) Write(b []byte) (int, error) {
	if d.room -= len(b); d.room < 0 {
		return 0, errFull
	}
	return len(b), nil
}

func TestAFullDiskEndsABackup(t *testing.T) {
	from := filepath.Join(t.TempDir(), "hearth.db")
	storagetest.Open(t, from)
	storagetest.Fill(t, storagetest.SQL(t, from))
	var size bytes.Buffer
	if err := archiveTo(&size, from, nil); err != nil {
		t.Fatal(err)
	}
	for room := 0; room < size.Len(); room += 5000 {
		if err := archiveTo(&fullDisk{room}, from, nil); !errors.Is(err, errFull) {
			t.Errorf("with room for %d bytes: got %v, want that the disk is full", room, err)
		}
	}
}

// pulled ends its context with the first bytes.
type pulled struct{ stop context.CancelFunc }

func (p pulled) Write(b []byte) (int, error) {
	p.stop()
	return len(b), nil
}

func TestCtrlCEndsABackup(t *testing.T) {
	storagetest.EachMigrated(t, func(t *testing.T, from string) {
		storagetest.Fill(t, storagetest.SQL(t, from))
		ctx, stop := context.WithCancel(context.Background())
		snapshot, err := storage.OpenSnapshot(ctx, from)
		if err != nil {
			t.Fatal(err)
		}
		defer snapshot.Close()
		err = snapshot.WriteArchive(ctx, pulled{stop}, storage.Contents{TakenAt: noon, Secrets: someSecrets})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want that it was cancelled", err)
		}
	})
}

func TestMediaComeBackAndLinksAreNotTaken(t *testing.T) {
	from := filepath.Join(t.TempDir(), "hearth.db")
	storagetest.Open(t, from)
	storagetest.Fill(t, storagetest.SQL(t, from))
	want := map[string]string{"ab/cat.webp": "a cat", "ab/none.webp": "", "cd/ef/über.webp": strings.Repeat("x", 70_000)}
	media := fstest.MapFS{}
	for name, content := range want {
		media[name] = &fstest.MapFile{Data: []byte(content)}
	}
	a, err := storage.OpenArchive(archived(t, from, media))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if err := a.Verify(context.Background(), from); err != nil {
		t.Fatal(err)
	}
	err = a.Media(func(path string, content io.Reader) error {
		b, err := io.ReadAll(content)
		if text, there := want[path]; !there || text != string(b) {
			t.Errorf("%s came back with %d bytes", path, len(b))
		}
		delete(want, path)
		return err
	})
	if err != nil || len(want) > 0 {
		t.Errorf("missing: %v, %v", want, err)
	}
	media["ab/link"] = &fstest.MapFile{Mode: os.ModeSymlink, Data: []byte("/etc/passwd")}
	if err := archiveTo(io.Discard, from, media); err == nil || !strings.Contains(err.Error(), "ab/link is no ordinary file") {
		t.Errorf("a link among the media: got %v", err)
	}
}

// A byte that is another is found out, unless nothing that comes back depends on
// it: a zip holds dates, and much of it twice.
func TestDamageAnywhereInABackupIsFoundOrDoesNoHarm(t *testing.T) {
	b := whole(t)
	path := filepath.Join(t.TempDir(), "backup.hearth")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	want, err := looked(path)
	if err != nil {
		t.Fatal(err)
	}
	chance := rand.New(rand.NewPCG(1, 2)) // the same in every run
	found := 0
	for range 250 {
		at, mask := chance.IntN(len(b)), byte(1+chance.IntN(255))
		if _, err := file.WriteAt([]byte{b[at] ^ mask}, int64(at)); err != nil {
			t.Fatal(err)
		}
		got, err := looked(path)
		if _, err := file.WriteAt(b[at:at+1], int64(at)); err != nil {
			t.Fatal(err)
		}
		if err != nil {
			found++
			wantBad(t, err, path)
		} else if diff := cmp.Diff(want, got); diff != "" { // with sums that fit, so are the parts the same
			t.Errorf("byte %d of %d, changed by %x, is not found out:\n%s", at, len(b), mask, diff)
		}
	}
	if found < 150 {
		t.Errorf("%d of 250 changes were found out, want most", found)
	}
	for range 50 {
		n := chance.IntN(len(b))
		if err := file.Truncate(int64(n)); err != nil {
			t.Fatal(err)
		}
		if _, err := looked(path); err == nil {
			t.Errorf("cut off after %d of %d bytes, it is called whole", n, len(b))
		} else {
			wantBad(t, err, path)
		}
		if _, err := file.WriteAt(b[n:], int64(n)); err != nil {
			t.Fatal(err)
		}
	}
}

// looked is what looking whether a backup is whole finds, and what it holds.
func looked(path string) (storage.Manifest, error) {
	a, err := storage.OpenArchive(path)
	if err != nil {
		return storage.Manifest{}, err
	}
	return a.Manifest, errors.Join(a.Verify(context.Background(), ""), a.Close())
}
