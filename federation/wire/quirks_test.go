package wire

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// quirk is one message as some software writes it, and what must come out. The
// number of a quirk is what its file's name begins with.
type quirk struct {
	file string // under testdata, without .json
	read func([]byte) (any, error)
	want facts
}

// facts is a decoded thing by the paths of its fields: "Object.Content",
// "To[0]". In what is wanted, "" says that nothing may be there.
type facts map[string]string

const refusal = "refused" // the path of an Error's reason

func activity(b []byte) (any, error)   { return Decode(b) }
func actor(b []byte) (any, error)      { return DecodeActor(b) }
func post(b []byte) (any, error)       { return DecodePost(b) }
func collection(b []byte) (any, error) { return DecodeCollection(b) }

// numberOfQuirks is how many dialect quirks an inbox must accept.
const numberOfQuirks = 54

func allQuirks() []quirk { return slices.Concat(activityQuirks, postQuirks, actorQuirks) }

func TestEveryDialectIsUnderstood(t *testing.T) {
	for _, q := range allQuirks() {
		t.Run(q.file, func(t *testing.T) {
			decoded, err := q.read(golden(t, q.file))
			got := factsOf(decoded, err)
			for _, path := range slices.Sorted(maps.Keys(q.want)) {
				if got[path] != q.want[path] {
					t.Errorf("%s = %q, want %q", path, got[path], q.want[path])
				}
			}
			if err != nil && q.want[refusal] == "" {
				t.Errorf("refused: %v", err)
			}
		})
	}
}

func TestEveryQuirkHasItsMessage(t *testing.T) {
	tried, files := map[int]bool{}, map[string]bool{}
	for _, q := range allQuirks() {
		tried[quirkNumber(q.file)], files[q.file] = true, true
	}
	for n := 1; n <= numberOfQuirks; n++ {
		if !tried[n] {
			t.Errorf("quirk %d has no message", n)
		}
	}
	for _, file := range goldenFiles(t) {
		if !files[file] {
			t.Errorf("testdata/%s.json is in no table", file)
		}
	}
}

func quirkNumber(file string) int {
	n, _ := strconv.Atoi(filepath.Base(file)[:2])
	return n
}

func golden(t testing.TB, file string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", file+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// goldenFiles is the messages of other software: all but our own, what fuzzing
// found, and acts without a quirk, which are held to what becomes of them
// (federation/testdata/outcomes.txt).
func goldenFiles(t testing.TB) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(os.DirFS("testdata"), ".", func(path string, entry fs.DirEntry, err error) error {
		if entry.IsDir() && (path == "hearth" || path == "fuzz") {
			return fs.SkipDir
		}
		if name, ok := strings.CutSuffix(path, ".json"); ok && !strings.HasPrefix(entry.Name(), "act-") {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func factsOf(decoded any, err error) facts {
	f := facts{}
	var refused Error
	if errors.As(err, &refused) {
		f[refusal] = refused.Reason
	} else {
		f.read("", reflect.ValueOf(decoded))
	}
	return f
}

func (f facts) read(path string, v reflect.Value) {
	switch value := v.Interface().(type) {
	case time.Time:
		if !value.IsZero() {
			f[path] = value.Format(time.RFC3339Nano)
		}
		return
	case Ref:
		f.readRef(path, value)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			f.read(path, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			f.read(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
		}
	case reflect.Struct:
		f.readStruct(path, v)
	case reflect.Bool:
		if v.Bool() || strings.HasSuffix(path, "Discoverable") || strings.HasSuffix(path, "CommentsEnabled") {
			f[path] = strconv.FormatBool(v.Bool())
		}
	default:
		if !v.IsZero() {
			f[path] = fmt.Sprint(v.Interface())
		}
	}
}

func (f facts) readStruct(path string, v reflect.Value) {
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; name != "Raw" {
			f.read(strings.TrimPrefix(path+"."+name, "."), v.Field(i))
		}
	}
	if p, ok := v.Addr().Interface().(*Post); ok && p.ContentNote() != "" {
		f[strings.TrimPrefix(path+".ContentNote", ".")] = p.ContentNote()
	}
}

// readRef reads what a Ref names, and opens what it embeds.
func (f facts) readRef(path string, r Ref) {
	if !r.IsEmbedded() {
		if r.ID != "" {
			f[path] = r.ID
		} else if all := r.All(); len(all) > 1 {
			f.read(path, reflect.ValueOf(all))
		}
		return
	}
	f[path+".ID"] = r.ID
	opened, err := open(r)
	if err != nil {
		f[path+"."+refusal] = err.Error()
		return
	}
	f.read(path, reflect.ValueOf(opened))
}

func open(r Ref) (any, error) {
	switch t := r.Type(); {
	case IsActivityType(t):
		return r.Activity()
	case IsActorType(t):
		return r.Actor()
	case IsCollectionType(t):
		return r.Collection()
	}
	return r.Post()
}
