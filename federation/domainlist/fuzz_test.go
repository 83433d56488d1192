package domainlist_test

import (
	"bytes"
	"errors"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation/domainlist"
)

// Whatever a file holds, Parse says what is wrong with it or returns a list that is
// written and read again as the same; and it never takes much more memory than the
// file does.
func FuzzParse(f *testing.F) {
	for _, file := range goldenFiles(f) {
		f.Add(readFile(f, file))
	}
	f.Add(densest(50))
	f.Fuzz(func(t *testing.T, file []byte) {
		l, err := parseInBounds(t, file)
		if err != nil {
			saysWhy(t, err)
			return
		}
		holds(t, l)
		readsAgain(t, l)
	})
}

// parseInBounds counts all that was ever allocated, and lets go of nothing: what is
// held at once is less.
func parseInBounds(t *testing.T, file []byte) (domainlist.List, error) {
	t.Helper()
	before := allocated()
	l, err := domainlist.Parse(bytes.NewReader(file), domainlist.Limits{})
	if taken, most := allocated()-before, uint64(1<<20+300*len(file)); taken > most {
		t.Fatalf("%d bytes took %d, want at most %d", len(file), taken, most)
	}
	return l, err
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// densest are entries of the fewest bytes that there can be.
func densest(n int) []byte {
	var b []byte
	for i := range n {
		b = append(b, byte('a'+i%26), '.', byte('a'+i/26%26), byte('a'+i/26/26%26), byte('a'+i/26/26/26), '\n')
	}
	return b
}

func TestAListTakesNoMoreThanAMultipleOfItsBytes(t *testing.T) {
	const many = 1 << 18
	for name, file := range map[string][]byte{
		"short names":        densest(domainlist.DefaultEntries),
		"nothing but lines":  bytes.Repeat([]byte("\n"), many),
		"broken lines":       bytes.Repeat([]byte("a\n"), many),
		"stars":              bytes.Repeat([]byte("*a\n"), many),
		"rows of nothing":    append([]byte("#domain,b"), bytes.Repeat([]byte("\n,"), many)...),
		"empty rows":         append([]byte("#domain,b,c\n"), bytes.Repeat([]byte(",,\n"), many)...),
		"empty quotes":       append([]byte("domain\n"), bytes.Repeat([]byte("\"\"\n"), many)...),
		"doubled quotes":     append([]byte("domain\n"), bytes.Repeat([]byte("\"\"\""), many)...),
		"comments or header": bytes.Repeat([]byte("#,\"\"\"\n"), many),
		"empty objects":      append([]byte("[{}"), bytes.Repeat([]byte(",{}"), many)...),
		"deep objects":       bytes.Repeat([]byte("[{\"a\":"), many),
		"short objects":      append([]byte("[0"), bytes.Repeat([]byte(",{\"domain\":\"a.b\",\"\":0}"), many/8)...),
	} {
		t.Run(name, func(t *testing.T) {
			if l, err := parseInBounds(t, file); err != nil {
				saysWhy(t, err)
			} else if name != "short names" {
				t.Errorf("%d entries were taken", len(l.Entries))
			}
		})
	}
}

func saysWhy(t *testing.T, err error) {
	t.Helper()
	var wrong *domainlist.Error
	if !errors.As(err, &wrong) || len(wrong.Problems.First) == 0 || len(wrong.Problems.First) > 20 || wrong.Problems.More() < 0 {
		t.Fatalf("an error that does not say why: %v", err)
	}
	if kind := wrong.Problems.First[0].Kind; !errors.Is(err, kind) {
		t.Fatalf("%v is not %v", err, kind)
	}
}

// holds checks what is promised of every list.
func holds(t *testing.T, l domainlist.List) {
	t.Helper()
	for _, e := range l.Entries {
		if folded, err := community.FoldDomain(e.Domain); err != nil || folded != e.Domain {
			t.Fatalf("domain %q: %v", e.Domain, err)
		}
		if e.Severity != "" && !policy.IsSeverity(e.Severity) || e.At.Line < 1 {
			t.Fatalf("got %+v", e)
		}
		e.Labels()
	}
}

// same compares what lists say: not where it stood, and in JSON not in which order
// the objects have their members.
func same(form domainlist.Format) cmp.Options {
	o := cmp.Options{cmpopts.IgnoreFields(domainlist.Entry{}, "At"), cmpopts.IgnoreFields(domainlist.List{}, "Remarks"), cmpopts.EquateEmpty()}
	if form == domainlist.MastodonJSON || form == domainlist.GoToSocialJSON {
		o = append(o, cmpopts.IgnoreFields(domainlist.List{}, "Columns"))
	}
	return o
}

func readsAgain(t *testing.T, l domainlist.List) {
	t.Helper()
	var written bytes.Buffer
	if err := domainlist.Write(&written, l); err != nil {
		t.Fatal(err)
	}
	again, err := domainlist.Parse(bytes.NewReader(written.Bytes()), domainlist.Limits{Bytes: 64 << 20})
	if err != nil {
		t.Fatalf("what was written is refused: %v\n%s", err, written.Bytes())
	}
	if diff := cmp.Diff(l, again, same(l.Format)); diff != "" {
		t.Fatalf("read again it is another:\n%s\n%s", diff, written.Bytes())
	}
	if l.Format == domainlist.MastodonJSON || l.Format == domainlist.GoToSocialJSON {
		slices.Sort(l.Columns)
		slices.Sort(again.Columns)
		if !slices.Equal(l.Columns, again.Columns) {
			t.Fatalf("got columns %q, want %q", again.Columns, l.Columns)
		}
	}
}
