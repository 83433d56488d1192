package storage

import (
	"context"
	"time"

	"hearth/community"
)

// InsertInvitation stores an invitation.
func (s *Store) InsertInvitation(ctx context.Context, i community.Invitation) error {
	return insert(ctx, s, "invitations", &i)
}

// Invitation is the invitation of an id.
func (s *Store) Invitation(ctx context.Context, id string) (community.Invitation, error) {
	return one[community.Invitation](ctx, s, "invitations", "t.id = ?", id)
}

// InvitationByCode is the invitation of a hashed code.
func (s *Store) InvitationByCode(ctx context.Context, codeHash string) (community.Invitation, error) {
	return one[community.Invitation](ctx, s, "invitations", "t.code_hash = ?", codeHash)
}

// UseInvitation takes one use in one statement, so that two at once cannot both
// have the last.
func (s *Store) UseInvitation(ctx context.Context, id string, now time.Time) error {
	res, err := s.write.NewUpdate().Table("invitations").Set("uses_left = uses_left - 1").
		Where("id = ? AND uses_left > 0 AND revoked_at IS NULL AND expires_at > ?", id, now).Exec(ctx)
	if err != nil {
		return wrap("invitation", err)
	}
	return touchedOr(res, community.Gone, "invitation.gone")
}

// RevokeInvitation ends an invitation; Conflict when it was ended so before.
func (s *Store) RevokeInvitation(ctx context.Context, id string, now time.Time) error {
	res, err := s.write.NewUpdate().Table("invitations").Set("revoked_at = ?", now).
		Where("id = ? AND revoked_at IS NULL", id).Exec(ctx)
	if err != nil {
		return wrap("invitation", err)
	}
	return touchedOr(res, community.Conflict, "invitation.revoked")
}

// Invitations are the newest before an id.
func (s *Store) Invitations(ctx context.Context, before string, limit int) ([]community.Invitation, error) {
	var rows []community.Invitation
	err := byLargest(selectFrom(s, "invitations", &rows), "t.id", before).Limit(int64(limit)).Scan(ctx)
	return rows, wrap("invitations", err)
}
