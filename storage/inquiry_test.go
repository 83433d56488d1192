package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"hearth/community"
	"hearth/federation"
	"hearth/storage"
	"hearth/storage/storagetest"
)

// inquiries are the posts of a host, to be asked for from noon on.
func inquiries(kind, host string, names ...string) (all []community.Inquiry) {
	for i, name := range names {
		all = append(all, community.Inquiry{URI: "https://" + host + "/p/" + name, Host: host, Kind: kind, GroupID: "g1", CreatedAt: noon, NextAt: noon.Add(time.Duration(i) * time.Second)})
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
		tokens := map[string]string{}
		for range 2 {
			q, token, err := store.ClaimInquiry(ctx, now)
			if err != nil {
				t.Fatal(err)
			}
			tokens[q.Host] = token
		}
		if len(tokens) != 2 {
			t.Errorf("asked %v at once, want one post of each host", tokens)
		}
		if _, _, err := store.ClaimInquiry(ctx, now); !errors.Is(err, community.NotFound) {
			t.Errorf("a third at once: got %v, want NotFound", err)
		}
		if err := store.FinishInquiry(ctx, "https://slow.example/p/1", tokens["slow.example"], time.Time{}); err != nil {
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
	for name, c := range map[string]struct{ first, then string }{
		"something else waits for a parent":    {community.InquireParent, community.InquireParent},
		"a parent came, and only by its group": {community.InquireParent, community.InquireOrigin},
		"it was changed, by its group's word":  {community.InquireOrigin, community.InquireOrigin},
		"something waits for what is in doubt": {community.InquireOrigin, community.InquireParent},
	} {
		t.Run(name, func(t *testing.T) {
			storagetest.Each(t, func(t *testing.T, store *storage.Store) {
				ctx, now := context.Background(), noon.Add(time.Hour)
				if err := store.InsertInquiries(ctx, inquiries(c.first, "far.example", "1")); err != nil {
					t.Fatal(err)
				}
				q, token, err := store.ClaimInquiry(ctx, now)
				if err != nil {
					t.Fatal(err)
				}
				if err := store.InsertInquiries(ctx, inquiries(c.then, "far.example", "1")); err != nil {
					t.Fatal(err)
				}
				if err := store.FinishInquiry(ctx, q.URI, token, time.Time{}); !errors.Is(err, federation.ErrLeaseLost) {
					t.Errorf("the first ends it: got %v, want ErrLeaseLost", err)
				}
				want := community.InquireOrigin
				if c.first == c.then {
					want = c.first
				}
				if again, _, err := store.ClaimInquiry(ctx, now); err != nil || again.Kind != want {
					t.Errorf("asked again: got %+v, %v, want one of kind %s", again, err, want)
				}
			})
		})
	}
}
