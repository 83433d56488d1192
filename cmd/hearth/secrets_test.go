package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"hearth/storage/storagetest"
)

// Three nodes with folders of their own meet an empty database: one of them makes
// the secrets, whichever is first, and the others have to be given them.
func TestNodesThatStartAtOnceDoNotMakeSecretsEach(t *testing.T) {
	t.Parallel()
	first := unused(t, "oak", storagetest.PostgresDatabase(t))
	nodes := []*operated{first, first.another(t), first.another(t)}
	failed := make([]error, len(nodes))
	var starting sync.WaitGroup
	for i, node := range nodes {
		node.data = filepath.Join(t.TempDir(), "oak")
		starting.Go(func() { failed[i] = node.start(t) })
	}
	starting.Wait()
	var kept []byte
	for i, node := range nodes {
		text, err := os.ReadFile(filepath.Join(node.data, secretsFile))
		switch {
		case failed[i] == nil && err == nil && kept == nil:
			kept = text
		case failed[i] == nil:
			t.Fatalf("a second node started, or one without a file: %v", err)
		case !strings.Contains(failed[i].Error(), "exit status 2") || !strings.Contains(failed[i].Error(), "copy "):
			t.Errorf("got %v, want exit status 2 and what to copy", failed[i])
		case !errors.Is(err, fs.ErrNotExist):
			t.Errorf("a node that was refused left a file: %v", err)
		}
	}
	if kept == nil {
		t.Fatalf("no node started: %v", failed)
	}
	for i, node := range nodes {
		if failed[i] == nil {
			continue
		}
		if err := errors.Join(os.MkdirAll(node.data, 0o700), os.WriteFile(filepath.Join(node.data, secretsFile), kept, 0o600)); err != nil {
			t.Fatal(err)
		}
		node.begins(t)
	}
}

func TestNodesThatStartAtOnceOnOneFolderShareTheSecrets(t *testing.T) {
	data := filepath.Join(t.TempDir(), "oak")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	all := make([]secrets, 8)
	makers := 0
	var mu sync.Mutex
	var starting sync.WaitGroup
	for i := range all {
		starting.Go(func() {
			s, made, err := readSecrets(data)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			if all[i] = s; made {
				makers++
			}
		})
	}
	starting.Wait()
	for _, s := range all[1:] {
		if s.fingerprint() != all[0].fingerprint() {
			t.Fatal("two nodes of one folder have secrets that differ")
		}
	}
	if makers != 1 {
		t.Errorf("%d made the file, want one", makers)
	}
	if got := names(t, data); len(got) != 1 {
		t.Errorf("in the folder: %v, want the file alone", got)
	}
}

func TestWhoMadeSecretsTooLateTakesThemAway(t *testing.T) {
	h, err := openHouse(t.Context(), &Settings{Data: t.TempDir(), Database: storagetest.PostgresDatabase(t)}, "oak.example")
	if err != nil {
		t.Fatal(err)
	}
	defer h.store.Close()
	for _, made := range []bool{true, false} {
		late := &Settings{Data: t.TempDir()}
		other := *h
		if other.secrets, _, err = readSecrets(late.Data); err != nil {
			t.Fatal(err)
		}
		var wrong wrongInput
		if err := other.noteSecrets(t.Context(), late, made); !errors.As(err, &wrong) || !strings.Contains(err.Error(), "copy "+secretsFile+" from") {
			t.Errorf("got %v, want wrong input that says what to copy", err)
		}
		if left := len(names(t, late.Data)) == 1; left == made {
			t.Errorf("the file was made by this start: %v; it is still there: %v", made, left)
		}
	}
	if err := h.noteSecrets(t.Context(), &Settings{}, false); err != nil {
		t.Errorf("the first one's: %v", err)
	}
}

// Whatever of the secrets is another's is found out, and where no fingerprint was
// noted yet, what sealed the keys is.
func TestSecretsOfAnotherHearthAreRefused(t *testing.T) {
	t.Parallel()
	o := newOperated(t, "oak", "")
	o.begins(t)
	db := o.sql(t)
	eventually(t, "a key is sealed", func() (bool, error) {
		n, err := count(db, "SELECT count(*) FROM actor_keys WHERE private_key IS NOT NULL")
		return n > 0, err
	})
	o.dies()
	path := filepath.Join(o.data, secretsFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	own, ok := parseSecrets(text)
	if !ok {
		t.Fatalf("the secrets are %s", text)
	}
	other := make([]byte, 32)
	refuses := func(why, says string) {
		t.Helper()
		if said, status := o.tries(t, "serve"); status != exitWrong || !strings.Contains(said, says) {
			t.Errorf("%s: got %d, %s", why, status, said)
		}
	}
	puts := func(s secrets) {
		t.Helper()
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	misses := func() {
		t.Helper()
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		refuses("without the file", "secrets.json is missing")
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("another file was made: %v", err)
		}
	}

	misses()
	puts(secrets{FormKey: own.FormKey, SealKey: other})
	refuses("another seal key", "secrets.json is not the one")
	puts(secrets{FormKey: other, SealKey: own.SealKey})
	refuses("another form key", "secrets.json is not the one")
	if said, status := o.tries(t, "backup", filepath.Join(t.TempDir(), "b.zip")); status != exitWrong || !strings.Contains(said, "does not belong to this database") {
		t.Errorf("backup with another form key: got %d, %s", status, said)
	}

	// As a Hearth left it that noted no fingerprint.
	if _, err := db.Exec("DELETE FROM secrets_fingerprint"); err != nil {
		t.Fatal(err)
	}
	misses()
	puts(secrets{FormKey: own.FormKey, SealKey: other})
	refuses("another seal key, no fingerprint", "secrets.json is not the one")
	puts(own)
	o.begins(t)
	if n, err := count(db, "SELECT count(*) FROM secrets_fingerprint"); err != nil || n != 1 {
		t.Errorf("%d fingerprints are noted, %v; want 1", n, err)
	}
}
