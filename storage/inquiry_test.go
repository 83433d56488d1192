package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/secret"
	"hearth/federation"
	"hearth/storage"
	"hearth/storage/storagetest"
)

// inquiries are the posts of a host, to be asked for from noon on.
func inquiries(kind, host string, names ...string) (all []community.Inquiry) {
	for i, name := range names {
		all = append(all, community.Inquiry{ID: secret.NewID(noon), URI: "https://" + host + "/p/" + name, Host: host, Kind: kind, GroupID: "g1", CreatedAt: noon, NextAt: noon.Add(time.Duration(i) * time.Second)})
	}
	return all
}

func TestAHostIsAskedForOnePostAtATime(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx, now := context.Background(), noon.Add(time.Hour)
		wanted := append(inquiries(community.InquireParent, "slow.example", "1", "2"), inquiries(community.InquireParent, "other.example", "3")...)
		if err := store.InsertInquiries(ctx, wanted); err != nil {
			t.Fatal(err)
		}
		tokens, ids := map[string]string{}, map[string]string{}
		for range 2 {
			q, token, err := store.ClaimInquiry(ctx, now)
			if err != nil {
				t.Fatal(err)
			}
			tokens[q.Host], ids[q.Host] = token, q.ID
		}
		if len(tokens) != 2 {
			t.Errorf("asked %v at once, want one post of each host", tokens)
		}
		if _, _, err := store.ClaimInquiry(ctx, now); !errors.Is(err, community.NotFound) {
			t.Errorf("a third at once: got %v, want NotFound", err)
		}
		if err := store.FinishInquiry(ctx, ids["slow.example"], tokens["slow.example"], time.Time{}); err != nil {
			t.Fatal(err)
		}
		if q, _, err := store.ClaimInquiry(ctx, now); err != nil || q.URI != "https://slow.example/p/2" {
			t.Errorf("after the first: got %s, %v", q.URI, err)
		}
	})
}

// Who asks already does not know of what came meanwhile: what they learned does not
// end the question.
func TestAPostThatIsWantedAnewWhileItIsAskedForIsAskedForAgain(t *testing.T) {
	for _, kind := range []string{community.InquireParent, community.InquireOrigin, community.InquireGone} {
		t.Run(kind, func(t *testing.T) {
			storagetest.Each(t, func(t *testing.T, store *storage.Store) {
				ctx, now := context.Background(), noon.Add(time.Hour)
				if err := store.InsertInquiries(ctx, inquiries(kind, "far.example", "1")); err != nil {
					t.Fatal(err)
				}
				q, token, err := store.ClaimInquiry(ctx, now)
				if err != nil {
					t.Fatal(err)
				}
				if err := store.InsertInquiries(ctx, inquiries(kind, "far.example", "1")); err != nil {
					t.Fatal(err)
				}
				if err := store.FinishInquiry(ctx, q.ID, token, time.Time{}); !errors.Is(err, federation.ErrLeaseLost) {
					t.Errorf("the first ends it: got %v, want ErrLeaseLost", err)
				}
				if again, _, err := store.ClaimInquiry(ctx, now); err != nil || again.ID != q.ID {
					t.Errorf("asked again: got %+v, %v, want %s", again, err, q.ID)
				}
			})
		})
	}
}

// What one group asks about a post, or another of the same group, ends nobody else's
// question: neither while it is asked nor by its answer.
func TestEachGroupsQuestionIsItsOwn(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		ctx, now := context.Background(), noon.Add(time.Hour)
		var wanted []community.Inquiry
		for _, kind := range []string{community.InquireParent, community.InquireOrigin} {
			wanted = append(wanted, inquiries(kind, "far.example", "1")...)
		}
		other := inquiries(community.InquireParent, "far.example", "1")[0]
		other.GroupID = "g2"
		if err := store.InsertInquiries(ctx, append(wanted, other)); err != nil {
			t.Fatal(err)
		}
		asked := map[string]bool{}
		for range 3 {
			q, token, err := store.ClaimInquiry(ctx, now)
			if err != nil {
				t.Fatal(err)
			}
			asked[q.GroupID+" "+q.Kind] = true
			if err := store.FinishInquiry(ctx, q.ID, token, time.Time{}); err != nil {
				t.Fatal(err)
			}
		}
		if len(asked) != 3 {
			t.Errorf("asked are %v, want each of the three once", asked)
		}
		if _, _, err := store.ClaimInquiry(ctx, now); !errors.Is(err, community.NotFound) {
			t.Errorf("in the end: got %v, want NotFound", err)
		}
	})
}

// A node of the binary of before migration 0015 puts its questions where none is asked
// once it is gone.
func TestQuestionsOfTheBinaryBeforeAreTakenOver(t *testing.T) {
	storagetest.EachMigrated(t, func(t *testing.T, address string) {
		ctx := context.Background()
		store, err := storage.Open(ctx, address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { store.Close() })
		db := storagetest.SQL(t, address)
		asked := inquiries(community.InquireParent, "far.example", "1")
		if err := store.InsertInquiries(ctx, asked); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"1", "2", "3"} {
			exec(t, db, "INSERT INTO inquiries (uri, host, kind, group_id, depth, created_at, next_at) VALUES ('https://far.example/p/"+name+
				"', 'far.example', 'parent', 'g1', 4, '2026-03-01 12:00:00+00:00', '2026-03-01 12:00:00+00:00')")
		}
		tidyAt(t, store, noon)
		if n := count(t, db, "SELECT count(*) FROM inquiries"); n != 0 {
			t.Errorf("%d are left where they were, want none", n)
		}
		if n := count(t, db, "SELECT count(*) FROM group_inquiries WHERE depth = 4 AND group_id = 'g1' AND kind = 'parent' AND host = 'far.example'"); n != 2 {
			t.Errorf("%d were taken over, want two", n)
		}
		if n := count(t, db, "SELECT count(*) FROM group_inquiries WHERE id = '"+asked[0].ID+"' AND depth = 0"); n != 1 {
			t.Error("what was asked already is another")
		}
	})
}
