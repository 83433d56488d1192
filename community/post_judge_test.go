package community

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// keyOf is the sentence an error is told with, or empty for none.
func keyOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Key
	}
	return ""
}

func TestR15AnOldPostIsReadByTheNarrowerOfItsOwnAndItsGroup(t *testing.T) {
	member := Membership{AccountID: "a", State: MemberActive}
	person := viewerOf(UserActive, RoleMember, "a")
	for _, c := range []struct {
		name        string
		v           Viewer
		m           Membership
		group, post string
		want        bool
	}{
		{"a visitor reads what is open in an open group", Viewer{}, Membership{}, ReadersAnyone, ReadersAnyone, true},
		{"a visitor does not read what was for members, though the group opened since", Viewer{}, Membership{}, ReadersAnyone, ReadersMembers, false},
		{"a visitor does not read what was for this server, though the group opened since", Viewer{}, Membership{}, ReadersAnyone, ReadersInstance, false},
		{"a visitor does not read what was open, though the group narrowed since", Viewer{}, Membership{}, ReadersMembers, ReadersAnyone, false},
		{"a person of here reads what was for this server", person, Membership{}, ReadersAnyone, ReadersInstance, true},
		{"a person of here does not read what was for members", person, Membership{}, ReadersAnyone, ReadersMembers, false},
		{"a member reads it all", person, member, ReadersAnyone, ReadersMembers, true},
		{"a suspended member reads what a visitor may", viewerOf(UserSuspended, RoleMember, "a"), member, ReadersAnyone, ReadersAnyone, true},
		{"a suspended member reads no more", viewerOf(UserSuspended, RoleMember, "a"), member, ReadersAnyone, ReadersMembers, false},
	} {
		p := Post{State: PostPublished, Readers: c.post, AuthorID: "other"}
		if got := mayReadPost(c.v, p, Group{Readers: c.group}, c.m, groupNoon); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestWhoSeesAPostInEachState(t *testing.T) {
	type see struct{ place, words bool }
	person := viewerOf(UserActive, RoleMember, "a")
	in := Membership{AccountID: "a", State: MemberActive, Role: GroupMember}
	mod := Membership{AccountID: "a", State: MemberActive, Role: GroupModerator}
	for _, c := range []struct {
		state               string
		author, mod, others see
	}{
		{PostDraft, see{true, true}, see{}, see{}},
		{PostHeld, see{true, true}, see{true, true}, see{}},
		{PostPublished, see{true, true}, see{true, true}, see{true, true}},
		{PostHidden, see{true, true}, see{true, true}, see{true, false}},
		{PostDeleted, see{true, false}, see{true, false}, see{true, false}},
		{PostFrozen, see{true, true}, see{true, true}, see{true, false}},
		{PostOrphan, see{}, see{}, see{}},
	} {
		look := func(author string, m Membership) see {
			p := Post{State: c.state, AuthorID: author, Readers: ReadersMembers}
			place := mayReadPost(person, p, Group{Readers: ReadersMembers}, m, groupNoon)
			return see{place, place && maySeeWords(person, p, m, groupNoon)}
		}
		if got := look("a", in); got != c.author {
			t.Errorf("%s: its author: got place, words %v, want %v", c.state, got, c.author)
		}
		if got := look("other", mod); got != c.mod {
			t.Errorf("%s: a moderator: got place, words %v, want %v", c.state, got, c.mod)
		}
		if got := look("other", in); got != c.others {
			t.Errorf("%s: a member: got place, words %v, want %v", c.state, got, c.others)
		}
	}
}

func TestWhyNobodyElseMayWrite(t *testing.T) {
	person := viewerOf(UserActive, RoleMember, "a")
	quieted := viewerOf(UserActive, RoleMember, "a")
	quieted.Accounts[0].SuspendedAt = &groupNoon
	in := Membership{AccountID: "a", State: MemberActive, RulesVersion: 2}
	for _, c := range []struct {
		name  string
		v     Viewer
		m     Membership
		state string
		want  string
	}{
		{"a member", person, in, GroupActive, ""},
		{"a visitor", Viewer{}, Membership{}, GroupActive, "write.sign_in"},
		{"a member of a closed group", person, in, GroupClosed, "write.group_closed"},
		{"a suspended person", viewerOf(UserSuspended, RoleMember, "a"), in, GroupActive, "write.paused"},
		{"a suspended account", quieted, in, GroupActive, "write.paused"},
		{"somebody who was removed", person, Membership{AccountID: "a", State: MemberRemoved}, GroupActive, "write.removed"},
		{"somebody who left", person, Membership{AccountID: "a", State: MemberLeft}, GroupActive, "write.not_member"},
		{"somebody who asked to join", person, Membership{AccountID: "a", State: MemberAsked}, GroupActive, "write.not_member"},
		{"a stranger", person, Membership{}, GroupActive, "write.not_member"},
		{"a member before the new rules", person, Membership{AccountID: "a", State: MemberActive, RulesVersion: 1}, GroupActive, "write.rules_changed"},
	} {
		g := Group{State: c.state, RulesVersion: 2}
		err := mayPost(c.v, g, c.m, groupNoon)
		if got := keyOf(err); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		there := g
		there.Domain = "elm.example"
		if got, want := keyOf(mayPost(c.v, there, c.m, groupNoon)), strings.Replace(c.want, "group_closed", "closed_there", 1); got != want {
			t.Errorf("%s, elsewhere: got %q, want %q", c.name, got, want)
		}
		if may := mayWriteIn(c.v, g, c.m, groupNoon); may != (err == nil) {
			t.Errorf("%s: mayPost says %v where mayWriteIn says %v", c.name, err, may)
		}
	}
}

func TestWhatMayBeAnswered(t *testing.T) {
	person := viewerOf(UserActive, RoleMember, "a")
	mod := Membership{AccountID: "a", State: MemberActive, Role: GroupModerator}
	for _, c := range []struct {
		name   string
		locked bool
		parent string
		m      Membership
		want   string
	}{
		{"a published post", false, PostPublished, Membership{}, ""},
		{"a closed thread", true, PostPublished, Membership{}, "write.locked"},
		{"a closed thread, by a moderator", true, PostPublished, mod, ""},
		{"a deleted post", false, PostDeleted, Membership{}, "write.parent_deleted"},
		{"a hidden post", false, PostHidden, Membership{}, "write.parent_hidden"},
		{"a held post", false, PostHeld, Membership{}, "write.parent_hidden"},
	} {
		root := Post{}
		if c.locked {
			root.LockedAt = &groupNoon
		}
		if got := keyOf(mayReply(person, root, Post{State: c.parent}, c.m, groupNoon)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestWhoMayChangeAndTakeBackWords(t *testing.T) {
	person := viewerOf(UserActive, RoleMember, "a", "persona")
	in := Membership{AccountID: "a", State: MemberActive, Role: GroupModerator}
	for _, c := range []struct {
		name         string
		v            Viewer
		author       string
		state        string
		verified     string
		m            Membership
		group        string
		edit, delete bool
	}{
		{"their own", person, "a", PostPublished, VerifiedLocal, in, GroupActive, true, true},
		{"their own by another name", person, "persona", PostPublished, VerifiedLocal, in, GroupActive, true, true},
		{"their own that was hidden", person, "a", PostHidden, VerifiedLocal, in, GroupActive, true, true},
		{"their own that waits", person, "a", PostHeld, VerifiedLocal, in, GroupActive, true, true},
		{"another's, as a moderator", person, "other", PostPublished, VerifiedLocal, in, GroupActive, false, false},
		{"what they deleted", person, "a", PostDeleted, VerifiedLocal, in, GroupActive, false, false},
		{"their own in a closed group", person, "a", PostPublished, VerifiedLocal, in, GroupClosed, false, true},
		{"their own after they were removed", person, "a", PostPublished, VerifiedLocal, Membership{AccountID: "a", State: MemberRemoved}, GroupActive, false, true},
		{"their own while suspended", viewerOf(UserSuspended, RoleMember, "a"), "a", PostPublished, VerifiedLocal, in, GroupActive, false, true},
		{"what came from elsewhere", person, "a", PostPublished, VerifiedSigned, in, GroupActive, false, false},
		{"a visitor", Viewer{}, "a", PostPublished, VerifiedLocal, Membership{}, GroupActive, false, false},
	} {
		p := Post{AuthorID: c.author, State: c.state, Verified: c.verified}
		if got := mayEdit(c.v, p, Group{State: c.group}, c.m, groupNoon) == nil; got != c.edit {
			t.Errorf("%s: may edit: got %v, want %v", c.name, got, c.edit)
		}
		if got := mayDelete(c.v, p); got != c.delete {
			t.Errorf("%s: may delete: got %v, want %v", c.name, got, c.delete)
		}
	}
}

func TestSupportGoesToOthersPostsOfHereAlone(t *testing.T) {
	person := viewerOf(UserActive, RoleMember, "a")
	in := Membership{AccountID: "a", State: MemberActive}
	for _, c := range []struct {
		name string
		p    Post
		m    Membership
		want bool
	}{
		{"another's post of here", Post{AuthorID: "b", State: PostPublished, Verified: VerifiedLocal}, in, true},
		{"one's own", Post{AuthorID: "a", State: PostPublished, Verified: VerifiedLocal}, in, false},
		{"a post from elsewhere", Post{AuthorID: "b", State: PostPublished, Verified: VerifiedSigned}, in, false},
		{"a hidden post", Post{AuthorID: "b", State: PostHidden, Verified: VerifiedLocal}, in, false},
		{"a reader who is no member", Post{AuthorID: "b", State: PostPublished, Verified: VerifiedLocal}, Membership{}, false},
	} {
		if got := maySupport(person, c.p, Group{State: GroupActive}, c.m, groupNoon); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestR17NothingLeavesUnlessSiteGroupAndPostAllow(t *testing.T) {
	for _, c := range []struct {
		door, group, post string
		want              bool
	}{
		{FrontDoorOpen, ReachAnywhere, ReachAnywhere, true},
		{FrontDoorChosen, ReachNamed, ReachAnywhere, true},
		{FrontDoorClosed, ReachAnywhere, ReachAnywhere, false},
		{FrontDoorOpen, ReachNowhere, ReachAnywhere, false},
		{FrontDoorOpen, ReachAnywhere, ReachNowhere, false},
	} {
		if got := federates(Site{FrontDoor: c.door}, Group{Reach: c.group}, Post{Reach: c.post}); got != c.want {
			t.Errorf("door %s, group %s, post %s: got %v, want %v", c.door, c.group, c.post, got, c.want)
		}
	}
}

func TestAReplyIsNoWiderThanItsThread(t *testing.T) {
	root := Post{ID: "r", URI: "uri", Readers: ReadersMembers, Reach: ReachNowhere}
	place := writingPlace{group: Group{Readers: ReadersAnyone, Reach: ReachAnywhere, Listed: true}, root: &root, parent: &root}
	p := place.newPost(Site{}, "p", "a", groupNoon)
	if p.Readers != ReadersMembers || p.Reach != ReachNowhere || p.Listed {
		t.Errorf("got readers %s, reach %s, listed %v; want those of the thread", p.Readers, p.Reach, p.Listed)
	}
}

func TestWhatADraftHasToMend(t *testing.T) {
	long := func(n int) string {
		b := make([]rune, n)
		for i := range b {
			b[i] = 'ä'
		}
		return string(b)
	}
	for _, c := range []struct {
		name string
		in   Draft
		want []string
	}{
		{"nothing", Draft{Text: "words"}, nil},
		{"no words", Draft{Text: " \n "}, []string{"text"}},
		{"as long as may be", Draft{Text: long(MaxText), Title: long(MaxTitle), NoteText: long(MaxNote)}, nil},
		{"all too long", Draft{Text: long(MaxText + 1), Title: long(MaxTitle + 1), NoteText: long(MaxNote + 1)}, []string{"text", "title", "note_text"}},
		{"a wish that is none", Draft{Text: "words", Wants: "likes"}, []string{"wants"}},
		{"a language that is none", Draft{Text: "words", Language: "<en>"}, []string{"language"}},
	} {
		var got []string
		if e := (*Error)(nil); errors.As(c.in.tidy().check(), &e) {
			for _, f := range e.Fields {
				got = append(got, f.Field)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestADraftKeepsOnlyWhatItsFormOffers(t *testing.T) {
	d := Draft{Title: "  two \n words ", NoteTopics: []string{"grief", "<x>", "suicide"}, NoteText: "a\tb", Text: " x\r\ny ", Wants: WantsHeard}.tidy()
	if d.Title != "two words" || !slices.Equal(d.NoteTopics, []string{"suicide", "grief"}) || d.NoteText != "a b" || d.Text != "x\ny" {
		t.Errorf("got %+v", d)
	}
	reply := Draft{ParentID: "p", Title: "title", Wants: WantsHeard}.tidy()
	if reply.Title != "" || reply.Wants != "" {
		t.Errorf("a reply has title %q and wish %q, want none", reply.Title, reply.Wants)
	}
}

func TestWhoHearsOfAPost(t *testing.T) {
	v := Viewer{User: &User{ID: "author"}}
	well := Hearer{UserID: "u", State: UserActive, IsMember: true}
	with := func(change func(*Hearer)) Hearer { h := well; change(&h); return h }
	for _, c := range []struct {
		name    string
		h       Hearer
		readers string
		want    bool
	}{
		{"a member", well, ReadersMembers, true},
		{"the author by another name", with(func(h *Hearer) { h.UserID = "author" }), ReadersMembers, false},
		{"somebody who blocked the author", with(func(h *Hearer) { h.Blocks = true }), ReadersMembers, false},
		{"somebody who left a members' group", with(func(h *Hearer) { h.IsMember = false }), ReadersMembers, false},
		{"somebody who left an open group", with(func(h *Hearer) { h.IsMember = false }), ReadersAnyone, true},
		{"a suspended person", with(func(h *Hearer) { h.State = UserSuspended }), ReadersAnyone, false},
	} {
		if got := mayHear(c.h, v, Post{Readers: c.readers}); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestEachPersonIsToldOnce(t *testing.T) {
	v := Viewer{User: &User{ID: "author"}}
	hearers := []Hearer{
		{AccountID: "parent", UserID: "u1", State: UserActive, IsMember: true},
		{AccountID: "root", UserID: "u2", State: UserActive, IsMember: true},
		{AccountID: "persona", UserID: "u1", State: UserActive, IsMember: true},
	}
	to := []told{{NoticeReply, "parent"}, {NoticeAnswer, "root"}, {NoticeMention, "persona"}, {NoticeMention, "root"}, {NoticeMention, "elsewhere"}}
	var got []string
	for _, n := range noticesOf(hearers, v, Post{ID: "p", AuthorID: "a"}, to, groupNoon) {
		got = append(got, n.UserID+" "+n.Kind)
	}
	if want := []string{"u1 reply", "u2 answer"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestCursorsComeBackAsTheyWere(t *testing.T) {
	c := Cursor{At: time.Date(2026, 3, 4, 12, 0, 0, 123456000, time.UTC), ID: "06a4nhbqh5m0k2g1s3t5v7ab01"}
	if got := ParseCursor(c.String()); !got.At.Equal(c.At) || got.ID != c.ID {
		t.Errorf("got %v, want %v", got, c)
	}
	for _, bad := range []string{"", "x", "1-", "-" + c.ID, "zz!-" + c.ID, c.String() + "'"} {
		if got := ParseCursor(bad); !got.IsZero() {
			t.Errorf("%q: got %v, want no place", bad, got)
		}
	}
}

func TestPagesSayWhereTheListGoesOn(t *testing.T) {
	at := func(ids ...string) []Cursor {
		var list []Cursor
		for _, id := range ids {
			list = append(list, Cursor{ID: id})
		}
		return list
	}
	for _, c := range []struct {
		name                 string
		got                  []Cursor
		ask                  Paging
		first, last          string
		wantNewer, wantOlder string
	}{
		{"all of a short list", at("5", "4"), Paging{Limit: 3}, "5", "4", "", ""},
		{"the first page", at("5", "4", "3"), Paging{Limit: 3}, "5", "4", "", "4"},
		{"one in the middle", at("3", "2", "1"), Paging{Limit: 3, After: Cursor{ID: "4"}}, "3", "2", "3", "2"},
		{"the last page", at("1"), Paging{Limit: 3, After: Cursor{ID: "2"}}, "1", "1", "1", ""},
		{"back to the middle", at("5", "4", "3"), Paging{Limit: 3, Before: Cursor{ID: "2"}}, "4", "3", "4", "3"},
		{"back to the beginning", at("5", "4"), Paging{Limit: 3, Before: Cursor{ID: "3"}}, "5", "4", "", "4"},
		{"nothing", nil, Paging{Limit: 3}, "", "", "", ""},
	} {
		p := paged(c.got, c.ask, func(c Cursor) Cursor { return c })
		if p.Newer.ID != c.wantNewer || p.Older.ID != c.wantOlder {
			t.Errorf("%s: got newer %q, older %q, want %q, %q", c.name, p.Newer.ID, p.Older.ID, c.wantNewer, c.wantOlder)
		}
		if c.first != "" && (p.Items[0].ID != c.first || p.Items[len(p.Items)-1].ID != c.last) {
			t.Errorf("%s: got %v, want %s to %s", c.name, p.Items, c.first, c.last)
		}
	}
}
