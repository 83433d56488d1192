package community

import (
	"context"
	"slices"
)

// tellOfReport gives a notice of a report, new or more urgent since, to the moderators of its group,
// or of the instance where there is no group here or nobody else to look at it.
// Whoever it is about is not told, by any of their accounts.
func (s *Service) tellOfReport(ctx context.Context, tx Store, r Report) error {
	people, err := whoHears(ctx, tx, r.GroupID, r.AccountID)
	if err != nil {
		return err
	}
	// Of one that became more urgent they were told before.
	if err := tx.RenewNotices(ctx, people, NoticeReport, r.ID, s.now()); err != nil {
		return err
	}
	var notices []Notice
	for _, id := range people {
		n := newNotice(s.now(), id, NoticeReport, r.ID)
		n.GroupID = r.GroupID
		notices = append(notices, n)
	}
	return tx.InsertNotices(ctx, notices)
}

// whoHears are the people who are told of a report in a place about an account:
// never its own person. Nobody, where they are alone. It takes one read.
func whoHears(ctx context.Context, tx Store, groupID *string, accountID string) ([]string, error) {
	all, err := tx.LookersAfter(ctx, scopeOf(groupID), accountID)
	var ofGroup, ofInstance []string
	for _, l := range all {
		if l.OfGroup {
			ofGroup = append(ofGroup, l.UserID)
		} else {
			ofInstance = append(ofInstance, l.UserID)
		}
	}
	if len(ofGroup) > 0 {
		return ofGroup, err
	}
	return ofInstance, err
}

func instanceModerators(ctx context.Context, tx Store) ([]string, error) {
	return tx.UserIDs(ctx, RoleAdmin, RoleModerator)
}

func without(ids []string, one string) []string {
	return slices.DeleteFunc(ids, func(id string) bool { return id == one })
}

// tellReporters tells those who sent reports that they were looked at.
func (s *Service) tellReporters(ctx context.Context, tx Store, reports []Report) error {
	byAccount := map[string]Report{}
	var ids []string
	for _, r := range reports {
		if r.ReporterID != nil {
			byAccount[*r.ReporterID] = r
			ids = append(ids, *r.ReporterID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	hearers, err := tx.Hearers(ctx, HearerQuery{AccountIDs: ids})
	if err != nil {
		return err
	}
	var notices []Notice
	for _, h := range hearers {
		n := newNotice(s.now(), h.UserID, NoticeReportDone, byAccount[h.AccountID].ID)
		n.AccountID = &h.AccountID
		notices = append(notices, n)
	}
	return tx.InsertNotices(ctx, notices)
}
