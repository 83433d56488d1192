package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"hearth/storage"
)

// restoringFolder is where a hearth is put together before it moves into the
// data folder. One that is there is another restore's.
const restoringFolder = "restoring"

// restorePlace is where an archive goes.
type restorePlace struct {
	settings *Settings
	archive  *storage.Archive
	secrets  bool     // they are in place already, the same
	moved    []string // what has been moved into the data folder
}

// checkEmpty refuses a place where anything of a hearth is. Secrets that are
// the archive's own may stay: a database can be lost alone.
func (p *restorePlace) checkEmpty(ctx context.Context) error {
	s := p.settings
	if there, err := exists(filepath.Join(s.Data, restoringFolder)); err != nil || there {
		return errors.Join(err, wrongf("another restore is at work in %s, or was cut off: if none runs, delete %s", s.Data, filepath.Join(s.Data, restoringFolder)))
	}
	media, err := os.ReadDir(filepath.Join(s.Data, mediaFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(media) > 0 {
		return wrongf("there are media in %s already: restore into an empty place", s.Data)
	}
	if err := p.checkDatabase(ctx); err != nil {
		return err
	}
	return p.checkSecrets()
}

func (p *restorePlace) checkDatabase(ctx context.Context) error {
	s := p.settings
	occupied := wrongf("there is a hearth in %s already: restore into an empty place", s.place())
	if s.Database == "" {
		there, err := exists(s.database())
		if err == nil && there {
			err = occupied
		}
		return err
	}
	empty, err := storage.IsEmpty(ctx, s.database())
	if err == nil && !empty {
		err = occupied
	}
	return err
}

func (p *restorePlace) checkSecrets() error {
	path := filepath.Join(p.settings.Data, secretsFile)
	here, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	theirs, err := p.archive.Secrets()
	if err != nil {
		return err
	}
	if p.secrets = bytes.Equal(here, theirs); !p.secrets {
		return wrongf("%s belongs to another hearth: restore into an empty place", path)
	}
	return nil
}

// restore puts all of it together in a folder of its own and moves it into
// place at the end: the database last, because where that is, a hearth is.
// On PostgreSQL the files move before the transaction ends. What fails on the
// way leaves nothing.
func (p *restorePlace) restore(ctx context.Context) (err error) {
	s := p.settings
	undo, err := makeFolder(s.Data)
	if err != nil {
		return fmt.Errorf("cannot make the data folder: %w", err)
	}
	defer func() {
		if err != nil {
			p.moveOut()
			undo()
		}
	}()
	staging := filepath.Join(s.Data, restoringFolder)
	if err := os.Mkdir(staging, 0o700); err != nil {
		return err
	}
	defer func() { os.RemoveAll(staging) }()
	if err := p.fillFolder(staging); err != nil {
		return err
	}
	if s.Database == "" {
		return p.restoreSQLite(ctx, staging)
	}
	return p.restoreRows(ctx, s.Database, func() error { return p.moveIn(staging) })
}

// restoreSQLite makes the database as a file beside its place. When the store
// is closed, its log is folded into the file.
func (p *restorePlace) restoreSQLite(ctx context.Context, staging string) error {
	path := filepath.Join(staging, filepath.Base(p.settings.database()))
	if err := p.restoreRows(ctx, path, func() error { return nil }); err != nil {
		return err
	}
	if err := errors.Join(os.Chmod(path, 0o600), syncFile(path)); err != nil {
		return err
	}
	if err := p.moveIn(staging); err != nil {
		return err
	}
	return p.move(path, p.settings.database())
}

func (p *restorePlace) restoreRows(ctx context.Context, address string, last func() error) error {
	wake := wakeUp(ctx, p.archive.TakenAt)
	err := p.archive.Restore(ctx, address, time.Now(), func(tx *storage.Store) error {
		if err := wake(tx); err != nil {
			return err
		}
		return last()
	})
	if errors.Is(err, storage.ErrOccupied) {
		return wrongf("there is a hearth in %s already: restore into an empty place", p.settings.place())
	}
	return err
}

// fillFolder writes secrets and media. Root holds every path to the folder,
// whatever the archive says.
func (p *restorePlace) fillFolder(folder string) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	defer root.Close()
	secrets, err := p.archive.Secrets()
	if err != nil {
		return err
	}
	if err := writeIn(root, secretsFile, bytes.NewReader(secrets)); err != nil {
		return err
	}
	return p.archive.Media(func(path string, content io.Reader) error {
		return writeIn(root, filepath.Join(mediaFolder, path), content)
	})
}

func writeIn(root *os.Root, path string, content io.Reader) error {
	if err := root.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := root.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, content)
	return errors.Join(err, f.Sync(), f.Close())
}

// moveIn moves secrets and media into the data folder.
func (p *restorePlace) moveIn(staging string) error {
	if !p.secrets {
		if err := p.move(filepath.Join(staging, secretsFile), filepath.Join(p.settings.Data, secretsFile)); err != nil {
			return err
		}
	}
	media := filepath.Join(staging, mediaFolder)
	if there, err := exists(media); err != nil || !there {
		return err
	}
	to := filepath.Join(p.settings.Data, mediaFolder)
	if err := os.Rename(media, to); err != nil { // over an empty folder at most
		return err
	}
	p.moved = append(p.moved, to)
	return syncFolder(p.settings.Data)
}

// move gives a file its place, where nobody has made one since it was looked at.
func (p *restorePlace) move(from, to string) error {
	if err := rename(from, to, false); err != nil {
		return err
	}
	p.moved = append(p.moved, to)
	return syncFolder(p.settings.Data)
}

// moveOut takes back what was moved in.
func (p *restorePlace) moveOut() {
	for _, path := range p.moved {
		os.RemoveAll(path)
	}
}

// makeFolder makes a folder with those above it, and undo removes again those
// that were not there.
func makeFolder(path string) (undo func(), err error) {
	var made []string
	for at := path; ; at = filepath.Dir(at) {
		if there, err := exists(at); there || err != nil || at == filepath.Dir(at) {
			break
		}
		made = append(made, at)
	}
	undo = func() {
		for _, folder := range made {
			os.Remove(folder)
		}
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		undo()
		return nil, err
	}
	return undo, nil
}

func exists(path string) (bool, error) {
	_, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
