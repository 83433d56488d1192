package community

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"hearth/community/policy"
)

// GroupSearch asks for one page of the directory. Empty fields ask for all.
type GroupSearch struct {
	Words     string
	Situation string
	Language  string
	After     string // GroupPage.Older of the page before
}

// GroupPage is one page of the directory.
type GroupPage struct {
	Groups []GroupListing
	Older  string // what After goes on from; empty at the end
}

// GroupListing is a group as the directory shows it.
type GroupListing struct {
	Group      Group
	Membership Membership // the Viewer's own; zero where none
	Members    int        // the lower end of its band (R14)
}

// GroupQuery is what a Store is asked for: groups that are listed, or that one
// of the accounts is in or has asked to be in; the last active first.
type GroupQuery struct {
	Words               []string // folded; all must be found
	Situation, Language string
	AccountIDs          []string
	All                 bool // every approved group of this server instead
	Now                 time.Time
	AfterTime           time.Time // with AfterID: only what comes after that place
	AfterID             string
	Limit               int
}

const groupsOnAPage = 20

// Groups is a page of the directory: groups that are listed, and those the
// Viewer is in or has asked to join. Groups of servers that the instance refuses, or
// that it keeps to whoever is known, are shown only to those who are in them.
func (s *Service) Groups(ctx context.Context, v Viewer, search GroupSearch) (GroupPage, error) {
	q := GroupQuery{
		Words: searchWords(search.Words), Situation: search.Situation, Language: search.Language,
		AccountIDs: v.AccountIDs(), Now: s.now(), Limit: groupsOnAPage + 1,
	}
	return s.groupPage(ctx, q, search.After)
}

// AllGroups is a page of all groups of this server that were approved, closed and
// unlisted ones too. Admins only.
func (s *Service) AllGroups(ctx context.Context, v Viewer, after string) (GroupPage, error) {
	if !v.IsAdmin() {
		return GroupPage{}, fail(NotFound, "error.not_found")
	}
	return s.groupPage(ctx, GroupQuery{All: true, Now: s.now(), Limit: groupsOnAPage + 1}, after)
}

func (s *Service) groupPage(ctx context.Context, q GroupQuery, after string) (GroupPage, error) {
	q.AfterTime, q.AfterID = groupPlace(after)
	found, err := s.store.Groups(ctx, q)
	if err != nil {
		return GroupPage{}, err
	}
	kept, err := s.keptBack(ctx, found)
	if err != nil {
		return GroupPage{}, err
	}
	var page GroupPage
	for i, g := range found {
		if i == groupsOnAPage {
			last := found[i-1]
			page.Older = strconv.FormatInt(last.LastActivityAt.UnixMicro(), 36) + "-" + last.ID
			break
		}
		if kept[g.ID] {
			continue
		}
		page.Groups = append(page.Groups, GroupListing{Group: g.Group, Membership: g.Membership, Members: bandFloor(g.Members)})
	}
	return page, nil
}

// keptBack are those of some groups, by id, that are not put before whoever looks at
// the directory, because of what was decided about their servers. Where all groups are
// of here it reads nothing.
func (s *Service) keptBack(ctx context.Context, groups []GroupSeen) (map[string]bool, error) {
	kept := map[string]bool{}
	if !slices.ContainsFunc(groups, func(g GroupSeen) bool { return !g.IsLocal() }) {
		return kept, nil
	}
	policies, err := s.Policies(ctx)
	if err != nil {
		return nil, err
	}
	for _, g := range groups {
		if g.IsLocal() || g.Membership.IsActive() {
			continue
		}
		treatment := policies.Judge(g.Domain).On(policy.Directory)
		kept[g.ID] = treatment == policy.Refuse || treatment == policy.Members && g.Membership.State != MemberAsked
	}
	return kept, nil
}

// GroupLanguages are the languages that listed groups speak.
func (s *Service) GroupLanguages(ctx context.Context) ([]string, error) {
	return s.store.GroupLanguages(ctx)
}

// searchWords are the words of a search, folded, at most eight.
func searchWords(text string) []string {
	words := strings.Fields(strings.ToLower(text))
	return words[:min(len(words), 8)]
}

func groupPlace(after string) (time.Time, string) {
	at, id, ok := strings.Cut(after, "-")
	micros, err := strconv.ParseInt(at, 36, 64)
	if !ok || err != nil || !looksLikeID(id) {
		return time.Time{}, ""
	}
	return time.UnixMicro(micros).UTC(), id
}
