package storage

import (
	"context"
	"slices"

	"hearth/community"
)

type secretsFingerprintRow struct {
	ID          int
	Fingerprint string
}

// NoteSecrets keeps the fingerprint of the secrets file that belongs to this
// database, where none is kept yet, and gives the one that is: of nodes that
// start at once, the first one's.
func (s *Store) NoteSecrets(ctx context.Context, fingerprint string) (kept string, err error) {
	_, err = s.write.NewInsert().Model(&secretsFingerprintRow{1, fingerprint}).ModelTableExpr("secrets_fingerprint").
		On("CONFLICT (id) DO NOTHING").Exec(ctx)
	if err != nil {
		return "", wrap("secrets", err)
	}
	row, err := one[secretsFingerprintRow](ctx, s, "secrets_fingerprint", "t.id = 1")
	return row.Fingerprint, err
}

// SecretsFingerprintOfAnySchema is what NoteSecrets kept, in a database that may
// never have been migrated: NotFound where that is nothing.
func (s *Store) SecretsFingerprintOfAnySchema(ctx context.Context) (string, error) {
	row, err := oneOfAnySchema[secretsFingerprintRow](ctx, s, "secrets_fingerprint", "t.id = 1")
	if isNoTable(err) {
		return "", &community.Error{Kind: community.NotFound, Key: "error.not_found"}
	}
	return row.Fingerprint, err
}

// SecretsFingerprintOfAnySchema is Store's, at the snapshot's moment.
func (s *Snapshot) SecretsFingerprintOfAnySchema(ctx context.Context) (string, error) {
	// Asking for a table that is missing would end PostgreSQL's transaction.
	if !slices.ContainsFunc(s.tables, func(t table) bool { return t.name == "secrets_fingerprint" }) {
		return "", &community.Error{Kind: community.NotFound, Key: "error.not_found"}
	}
	return s.store().SecretsFingerprintOfAnySchema(ctx)
}
