package community

import (
	"errors"
	"testing"
	"time"
)

var groupNoon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// viewerOf is a person with accounts of these ids, the first one acting.
func viewerOf(state, role string, accounts ...string) Viewer {
	v := Viewer{User: &User{ID: "u", State: state, Role: role}}
	for _, id := range accounts {
		v.Accounts = append(v.Accounts, Account{Actor: Actor{ID: id}})
	}
	v.Acting = &v.Accounts[0]
	return v
}

func TestWhoMayKnowOfAGroup(t *testing.T) {
	asker := "asker"
	stranger, admin := viewerOf(UserActive, RoleMember, "a"), viewerOf(UserActive, RoleAdmin, "b")
	own := viewerOf(UserActive, RoleMember, "main", "asker")
	for _, c := range []struct {
		name  string
		v     Viewer
		state string
		reach string
		want  bool
	}{
		{"a visitor knows an approved group", Viewer{}, GroupActive, ReachNowhere, true},
		{"a visitor knows a closed group", Viewer{}, GroupClosed, ReachNowhere, true},
		{"a visitor does not know a group that was asked for", Viewer{}, GroupAsked, ReachAnywhere, false},
		{"a member does not know a group that another asked for", stranger, GroupAsked, ReachAnywhere, false},
		{"an asker knows their own, by any of their accounts", own, GroupAsked, ReachNowhere, true},
		{"an asker knows that theirs was refused", own, GroupRefused, ReachNowhere, true},
		{"an admin knows what was asked for", admin, GroupAsked, ReachNowhere, true},
		{"another server knows what reaches it", Viewer{Domain: "elm.example"}, GroupActive, ReachAnywhere, true},
		{"another server does not know what stays here", Viewer{Domain: "elm.example"}, GroupActive, ReachNowhere, false},
	} {
		if got := mayKnowGroup(c.v, Group{State: c.state, Reach: c.reach, AskedBy: &asker}); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestWhoMayReadWriteAndModerate(t *testing.T) {
	type may struct{ read, write, moderate bool }
	person := viewerOf(UserActive, RoleMember, "a")
	paused := viewerOf(UserSuspended, RoleMember, "a")
	quieted := viewerOf(UserActive, RoleMember, "a")
	quieted.Accounts[0].SuspendedAt = &groupNoon
	in := Membership{AccountID: "a", Role: GroupMember, State: MemberActive, RulesVersion: 2}
	as := func(change func(*Membership)) Membership { m := in; change(&m); return m }
	for _, c := range []struct {
		name    string
		v       Viewer
		m       Membership
		state   string
		readers string
		want    may
	}{
		{"a visitor in an open group", Viewer{}, Membership{}, GroupActive, ReadersAnyone, may{read: true}},
		{"a visitor in the instance's group", Viewer{}, Membership{}, GroupActive, ReadersInstance, may{}},
		{"a person of here in the instance's group", person, Membership{}, GroupActive, ReadersInstance, may{read: true}},
		{"a suspended person in the instance's group", paused, Membership{}, GroupActive, ReadersInstance, may{}},
		{"a suspended person reads what a visitor may", paused, in, GroupActive, ReadersAnyone, may{read: true}},
		{"a suspended member in a members' group", paused, in, GroupActive, ReadersMembers, may{}},
		{"a member", person, in, GroupActive, ReadersMembers, may{true, true, false}},
		{"a member whose account is suspended", quieted, in, GroupActive, ReadersMembers, may{read: true}},
		{"a member of a closed group", person, in, GroupClosed, ReadersMembers, may{read: true}},
		{"a member who has not accepted the new rules", person, as(func(m *Membership) { m.RulesVersion = 1 }), GroupActive, ReadersMembers, may{read: true}},
		{"somebody who asked to join", person, as(func(m *Membership) { m.State = MemberAsked }), GroupActive, ReadersMembers, may{}},
		{"somebody who left", person, as(func(m *Membership) { m.State = MemberLeft }), GroupActive, ReadersMembers, may{}},
		{"somebody who was removed", person, as(func(m *Membership) { m.State = MemberRemoved }), GroupActive, ReadersMembers, may{}},
		{"a moderator", person, as(func(m *Membership) { m.Role = GroupModerator }), GroupActive, ReadersMembers, may{true, true, true}},
		{"an owner of a closed group", person, as(func(m *Membership) { m.Role = GroupOwner }), GroupClosed, ReadersMembers, may{true, false, true}},
		{"a suspended moderator", paused, as(func(m *Membership) { m.Role = GroupModerator }), GroupActive, ReadersMembers, may{}},
		{"a moderator who was removed", person, as(func(m *Membership) { m.Role, m.State = GroupModerator, MemberRemoved }), GroupActive, ReadersMembers, may{}},
		{"an admin is no moderator by that", viewerOf(UserActive, RoleAdmin, "a"), Membership{}, GroupActive, ReadersMembers, may{}},
	} {
		g := Group{State: c.state, Readers: c.readers, RulesVersion: 2}
		got := may{mayReadGroup(c.v, g, g.Readers, c.m, groupNoon), mayWriteIn(c.v, g, c.m, groupNoon), mayModerate(c.v, c.m, groupNoon)}
		if got != c.want {
			t.Errorf("%s: got read, write, moderate %v, want %v", c.name, got, c.want)
		}
	}
}

func TestWhoMayJoin(t *testing.T) {
	soon, past := groupNoon.Add(time.Hour), groupNoon.Add(-time.Hour)
	person := viewerOf(UserActive, RoleMember, "a", "persona")
	removed := Membership{AccountID: "a", State: MemberRemoved}
	elsewhere := Membership{AccountID: "persona", State: MemberRemoved}
	for _, c := range []struct {
		name    string
		v       Viewer
		m       Membership
		state   string
		joining string
		want    string
	}{
		{"a visitor, once signed in", Viewer{}, Membership{}, GroupActive, JoiningOpen, ""},
		{"a person of here", person, Membership{}, GroupActive, JoiningOpen, ""},
		{"a person who has to ask", person, Membership{}, GroupActive, JoiningAsked, ""},
		{"nobody where joining is closed", person, Membership{}, GroupActive, JoiningClosed, "group_join.closed"},
		{"nobody in a closed group", person, Membership{}, GroupClosed, JoiningOpen, "group_join.group_closed"},
		{"nobody before it is approved", person, Membership{}, GroupAsked, JoiningOpen, "group_join.group_closed"},
		{"a suspended person", viewerOf(UserSuspended, RoleMember, "a"), Membership{}, GroupActive, JoiningOpen, "group_join.paused"},
		{"a member", person, Membership{AccountID: "a", State: MemberActive}, GroupActive, JoiningOpen, "group_join.already"},
		{"a member by another name", person, Membership{AccountID: "persona", State: MemberActive}, GroupActive, JoiningOpen, "group_join.already"},
		{"somebody who asked", person, Membership{AccountID: "a", State: MemberAsked}, GroupActive, JoiningAsked, "group_join.waiting"},
		{"somebody who left", person, Membership{AccountID: "a", State: MemberLeft}, GroupActive, JoiningOpen, ""},
		{"somebody removed for good", person, removed, GroupActive, JoiningOpen, "group_join.removed"},
		{"somebody removed by another name hears that it is closed", person, elsewhere, GroupActive, JoiningOpen, "group_join.closed"},
		{"somebody removed for a while", person, Membership{AccountID: "a", State: MemberRemoved, RemovedUntil: &soon}, GroupActive, JoiningOpen, "group_join.removed_until"},
		{"somebody whose removal is over", person, Membership{AccountID: "a", State: MemberRemoved, RemovedUntil: &past}, GroupActive, JoiningOpen, ""},
	} {
		got, err := "", mayJoin(c.v, Group{State: c.state, Joining: c.joining}, c.m, groupNoon)
		if e := (*Error)(nil); errors.As(err, &e) {
			got = e.Key
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestR14NumbersOfPeopleAreToldInBands(t *testing.T) {
	for n, want := range map[int]int{0: 0, 4: 0, 5: 5, 9: 5, 10: 10, 24: 10, 25: 25, 50: 50, 99: 50, 100: 100, 4711: 100} {
		seen := GroupSeen{Group: Group{State: GroupActive}, Members: n}
		if got := seen.view(viewerOf(UserActive, RoleMember, "a"), groupNoon).Members; got != want {
			t.Errorf("%d members: a stranger sees %d, want %d", n, got, want)
		}
		seen.Membership = Membership{AccountID: "a", Role: GroupModerator, State: MemberActive}
		if got := seen.view(viewerOf(UserActive, RoleMember, "a"), groupNoon).Members; got != n {
			t.Errorf("%d members: a moderator sees %d", n, got)
		}
	}
}
