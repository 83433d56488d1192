package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hearth/storage"
	"hearth/storage/storagetest"
)

// setUpBackup is a backup of a hearth with one picture.
func setUpBackup(t *testing.T) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "b.hearth")
	obeys(t, "backup", file, "--data", setUpHearth(t))
	return file
}

// setUpHearth is the data folder of one.
func setUpHearth(t *testing.T) (data string) {
	t.Helper()
	data = filepath.Join(t.TempDir(), "d")
	obeys(t, "setup", "--data", data, "--domain", "hearth.example", "--login", "warden", "--public-name", "quiet-heron",
		"--password", "lantern river kettle", "--name", "Willow Lane", "--purpose", "A place to talk.", "--contact", "hello@willow.example")
	if err := errors.Join(os.Mkdir(filepath.Join(data, mediaFolder), 0o700), os.WriteFile(filepath.Join(data, mediaFolder, "cat.webp"), []byte("x"), 0o600)); err != nil {
		t.Fatal(err)
	}
	return data
}

func obeys(t *testing.T, args ...string) {
	t.Helper()
	var out, complaints bytes.Buffer
	if status := run(context.Background(), args, console{strings.NewReader(""), &out, &complaints}); status != 0 {
		t.Fatalf("hearth %v: exit status %d: %s", args, status, &complaints)
	}
}

func names(t *testing.T, folder string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// eachPlaceToRestore runs fn with settings that lead to each engine.
func eachPlaceToRestore(t *testing.T, fn func(t *testing.T, s *Settings)) {
	t.Run("sqlite", func(t *testing.T) { fn(t, &Settings{Data: filepath.Join(t.TempDir(), "new", "data")}) })
	t.Run("postgres", func(t *testing.T) {
		fn(t, &Settings{Data: filepath.Join(t.TempDir(), "new", "data"), Database: storagetest.PostgresDatabase(t)})
	})
}

// Somebody starts a hearth where one is just being put back: theirs stays, and
// nothing of the other is left.
func TestARestoreThatIsLateForItsPlaceLeavesNothing(t *testing.T) {
	file := setUpBackup(t)
	eachPlaceToRestore(t, func(t *testing.T, s *Settings) {
		archive, err := storage.OpenArchive(file)
		if err != nil {
			t.Fatal(err)
		}
		defer archive.Close()
		place := &restorePlace{settings: s, archive: archive}
		if err := place.checkEmpty(t.Context()); err != nil {
			t.Fatal(err)
		}
		late := filepath.Join(s.Data, secretsFile)
		if s.Database == "" {
			late = s.database()
		}
		if err := errors.Join(os.MkdirAll(s.Data, 0o700), os.WriteFile(late, []byte("theirs"), 0o600)); err != nil {
			t.Fatal(err)
		}
		var wrong wrongInput
		if err := place.restore(t.Context()); !errors.As(err, &wrong) || !strings.Contains(err.Error(), "is there already") {
			t.Errorf("got %v, want that something is there", err)
		}
		if text, err := os.ReadFile(late); err != nil || string(text) != "theirs" {
			t.Errorf("what was there: %q, %v", text, err)
		}
		if got := names(t, s.Data); len(got) != 1 {
			t.Errorf("left behind: %v", got)
		}
		if s.Database != "" {
			if empty, err := storage.IsEmpty(t.Context(), s.Database); err != nil || !empty {
				t.Errorf("the database is empty: %v, %v", empty, err)
			}
		}
	})
}

func TestCtrlCLeavesNothing(t *testing.T) {
	file := setUpBackup(t)
	eachPlaceToRestore(t, func(t *testing.T, s *Settings) {
		ctx, stop := context.WithCancel(t.Context())
		archive, err := storage.OpenArchive(file)
		if err != nil {
			t.Fatal(err)
		}
		defer archive.Close()
		place := &restorePlace{settings: s, archive: archive}
		if err := place.checkEmpty(ctx); err != nil {
			t.Fatal(err)
		}
		stop()
		if err := stopped(ctx, place.restore(ctx)); err == nil || err.Error() != "stopped before the end; nothing was kept" {
			t.Errorf("got %v, want that it was stopped", err)
		}
		if got := names(t, filepath.Dir(s.Data)); len(got) > 0 {
			t.Errorf("left behind: %v", got)
		}
	})
	ctx, stop := context.WithCancel(t.Context())
	stop()
	data, folder := setUpHearth(t), t.TempDir()
	var complaints bytes.Buffer
	status := run(ctx, []string{"backup", filepath.Join(folder, "x"), "--data", data}, console{strings.NewReader(""), io.Discard, &complaints})
	if got, want := complaints.String(), "hearth: stopped before the end; nothing was kept\n"; status != exitFailed || got != want {
		t.Errorf("got exit status %d and %q, want %d and %q", status, got, exitFailed, want)
	}
	if got := names(t, folder); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
}

func TestAFileIsWrittenWholeOrNotAtAll(t *testing.T) {
	errFull := errors.New("no space left on device")
	half := func(to io.Writer) error {
		_, err := io.WriteString(to, strings.Repeat("half", 1<<20))
		return errors.Join(err, errFull)
	}
	whole := func(to io.Writer) error {
		_, err := io.WriteString(to, "new")
		return err
	}
	folder := t.TempDir()
	path := filepath.Join(folder, "b.hearth")
	if err := writeWhole(path, false, half); !errors.Is(err, errFull) || !strings.HasPrefix(err.Error(), "cannot write "+path+": ") {
		t.Errorf("on a full disk: got %v", err)
	}
	if got := names(t, folder); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	var wrong wrongInput
	if err := writeWhole(path, false, whole); !errors.As(err, &wrong) {
		t.Errorf("over a file that came in between: got %v, want wrong input", err)
	}
	if err := writeWhole(path, true, half); !errors.Is(err, errFull) {
		t.Errorf("on a full disk: got %v", err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "old" {
		t.Errorf("the old file: %q, %v; want it untouched", text, err)
	}
	if err := writeWhole(path, true, whole); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "new" || len(names(t, folder)) != 1 {
		t.Errorf("overwritten: %q, %v, %v", text, err, names(t, folder))
	}
	if err := writeWhole(filepath.Join(folder, "nowhere", "b"), false, whole); err == nil || !strings.HasPrefix(err.Error(), "cannot write in ") {
		t.Errorf("in a folder that is not there: got %v", err)
	}
}
