package community

import "context"

// NoticesPage is how many notices stand on one page.
const NoticesPage = 30

// NoticeView is a notice with what its sentence says. Whoever the reader has
// blocked is not in the list.
type NoticeView struct {
	Notice
	ActorTitle   string
	ActorName    string
	GroupTitle   string
	GroupName    string
	GroupDomain  string
	Sensitive    bool   // the group is
	DecisionKind string // of the Decision that AboutID names
	DecisionRule string // what it came to, where its kind says so: a role, a state
	DecidedAbout string // the account it is about; empty where about none
	MyNames      int    // how many names the reader has
	AccountTitle string // which of them it is about
}

// Notices is a page of what a person should hear about, the newest first.
func (s *Service) Notices(ctx context.Context, v Viewer, ask Paging) (Page[NoticeView], error) {
	if v.User == nil {
		return Page[NoticeView]{}, nil
	}
	ask.Limit = NoticesPage + 1
	list, err := s.store.Notices(ctx, v.User.ID, ask)
	if err != nil {
		return Page[NoticeView]{}, err
	}
	page := paged(list, ask, func(n NoticeView) Cursor { return Cursor{n.CreatedAt, n.ID} })
	for i := range page.Items {
		n := &page.Items[i]
		n.MyNames = len(v.Accounts)
		for _, a := range v.Accounts {
			if n.AccountID != nil && a.ID == *n.AccountID {
				n.AccountTitle = a.Title
			}
		}
	}
	return page, nil
}

// ReadNotices notes that the person has seen some of their notices: one
// statement, and none when they had seen them all.
func (s *Service) ReadNotices(ctx context.Context, v Viewer, seen []NoticeView) error {
	var unread []string
	for _, n := range seen {
		if n.ReadAt == nil {
			unread = append(unread, n.ID)
		}
	}
	if len(unread) == 0 || v.User == nil {
		return nil
	}
	return s.store.MarkNoticesRead(ctx, v.User.ID, unread, s.now())
}
