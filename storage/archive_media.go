package storage

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
)

// writeMedia packs a folder's files in the order of their names. A file never
// changes once it is there; one that goes while the folder is read belonged to
// what was just deleted.
func writeMedia(ctx context.Context, to io.Writer, folder fs.FS) error {
	w := tar.NewWriter(to)
	err := fs.WalkDir(folder, ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && path != ".":
			return nil
		case err != nil:
			return fmt.Errorf("storage: media: %w", err)
		case ctx.Err() != nil:
			return ctx.Err()
		case entry.IsDir():
			return nil
		case !entry.Type().IsRegular():
			return fmt.Errorf("storage: media: %s is no ordinary file", path)
		}
		return packFile(w, folder, path)
	})
	return errors.Join(err, w.Close())
}

func packFile(w *tar.Writer, folder fs.FS, path string) error {
	f, err := folder.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("storage: media: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("storage: media: %w", err)
	}
	if err := w.WriteHeader(&tar.Header{Name: path, Typeflag: tar.TypeReg, Mode: 0o600, Size: info.Size()}); err != nil {
		return err
	}
	_, err = io.Copy(w, f)
	return err
}

// Media hands each file of the media folder to a function, by its path within
// it. A path that would leave the folder is a BadArchive.
func (a *Archive) Media(each func(path string, content io.Reader) error) error {
	if !a.hasFile(mediaPart) {
		return nil
	}
	content, err := a.open(mediaPart)
	if err != nil {
		return err
	}
	defer content.Close()
	return a.eachMedia(content, each)
}

func (a *Archive) eachMedia(content io.Reader, each func(path string, content io.Reader) error) error {
	r := tar.NewReader(content)
	for {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return a.damaged(mediaPart)
		}
		if !filepath.IsLocal(header.Name) || header.Typeflag != tar.TypeReg {
			return badArchive("%s is refused: it holds a media file %q, which does not belong in the media folder", a.Name, header.Name)
		}
		if err := each(header.Name, r); err != nil {
			return err
		}
	}
}
