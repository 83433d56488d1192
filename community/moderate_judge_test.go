package community

import (
	"errors"
	"slices"
	"testing"
	"time"
)

func TestWhatMayBeDoneAboutAReport(t *testing.T) {
	group, post := "g", "p"
	local := Group{Actor: Actor{ID: group}, State: GroupActive}
	mod := Membership{GroupID: group, AccountID: "a", State: MemberActive, Role: GroupModerator}
	reported := Membership{ID: "m", GroupID: group, AccountID: "them", State: MemberActive, Role: GroupMember}
	member, staff := viewerOf(UserActive, RoleMember, "a"), viewerOf(UserActive, RoleModerator, "a")
	inGroup := Report{GroupID: &group, PostID: &post, AccountID: "them"}
	for _, c := range []struct {
		name string
		v    Viewer
		r    ReportSeen
		want []string
	}{
		{"a moderator, a shown post", member, ReportSeen{Report: inGroup, Group: local, Own: mod, Member: reported, Post: Post{State: PostPublished}}, []string{"leave", "hide", "remove"}},
		{"a moderator, a hidden post", member, ReportSeen{Report: inGroup, Group: local, Own: mod, Member: reported, Post: Post{State: PostHidden}}, []string{"leave", "show", "remove"}},
		{"a moderator, a deleted post", member, ReportSeen{Report: inGroup, Group: local, Own: mod, Member: reported, Post: Post{State: PostDeleted}}, []string{"leave", "remove"}},
		{"the instance's, a shown post", staff, ReportSeen{Report: inGroup, Group: local, Member: reported, Post: Post{State: PostPublished}}, []string{"leave", "hide", "remove", "suspend"}},
		{"the instance's, a group elsewhere", staff, ReportSeen{Report: inGroup, Group: Group{Actor: Actor{ID: group, Domain: "elm.example"}}, Member: reported, Post: Post{State: PostPublished}}, []string{"leave", "hide", "suspend"}},
		{"the instance's, an account", staff, ReportSeen{Report: Report{AccountID: "them"}}, []string{"leave", "suspend"}},
		{"an account that is suspended", staff, ReportSeen{Report: Report{AccountID: "them"}, Account: Account{SuspendedAt: &groupNoon}}, []string{"leave"}},
	} {
		if got := measuresFor(c.v, c.r, groupNoon); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestWhoLooksAfterAReport(t *testing.T) {
	group := "g"
	mod := Membership{GroupID: group, AccountID: "a", State: MemberActive, Role: GroupModerator}
	for _, c := range []struct {
		name string
		v    Viewer
		r    Report
		m    Membership
		want bool
	}{
		{"a visitor", Viewer{}, Report{GroupID: &group}, Membership{}, false},
		{"a member", viewerOf(UserActive, RoleMember, "a"), Report{GroupID: &group}, Membership{GroupID: group, AccountID: "a", State: MemberActive, Role: GroupMember}, false},
		{"its group's moderator", viewerOf(UserActive, RoleMember, "a"), Report{GroupID: &group}, mod, true},
		{"its group's moderator, of an account", viewerOf(UserActive, RoleMember, "a"), Report{}, mod, false},
		{"its group's moderator, suspended", viewerOf(UserSuspended, RoleMember, "a"), Report{GroupID: &group}, mod, false},
		{"the moderator whom it is about, by another name", viewerOf(UserActive, RoleMember, "a", "b"), Report{GroupID: &group, AccountID: "b"}, mod, false},
		{"the instance's moderator", viewerOf(UserActive, RoleModerator, "a"), Report{GroupID: &group}, Membership{}, true},
		{"the admin whom it is about", viewerOf(UserActive, RoleAdmin, "a"), Report{AccountID: "a"}, Membership{}, false},
	} {
		if got := mayHandle(c.v, c.r, c.m, groupNoon); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestHowFarAnAccountMayBeSuspended(t *testing.T) {
	staff, admin := viewerOf(UserActive, RoleModerator, "a"), viewerOf(UserActive, RoleAdmin, "a")
	for _, c := range []struct {
		name   string
		v      Viewer
		id     string
		owner  *User
		main   bool
		person bool
		kind   error
	}{
		{"themselves", staff, "a", &User{Role: RoleModerator}, true, false, Forbidden},
		{"a member", staff, "b", &User{Role: RoleMember}, true, true, nil},
		{"another name of a member", staff, "b", &User{Role: RoleMember}, false, true, nil},
		{"an account elsewhere", staff, "b", nil, false, false, nil},
		{"an admin, by a moderator", staff, "b", &User{Role: RoleAdmin}, true, false, Forbidden},
		{"another name of an admin, by a moderator", staff, "b", &User{Role: RoleAdmin}, false, false, nil},
		{"an admin, by an admin", admin, "b", &User{Role: RoleAdmin}, true, true, nil},
		{"another name of an admin, by an admin", admin, "b", &User{Role: RoleAdmin}, false, false, nil},
	} {
		got, err := maySuspend(c.v, Account{Actor: Actor{ID: c.id}}, c.owner, c.main)
		if got.person != c.person || !errors.Is(err, c.kind) {
			t.Errorf("%s: got the person %v, %v; want %v, %v", c.name, got.person, err, c.person, c.kind)
		}
	}
}

func TestAPersonIsSuspendedAsLongAsAnyOfTheirAccounts(t *testing.T) {
	soon, late, past := groupNoon.Add(time.Hour), groupNoon.Add(2*time.Hour), groupNoon.Add(-time.Hour)
	account := func(until *time.Time) Account { return Account{SuspendedAt: &past, SuspendedUntil: until} }
	for _, c := range []struct {
		name  string
		owned []Account
		state string
		until *time.Time
	}{
		{"none is", []Account{{}, {}}, UserActive, nil},
		{"one was", []Account{account(&past)}, UserActive, nil},
		{"one is until soon", []Account{{}, account(&soon)}, UserSuspended, &soon},
		{"two are", []Account{account(&late), account(&soon)}, UserSuspended, &late},
		{"two are, one for good", []Account{account(nil), account(&late)}, UserSuspended, nil},
		{"two are, the other for good", []Account{account(&late), account(nil)}, UserSuspended, nil},
	} {
		state, until := stillSuspended(c.owned, groupNoon)
		if state != c.state || (until == nil) != (c.until == nil) || until != nil && !until.Equal(*c.until) {
			t.Errorf("%s: got %s until %v, want %s until %v", c.name, state, until, c.state, c.until)
		}
	}
}

func TestR25AMeasureThatKeepsSomebodyFromSomethingNeedsAReason(t *testing.T) {
	past := groupNoon.Add(-time.Second)
	all := []string{MeasureLeave, MeasureShow, MeasureHide, MeasureReadmit, MeasureRemove, MeasureLift, MeasureSuspend}
	for kind, needs := range map[string]bool{
		MeasureLeave: false, MeasureShow: false, MeasureReadmit: false, MeasureLift: false,
		MeasureHide: true, MeasureRemove: true, MeasureSuspend: true,
	} {
		if got := fieldsOf(Measure{Kind: kind}.check(groupNoon, all)); slices.Contains(got, "reason: moderate.reason_missing") != needs {
			t.Errorf("%s without a reason: got %v to mend, want the reason: %v", kind, got, needs)
		}
		if got := fieldsOf(Measure{Kind: kind, Reason: "Because."}.check(groupNoon, all)); len(got) > 0 {
			t.Errorf("%s with a reason: got %v to mend, want nothing", kind, got)
		}
	}
	got := fieldsOf(Measure{Kind: MeasureRemove, Reason: "Because.", Until: &past}.check(groupNoon, all))
	if !slices.Equal(got, []string{"until: moderate.until_past"}) {
		t.Errorf("until yesterday: got %v to mend, want until", got)
	}
	if got := fieldsOf(Measure{Kind: "ban"}.check(groupNoon, all)); !slices.Equal(got, []string{"measure: form.choose"}) {
		t.Errorf("what there is not: got %v to mend, want measure", got)
	}
}
