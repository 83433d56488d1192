package community

import (
	"context"
	"time"
)

// ReportsPage is how many reports stand on a page.
const ReportsPage = 25

// maxCountedReports is as far as open reports are counted.
const maxCountedReports = 100

// ReportSummary is a report in the list: what kind it is, where, and since when,
// but neither its words nor who sent it.
type ReportSummary struct {
	ID            string
	Reason        string
	CreatedAt     time.Time
	Doubtful      bool
	PostID        *string
	GroupID       *string
	GroupTitle    string
	AccountTitle  string
	AccountDomain string
}

// HiddenPost is a hidden post that its author changed since: it may be shown again.
type HiddenPost struct {
	ID          string
	GroupID     string
	GroupTitle  string
	AuthorID    string
	AuthorTitle string
	EditedAt    time.Time
}

// GroupModerated is a group that somebody looks after.
type GroupModerated struct {
	GroupID   string
	AccountID string // as whom
	Title     string
	Name      string
	Domain    string
	Sensitive bool
	Asks      int // how many ask to join
}

// ModDesk is what waits for a moderator.
type ModDesk struct {
	Instance bool             // of the whole instance, not of some groups only
	Groups   []GroupModerated // that they look after
	Reports  Page[ReportSummary]
	Changed  []HiddenPost // on the first page only
	Held     int          // words that wait for them to read first, up to 100
}

// ModDesk lists the open reports that the Viewer looks after, the oldest first:
// those of their groups, and for the instance's moderators all. Reports about
// themselves are not among them. NotFound for who moderates nothing.
func (s *Service) ModDesk(ctx context.Context, v Viewer, ask Paging) (ModDesk, error) {
	desk, err := s.ownDesk(ctx, v)
	if err != nil {
		return ModDesk{}, err
	}
	ask.Limit = ReportsPage + 1
	q := desk.query(v)
	q.Paging = ask
	list, err := s.store.Reports(ctx, q)
	if err != nil {
		return ModDesk{}, err
	}
	if desk.Held, err = s.store.CountHeld(ctx, HeldQuery{GroupIDs: desk.groupIDs(), Instance: desk.Instance}, maxCountedHeld); err != nil {
		return ModDesk{}, err
	}
	desk.Reports = paged(list, ask, func(r ReportSummary) Cursor { return Cursor{r.CreatedAt, r.ID} })
	if ids := desk.groupIDs(); len(ids) > 0 && ask.After.IsZero() && ask.Before.IsZero() {
		changed, err := s.store.ChangedHidden(ctx, ids, ReportsPage)
		if err != nil {
			return ModDesk{}, err
		}
		for _, p := range changed {
			if !v.Owns(p.AuthorID) {
				desk.Changed = append(desk.Changed, p)
			}
		}
	}
	return desk, nil
}

// OpenReports counts the open reports that the Viewer looks after, up to 100;
// none for who moderates nothing.
func (s *Service) OpenReports(ctx context.Context, v Viewer) (int, error) {
	if v.IsInstanceModerator() { // whatever groups are their own
		return s.store.CountReports(ctx, ModDesk{Instance: true}.query(v), maxCountedReports)
	}
	desk, err := s.ownDesk(ctx, v)
	if isNotFound(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return s.store.CountReports(ctx, desk.query(v), maxCountedReports)
}

// ownDesk is whose reports the Viewer looks after.
func (s *Service) ownDesk(ctx context.Context, v Viewer) (ModDesk, error) {
	desk := ModDesk{Instance: v.IsInstanceModerator()}
	now := s.now()
	if !v.IsMember(now) {
		return ModDesk{}, fail(NotFound, "error.not_found")
	}
	groups, err := s.store.GroupsModerated(ctx, v.AccountIDs())
	if err != nil {
		return ModDesk{}, err
	}
	for _, g := range groups {
		if !v.isSuspended(g.AccountID, now) {
			desk.Groups = append(desk.Groups, g)
		}
	}
	if !desk.Instance && len(desk.Groups) == 0 {
		return ModDesk{}, fail(NotFound, "error.not_found")
	}
	return desk, nil
}

func (d ModDesk) query(v Viewer) ReportsQuery {
	return ReportsQuery{GroupIDs: d.groupIDs(), All: d.Instance, NotAbout: v.AccountIDs()}
}

func (d ModDesk) groupIDs() []string {
	ids := make([]string, len(d.Groups))
	for i, g := range d.Groups {
		ids[i] = g.GroupID
	}
	return ids
}
