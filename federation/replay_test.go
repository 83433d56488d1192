package federation_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/federation/fedtest"
	"hearth/federation/wire"
	"hearth/storage/storagetest"
)

// samples is the folder that TestReplay sends: make replay SAMPLES=folder.
var samples = flag.String("samples", "", "a folder of payloads, to send through the decoder and the whole inbox")

const (
	ownSamples  = "wire/testdata"
	ownOutcomes = "testdata/outcomes.txt"
)

// TestReplay sends a folder of payloads of any software and prints what became
// of each. It fails where one made something here fail: a panic, or a status
// that says that it is our fault.
func TestReplay(t *testing.T) {
	if *samples == "" {
		*samples = filepath.Join(ownSamples, "lemmy") // so that it is tried at all
	}
	expected := readIndex(t, *samples)
	differing := map[string]int{}
	r := newReplayer(t)
	for _, file := range payloads(t, *samples) {
		fate := r.replay(file, unscrubbed)
		line := fmt.Sprintf("%s\t%s", relative(t, *samples, file), fate)
		if class, told := expected[relative(t, *samples, file)]; told && !class.fits(fate) {
			line += "\tDIFFERS: " + class.name
			differing[class.name]++
		}
		fmt.Println(line)
		if fate.isOurFault() {
			t.Errorf("%s: %s", file, fate)
		}
	}
	for class, n := range differing {
		fmt.Printf("%d differ of: %s\n", n, class)
	}
}

// unscrubbed puts ids and times back in the place of what samples have for them
// (their INDEX.md): each a new id of the sender's server.
func unscrubbed(body string) string {
	server := "https://scrubbed.example"
	if found := senderPattern.FindStringSubmatch(body); found != nil {
		server = found[1]
	}
	n := 0
	body = scrubbedPattern.ReplaceAllStringFunc(body, func(string) string {
		n++
		return fmt.Sprintf("%s/unscrubbed/%d", server, n)
	})
	return strings.ReplaceAll(body, "SCRUBBED_DATE", "2026-03-04T12:00:00+00:00")
}

var (
	senderPattern   = regexp.MustCompile(`"actor":\s*"(https?://[^/"]+)`)
	scrubbedPattern = regexp.MustCompile(`SCRUBBED_ID`)
	localPattern    = regexp.MustCompile(`"https?://([a-z0-9-]+)(?::[0-9]+)?([/"#])`)
)

// asOfTheNet is a body with names and schemes as there are on the net, where it
// was written for machines of a developer.
func asOfTheNet(body string) string {
	body = localPattern.ReplaceAllString(body, `"https://$1.example$2`)
	return strings.ReplaceAll(body, `"http://`, `"https://`)
}

// TestEveryDialectEndsAsItIsSaid sends each message of wire/testdata through the
// whole inbox: the table of what becomes of them is in testdata/outcomes.txt,
// written anew by -update.
func TestEveryDialectEndsAsItIsSaid(t *testing.T) {
	var table strings.Builder
	table.WriteString("# file, what it is, what the inbox answers, what becomes of it: go test ./federation -run TestEveryDialectEndsAsItIsSaid -update\n")
	r := newReplayer(t)
	for _, file := range payloads(t, ownSamples) {
		fate := r.replay(file, func(body string) string { return body })
		fmt.Fprintf(&table, "%s\t%s\n", relative(t, ownSamples, file), fate)
		if fate.isOurFault() {
			t.Errorf("%s: %s", file, fate)
		}
	}
	if flag.Lookup("update").Value.String() == "true" { // it stands in document_test.go
		if err := os.WriteFile(ownOutcomes, []byte(table.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(ownOutcomes)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for line := range strings.Lines(string(golden)) {
		want[line] = true
	}
	for line := range strings.Lines(table.String()) {
		if !want[line] {
			t.Errorf("not as in %s: %s", ownOutcomes, line)
		}
		delete(want, line)
	}
	for line := range want {
		t.Errorf("in %s, and not so now: %s", ownOutcomes, line)
	}
}

// payloads are the files of a folder and below it that may be sent.
func payloads(t *testing.T, folder string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && (entry.Name() == "vectors" || entry.Name() == "fuzz") {
			return fs.SkipDir // of signatures, and what is no message
		}
		if strings.HasSuffix(path, ".json") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("%s has no payloads", folder)
	}
	return files
}

func relative(t *testing.T, folder, file string) string {
	t.Helper()
	name, err := filepath.Rel(folder, file)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.ToSlash(name)
}

// fate is what became of a payload.
type fate struct {
	what    string // Create{Note}, or Person where it is no activity
	read    string // why the decoder did not take it; empty if it did
	answer  string // of the inbox: a status, and the word of a refusal
	status  int
	outcome string // what was made of it in the end
	faults  string // what was logged as an error
	again   *fate  // of the same asOfTheNet, where it was refused for where it stands
}

func (f fate) String() string {
	parts := []string{f.what}
	switch {
	case f.status == 0 && f.read == "":
		parts = append(parts, "read")
	case f.status == 0:
		parts = append(parts, "not read: "+f.read)
	case f.outcome == "":
		parts = append(parts, f.answer)
	default:
		parts = append(parts, f.answer, f.outcome)
	}
	if f.faults != "" {
		parts = append(parts, "FAULT: "+f.faults)
	}
	text := strings.Join(parts, "\t")
	if f.again != nil {
		text += "\tof the net: " + f.again.String()
	}
	return text
}

// isOurFault says whether something here failed: that is never a stranger's
// doing.
func (f fate) isOurFault() bool {
	ours := f.faults != "" || f.status >= 500 || strings.Contains(f.outcome, "fault")
	return ours || f.again != nil && f.again.isOurFault()
}

// replayer is a hearth to which one payload after another is sent, each as if
// it were the first.
type replayer struct {
	*door
	servers map[string]*fedtest.Server
	speaks  string           // the software whose file is sent: its folder
	rows    map[string]int64 // the last row of each table, before anything was sent
}

func newReplayer(t *testing.T) *replayer {
	t.Helper()
	r := &replayer{door: newDoor(t, storagetest.MigratedSQLite(t)), servers: map[string]*fedtest.Server{}, rows: map[string]int64{}}
	for _, table := range storagetest.Strings(t, r.db, "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND sql NOT LIKE '%WITHOUT ROWID%' AND name NOT LIKE 'bun_%'") {
		var last int64
		r.must(r.db.QueryRow("SELECT coalesce(max(rowid), 0) FROM " + table).Scan(&last))
		r.rows[table] = last
	}
	return r
}

// forget takes out what the last payload left. Time passes, so that nothing is
// remembered of what could not be fetched for it.
func (r *replayer) forget() {
	r.t.Helper()
	tx, err := r.db.Begin()
	r.must(err)
	for table, last := range r.rows {
		_, err := tx.Exec("DELETE FROM "+table+" WHERE rowid > ?", last)
		r.must(err)
	}
	r.must(tx.Commit())
	r.clock.pass(2 * time.Hour)
}

// replay sends one payload. Activities go through the whole inbox; other
// documents are read as they would be when fetched.
func (r *replayer) replay(file string, prepare func(string) string) fate {
	r.t.Helper()
	raw, err := os.ReadFile(file)
	r.must(err)
	r.speaks = filepath.Base(filepath.Dir(file))
	body := prepare(string(raw))
	found := r.replayBody(body)
	if _, reason, _ := strings.Cut(found.answer, ": "); reason == wire.BadScheme || reason == wire.BadHost || reason == wire.BadPort {
		again := r.replayBody(asOfTheNet(body))
		found.again = &again
	}
	return found
}

func (r *replayer) replayBody(body string) fate {
	r.t.Helper()
	act, err := wire.Decode([]byte(body))
	_, kind, peekErr := wire.Peek([]byte(body))
	if err == nil && !isOtherDocument(kind) {
		return r.replayActivity(act)
	}
	isNamed := errors.Is(peekErr, wire.Error{Reason: wire.NoType}) && !strings.Contains(body, `"actor"`)
	if peekErr != nil && !isNamed || wire.IsActivityType(kind) {
		return r.replayUnreadable(kind, body)
	}
	found := fate{what: kind}
	if err := readDocument(kind, []byte(body)); err != nil {
		found.read = err.Error()
	}
	return found
}

// isOtherDocument says whether a document is of a type that no activity has,
// though it has an actor: Lemmy's embedded pages do.
func isOtherDocument(kind string) bool {
	posts := []string{"Note", "Page", "Article", "Event", "Question", "Video", "Audio", "Image", "Document", "Link", "Tombstone"}
	return wire.IsActorType(kind) || wire.IsCollectionType(kind) || slices.Contains(posts, kind)
}

// readDocument reads what is fetched, and never sent.
func readDocument(kind string, body []byte) error {
	switch {
	case wire.IsActorType(kind):
		actor, err := wire.DecodeActor(body)
		if err != nil {
			return err
		}
		return actor.Refusal()
	case wire.IsCollectionType(kind):
		_, err := wire.DecodeCollection(body)
		return err
	case kind == "CryptographicKey" || kind == "Key" || kind == "" && bytes.Contains(body, []byte("publicKeyPem")):
		_, err := wire.DecodeKey(body)
		return err
	case kind == "" && bytes.Contains(body, []byte(`"rel"`)):
		_, err := wire.DecodeJRD(body)
		return err
	}
	_, postErr := wire.DecodePost(body)
	if postErr == nil {
		return nil
	}
	if _, err := wire.DecodeCollection(body); err == nil {
		return nil
	}
	if _, err := wire.DecodeNodeInfo(body); err == nil {
		return nil
	}
	return postErr
}

// replayUnreadable sends what is no activity, signed by somebody all the same.
func (r *replayer) replayUnreadable(kind, body string) fate {
	r.t.Helper()
	defer r.forget()
	answer := (&stage{replayer: r}).server("far.example").Person("ada").Send(r.inbox, []byte(body))
	return fate{what: kind, answer: word(answer), status: answer.Status, faults: r.logs.errors()}
}

// replayActivity has its sender deliver an activity where there is what it is
// about.
func (r *replayer) replayActivity(act *wire.Activity) fate {
	r.t.Helper()
	defer r.forget()
	s := &stage{replayer: r}
	act = s.toOurs(act)
	s.set(act)
	sender := s.actor(act.Actor, kindOfSender(act))
	if sender == nil { // no server could have such an actor
		sender = s.server("far.example").Person("ada")
	}
	answer := sender.Send(r.inbox, []byte(act.Raw))
	found := fate{what: describe(act), answer: word(answer), status: answer.Status}
	if answer.Status == http.StatusAccepted {
		found.outcome = strings.TrimSuffix(strings.TrimPrefix(r.became(act.ID), "finished "), " ")
	}
	found.faults = r.logs.errors()
	return found
}

// describe is an activity in short, as in Announce{Create{Note}}.
func describe(act *wire.Activity) string {
	inner := act.Object.Type()
	if nested, err := act.Object.Activity(); err == nil {
		inner = describe(nested)
	}
	switch {
	case act.Object.IsZero():
		return act.Type
	case act.Object.IsURI():
		inner = "URI"
	case len(act.Object.All()) > 1:
		inner = fmt.Sprintf("%d of them", len(act.Object.All()))
	}
	return act.Type + "{" + inner + "}"
}
