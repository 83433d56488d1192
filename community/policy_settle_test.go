package community_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/community/secret"
)

const day = 24 * time.Hour

// groupAt is a group of another server.
func (h *parlour) groupAt(domain string) community.Group {
	h.Helper()
	id := secret.NewActorID()
	g := community.Group{Actor: community.Actor{ID: id, URI: "https://" + domain + "/g/" + id, Type: community.ActorGroup, Domain: domain, Name: "quiet", Title: "Quiet", CreatedAt: h.now},
		State: community.GroupActive, Joining: community.JoiningOpen, Readers: community.ReadersAnyone, Reach: community.ReachAnywhere, LastActivityAt: h.now}
	h.must(h.store.InsertGroup(h.ctx, g))
	return g
}

// accountAt is somebody of another server.
func (h *parlour) accountAt(domain, name string) community.Account {
	h.Helper()
	a := community.Account{Actor: community.Actor{ID: secret.NewActorID(), URI: "https://" + domain + "/u/" + name, Type: community.ActorPerson, Domain: domain, Name: name, Title: name, CreatedAt: h.now}}
	h.must(h.store.InsertAccount(h.ctx, a))
	return a
}

// put stores a post in a state: a root, or a reply to one.
func (h *parlour) put(id string, g community.Group, authorID, state string, root *community.Post) community.Post {
	h.Helper()
	p := community.Post{ID: id, URI: "https://posts.example/" + id, GroupID: g.ID, AuthorID: authorID, ThreadID: id, State: state, Title: id, HTML: "<p>words</p>", Version: 1,
		Readers: g.Readers, Reach: community.ReachAnywhere, Verified: community.VerifiedSigned, PublishedAt: h.now, ReceivedAt: h.now, LastActivityAt: h.now}
	if root != nil {
		p.ThreadID, p.ParentID, p.Title = root.ID, &root.ID, ""
	}
	h.must(h.store.InsertPost(h.ctx, p))
	if root != nil {
		h.must(h.store.RecountThread(h.ctx, root.ID))
	}
	return p
}

// states are those of all posts or memberships, by id.
func (h *parlour) states(table string) map[string]string {
	h.Helper()
	all := map[string]string{}
	for _, line := range h.column("SELECT id || ' ' || state FROM " + table) {
		id, state, _ := strings.Cut(line, " ")
		all[id] = state
	}
	return all
}

// settles does what is left to settle of a domain, piece by piece, and says how many
// pieces that were. Each piece is done twice, as if what came of it was not kept.
func (h *parlour) settles(domain string) (pieces int) {
	h.Helper()
	j, err := h.store.LastJob(h.ctx, community.JobSettle, domain)
	if err != nil || !j.IsOpen() {
		return 0
	}
	for more := true; more; pieces++ {
		_, _, _, err := h.service.SettleMore(h.ctx, j)
		h.must(err)
		j.Cursor, _, more, err = h.service.SettleMore(h.ctx, j)
		h.must(err)
	}
	h.must(h.store.EndJob(h.ctx, community.JobSettle, domain, h.now))
	return pieces
}

// shared is what a hearth and elm.example have in common: posts and ties of all kinds.
func (h *parlour) shared() (own, far community.Group, rowan community.Viewer) {
	h.Helper()
	own, far, rowan = h.group("carers", reaching(community.ReachAnywhere)), h.groupAt("elm.example"), h.person("rowan")
	h.must(h.store.DiscloseActor(h.ctx, rowan.Acting.ID, h.now))
	kim, lee := h.farAccount("kim"), h.accountAt("fir.example", "lee")
	near := h.put("root-here", own, rowan.Acting.ID, community.PostPublished, nil)
	h.put("reply-kim", own, kim.ID, community.PostPublished, &near)
	h.put("held-kim", own, kim.ID, community.PostHeld, &near)
	h.put("hidden-kim", own, kim.ID, community.PostHidden, &near)
	h.put("reply-lee", own, lee.ID, community.PostPublished, &near)
	theirs := h.put("root-kim", own, kim.ID, community.PostPublished, nil)
	h.put("answer-lee", own, lee.ID, community.PostPublished, &theirs)
	there := h.put("root-there", far, lee.ID, community.PostPublished, nil)
	h.put("reply-rowan", far, rowan.Acting.ID, community.PostPublished, &there)
	h.put("gone-there", far, lee.ID, community.PostDeleted, &there)
	h.tie("m-kim", own.ID, kim.ID)
	h.tie("m-lee", own.ID, lee.ID)
	h.tie("m-rowan", far.ID, rowan.Acting.ID)
	h.said()
	return own, far, rowan
}

// R33: suspending hides and keeps; lifting on day 29 restores posts and relations.
func TestR33SuspendingFreezesAndLiftingByDay29RestoresAll(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		own, far, rowan := h.shared()
		posts, ties := h.states("posts"), h.states("memberships")
		h.policy(policy.Suspend)
		frozen := maps.Clone(posts)
		for _, id := range []string{"reply-kim", "held-kim", "hidden-kim", "root-kim", "root-there", "reply-rowan"} {
			frozen[id] = community.PostFrozen
		}
		if got := h.states("posts"); !maps.Equal(got, frozen) {
			h.Errorf("suspended: got %v, want %v", got, frozen)
		}
		if n := h.column("SELECT replies FROM posts WHERE id IN ('root-here', 'root-there') ORDER BY id"); !slices.Equal(n, []string{"1", "0"}) {
			h.Errorf("replies that are counted: got %v, want 1 and none", n)
		}
		h.heard(rowan, community.NoticeSevered, far.ID)
		if got := h.said(); len(got) != 0 {
			h.Errorf("while it is refused: got %v, want nothing", got)
		}
		h.now = h.now.Add(29*day - 2*time.Minute)
		h.lift()
		if got := h.states("posts"); !maps.Equal(got, posts) {
			h.Errorf("lifted: got %v, want %v", got, posts)
		}
		ties["m-rowan"] = community.MemberAsked // its server is asked anew
		if got := h.states("memberships"); !maps.Equal(got, ties) {
			h.Errorf("lifted: got %v, want %v", got, ties)
		}
		h.heard(rowan, community.NoticeRestored, far.ID)
		if n := len(h.column("SELECT id FROM notices WHERE kind = '" + community.NoticeRestored + "'")); n != 1 {
			h.Errorf("got %d notices, want one: a follower elsewhere is nobody's to tell", n)
		}
		if got := h.column("SELECT kind FROM events WHERE kind IN ('joined', 'left', 'follow_answered') ORDER BY kind"); !slices.Equal(got, []string{community.EventFollowAnswered, community.EventJoined}) {
			h.Errorf("lifted: told of %v, want the Follow, and a yes to kim's once more", got)
		}
		if m, err := h.store.Membership(h.ctx, far.ID, rowan.Acting.ID); err != nil || m.FollowURI == "https://follow.example/m-rowan" || m.FollowURI == "" {
			h.Errorf("got Follow %q, %v; want a new one", m.FollowURI, err)
		}
		h.lift2(own)
	})
}

// lift2 suspends and lifts once more: nothing is told twice.
func (h *parlour) lift2(own community.Group) {
	h.Helper()
	h.said()
	h.policy(policy.Suspend)
	h.policy(policy.Allow)
	if got := h.states("memberships")["m-kim"]; got != community.MemberActive {
		h.Errorf("replaced by another severity in %s: kim is %s, want back in", own.Name, got)
	}
	if got := h.column("SELECT kind FROM events WHERE kind IN ('joined', 'left', 'follow_answered') ORDER BY kind"); !slices.Equal(got, []string{community.EventFollowAnswered, community.EventJoined}) {
		h.Errorf("replaced by another severity: told of %v, want the Follow and the yes", got)
	}
}

// What is here of a server is seen by nobody, but its place in a thread is.
func TestFrozenPostsLeaveThreadsReadable(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		_, _, rowan := h.shared()
		h.policy(policy.Suspend)
		for root, want := range map[string]map[string]bool{ // of what is there: whether with words
			"root-here": {"root-here": true, "reply-kim": false, "hidden-kim": false, "reply-lee": true},
			"root-kim":  {"root-kim": false, "answer-lee": true},
		} {
			view, err := h.service.Thread(h.ctx, community.Viewer{}, root, community.Paging{}, false)
			h.must(err)
			got := map[string]bool{}
			for _, p := range view.Posts {
				got[p.ID] = p.Words
				if !p.Words && (p.HTML != "" || p.Author.Title != "") {
					h.Errorf("%s: got words %q by %q, want none", p.ID, p.HTML, p.Author.Title)
				}
			}
			if !maps.Equal(got, want) {
				h.Errorf("%s: got %v, want %v", root, got, want)
			}
		}
		view, err := h.service.Thread(h.ctx, rowan, "root-there", community.Paging{}, false)
		h.must(err)
		for _, p := range view.Posts {
			if p.Words != (p.ID == "reply-rowan") {
				h.Errorf("rowan sees words of %s: %v, want those of their own alone", p.ID, p.Words)
			}
		}
	})
}

// Somebody of here may take their own words away while they are frozen, and leave.
func TestWhatIsFrozenCanBeDeletedAndLeft(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		_, far, rowan := h.shared()
		_, err := h.db.Exec("UPDATE posts SET verified = 'local' WHERE id = 'reply-rowan'")
		h.must(err)
		h.policy(policy.Suspend)
		_, err = h.service.DeletePost(h.ctx, rowan, "reply-rowan")
		h.must(err)
		h.must(h.service.LeaveGroup(h.ctx, rowan, far.ID))
		h.said()
		h.lift()
		if got := h.states("posts")["reply-rowan"]; got != community.PostDeleted {
			h.Errorf("what was deleted meanwhile is %s", got)
		}
		if got := h.states("memberships")["m-rowan"]; got != community.MemberLeft {
			h.Errorf("who left meanwhile is %s", got)
		}
		if got := h.said(); !slices.Equal(got, []string{community.EventFollowAnswered, community.EventLeft}) {
			h.Errorf("their server is told of %v, want that they left, and a yes to kim", got)
		}
	})
}

func TestTiesThatNobodyWantsAnyMoreAreToldAndNotRestored(t *testing.T) {
	for name, change := range map[string]string{
		"their group here was closed": "UPDATE groups SET state = 'closed' WHERE actor_id = (SELECT group_id FROM memberships WHERE id = 'm-kim')",
		"they were removed":           "UPDATE memberships SET state = 'removed' WHERE id = 'm-kim'",
		"they are no more":            "UPDATE actors SET gone_at = created_at WHERE name = 'kim'",
		"it was cut too long ago":     "UPDATE severances SET cut_at = (SELECT created_at FROM actors WHERE name = 'quiet-heron')",
	} {
		t.Run(name, func(t *testing.T) {
			eachParlour(t, func(h *parlour) {
				h.shared()
				h.policy(policy.Suspend)
				h.now = h.now.Add(29 * day)
				_, err := h.db.Exec(change)
				h.must(err)
				if strings.Contains(change, "cut_at") {
					h.now = h.now.Add(day)
				}
				h.lift()
				if got := h.states("memberships")["m-kim"]; got == community.MemberActive || got == community.MemberSevered {
					h.Errorf("kim is %s in it", got)
				}
				if got := h.said(); !slices.Contains(got, community.EventFollowAnswered) {
					h.Errorf("their server is told of %v, want a no among it", got)
				}
			})
		})
	}
}

// Whatever another decision keeps out of sight stays there.
func TestAPostIsFrozenAsLongAsOneOfItsServersIsSuspended(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		far := h.groupAt("fir.example")
		h.put("both", far, h.accountAt("a.elm.example", "kim").ID, community.PostPublished, nil)
		set := func(domain, severity string) {
			h.Helper()
			h.now = h.now.Add(time.Minute)
			_, err := h.service.SetPolicyAsOperator(h.ctx, community.PolicyDraft{Domain: domain, Severity: severity})
			h.must(err)
		}
		for _, step := range []struct {
			domain, severity, want string
		}{
			{"elm.example", policy.Suspend, community.PostFrozen},
			{"fir.example", policy.Suspend, community.PostFrozen},
			{"elm.example", policy.Allow, community.PostFrozen},
			{"fir.example", policy.Allow, community.PostPublished},
			{"elm.example", policy.Suspend, community.PostFrozen},
			{"a.elm.example", policy.Allow, community.PostPublished}, // where the door is open it counts more
			{"notelm.example", policy.Suspend, community.PostPublished},
		} {
			set(step.domain, step.severity)
			if got := h.states("posts")["both"]; got != step.want {
				h.Errorf("after %s of %s: got %s, want %s", step.severity, step.domain, got, step.want)
			}
		}
		draft := community.SiteDraftOf(h.site())
		draft.FrontDoor = community.FrontDoorChosen // where a refusal counts more
		h.must(h.service.SaveSite(h.ctx, h.admin, draft))
		if got := h.states("posts")["both"]; got != community.PostFrozen {
			h.Errorf("behind another door: got %s, want it frozen", got)
		}
	})
}

func (h *parlour) site() community.Site {
	h.Helper()
	site, err := h.service.Site(h.ctx)
	h.must(err)
	return site
}

// More than one transaction is about, cut short, repeated, and turned round half way.
func TestR33WhatIsMuchIsSettledPieceByPieceAndTheLaterDecisionHolds(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		own, far := h.group("carers", reaching(community.ReachAnywhere)), h.groupAt("elm.example")
		kim := h.farAccount("kim")
		root := h.put("root", far, kim.ID, community.PostPublished, nil)
		for i := range 450 {
			h.put(fmt.Sprint("reply", i), far, kim.ID, community.PostPublished, &root)
		}
		for i := range 301 {
			h.tie(fmt.Sprint("m", i), own.ID, h.farAccount(fmt.Sprint("far", i)).ID)
		}
		count := func(table, state string) int {
			return len(h.column("SELECT id FROM " + table + " WHERE state = '" + state + "'"))
		}
		wants := func(when string, frozen, severed int) {
			h.Helper()
			if posts, ties := count("posts", "frozen"), count("memberships", "severed"); posts != frozen || ties != severed {
				h.Errorf("%s: %d posts are frozen and %d ties cut, want %d and %d", when, posts, ties, frozen, severed)
			}
		}
		h.policy(policy.Suspend)
		if n := count("posts", "frozen"); n == 0 || n == 451 {
			h.Fatalf("%d of 451 posts were frozen at once: the job is not tried", n)
		}
		h.lift()
		h.settles("elm.example")
		wants("lifted under way", 0, 0)
		h.policy(policy.Suspend)
		if h.settles("elm.example") == 0 {
			h.Error("nothing was left to be settled")
		}
		wants("suspended again", 451, 301)
		h.lift()
		if got, err := h.store.LastJob(h.ctx, community.JobSettle, "elm.example"); err != nil || !got.IsOpen() {
			h.Fatalf("got job %+v, %v; want an open one", got, err)
		}
		h.policy(policy.Suspend) // before it is done
		h.settles("elm.example")
		wants("suspended under way", 451, 301)
		h.lift()
		h.settles("elm.example")
		wants("lifted", 0, 0)
	})
}
