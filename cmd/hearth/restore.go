package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"hearth/community"
	"hearth/storage"
)

type restoreCommand struct {
	File  string `arg:"" help:"The file that hearth backup wrote; - for standard input." type:"path"`
	Check bool   `help:"Only look whether the file is whole; nothing is written."`
}

// Run puts a hearth back, whole or not at all, where there is none.
func (c *restoreCommand) Run(ctx context.Context, tty console, s *Settings) error {
	archive, err := c.open(ctx, tty)
	if err != nil {
		return inSentence(ctx, err)
	}
	defer archive.Close()
	if err := checkDomain(s, archive.Domain); err != nil {
		return err
	}
	if c.Check {
		return c.look(ctx, tty, s, archive)
	}
	place := &restorePlace{settings: s, archive: archive}
	if err := place.checkEmpty(ctx); err != nil {
		return inSentence(ctx, err)
	}
	if err := verifyArchive(ctx, s, archive); err != nil {
		return inSentence(ctx, err)
	}
	if err := place.restore(ctx); err != nil {
		return inSentence(ctx, err)
	}
	fmt.Fprintf(tty.out, "Hearth at %s is in %s as it was on %s. Everybody has to sign in again.\n"+
		"What was decided, deleted or withdrawn since is not in it: see docs/operating.md before you serve it.\n",
		archive.Domain, s.place(), archive.TakenAt.UTC().Format("2006-01-02 15:04 UTC"))
	return nil
}

func (c *restoreCommand) open(ctx context.Context, tty console) (*storage.Archive, error) {
	if c.File != stream {
		return storage.OpenArchive(c.File)
	}
	if err := checkNoTerminal(tty.in, "send a file in, or what decrypts it"); err != nil {
		return nil, err
	}
	file, err := spool(ctx, tty.in)
	if err != nil {
		return nil, err
	}
	return storage.ReadArchive(file, "standard input")
}

// spool copies a stream into a file without a name, which only this process can
// read and which goes with it, however that ends: an archive is read from its end.
func spool(ctx context.Context, from io.Reader) (file *os.File, err error) {
	file, err = os.CreateTemp("", "hearth-restore") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("cannot keep standard input for a moment: %w", rootCause(err))
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	copied := make(chan error, 1)
	go func() {
		_, err := io.Copy(file, from)
		copied <- err
	}()
	select {
	case err = <-copied:
	case <-ctx.Done():
		return nil, ctx.Err() // a read from a pipe cannot be broken off: it ends with the process
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("cannot read standard input to its end: %w", err), file.Close())
	}
	return file, nil
}

// look is restore --check.
func (c *restoreCommand) look(ctx context.Context, tty console, s *Settings, archive *storage.Archive) error {
	if err := verifyArchive(ctx, s, archive); err != nil {
		return inSentence(ctx, err)
	}
	fmt.Fprintf(tty.out, "%s is whole: Hearth %s at %s, taken on %s from %s, %d rows in %d tables.\n", archive.Name, archive.Hearth,
		archive.Domain, archive.TakenAt.UTC().Format("2006-01-02 15:04 UTC"), archive.Engine, archive.Rows(), len(archive.Tables))
	return nil
}

// verifyArchive reads all of an archive before anything is written.
func verifyArchive(ctx context.Context, s *Settings, archive *storage.Archive) error {
	if err := archive.Verify(ctx, s.database()); err != nil {
		return err
	}
	text, err := archive.Secrets()
	if err != nil {
		return err
	}
	if _, ok := parseSecrets(text); !ok {
		return wrongf("the secrets in the backup are damaged")
	}
	return nil
}

// inSentence makes wrong input of an archive that cannot be restored.
func inSentence(ctx context.Context, err error) error {
	var bad storage.BadArchive
	if errors.As(err, &bad) {
		return wrongf("%s", bad)
	}
	return stopped(ctx, err)
}

// wakeUp is what a restored hearth does before anybody is let in.
func wakeUp(ctx context.Context, takenAt time.Time) func(tx *storage.Store) error {
	return func(tx *storage.Store) error {
		return community.NewService(tx).WakeUp(ctx, takenAt)
	}
}
