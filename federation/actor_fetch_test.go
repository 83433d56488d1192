package federation_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"hearth/community"
	"hearth/federation/fedtest"
)

// What a stranger's first activity makes us ask of their server, when we know
// the server already, is bounded: their actor, and little else.
func TestNewActorOfAKnownHostCostsAtMostThreeFetches(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		group := community.Group{
			Actor: community.Actor{ID: "quiet", URI: "https://oak.example/g/quiet", Type: community.ActorGroup, Name: "quiet", Title: "Quiet",
				URL: "https://oak.example/g/quiet", Inbox: "https://oak.example/g/quiet/inbox", SharedInbox: "https://oak.example/inbox", CreatedAt: noon, DisclosedAt: ptrTo(noon)},
			State: community.GroupActive, Joining: community.JoiningOpen, Language: "en", Readers: community.ReadersAnyone,
			Reach: community.ReachAnywhere, Listed: true, Microblogs: true, LastActivityAt: noon,
		}
		if err := h.store.InsertGroup(t.Context(), group); err != nil {
			t.Fatal(err)
		}
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		h.start(t)
		follow := func(name string) (fetches int) {
			t.Helper()
			before := len(far.Requests())
			actor := far.Person(name)
			act := actor.Activity("Follow", group.URI)
			h.take(t, actor, act)
			far.Await("the Accept of "+name, func(r fedtest.Request) bool {
				inner, _ := r.Activity()["object"].(map[string]any)
				return r.Type() == "Accept" && inner["id"] == act["id"]
			})
			for _, r := range far.Requests()[before:] {
				if r.Method == http.MethodGet {
					fetches++
				}
			}
			return fetches
		}
		follow("ada")
		if n := follow("bo"); n < 1 || n > 3 {
			t.Errorf("a new actor of a known host: got %d fetches, want 1 to 3", n)
		}
	})
}

func ptrTo[T any](value T) *T { return &value }

// take brings an activity to the door, as its HTTP server would.
func (h *hearth) take(t *testing.T, actor *fedtest.Actor, act map[string]any) {
	t.Helper()
	body, err := json.Marshal(act)
	if err != nil {
		t.Fatal(err)
	}
	req := actor.Signed(http.MethodPost, "https://oak.example/inbox", body)
	req.RequestURI = "/inbox"
	if err := h.Receive(t.Context(), req); err != nil {
		t.Fatal(err)
	}
}
