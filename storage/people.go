package storage

import (
	"context"

	"hearth/community"
)

// InsertApplication stores an application to join.
func (s *Store) InsertApplication(ctx context.Context, a community.Application) error {
	return insert(ctx, s, "applications", &a)
}

// InsertInvitation stores an invitation.
func (s *Store) InsertInvitation(ctx context.Context, i community.Invitation) error {
	return insert(ctx, s, "invitations", &i)
}

// InsertResetLink stores a link to choose a new password.
func (s *Store) InsertResetLink(ctx context.Context, l community.ResetLink) error {
	return insert(ctx, s, "reset_links", &l)
}
