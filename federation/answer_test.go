package federation_test

import (
	"slices"
	"testing"

	"hearth/community"
	"hearth/community/policy"
	"hearth/community/secret"
	"hearth/storage/storagetest"
)

// begins is a thread that somebody of a server began in a group.
func (d *dialects) begins(l listener, g community.Group) community.Post {
	d.Helper()
	epoch, err := d.store.PolicyEpoch(d.Context())
	d.must(err)
	account := "kim." + l.Host
	post, err := d.service.ReceivePost(d.Context(), community.Inbound{
		URI: l.URL + "/p/1", GroupID: g.ID, AuthorID: account, Title: "Kim", HTML: "<p>words</p>", Verified: community.VerifiedSigned, Epoch: epoch,
	})
	d.must(err)
	return post
}

// answers has ada answer a post, agreed to copies of what she writes there.
func (d *dialects) answers(post community.Post) community.Post {
	d.Helper()
	d.exec("DELETE FROM memberships WHERE account_id = 'ada' AND group_id = '" + post.GroupID + "'")
	d.must(d.store.InsertMembership(d.Context(), community.Membership{ID: secret.NewActorID(), GroupID: post.GroupID, AccountID: "ada", Role: community.GroupMember, State: community.MemberActive, CreatedAt: noon, ChangedAt: noon}))
	d.must(d.store.InsertConsent(d.Context(), community.Consent{ID: secret.NewID(noon), UserID: d.ada.User.ID, AccountID: "ada", GroupID: &post.GroupID, Scope: community.ConsentFederate, GivenAt: noon}))
	answer, err := d.service.WritePost(d.Context(), d.ada, community.Draft{GroupID: post.GroupID, ParentID: post.ID, Text: "an answer", Language: "en"})
	d.must(err)
	return answer
}

// leaves takes whoever is of a server out of the group.
func (d *dialects) leavesFrom(l listener) {
	d.Helper()
	d.must(d.service.ReceiveUnfollow(d.Context(), d.group.ID, "kim."+l.Host))
}

func TestAnAnswerGoesToTheServerOfWhomItAnswers(t *testing.T) {
	for name, stays := range map[string]bool{"who follows": true, "who no longer does": false} {
		t.Run(name, func(t *testing.T) {
			eachDialects(t, func(d *dialects) {
				thread := d.begins(d.mastodon, d.group)
				if !stays {
					d.leavesFrom(d.mastodon)
				}
				answer := d.answers(thread)
				announced, told := []string{"Announce Create"}, []string{"Create"}
				d.wantHeard("written", announced, told, announced)
				note := d.mastodon.last()["object"].(map[string]any)
				kim := d.mastodon.URL + "/u/kim"
				if note["inReplyTo"] != thread.URI || note["type"] != "Note" || !has(note["cc"], kim) || !has(note["to"], "https://www.w3.org/ns/activitystreams#Public") {
					t.Errorf("the answer is %v, want it to name what and whom it answers", note)
				}
				if !slices.ContainsFunc(note["tag"].([]any), func(tag any) bool {
					m := tag.(map[string]any)
					return m["type"] == "Mention" && m["href"] == kim && m["name"] == "@kim@mastodon.example"
				}) {
					t.Errorf("its tags are %v, want a Mention of %s", note["tag"], kim)
				}
				if got := d.mastodon.last()["actor"]; got != d.ada.Acting.URI {
					t.Errorf("it is said by %v, want by its author", got)
				}
				if got := d.hosts(answer); !slices.Equal(got, []string{"lemmy.example", "mastodon.example", "stranger.example"}) {
					t.Errorf("copies are known at %q", got)
				}
				_, err := d.service.EditPost(d.Context(), d.ada, answer.ID, community.Draft{Text: "other words", Language: "en", Version: answer.Version})
				d.must(err)
				announced, told = append(announced, "Announce Update"), append(told, "Update")
				d.wantHeard("edited", announced, told, announced)
				_, err = d.service.DeletePost(d.Context(), d.ada, answer.ID)
				d.must(err)
				d.publishAndDeliver()
				if got := d.mastodon.heard(); !slices.Contains(got, "Delete") {
					t.Errorf("after its deletion %s heard %q", d.mastodon.Host, got)
				}
				if left := storagetest.Strings(t, d.db, "SELECT host FROM reach WHERE post_id = '"+answer.ID+"' AND delete_received_at IS NULL"); len(left) > 0 {
					t.Errorf("its deletion did not reach %q", left)
				}
			})
		})
	}
}

func has(list any, one string) bool {
	all, _ := list.([]any)
	return slices.Contains(all, any(one))
}

// Software of groups that is told of everything is told of an answer once; where
// nobody follows any more it is told by the author.
func TestAnAnswerToSomebodyOfAGroupServerIsToldOnce(t *testing.T) {
	eachDialects(t, func(d *dialects) {
		thread := d.begins(d.lemmy, d.group)
		d.answers(thread)
		d.publishAndDeliver()
		if got := d.lemmy.heard(); !slices.Equal(got, []string{"Announce Create"}) {
			t.Errorf("%s heard %q, want it once", d.lemmy.Host, got)
		}
		d.leavesFrom(d.lemmy)
		later := d.answers(thread)
		d.publishAndDeliver()
		_, err := d.service.DeletePost(d.Context(), d.ada, later.ID)
		d.must(err)
		d.publishAndDeliver()
		if got := d.lemmy.heard(); !slices.Equal(got, []string{"Announce Create", "Create", "Announce Delete", "Delete"}) {
			t.Errorf("%s heard %q", d.lemmy.Host, got)
		}
	})
}

// R15: of what not everybody may read everywhere nothing goes to anybody but those
// it went to before.
func TestR15AnAnswerGoesToNoServerThatMayNotHaveIt(t *testing.T) {
	for name, narrow := range map[string]func(d *dialects){
		"members alone":   func(d *dialects) { d.exec("UPDATE groups SET readers = 'members'") },
		"people of here":  func(d *dialects) { d.exec("UPDATE groups SET readers = 'instance'") },
		"nobody":          func(d *dialects) { d.exec("UPDATE groups SET reach = 'nowhere'") },
		"named servers":   func(d *dialects) { d.exec("UPDATE groups SET reach = 'named'") },
		"no microblogs":   func(d *dialects) { d.exec("UPDATE groups SET microblogs = FALSE") },
		"a narrow thread": func(d *dialects) { d.exec("UPDATE posts SET readers = 'members'") },
		"a server that is refused": func(d *dialects) {
			_, err := d.service.SetPolicyAsOperator(d.Context(), community.PolicyDraft{Domain: "mastodon.example", Severity: policy.Suspend})
			d.must(err)
		},
		"somebody whom its author blocks": func(d *dialects) {
			d.must(d.store.InsertBlock(d.Context(), community.Block{UserID: d.ada.User.ID, Kind: community.BlockAccount, What: "kim.mastodon.example", Since: noon}))
		},
		"a server that its author blocks": func(d *dialects) {
			d.must(d.store.InsertBlock(d.Context(), community.Block{UserID: d.ada.User.ID, Kind: community.BlockServer, What: "mastodon.example", Since: noon}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachDialects(t, func(d *dialects) {
				thread := d.begins(d.mastodon, d.group)
				d.leavesFrom(d.mastodon)
				answer := d.answers(thread)
				narrow(d)
				d.publishAndDeliver()
				if got := d.mastodon.heard(); len(got) > 0 {
					t.Errorf("%s heard %q, want nothing", d.mastodon.Host, got)
				}
				if got := d.hosts(answer); slices.Contains(got, "mastodon.example") {
					t.Errorf("copies are known at %q", got)
				}
			})
		})
	}
}

// In a group elsewhere too, and there by the author as they are.
func TestAnAnswerInAGroupElsewhereGoesToWhomItAnswersToo(t *testing.T) {
	eachDialects(t, func(d *dialects) {
		thread := d.begins(d.mastodon, d.writers.group)
		answer := d.answers(thread)
		d.publishAndDeliver()
		d.wantTold("Create")
		if got := d.mastodon.heard(); !slices.Equal(got, []string{"Create"}) {
			t.Errorf("%s heard %q, want the answer", d.mastodon.Host, got)
		}
		if got := d.hosts(answer); !slices.Equal(got, []string{"far.example", "mastodon.example"}) {
			t.Errorf("copies are known at %q", got)
		}
		_, err := d.service.DeletePost(d.Context(), d.ada, answer.ID)
		d.must(err)
		d.publishAndDeliver()
		d.wantTold("Create", "Delete")
		if got := d.mastodon.heard(); !slices.Equal(got, []string{"Create", "Delete"}) {
			t.Errorf("%s heard %q, want the deletion too", d.mastodon.Host, got)
		}
		d.must(d.store.UpdateGroup(d.Context(), narrowed(d.writers.group)))
		d.answers(thread)
		d.publishAndDeliver()
		if got := d.mastodon.heard(); len(got) != 2 {
			t.Errorf("of a group elsewhere that members alone read %s heard %q", d.mastodon.Host, got)
		}
	})
}

func narrowed(g community.Group) community.Group {
	g.Readers = community.ReadersMembers
	return g
}
