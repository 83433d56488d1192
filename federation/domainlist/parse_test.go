package domainlist_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"hearth/federation/domainlist"
)

func TestAListHasItsBounds(t *testing.T) {
	three := domainlist.Limits{Entries: 3}
	for name, c := range map[string]struct {
		file   string
		limits domainlist.Limits
		want   error
	}{
		"as many entries as may be":        {"a.example\nb.example\nc.example\n", three, nil},
		"one too many":                     {"a.example\nb.example\nc.example\nd.example\n", three, domainlist.TooMany},
		"one more, that was there before":  {"a.example\nb.example\nc.example\nb.example\n", three, nil},
		"one row too many":                 {"#domain,#severity\na.example,suspend\nb.example,suspend\nc.example,suspend\nd.example,suspend\n", three, domainlist.TooMany},
		"one object too many":              {`[{"domain":"a.example"},{"domain":"b.example"},{"domain":"c.example"},{"domain":"d.example"}]`, three, domainlist.TooMany},
		"as many bytes as may be":          {"a.example\n", domainlist.Limits{Bytes: 10}, nil},
		"one byte too many":                {"a.example\n\n", domainlist.Limits{Bytes: 10}, domainlist.TooLarge},
		"a byte order mark counts as well": {"\ufeffa.example", domainlist.Limits{Bytes: 10}, domainlist.TooLarge},
	} {
		l, err := domainlist.Parse(strings.NewReader(c.file), c.limits)
		if !errors.Is(err, c.want) || (err != nil) != (c.want != nil) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
		if err != nil && len(l.Entries) > 0 {
			t.Errorf("%s: something was taken", name)
		}
	}
}

func TestByDefaultAHundredThousandEntriesAreTaken(t *testing.T) {
	file := densest(domainlist.DefaultEntries + 1)
	_, err := domainlist.Parse(bytes.NewReader(file), domainlist.Limits{})
	if !errors.Is(err, domainlist.TooMany) {
		t.Errorf("one more: got %v, want %v", err, domainlist.TooMany)
	}
	file = file[:bytes.LastIndexByte(file[:len(file)-1], '\n')+1]
	l, err := domainlist.Parse(bytes.NewReader(file), domainlist.Limits{})
	if err != nil || len(l.Entries) != domainlist.DefaultEntries {
		t.Errorf("got %d entries, %v", len(l.Entries), err)
	}
	if _, err = domainlist.Parse(bytes.NewReader(make([]byte, domainlist.DefaultBytes+1)), domainlist.Limits{}); !errors.Is(err, domainlist.TooLarge) {
		t.Errorf("too many bytes: got %v, want %v", err, domainlist.TooLarge)
	}
}

// manyRows is a file as Mastodon exports it.
func manyRows(n int) []byte {
	var b bytes.Buffer
	b.WriteString("#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n")
	severities := []string{"suspend", "suspend", "silence", "noop"}
	for i := range n {
		fmt.Fprintf(&b, "social%d.loud-%d.example,%s,%t,false,\"Spam, and more of it\",false\n", i, i%97, severities[i%4], i%4 == 3)
	}
	return b.Bytes()
}

func TestWhatCannotBeReadIsNoFaultOfTheList(t *testing.T) {
	gone := errors.New("connection reset")
	_, err := domainlist.Parse(failing{gone}, domainlist.Limits{})
	var wrong *domainlist.Error
	if !errors.Is(err, gone) || errors.As(err, &wrong) {
		t.Errorf("got %v, want %v", err, gone)
	}
}

func TestOfManyProblemsTheFirstAreToldAndTheRestCounted(t *testing.T) {
	_, err := domainlist.Parse(strings.NewReader(strings.Repeat("not a name\n", 1000)+"a.example,b\n"), domainlist.Limits{})
	var wrong *domainlist.Error
	if !errors.As(err, &wrong) {
		t.Fatalf("got %v", err)
	}
	p := wrong.Problems
	if len(p.First) != 20 || p.More() != 981 || p.Counts[domainlist.NotADomain] != 1000 || p.Counts[domainlist.NoHeader] != 1 {
		t.Errorf("got %d, %d more, %v", len(p.First), p.More(), p.Counts)
	}
	if !errors.Is(err, domainlist.NoHeader) {
		t.Error("what comes after the first is not known of")
	}
}

func TestAFindingTellsNoMoreThanItsBeginning(t *testing.T) {
	_, err := domainlist.Parse(strings.NewReader(strings.Repeat("ü ", 100)), domainlist.Limits{})
	var wrong *domainlist.Error
	if !errors.As(err, &wrong) {
		t.Fatalf("got %v", err)
	}
	if got, want := wrong.Problems.First[0].Text, strings.Repeat("ü ", 40)+"…"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOurOwnHostIsForWhoeverAskedToJudge(t *testing.T) {
	l, err := domainlist.Parse(strings.NewReader("hearth.example\n"), domainlist.Limits{})
	if err != nil || len(l.Entries) != 1 || l.Entries[0].Domain != "hearth.example" {
		t.Errorf("got %+v, %v", l.Entries, err)
	}
}
