package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// writeWhole makes a file that is there whole or not at all: written beside its
// place under another name, on the disk before it gets its own. Only its owner
// reads it.
func writeWhole(path string, overwrite bool, fill func(to io.Writer) error) (err error) {
	folder := filepath.Dir(path)
	f, err := os.CreateTemp(folder, "."+filepath.Base(path)+".*.part") // mode 0600
	if err != nil {
		return fmt.Errorf("cannot write in %s: %w", folder, rootCause(err))
	}
	defer os.Remove(f.Name())
	buffer := bufio.NewWriterSize(f, 1<<20)
	err = fill(buffer)
	if err == nil {
		err = errors.Join(buffer.Flush(), f.Sync())
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	if err := rename(f.Name(), path, overwrite); err != nil {
		return err
	}
	return syncFolder(folder)
}

// rename gives a file its name. A link, unlike a rename, never replaces what
// somebody else has put there in the meantime; some file systems have no links.
func rename(from, to string, overwrite bool) error {
	if overwrite {
		return os.Rename(from, to)
	}
	err := os.Link(from, to)
	if err == nil {
		return os.Remove(from)
	}
	if _, there := os.Lstat(to); errors.Is(err, fs.ErrExist) || there == nil {
		return wrongf("%s is there already", to)
	}
	return os.Rename(from, to)
}

// syncFolder makes new names in a folder survive a power cut.
func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
