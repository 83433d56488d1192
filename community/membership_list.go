package community

import (
	"context"
	"slices"

	"hearth/community/policy"
)

// Member is somebody in a group, as its moderators see them: the account, never
// the person.
type Member struct {
	Membership
	Name   string
	Domain string
	Title  string

	// IsWary says of somebody who asks that they would not have to, or might not have,
	// but for what was decided about their server.
	IsWary bool `bun:"-"`
}

// Handle is name@domain for strangers and the bare name for locals.
func (m Member) Handle() string { return Actor{Name: m.Name, Domain: m.Domain}.Handle() }

// Members is one page of a group's people, for its moderators.
type Members struct {
	Asking  []Member // the oldest first; at most maxAsks, the rest follows when these are answered
	Members []Member // by name
	After   string   // the name to go on from; empty at the end
}

const (
	membersOnAPage = 50
	maxAsks        = 50
)

// MembersQuery asks for people of a group in one state, by name after a handle,
// or for those who ask the oldest first.
type MembersQuery struct {
	GroupID             string
	State               string
	AfterName, AfterDom string
	OldestFirst         bool
	Limit               int
}

// GroupMembers lists who is in a group, and on the first page who asks to be,
// for its moderators; the view is without rules and moderators. NotFound for
// everybody else, admins too.
func (s *Service) GroupMembers(ctx context.Context, v Viewer, ref, after string) (GroupView, Members, error) {
	var page Members
	seen, err := s.groupFor(ctx, s.store, v, ref)
	if err != nil {
		return GroupView{}, page, err
	}
	view := seen.view(v, s.now())
	if !view.MayModerate {
		return GroupView{}, page, fail(NotFound, "error.not_found")
	}
	q := MembersQuery{GroupID: view.Group.ID, State: MemberActive, Limit: membersOnAPage + 1}
	find := handleRef(after)
	q.AfterName, q.AfterDom = find.Name, find.Domain
	if page.Members, err = s.store.Members(ctx, q); err != nil {
		return view, page, err
	}
	if len(page.Members) > membersOnAPage {
		page.Members = page.Members[:membersOnAPage]
		page.After = page.Members[membersOnAPage-1].Handle()
	}
	if after != "" {
		return view, page, nil
	}
	page.Asking, err = s.store.Members(ctx, MembersQuery{GroupID: view.Group.ID, State: MemberAsked, OldestFirst: true, Limit: maxAsks})
	if err == nil {
		err = s.markWary(ctx, view.Group, page.Asking)
	}
	return view, page, err
}

// markWary marks those who ask because of what was decided about their servers. Where
// all are of here it reads nothing.
func (s *Service) markWary(ctx context.Context, g Group, asking []Member) error {
	if !slices.ContainsFunc(asking, func(m Member) bool { return m.Domain != "" }) {
		return nil
	}
	policies, err := s.Policies(ctx)
	if err != nil {
		return err
	}
	for i, m := range asking {
		asking[i].IsWary = m.Domain != "" && policies.JudgeIn(g.ID, m.Domain).On(policy.TheirFollow) == policy.Wait
	}
	return nil
}
