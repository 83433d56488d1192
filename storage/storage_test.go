package storage_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hearth/community"
	"hearth/storage"
	"hearth/storage/storagetest"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 123456000, time.UTC)

func TestMigrationsGoUpDownAndUpAgain(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx := context.Background()
		if err := store.MigrateDown(ctx); err != nil {
			t.Fatal(err)
		}
		if err := store.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
	})
}

func TestNodesStartingAtOnceMigrateOnce(t *testing.T) {
	storagetest.EachAddress(t, func(t *testing.T, address string) {
		var wg sync.WaitGroup
		errs := make([]error, 4)
		for i := range errs {
			store, err := storage.Open(context.Background(), address)
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			wg.Go(func() { errs[i] = store.Migrate(context.Background()) })
		}
		wg.Wait()
		for i, err := range errs {
			if err != nil {
				t.Errorf("node %d: %v", i, err)
			}
		}
	})
}

// A row of every noun goes in and comes out the same: no field without its
// column, no column without its field.
func TestRowsComeBackAsTheyWere(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx := context.Background()
		until, text := noon.Add(time.Hour), "text"
		account := community.Account{
			Actor: community.Actor{ID: "a1", URI: "u1", Type: "Person", Domain: "d", Name: "n", Title: "t", URL: "url", Inbox: "i", SharedInbox: "s",
				CreatedAt: noon, FetchedAt: &until, DisclosedAt: &until, GoneAt: &until, MovedTo: "m"},
			About: "about", AboutHTML: "html", SuspendedAt: &noon, SuspendedUntil: &until, Indexable: true,
		}
		group := community.Group{
			Actor: community.Actor{ID: "g1", URI: "gu", Type: "Group", Name: "gn", Title: "gt", CreatedAt: noon},
			State: "active", AskedBy: &account.ID, Purpose: "p", PurposeHTML: "ph", ForWhom: "f", NotFor: "nf", Situation: "s", Language: "en", Sensitive: true,
			Joining: "open", Question: "q", Readers: "members", Reach: "nowhere", Listed: true, RulesVersion: 3, FollowersURI: "fu",
			ModeratorsURI: "mu", FeaturedURI: "fe", OutboxURI: "ou", Microblogs: true, OfferedTo: &account.ID, LastActivityAt: noon,
		}
		post := community.Post{
			ID: "p1", URI: "pu", URL: "purl", Link: "l", GroupID: "g1", AuthorID: "a1", ThreadID: "p1", ParentID: &text, InReplyToURI: "r", State: "published",
			Title: "t", NoteTopics: "nt", NoteText: "nx", Wants: "heard", Language: "en", Source: "s", HTML: "h", Renderer: 2, Version: 3, Readers: "anyone",
			Reach: "anywhere", Listed: true, Verified: "local", Replaces: "rp", PublishedAt: noon, ReceivedAt: noon, EditedAt: &until, DeletedAt: &until,
			LockedAt: &until, PinnedAt: &until, Replies: 4, LastActivityAt: noon,
		}
		user := community.User{ID: "u1", Login: "l", PasswordHash: "h", Email: &text, Role: "admin", State: "active", SuspendedUntil: &until, Language: "en",
			Zone: "Europe/London", Country: "GB", HomeOrder: "activity", ExitEverywhere: true, Discreet: true, ExitExplainedAt: &until, CreatedAt: noon}
		site := community.Site{Scheme: "https", Host: "h", Name: "n", Purpose: "p", Rules: "r", Contact: "c", MinimumAge: 18, Registration: "open", Question: "q", NewcomersPerDay: 5, ApplicationsWaiting: 6, FrontDoor: "open",
			GroupCreation: "asked", Country: "GB", Language: "en", Zone: "UTC", ActorID: "a1", SetUpAt: noon}
		member := community.Membership{ID: "m1", GroupID: "g1", AccountID: "a1", Role: "owner", State: "active", Answer: "a", RulesVersion: 2, FollowURI: "f", RemovedUntil: &until, CreatedAt: noon, ChangedAt: noon}
		report := community.Report{ID: "r1", CodeHash: "c", ReporterID: &text, ReporterDomain: "d", Contact: "c", GroupID: &group.ID, PostID: &post.ID, AccountID: "a1", Reason: "spam",
			Words: "w", Snapshot: "s", SnapshotVersion: 2, ActivityURI: "au", Doubtful: true, State: "open", CreatedAt: noon, ResolvedAt: &until, ResolvedBy: &text, DecisionID: &text}
		for _, err := range []error{
			store.InsertAccount(ctx, account), store.InsertGroup(ctx, group), store.InsertPost(ctx, post), store.InsertUser(ctx, user),
			store.InsertSite(ctx, site), store.InsertMembership(ctx, member), store.InsertReport(ctx, report),
			store.InsertAccountOwner(ctx, "a1", "u1", true, noon),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		same(t, "account", account)(store.Account(ctx, "a1"))
		same(t, "group", group)(store.Group(ctx, "g1"))
		same(t, "post", post)(store.Post(ctx, "p1"))
		same(t, "user", user)(store.User(ctx, "u1"))
		same(t, "site", site)(store.Site(ctx))
		same(t, "membership", member)(store.Membership(ctx, "g1", "a1"))
		same(t, "report", report)(store.Report(ctx, "r1"))
		same(t, "owned", []community.Account{account})(store.OwnedAccounts(ctx, "u1"))
	})
}

func same[T any](t *testing.T, noun string, want T) func(T, error) {
	t.Helper()
	return func(got T, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", noun, err)
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s came back changed (-want +got):\n%s", noun, diff)
		}
	}
}

func TestTakenNamesAreConflicts(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx := context.Background()
		a := community.Actor{ID: "a1", URI: "u1", Name: "rowan", CreatedAt: noon}
		if err := store.InsertActor(ctx, a); err != nil {
			t.Fatal(err)
		}
		a.ID, a.URI = "a2", "u2"
		if err := store.InsertActor(ctx, a); !errors.Is(err, community.Conflict) {
			t.Errorf("a name used twice: got %v, want Conflict", err)
		}
		if _, err := store.Actor(ctx, "a2"); !errors.Is(err, community.NotFound) {
			t.Errorf("the refused actor: got %v, want NotFound", err)
		}
	})
}

func TestAFailedTransactionLeavesNothing(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx, no := context.Background(), errors.New("no")
		err := store.InTx(ctx, func(tx community.Store) error {
			if err := tx.InsertActor(ctx, community.Actor{ID: "a1", URI: "u1", Name: "rowan", CreatedAt: noon}); err != nil {
				return err
			}
			if _, err := tx.Actor(ctx, "a1"); err != nil {
				t.Errorf("inside, the row is not seen: %v", err)
			}
			return no
		})
		if !errors.Is(err, no) {
			t.Errorf("got %v, want the function's own error", err)
		}
		if _, err := store.Actor(ctx, "a1"); !errors.Is(err, community.NotFound) {
			t.Errorf("after the rollback: got %v, want NotFound", err)
		}
	})
}

func TestTriesAreCountedWithinTheirWindow(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx := context.Background()
		for i, at := range []time.Duration{0, time.Minute, 14 * time.Minute, 16 * time.Minute} {
			got, err := store.CountTry(ctx, "k", noon.Add(at), 15*time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			if want := []int{1, 2, 3, 1}[i]; got != want {
				t.Errorf("after %v: got %d tries, want %d", at, got, want)
			}
		}
	})
}
