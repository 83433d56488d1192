package community

import (
	"slices"
	"testing"
	"time"
)

// R16, R17: whom a group is known to outside.
func TestR16R17GroupIsKnownOnlyAsFarAsItReaches(t *testing.T) {
	at := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	open := Group{Actor: Actor{ID: "g", DisclosedAt: &at}, State: GroupActive, Reach: ReachAnywhere}
	nobody, far := Viewer{}, Viewer{Domain: "far.example"}
	for _, c := range []struct {
		name   string
		change func(g *Group, s *Site)
		by     Viewer
		tie    Tie
		want   bool
	}{
		{"anywhere", func(*Group, *Site) {}, nobody, Tie{}, true},
		{"closed, to be read on", func(g *Group, _ *Site) { g.State = GroupClosed }, nobody, Tie{}, true},
		{"asked for", func(g *Group, _ *Site) { g.State = GroupAsked }, far, Tie{true, true}, false},
		{"turned down", func(g *Group, _ *Site) { g.State = GroupRefused }, far, Tie{true, true}, false},
		{"not disclosed yet", func(g *Group, _ *Site) { g.DisclosedAt = nil }, far, Tie{true, true}, false},
		{"of another server", func(g *Group, _ *Site) { g.Domain = "elm.example" }, far, Tie{true, true}, false},
		{"nowhere", func(g *Group, _ *Site) { g.Reach = ReachNowhere }, far, Tie{true, true}, false},
		{"on a site that talks to nobody", func(_ *Group, s *Site) { s.FrontDoor = FrontDoorClosed }, far, Tie{true, true}, false},
		{"named, to whom it names", func(g *Group, _ *Site) { g.Reach = ReachNamed }, far, Tie{Named: true}, true},
		{"named, to another", func(g *Group, _ *Site) { g.Reach = ReachNamed }, far, Tie{Followed: true}, false},
		{"named, to nobody in particular", func(g *Group, _ *Site) { g.Reach = ReachNamed }, nobody, Tie{Named: true}, false},
	} {
		g, site := open, Site{FrontDoor: FrontDoorOpen}
		c.change(&g, &site)
		if got := mayShareGroup(c.by, site, g, c.tie); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// R15 to R17: the narrower of a post's audience and its group's counts, and what
// is not for everyone wants a verified server with somebody in the group.
func TestR15R16R17WordsGoNoFartherThanTheNarrowerAudience(t *testing.T) {
	nobody, far := Viewer{}, Viewer{Domain: "far.example"}
	friend := Tie{Named: true, Followed: true}
	for _, c := range []struct {
		name                 string
		groupReaders, toward string
		readers, reach       string
		by                   Viewer
		tie                  Tie
		want                 bool
	}{
		{"for everyone", ReadersAnyone, ReachAnywhere, ReadersAnyone, ReachAnywhere, nobody, Tie{}, true},
		{"a post that stays, to a friend", ReadersAnyone, ReachAnywhere, ReadersAnyone, ReachNowhere, far, friend, false},
		{"a group that stays, to a friend", ReadersAnyone, ReachNowhere, ReadersAnyone, ReachAnywhere, far, friend, false},
		{"members' words, to nobody", ReadersMembers, ReachNamed, ReadersMembers, ReachNamed, nobody, friend, false},
		{"members' words, to a friend", ReadersMembers, ReachNamed, ReadersMembers, ReachNamed, far, friend, true},
		{"members' words, to a named server without anybody in", ReadersMembers, ReachNamed, ReadersMembers, ReachNamed, far, Tie{Named: true}, false},
		{"members' words, to one that is no longer named", ReadersMembers, ReachNamed, ReadersMembers, ReachNamed, far, Tie{Followed: true}, false},
		{"a post for named servers in a wider group", ReadersAnyone, ReachAnywhere, ReadersAnyone, ReachNamed, nobody, Tie{}, false},
		{"the instance's words, to a stranger", ReadersInstance, ReachAnywhere, ReadersAnyone, ReachAnywhere, far, Tie{}, false},
		{"the instance's words, to who is in", ReadersInstance, ReachAnywhere, ReadersAnyone, ReachAnywhere, far, Tie{Followed: true}, true},
	} {
		g := Group{Readers: c.groupReaders, Reach: c.toward}
		if got := mayShareWords(c.by, g, c.tie, c.readers, c.reach); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
		readers, reach := sharedWith(c.by, g, c.tie)
		if listed := slices.Contains(readers, c.readers) && slices.Contains(reach, c.reach); listed != c.want {
			t.Errorf("%s: a list has it: %v, want %v", c.name, listed, c.want)
		}
	}
}

func TestAPrivateGroupElsewhereGetsItsOwnPosts(t *testing.T) {
	g := Group{Actor: Actor{Domain: "far.example"}, Readers: ReadersMembers, Reach: ReachAnywhere}
	for domain, want := range map[string]bool{"far.example": true, "other.example": false, "": false} {
		if got := mayShareWords(Viewer{Domain: domain}, g, Tie{}, ReadersMembers, ReachAnywhere); got != want {
			t.Errorf("%q asks for a post in a private group of far.example: got %v, want %v", domain, got, want)
		}
	}
}
