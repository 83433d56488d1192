package community

import (
	"context"
	"time"

	"hearth/community/policy"
)

// HeldPage is how many held words stand on a page.
const HeldPage = 20

// maxCountedHeld is as far as held words are counted.
const maxCountedHeld = 100

// HeldSeen is words that wait, as a moderator reads them.
type HeldSeen struct {
	Held
	Post   Post // of an edit, as it is shown meanwhile
	Author Account
	Group  Group
	Free   bool // its server is no longer one whose words are read first
}

// Words are what is to be read: a new post's own, or what an edit says.
func (h HeldSeen) Words() PostVersion {
	if !h.IsEdit {
		return h.Post.Said()
	}
	return PostVersion{PostID: h.PostID, Title: h.Title, NoteText: h.NoteText, HTML: h.HTML, Source: h.Source}
}

// HeldWords lists what waits for the Viewer to read it, the longest first; refused lists
// what was refused and can still be taken back instead. host narrows it to one server.
// Moderators of a group read what waits for their group. The instance's read what waits
// for groups elsewhere, and for those of here that more than their members read.
// NotFound for who moderates nothing.
func (s *Service) HeldWords(ctx context.Context, v Viewer, host string, refused bool, ask Paging) (Page[HeldSeen], error) {
	q, err := s.heldQuery(ctx, v)
	if err != nil {
		return Page[HeldSeen]{}, err
	}
	q.Host, q.Refused = host, refused
	ask.Limit = HeldPage + 1
	q.Paging = ask
	held, err := s.store.HeldWords(ctx, q)
	if err != nil || len(held) == 0 {
		return Page[HeldSeen]{}, err
	}
	seen, err := s.heldSeen(ctx, held)
	return paged(seen, ask, func(h HeldSeen) Cursor { return Cursor{h.HeldAt, h.PostID} }), err
}

// CountHeld counts what waits for the Viewer to read it, up to 100; none for who
// moderates nothing.
func (s *Service) CountHeld(ctx context.Context, v Viewer) (int, error) {
	if v.IsInstanceModerator() { // whatever groups are their own
		return s.store.CountHeld(ctx, HeldQuery{Instance: true}, maxCountedHeld)
	}
	q, err := s.heldQuery(ctx, v)
	if isNotFound(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return s.store.CountHeld(ctx, q, maxCountedHeld)
}

func (s *Service) heldQuery(ctx context.Context, v Viewer) (HeldQuery, error) {
	desk, err := s.ownDesk(ctx, v)
	return HeldQuery{GroupIDs: desk.groupIDs(), Instance: desk.Instance}, err
}

// heldSeen reads what stands around held words, once for all of them.
func (s *Service) heldSeen(ctx context.Context, all []HeldSeen) ([]HeldSeen, error) {
	var authors, groups []string
	for _, h := range all {
		authors, groups = append(authors, h.AuthorID), append(groups, h.GroupID)
	}
	accounts, err := s.store.Accounts(ctx, authors)
	if err != nil {
		return nil, err
	}
	groupsByID, err := s.store.GroupsByID(ctx, groups)
	if err != nil {
		return nil, err
	}
	policies, err := s.Policies(ctx)
	for i, h := range all {
		all[i].Author, all[i].Group = accounts[h.AuthorID], groupsByID[h.GroupID]
		all[i].Free = err == nil && isFree(policies, all[i].Group, h.Host)
	}
	return all, err
}

// isFree says whether nothing was decided that has words of a server wait in a group.
func isFree(policies *policy.Snapshot, g Group, host string) bool {
	treatment := policies.JudgeIn(g.ID, host).On(policy.TheirWords)
	if !g.IsLocal() {
		treatment = max(treatment, policies.JudgeIn(g.ID, g.Domain).On(policy.TheirWords))
	}
	return treatment < policy.Members
}

// mayReadHeld says whether a Viewer reads words of a group before anybody else does, and
// decides about them: its moderators, and the instance's where nobody else looks after
// it or more than its members read. m is their own membership.
func mayReadHeld(v Viewer, p Post, g Group, m Membership, now time.Time) bool {
	if mayModerate(v, m, now) {
		return true
	}
	return v.IsInstanceModerator() && (!g.IsLocal() || NarrowerReaders(p.Readers, g.Readers) != ReadersMembers)
}
