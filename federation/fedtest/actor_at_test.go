package fedtest

import (
	"strings"
	"testing"
)

func TestAnActorStandsWhereATestWantsIt(t *testing.T) {
	strict := Dialect{Software: "strict", Post: strings.Fields(postForm), Get: strings.Fields(getForm), Algorithm: "rsa-sha256", WithQuery: true, KeySuffix: "#main-key"}
	far := NewServer(t, "far.example", Speaking(strict))
	for _, id := range []string{far.URL + "/ap/users/1", far.URL + "/", far.URL + "/caf%C3%A9#me"} {
		actor := far.ActorAt("Person", id)
		if far.ActorAt("Person", id) != actor {
			t.Errorf("%s: another one when asked again", id)
		}
		if answer := actor.Get(id); answer.Status != 200 {
			t.Errorf("%s: its document: got %d, want 200", id, answer.Status)
		}
		if answer := actor.Send(far.URL+"/inbox", actor.Activity("Like", "x")); answer.Status != 202 {
			t.Errorf("%s: got %d, want 202", id, answer.Status)
		}
		if got := far.AwaitActivity("Like"); got.Activity()["actor"] != id {
			t.Errorf("got %s, want it by %s", got.Body, id)
		}
	}
}
