package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
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

// checkSecrets says what is wrong with the file where the database has keys
// that are sealed: another node's file, or none, opens nothing, and a new one
// would be used beside the right one without a word.
func checkSecrets(ctx context.Context, s *Settings) error {
	store, err := openData(ctx, s)
	if errors.Is(err, community.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	defer store.Close()
	key, err := store.SealedKeyOfAnySchema(ctx)
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
	found, err := readSecrets(s.Data)
	if err != nil {
		return err
	}
	if err := federation.CheckSealKey(found.SealKey, key); err != nil {
		return wrongf("%s is not the one that the keys in the database were sealed with; copy it from another node or your backup", path)
	}
	return nil
}

// readSecrets reads the file in the data folder, and makes it the first time.
func readSecrets(data string) (secrets, error) {
	path := filepath.Join(data, secretsFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeSecrets(path)
	}
	if err != nil {
		return secrets{}, err
	}
	s, ok := parseSecrets(text)
	if !ok {
		return secrets{}, fmt.Errorf("%s is damaged; put back the copy from your backup", path)
	}
	return s, nil
}

func parseSecrets(text []byte) (s secrets, ok bool) {
	err := json.Unmarshal(text, &s)
	return s, err == nil && len(s.FormKey) >= 32 && len(s.SealKey) == 32
}

func makeSecrets(path string) (secrets, error) {
	s := secrets{FormKey: make([]byte, 32), SealKey: make([]byte, 32)}
	rand.Read(s.FormKey)
	rand.Read(s.SealKey)
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return s, err
	}
	// Exclusive: of two nodes that start at once on one folder, the second reads.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return readSecrets(filepath.Dir(path))
	}
	if err != nil {
		return s, err
	}
	_, err = f.Write(append(text, '\n'))
	return s, errors.Join(err, f.Sync(), f.Close())
}
