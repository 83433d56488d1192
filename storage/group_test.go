package storage_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"hearth/community"
	"hearth/storage"
	"hearth/storage/storagetest"
)

// room is a store with one group, "g1" called "carers", and accounts "a1" to "a4".
func room(t *testing.T, store *storage.Store) {
	t.Helper()
	ctx := context.Background()
	errs := []error{store.InsertGroup(ctx, community.Group{
		Actor: community.Actor{ID: "g1", URI: "g1", Type: community.ActorGroup, Name: "carers", CreatedAt: noon}, State: community.GroupActive, LastActivityAt: noon,
	})}
	for _, id := range []string{"a1", "a2", "a3", "a4"} {
		errs = append(errs, store.InsertAccount(ctx, community.Account{Actor: community.Actor{ID: id, URI: id, Name: id, CreatedAt: noon}}))
	}
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func member(account, role, state string, changed time.Time) community.Membership {
	return community.Membership{ID: "m-" + account, GroupID: "g1", AccountID: account, Role: role, State: state, CreatedAt: noon, ChangedAt: changed}
}

func TestAGroupIsSeenWithTheMembershipThatSaysMost(t *testing.T) {
	over, on := noon.Add(-time.Hour), noon.Add(time.Hour)
	expired, removed := member("a2", "member", "removed", noon.Add(time.Minute)), member("a2", "member", "removed", noon.Add(-time.Minute))
	expired.RemovedUntil, removed.RemovedUntil = &over, &on
	cases := []struct {
		name string
		rows []community.Membership
		want string
	}{
		{"none", nil, ""},
		{"of another person", []community.Membership{member("a4", "member", "active", noon)}, ""},
		{"active before removed", []community.Membership{member("a1", "member", "active", noon), removed}, "m-a1"},
		{"removed before asked", []community.Membership{member("a1", "member", "asked", noon), removed}, "m-a2"},
		{"asked before a removal that is over", []community.Membership{member("a1", "member", "asked", noon), expired}, "m-a1"},
		{"the last changed of two that were left", []community.Membership{member("a1", "member", "left", noon), member("a2", "member", "left", noon.Add(time.Second))}, "m-a2"},
	}
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx := context.Background()
		room(t, store)
		for i, c := range cases {
			group := fmt.Sprint("case-", i)
			if err := store.InsertGroup(ctx, community.Group{Actor: community.Actor{ID: group, URI: group, Name: group, CreatedAt: noon}, LastActivityAt: noon}); err != nil {
				t.Fatal(err)
			}
			want := community.Membership{}
			for _, m := range c.rows {
				isWanted := m.ID == c.want
				m.GroupID, m.ID = group, group+m.ID
				if err := store.InsertMembership(ctx, m); err != nil {
					t.Fatal(err)
				}
				if isWanted {
					want = m
				}
			}
			got, err := store.GroupSeen(ctx, community.GroupRef{Name: group}, []string{"a1", "a2"}, noon)
			same(t, c.name, want)(got.Membership, err)
		}
	})
}

func TestAGroupIsSeenByIDAndByNameWithItsMembers(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx := context.Background()
		room(t, store)
		for account, m := range map[string]community.Membership{
			"a1": member("a1", "moderator", "active", noon), "a2": member("a2", "owner", "active", noon),
			"a3": member("a3", "member", "left", noon), "a4": member("a4", "moderator", "removed", noon),
		} {
			if err := store.InsertMembership(ctx, m); err != nil {
				t.Fatal(account, err)
			}
		}
		for _, find := range []community.GroupRef{{ID: "g1"}, {Name: "carers"}} {
			got, err := store.GroupSeen(ctx, find, nil, noon)
			if err != nil || got.ID != "g1" || got.Members != 2 || got.OwnerID != "a2" {
				t.Errorf("%+v: got %q with %d members, owner %q, %v; want g1 with 2, owned by a2", find, got.ID, got.Members, got.OwnerID, err)
			}
		}
		if _, err := store.GroupSeen(ctx, community.GroupRef{Domain: "elm.example", Name: "carers"}, nil, noon); !errors.Is(err, community.NotFound) {
			t.Errorf("the same name elsewhere: got %v, want NotFound", err)
		}
		mods, err := store.ModeratorAccounts(ctx, "g1")
		if err != nil || len(mods) != 2 || mods[0].ID != "a2" || mods[1].ID != "a1" {
			t.Errorf("got moderators %+v, %v; want a2 (the owner), a1", mods, err)
		}
	})
}

func TestAGroupIsChangedWithoutItsLastActivity(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx := context.Background()
		room(t, store)
		g, err := store.Group(ctx, "g1")
		if err != nil {
			t.Fatal(err)
		}
		g.Purpose, g.LastActivityAt = "another", noon.Add(-time.Hour)
		if err := store.UpdateGroup(ctx, g); err != nil {
			t.Fatal(err)
		}
		g.LastActivityAt = noon
		same(t, "group", g)(store.Group(ctx, "g1"))
	})
}
