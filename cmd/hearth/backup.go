package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/mattn/go-isatty"

	"hearth/community"
	"hearth/storage"
)

// mediaFolder holds media, in the data folder.
const mediaFolder = "media"

type backupCommand struct {
	File      string `arg:"" help:"The file to write; - for standard output, to be encrypted on the way." type:"path"`
	Overwrite bool   `help:"Replace the file if it is there."`
}

// stream is what stands for standard output, or standard input, in a file's place.
const stream = "-"

// Run writes the hearth as it is at one moment, whoever else is writing to it.
func (c *backupCommand) Run(ctx context.Context, tty console, s *Settings) error {
	if err := c.check(tty); err != nil {
		return err
	}
	snapshot, err := storage.OpenSnapshot(ctx, s.database())
	if errors.Is(err, community.NotFound) {
		return noHearthIn(s)
	}
	if err != nil {
		return stopped(ctx, err)
	}
	defer snapshot.Close()
	if err := checkDomain(s, snapshot.Site.Host); err != nil {
		return err
	}
	contents, err := contentsOf(ctx, s, snapshot)
	if err != nil {
		return err
	}
	var size int64
	err = c.write(tty, func(to io.Writer) error {
		counted := &counter{to: to}
		defer func() { size = counted.n }()
		return snapshot.WriteArchive(ctx, counted, contents)
	})
	if err != nil {
		return stopped(ctx, err)
	}
	c.report(tty, snapshot.Site.Host, size)
	return nil
}

// write hands fill where the backup goes. What is cut off on standard output has
// no end, by which a restore knows it.
func (c *backupCommand) write(tty console, fill func(to io.Writer) error) error {
	if c.File != stream {
		return writeWhole(c.File, c.Overwrite, fill)
	}
	buffer := bufio.NewWriterSize(tty.out, 1<<20)
	return errors.Join(fill(buffer), buffer.Flush())
}

func (c *backupCommand) report(tty console, host string, size int64) {
	to, where := tty.out, c.File
	if c.File == stream {
		to, where = tty.err, "what was written"
	}
	fmt.Fprintf(to, "Hearth at %s is in %s, %d bytes. It holds the secrets: keep it where nobody else reads it.\n", host, where, size)
}

// counter counts what is written through it.
type counter struct {
	to io.Writer
	n  int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.to.Write(b)
	c.n += int64(n)
	return n, err
}

// check says what is wrong with the file's place, before anything is read.
func (c *backupCommand) check(tty console) error {
	if c.File == stream {
		return checkNoTerminal(tty.out, "send it into a file, or through what encrypts it")
	}
	folder := filepath.Dir(c.File)
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return wrongf("there is no folder %s", folder)
	}
	info, err := os.Lstat(c.File)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return wrongf("%s is no file that could be replaced", c.File)
	case !c.Overwrite:
		return wrongf("%s is there already: choose another name, or say --overwrite", c.File)
	}
	return nil
}

// checkNoTerminal refuses a person's screen, or keyboard, in a backup's place.
func checkNoTerminal(at any, advice string) error {
	if f, ok := at.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
		return wrongf("a backup is nothing for a terminal: %s", advice)
	}
	return nil
}

// contentsOf is what belongs to the database: secrets that do not open its keys
// are another hearth's, and would make a backup that nobody can use.
func contentsOf(ctx context.Context, s *Settings, snapshot *storage.Snapshot) (storage.Contents, error) {
	path := filepath.Join(s.Data, secretsFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return storage.Contents{}, wrongf("there is no %s: name this hearth's data folder with --data", path)
	}
	if err != nil {
		return storage.Contents{}, err
	}
	secrets, ok := parseSecrets(text)
	if !ok {
		return storage.Contents{}, fmt.Errorf("%s is damaged", path)
	}
	mark, err := markOf(ctx, snapshot)
	if err != nil && !errors.Is(err, community.NotFound) {
		return storage.Contents{}, err
	}
	if err == nil && !mark.fits(secrets) {
		return storage.Contents{}, wrongf("%s does not belong to this database: name this hearth's data folder with --data", path)
	}
	contents := storage.Contents{Hearth: version, TakenAt: time.Now(), Secrets: text}
	media := filepath.Join(s.Data, mediaFolder)
	if _, err := os.Stat(media); err == nil {
		contents.Media = os.DirFS(media)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return storage.Contents{}, err
	}
	return contents, nil
}

// stopped is a plain sentence where an error only says that somebody pressed
// Ctrl-C.
func stopped(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return errors.New("stopped before the end; nothing was kept")
	}
	return err
}
