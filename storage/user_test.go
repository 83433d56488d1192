package storage_test

import (
	"context"
	"testing"
	"time"

	"hearth/community"
	"hearth/storage"
	"hearth/storage/storagetest"
)

func TestSavingSettingsUndoesNoDecision(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx, until := context.Background(), noon.Add(time.Hour)
		seen := community.User{ID: "u1", Login: "l", PasswordHash: "h", Role: community.RoleAdmin, State: community.UserActive, CreatedAt: noon}
		for _, err := range []error{
			store.InsertUser(ctx, seen), store.SetUserState(ctx, "u1", community.UserSuspended, &until),
			store.SetUserRole(ctx, "u1", community.RoleMember), store.SetPasswordHash(ctx, "u1", "new"),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		seen.Zone = "Europe/London"
		if err := store.UpdateUser(ctx, seen); err != nil {
			t.Fatal(err)
		}
		want := seen
		want.State, want.SuspendedUntil, want.Role, want.PasswordHash = community.UserSuspended, &until, community.RoleMember, "new"
		same(t, "user", want)(store.User(ctx, "u1"))
	})
}
