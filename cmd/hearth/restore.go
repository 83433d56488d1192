package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hearth/community"
	"hearth/storage"
)

type restoreCommand struct {
	File  string `arg:"" help:"The file that hearth backup wrote." type:"path"`
	Check bool   `help:"Only look whether the file is whole; nothing is written."`
}

// Run puts a hearth back, whole or not at all, where there is none.
func (c *restoreCommand) Run(ctx context.Context, tty console, s *Settings) error {
	archive, err := storage.OpenArchive(c.File)
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

// look is restore --check.
func (c *restoreCommand) look(ctx context.Context, tty console, s *Settings, archive *storage.Archive) error {
	if err := verifyArchive(ctx, s, archive); err != nil {
		return inSentence(ctx, err)
	}
	fmt.Fprintf(tty.out, "%s is whole: Hearth %s at %s, taken on %s from %s, %d rows in %d tables.\n", c.File, archive.Hearth,
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
