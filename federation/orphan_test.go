package federation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
)

const (
	firstPost  = "https://far.example/p/first"
	secondPost = "https://far.example/p/second"
	thirdPost  = "https://far.example/p/third"
)

// inquires asks for what is due, and for what is due some time later.
func (o *origins) inquires(later time.Duration) {
	o.t.Helper()
	o.must(o.InquireDue(o.t.Context()))
	o.clock.pass(later)
	o.must(o.InquireDue(o.t.Context()))
}

// thread wants the posts of a thread, parents first, each with its parent.
func (o *origins) thread(when, root string, want ...string) {
	o.t.Helper()
	got := storagetest.Strings(o.t, o.db, `SELECT p.uri || ' < ' || coalesce(q.uri, '') FROM posts AS p JOIN posts AS t ON t.id = p.thread_id LEFT JOIN posts AS q ON q.id = p.parent_id
		WHERE t.uri = '`+root+`' AND p.state = 'published' ORDER BY p.published_at, p.id`)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		o.t.Errorf("%s: the thread is %q, want %q", when, got, want)
	}
	replies := storagetest.Strings(o.t, o.db, "SELECT '' || replies FROM posts WHERE uri = '"+root+"'")
	if len(got) > 0 && !slices.Equal(replies, []string{fmt.Sprint(len(got) - 1)}) {
		o.t.Errorf("%s: it counts %q replies, there are %d", when, replies, len(got)-1)
	}
}

// nothingLeft wants nobody to wait any more.
func (o *origins) nothingLeft(when string) {
	o.t.Helper()
	for _, table := range []string{"orphans", "group_inquiries", "posts WHERE state = 'orphan'"} {
		if n := storagetest.Strings(o.t, o.db, "SELECT '' || count(*) FROM "+table); n[0] != "0" {
			o.t.Errorf("%s: %s of %s are left", when, n[0], table)
		}
	}
}

// ada is the member of the talk as she looks at pages.
func (o *origins) ada(role string) community.Viewer {
	account, err := o.store.Account(o.t.Context(), "ada")
	o.must(err)
	return community.Viewer{User: &community.User{ID: "user-ada", Role: role, State: community.UserActive}, Accounts: []community.Account{account}, Acting: &account}
}

// A reply that came before what it answers is there for nobody, by whichever way
// they look, until it is joined.
func TestR15ReplyWithoutItsParentIsSeenByNobody(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		ctx := t.Context()
		o.exec("UPDATE memberships SET role = 'owner' WHERE account_id = 'ada'")
		for _, group := range []community.Group{o.quiet, o.carers} {
			uri := "https://far.example/p/waits-in-" + group.ID
			doc := postDocument(uri, kim, group.URI, firstPost+group.ID, "words of "+uri)
			doc = strings.Replace(doc, `"type":"Note",`, `"type":"Note","tag":[{"type":"Mention","href":"https://oak.example/u/ada"}],`, 1)
			if group.IsLocal() {
				o.becomes("sent", o.arrives("Create", kim, uri, doc), "held orphan")
			} else {
				o.becomes("passed on", o.arrives("Announce", group.URI, uri, create(uri, kim, doc)), "held orphan")
			}
			post, err := o.store.PostByURI(ctx, uri)
			if o.must(err); post.State != community.PostOrphan {
				t.Fatalf("%s is %s", uri, post.State)
			}
			for who, v := range map[string]community.Viewer{
				"an outsider": {}, "a member and moderator": o.ada(community.RoleMember), "an admin": o.ada(community.RoleAdmin),
				"its author's server": {Domain: "far.example", Remote: kim}, "another server": {Domain: "elm.example", Remote: moe},
			} {
				for what, read := range map[string]func() error{
					"thread":   func() error { _, err := o.service.Thread(ctx, v, post.ID, community.Paging{}, false); return err },
					"place":    func() error { _, err := o.service.PostPlace(ctx, v, post.ID); return err },
					"document": func() error { _, err := o.PostDocument(ctx, v, post.ID); return err },
					"replies":  func() error { _, err := o.service.SharedReplies(ctx, v, post.ID, community.Cursor{}); return err },
					"context":  func() error { _, _, err := o.service.SharedThread(ctx, v, post.ID, community.Cursor{}); return err },
					"report":   func() error { _, err := o.service.Reportable(ctx, v, post.ID, ""); return err },
					"to hide":  func() error { _, err := o.service.ThreadToModerate(ctx, v, post.ID); return err },
					"support":  func() error { _, err := o.service.GiveSupport(ctx, v, post.ID, "heard", true); return err },
					"an answer": func() error {
						_, err := o.service.WritePost(ctx, v, community.Draft{GroupID: group.ID, ParentID: post.ID, Text: "words", Language: "en"})
						return err
					},
				} {
					if err := read(); err == nil {
						t.Errorf("%s: %s finds what waits in %s", who, what, group.ID)
					}
				}
				if page, err := o.service.PostsOf(ctx, v, "kim", community.Paging{}); err == nil && len(page.Items) != 0 {
					t.Errorf("%s: the profile shows %d posts that wait", who, len(page.Items))
				}
				if page, err := o.service.Home(ctx, v, community.Paging{}); err == nil {
					for _, s := range page.Items {
						if s.ID == post.ID || s.Replies != 0 {
							t.Errorf("%s: home shows what waits: %+v", who, s)
						}
					}
				}
			}
			err = o.service.ReceiveReport(ctx, community.InboundReport{Domain: "far.example", PostIDs: []string{post.ID}, ActivityURI: uri + "/flag"})
			if err == nil {
				t.Error("a report repeats the words of what waits")
			}
		}
		for _, what := range []string{"notices", "events", "reports", "deliveries"} {
			if n := storagetest.Strings(t, o.db, "SELECT '' || count(*) FROM "+what); n[0] != "0" {
				t.Errorf("%s of %s say that something waits", n[0], what)
			}
		}
	})
}

// What came in the wrong order stands in the right one in the end, each post once,
// and is told of as if it had come then.
func TestRepliesAreJoinedWhenTheirParentComesByItself(t *testing.T) {
	for name, how := range map[string]func(o *origins){"together": func(*origins) {}, "one by one": func(o *origins) { o.OneByOne() }} {
		t.Run(name, func(t *testing.T) {
			eachOrigins(t, func(o *origins) {
				how(o)
				o.far.Handle("/p/first", fedtest.Status(503))
				o.becomes("the third", o.posts(lee, thirdPost, secondPost), "held orphan")
				o.becomes("the second", o.posts(kim, secondPost, firstPost), "held orphan")
				o.becomes("the second again", o.posts(kim, secondPost, firstPost), "held orphan")
				o.wantEvents("while they wait")
				o.inquires(0)
				o.becomes("the first", o.posts(kim, firstPost, "https://oak.example/p/ada"), "accepted ")
				const root = "https://oak.example/p/ada"
				o.thread("once it came", root, root+" < ", firstPost+" < "+root, secondPost+" < "+firstPost, thirdPost+" < "+secondPost)
				order := storagetest.Strings(t, o.db, "SELECT p.uri FROM events AS e JOIN posts AS p ON p.id = e.post_id ORDER BY e.seq")
				if !slices.Equal(order, []string{firstPost, secondPost, thirdPost}) {
					t.Errorf("told in the order of %q", order)
				}
				brought := storagetest.Strings(t, o.db, "SELECT a.object_uri FROM events AS e JOIN activities AS a ON a.id = e.about_id ORDER BY e.seq")
				if !slices.Equal(brought, order) {
					t.Errorf("passed on are %q", brought)
				}
				if heard := storagetest.Strings(t, o.db, "SELECT p.uri FROM notices AS n JOIN posts AS p ON p.id = n.post_id WHERE n.user_id = 'user-ada' ORDER BY n.created_at"); !slices.Contains(heard, firstPost) || len(heard) != 3 {
					t.Errorf("ada heard of %q", heard)
				}
				o.becomes("the first again", o.posts(kim, firstPost, root), "accepted ")
				o.inquires(time.Hour)
				o.nothingLeft("in the end")
			})
		})
	}
}

// In one run of the inbox they find each other too.
func TestRepliesAreJoinedWithinOneRun(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		for _, c := range [][2]string{{thirdPost, secondPost}, {secondPost, firstPost}, {firstPost, ""}} {
			o.posts(kim, c[0], c[1])
		}
		o.must(o.HandleDue(t.Context()))
		o.thread("in one run", firstPost, firstPost+" < ", secondPost+" < "+firstPost, thirdPost+" < "+secondPost)
		o.inquires(time.Hour)
		o.nothingLeft("in the end")
		if n := len(o.far.Requests()); n != 0 {
			t.Errorf("%d things were asked for", n)
		}
	})
}

// Missing parents are asked for where they come from, upwards to the root.
func TestMissingParentsAreAskedFor(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		o.serves(firstPost, kim, o.quiet.URI, "")
		o.serves(secondPost, lee, "https://far.example/elsewhere", firstPost) // names no group that is known
		o.becomes("the last", o.passesOn(kim, thirdPost, secondPost), "held orphan")
		o.passesOn(lee, "https://far.example/p/fourth", secondPost)
		o.must(o.HandleDue(t.Context()))
		o.inquires(0)
		o.thread("once they were asked for", firstPost, firstPost+" < ", secondPost+" < "+firstPost, thirdPost+" < "+secondPost, "https://far.example/p/fourth < "+secondPost)
		o.stands("one that was asked for", secondPost, "quiet published origin")
		for _, uri := range []string{firstPost, secondPost} {
			if asked := o.asked(uri); asked != 1 {
				t.Errorf("%s was asked for %d times, want once", uri, asked)
			}
		}
	})
}

// A group of ours takes no parent that is not addressed to it, of nobody who may not
// write in it; nor does a copy of one elsewhere take what is another's, or not for
// everybody.
func TestParentThatMayNotStandThereIsNotTaken(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		for i, c := range []struct {
			name, author, audience string
			local                  bool
			change                 func(doc string) string
		}{
			{"not addressed to ours", kim, "https://far.example/elsewhere", true, nil},
			{"of nobody in ours", outsider, o.carers.URI, true, nil},
			{"of another group", kim, o.mail.URI, false, nil},
			{"not for everybody", kim, "https://far.example/elsewhere", false, func(doc string) string {
				return strings.ReplaceAll(doc, "https://www.w3.org/ns/activitystreams#Public", "https://far.example/u/kim/followers")
			}},
		} {
			parent, reply := fmt.Sprintf("https://far.example/p/parent-%d", i), fmt.Sprintf("https://far.example/p/reply-%d", i)
			doc := postDocument(parent, c.author, c.audience, "", "words")
			if c.change != nil {
				doc = c.change(doc)
			}
			o.at(parent, fedtest.Body(activityJSON, []byte(doc)))
			if c.local {
				o.becomes(c.name, o.posts(lee, reply, parent), "held orphan")
			} else {
				o.becomes(c.name, o.passesOn(lee, reply, parent), "held orphan")
			}
			o.inquires(0)
			o.stands(c.name, parent)
			if asked := o.asked(parent); asked != 1 {
				t.Errorf("%s: asked for %d times, want once", c.name, asked)
			}
		}
	})
}

// What waits too long is gone as if it had never come, words and all; so is what may
// not stand there any more when its parent comes.
func TestOrphanEndsWithoutATrace(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		o.becomes("a reply", o.posts(lee, secondPost, firstPost), "held orphan")
		o.inquires(71 * time.Hour)
		if n, err := o.service.EndOrphans(t.Context()); err != nil || n != 0 {
			t.Errorf("%d ended, %v, before their time", n, err)
		}
		o.clock.pass(2 * time.Hour)
		if n, err := o.service.EndOrphans(t.Context()); err != nil || n != 1 {
			t.Errorf("%d ended, %v, want one", n, err)
		}
		o.inquires(time.Hour)
		o.nothingLeft("in the end")
		o.stands("in the end", secondPost)
		if raw := storagetest.Strings(t, o.db, "SELECT uri FROM activities WHERE raw IS NOT NULL"); len(raw) != 0 {
			t.Errorf("the bytes of %q are kept", raw)
		}
	})
}

func TestOrphanIsJudgedAgainWhenItsParentComes(t *testing.T) {
	for name, change := range map[string]func(o *origins){
		"suspended": func(o *origins) {
			o.exec("UPDATE accounts SET suspended_at = '2026-01-01 00:00:00+00:00' WHERE actor_id = 'lee'")
		},
		"removed": func(o *origins) { o.exec("UPDATE memberships SET state = 'removed' WHERE account_id = 'lee'") },
		"refused": func(o *origins) {
			_, err := o.service.SetPolicyAsOperator(o.t.Context(), community.PolicyDraft{Domain: "far.example", Severity: policy.Suspend})
			o.must(err)
		},
		"locked": func(o *origins) { o.exec("UPDATE posts SET locked_at = published_at WHERE id = 'post-ada'") },
		"deleted": func(o *origins) {
			o.becomes("deleted", o.arrives("Delete", lee, secondPost, quoted(secondPost)), "accepted ")
		},
		"gone": func(o *origins) { o.must(o.service.MarkActorGone(o.t.Context(), lee)) },
	} {
		t.Run(name, func(t *testing.T) {
			eachOrigins(t, func(o *origins) {
				const parent = "https://elm.example/p/parent"
				o.becomes("a reply", o.posts(lee, secondPost, parent), "held orphan")
				change(o)
				if name == "locked" {
					o.exec("UPDATE memberships SET role = 'owner' WHERE account_id = 'moe'") // who may still write in it
				}
				o.becomes("its parent", o.arrives("Create", moe, parent, postDocument(parent, moe, o.carers.URI, "https://oak.example/p/ada", "words")), "accepted ")
				o.stands("joined", secondPost)
				o.inquires(time.Hour)
				o.nothingLeft("in the end")
			})
		})
	}
}

// What is said of a reply while it waits counts when it is joined.
func TestEditOfAnOrphanIsFollowed(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		o.becomes("a reply", o.posts(lee, secondPost, firstPost), "held orphan")
		o.becomes("somebody else's edit", o.edits(kim, secondPost, o.carers, "smuggled"), "refused not_author")
		mended := strings.Replace(postDocument(secondPost, lee, o.carers.URI, "", "mended"), `"type":"Note",`, `"type":"Note","tag":[{"type":"Mention","href":"https://oak.example/u/ada"}],`, 1)
		o.becomes("its author's", o.arrives("Update", lee, secondPost, mended), "accepted ")
		o.wantEvents("while it waits")
		o.becomes("somebody else's deletion", o.arrives("Delete", kim, secondPost, quoted(secondPost)), "refused looked_after_here")
		o.becomes("its parent", o.posts(kim, firstPost, ""), "accepted ")
		o.says("joined", secondPost, "mended")
		o.stands("joined", secondPost, "carers published signed")
		if heard := storagetest.Strings(t, o.db, "SELECT p.uri FROM notices AS n JOIN posts AS p ON p.id = n.post_id WHERE n.user_id = 'user-ada'"); !slices.Equal(heard, []string{secondPost}) {
			t.Errorf("ada, whom the edit names, heard of %q", heard)
		}
		told := storagetest.Strings(t, o.db, "SELECT e.kind || ' ' || e.about_id FROM events AS e JOIN posts AS p ON p.id = e.post_id WHERE p.uri = '"+secondPost+"' ORDER BY e.seq")
		if len(told) != 2 || told[1] != community.EventPostEdited+" "+community.AboutMended {
			t.Errorf("told of it is %q, want its Create and then its change", told)
		}
	})
}

// Nobody's replies keep others' from waiting: the oldest of who has most give way. One
// of this very server is never waited for.
func TestOrphansOfTheGreedyGiveWay(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		o.becomes("of ours", o.posts(lee, thirdPost, "https://oak.example/p/never"), " unknown")
		for i := range 200 {
			id := fmt.Sprintf("w%03d", i)
			o.must(o.store.InsertPost(t.Context(), community.Post{ID: id, URI: "https://elm.example/w/" + id, GroupID: o.carers.ID, AuthorID: "moe", ThreadID: id,
				InReplyToURI: "https://elm.example/never", State: community.PostOrphan, Version: 1, Verified: community.VerifiedSigned, PublishedAt: noon, ReceivedAt: noon, LastActivityAt: noon}))
			o.must(o.store.InsertOrphans(t.Context(), []community.Orphan{{PostID: id, GroupID: o.carers.ID, Host: "elm.example", CameAt: noon.Add(time.Duration(i) * time.Microsecond)}}))
		}
		o.clock.pass(time.Minute)
		o.becomes("somebody else's", o.posts(lee, secondPost, firstPost), "held orphan")
		o.becomes("one more of the many", o.arrives("Create", moe, moesPost, postDocument(moesPost, moe, o.carers.URI, firstPost, "words")), "held orphan")
		left := storagetest.Strings(t, o.db, "SELECT p.id FROM orphans AS o JOIN posts AS p ON p.id = o.post_id WHERE p.author_id = 'moe' AND p.id LIKE 'w%' ORDER BY p.id")
		if len(left) != 19 || left[0] != "w181" {
			t.Errorf("of the many %d wait, from %q on, want the 19 newest", len(left), left[:min(1, len(left))])
		}
		o.stands("somebody else's", secondPost, "carers orphan signed")
		o.stands("one more of the many", moesPost, "carers orphan signed")
		if n := storagetest.Strings(t, o.db, "SELECT '' || count(*) FROM posts WHERE state = 'orphan'"); n[0] != "21" {
			t.Errorf("%s posts wait, want 21: what gave way is erased", n[0])
		}
	})
}

// One group's question, and its answer, are nothing to another that waits for the same.
func TestAGroupsQuestionEndsNoOthers(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		o.serves(firstPost, kim, o.quiet.URI, "")
		other := "https://elm.example/p/other"
		o.becomes("a group that it is not of", o.posts(moe, other, firstPost), "held orphan")
		o.becomes("its own", o.passesOn(lee, secondPost, firstPost), "held orphan")
		o.waiting("both ask", "3") // and the reply of another server at its own
		o.inquires(0)
		o.thread("its own", firstPost, firstPost+" < ", secondPost+" < "+firstPost)
		o.stands("what answers another group's post", other)
	})
}

// A thread is asked for upwards so far and no further.
func TestAChainOfParentsIsAskedForFiftyTimesAtMost(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		at := func(i int) string { return fmt.Sprintf("https://far.example/p/chain-%03d", i) }
		for i := range 60 {
			o.serves(at(i), kim, o.quiet.URI, at(i+1))
		}
		o.becomes("the last", o.passesOn(kim, "https://far.example/p/last", at(0)), "held orphan")
		o.inquires(0)
		if n := len(o.far.Requests()); n != 50 {
			t.Errorf("%d parents were asked for, want 50", n)
		}
	})
}
