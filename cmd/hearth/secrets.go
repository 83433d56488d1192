package main

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"hearth/community"
	"hearth/federation"
)

// secrets stand in one file outside the database, so that neither alone is
// enough. Every node of one hearth needs the same file.
type secrets struct {
	FormKey []byte `json:"form_key"` // signs form tokens
	SealKey []byte `json:"seal_key"` // seals actors' private keys
}

// secretsFile is its name in the data folder.
const secretsFile = "secrets.json"

// fingerprint tells one file's secrets from another's, and nothing about them:
// both keys are chance, too much of it to be found by trying.
func (s secrets) fingerprint() string {
	mac := hmac.New(sha256.New, s.SealKey)
	mac.Write(s.FormKey)
	return hex.EncodeToString(mac.Sum(nil))
}

// secretsMark is what a database shows of the secrets that it was used with:
// their fingerprint, or, where none was noted yet, a key that they sealed.
type secretsMark struct {
	fingerprint string
	key         federation.KeyRow
}

type markedData interface {
	SecretsFingerprintOfAnySchema(ctx context.Context) (string, error)
	SealedKeyOfAnySchema(ctx context.Context) (federation.KeyRow, error)
}

// markOf is the mark in a database; NotFound where nothing in it depends on any
// secrets.
func markOf(ctx context.Context, data markedData) (m secretsMark, err error) {
	m.fingerprint, err = data.SecretsFingerprintOfAnySchema(ctx)
	if errors.Is(err, community.NotFound) {
		m.key, err = data.SealedKeyOfAnySchema(ctx)
	}
	return m, err
}

func (m secretsMark) fits(s secrets) bool {
	if m.fingerprint != "" {
		return m.fingerprint == s.fingerprint()
	}
	return federation.CheckSealKey(s.SealKey, m.key) == nil
}

// checkSecrets says what is wrong with the file where the database was used with
// secrets already: another file, or none, opens nothing, and a new one would be
// used beside the right one without a word.
func checkSecrets(ctx context.Context, s *Settings) error {
	store, err := openData(ctx, s)
	if errors.Is(err, community.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	defer store.Close()
	mark, err := markOf(ctx, store)
	if errors.Is(err, community.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	path := filepath.Join(s.Data, secretsFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return wrongf("%s is missing: the keys in the database can be used with it alone; copy it from another node or your backup", path)
	}
	found, _, err := readSecrets(s.Data)
	if err != nil {
		return err
	}
	if !mark.fits(found) {
		return errOtherSecrets(s)
	}
	return nil
}

func errOtherSecrets(s *Settings) error {
	return wrongf("%s is not the one that this database was set up with; copy %s from the data folder of another node, or from your backup",
		filepath.Join(s.Data, secretsFile), secretsFile)
}

// noteSecrets notes in the migrated database that the house's secrets are its
// own. Of nodes that start at once with a folder each, the first is taken at its
// word; the others are refused, and leave no file behind that they made.
func (h *house) noteSecrets(ctx context.Context, s *Settings, made bool) error {
	kept, err := h.store.NoteSecrets(ctx, h.secrets.fingerprint())
	if err != nil || kept == h.secrets.fingerprint() {
		return err
	}
	if !made {
		return errOtherSecrets(s)
	}
	return errors.Join(wrongf("another node was the first to use this database; copy %s from its data folder to %s", secretsFile, s.Data),
		os.Remove(filepath.Join(s.Data, secretsFile)))
}

// readSecrets reads the file in the data folder, and makes it the first time.
func readSecrets(data string) (s secrets, made bool, err error) {
	path := filepath.Join(data, secretsFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeSecrets(path)
	}
	if err != nil {
		return secrets{}, false, err
	}
	s, ok := parseSecrets(text)
	if !ok {
		return secrets{}, false, fmt.Errorf("%s is damaged; put back the copy from your backup", path)
	}
	return s, false, nil
}

func parseSecrets(text []byte) (s secrets, ok bool) {
	err := json.Unmarshal(text, &s)
	return s, err == nil && len(s.FormKey) >= 32 && len(s.SealKey) == 32
}

func makeSecrets(path string) (s secrets, made bool, err error) {
	s = secrets{FormKey: make([]byte, 32), SealKey: make([]byte, 32)}
	rand.Read(s.FormKey)
	rand.Read(s.SealKey)
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return s, false, err
	}
	err = writeWhole(path, false, func(to io.Writer) error {
		_, err := to.Write(append(text, '\n'))
		return err
	})
	var there wrongInput
	if errors.As(err, &there) { // of two nodes that start at once on one folder, the second reads
		return readSecrets(filepath.Dir(path))
	}
	return s, err == nil, err
}
