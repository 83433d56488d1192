package community

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"hearth/community/secret"
)

// ReportDraft is what somebody says in a report about a post or an account.
type ReportDraft struct {
	PostID    string
	AccountID string // where there is no post
	Reason    string
	Words     string
	Contact   string
	Doubtful  bool   // the form's trap was filled in (R07)
	Source    string // where it came from, coarse; kept only hashed, to count
}

// Limits of a report, in characters, and of reports from one source.
const (
	MaxReportWords   = 4000
	maxAddedWords    = 3 * MaxReportWords // in all that one person adds to a report
	maxReportContact = 200
	reportsPerSource = 10
	reportsPerPerson = 30
	reportsWindow    = time.Hour
)

// Reportable is what a report would be about, as its form names it.
type Reportable struct {
	Post    *Post // nil: the account itself
	Group   *Group
	Account Account // whose
	Alone   bool    // nobody but whom it is about looks at reports of this kind
	member  Membership
}

// ReportSent is what became of a report: the code of its receipt, or that its
// words were added to one that the same person had sent.
type ReportSent struct {
	Code  string
	Added bool
}

// Reportable finds what somebody wants to report. NotFound for what they cannot
// read themselves.
func (s *Service) Reportable(ctx context.Context, v Viewer, postID, accountID string) (Reportable, error) {
	r, err := s.reportable(ctx, s.store, v, postID, accountID)
	if err != nil || !r.Account.IsLocal() {
		return r, err
	}
	var groupID *string
	if r.Group != nil {
		groupID = &r.Group.ID
	}
	hearing, err := whoHears(ctx, s.store, groupID, r.Account.ID)
	r.Alone = len(hearing) == 0
	return r, err
}

// StandsAlone says to the only person who looks after the whole place that
// nobody would hear of a report about them.
func (s *Service) StandsAlone(ctx context.Context, v Viewer) (bool, error) {
	if !v.IsAdmin() {
		return false, nil
	}
	people, err := instanceModerators(ctx, s.store)
	return len(without(people, v.User.ID)) == 0, err
}

func (s *Service) reportable(ctx context.Context, store Store, v Viewer, postID, accountID string) (Reportable, error) {
	if postID == "" {
		account, err := s.accountFor(ctx, store, accountID)
		return Reportable{Account: account}, err
	}
	seen, err := s.postFor(ctx, store, v, postID)
	if err == nil && !mayReportPost(v, seen, s.now()) {
		err = fail(NotFound, "error.not_found")
	}
	if err != nil {
		return Reportable{}, err
	}
	account, err := store.Account(ctx, seen.Post.AuthorID)
	return Reportable{Post: &seen.Post, Group: &seen.Group, Account: account, member: seen.Membership}, err
}

// SendReport keeps a report with a snapshot of what it is about, and tells the
// moderators it concerns: never the author, whatever the reason (R21). Anyone
// may send one, signed in or not, suspended or not (R20). Invalid with what to
// mend; NotFound for what they cannot read; TooMany beyond a number an hour.
func (s *Service) SendReport(ctx context.Context, v Viewer, d ReportDraft) (ReportSent, error) {
	d = d.tidy()
	if err := d.check(); err != nil {
		return ReportSent{}, err
	}
	if _, err := s.reportable(ctx, s.store, v, d.PostID, d.AccountID); err != nil {
		return ReportSent{}, err
	}
	if err := s.countReport(ctx, v, d.Source); err != nil {
		return ReportSent{}, err
	}
	sent, err := s.sendReport(ctx, v, d)
	if errors.Is(err, Conflict) {
		sent, err = s.sendReport(ctx, v, d) // sent twice at once: now it is seen
	}
	return sent, err
}

func (d ReportDraft) tidy() ReportDraft {
	d.Words = strings.TrimSpace(strings.ReplaceAll(d.Words, "\r\n", "\n"))
	d.Contact = strings.Join(strings.Fields(d.Contact), " ")
	return d
}

func (d ReportDraft) check() error {
	var p problems
	if !oneOf(d.Reason, Reasons()...) {
		p.add("reason", "report.reason_missing")
	}
	switch n := utf8.RuneCountInString(d.Words); {
	case n > MaxReportWords:
		p.add("words", "report.words_long", "Most", MaxReportWords)
	case n == 0 && d.Reason == ReasonOther:
		p.add("words", "report.words_missing")
	}
	if utf8.RuneCountInString(d.Contact) > maxReportContact {
		p.add("contact", "report.contact_long", "Most", maxReportContact)
	}
	return p.err()
}

func (s *Service) countReport(ctx context.Context, v Viewer, source string) error {
	key, most := tryKey("report", source), reportsPerSource
	if v.User != nil {
		key, most = tryKey("report by", v.User.ID), reportsPerPerson
	}
	tries, err := s.store.CountTry(ctx, key, s.now(), reportsWindow)
	if err == nil && tries > most {
		err = fail(TooMany, "report.often")
	}
	return err
}

func (s *Service) sendReport(ctx context.Context, v Viewer, d ReportDraft) (sent ReportSent, err error) {
	err = s.store.InTx(ctx, func(tx Store) error {
		about, err := s.reportable(ctx, tx, v, d.PostID, d.AccountID)
		if err != nil {
			return err
		}
		sent.Added, err = s.addToReport(ctx, tx, v, about, d)
		if err != nil || sent.Added {
			return err
		}
		sent.Code = secret.NewCode()
		r, err := newReport(v, about, d, sent.Code, s.now())
		if err != nil {
			return err
		}
		if err := tx.InsertReport(ctx, r); err != nil || r.Doubtful {
			return err
		}
		return s.tellOfReport(ctx, tx, r)
	})
	return sent, err
}

// addToReport adds the words to the open report that the same person sent about
// the same thing, by whichever of their accounts. A reason that is more urgent
// takes the place of the first, and is told of again. It says whether there is
// one; Invalid where all that was said is more than a few reports may hold.
func (s *Service) addToReport(ctx context.Context, tx Store, v Viewer, about Reportable, d ReportDraft) (bool, error) {
	if v.User == nil {
		return false, nil
	}
	r, err := tx.OpenReportBy(ctx, v.AccountIDs(), d.PostID, about.Account.ID)
	if isNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if r, err = tx.ReportToChange(ctx, r.ID); err != nil {
		return false, err
	}
	if r.State != ReportOpen {
		return false, nil
	}
	if r.Words = joined(r.Words, d.Words); utf8.RuneCountInString(r.Words) > maxAddedWords {
		var p problems
		p.add("words", "report.words_full", "Most", maxAddedWords)
		return false, p.err()
	}
	if d.Contact != "" {
		r.Contact = d.Contact
	}
	urgent := isMoreUrgent(d.Reason, r.Reason)
	if urgent {
		r.Reason = d.Reason
	}
	if err := tx.UpdateReport(ctx, r); err != nil || !urgent || r.Doubtful {
		return true, err
	}
	return true, s.tellOfReport(ctx, tx, r)
}

// isMoreUrgent compares reasons by the order in which they are offered.
func isMoreUrgent(a, b string) bool {
	return slices.Index(Reasons(), a) < slices.Index(Reasons(), b)
}

// joined is what was said before and since.
func joined(before, since string) string {
	if before == "" || since == "" {
		return before + since
	}
	return before + "\n\n" + since
}

func newReport(v Viewer, about Reportable, d ReportDraft, code string, now time.Time) (Report, error) {
	r := Report{
		ID: secret.NewID(now), CodeHash: secret.HashToken(code), Contact: d.Contact, AccountID: about.Account.ID,
		Reason: d.Reason, Words: d.Words, Doubtful: d.Doubtful, State: ReportOpen, CreatedAt: now,
	}
	if by := about.reporter(v); by != "" {
		r.ReporterID = &by
	}
	snapshot := snapshotOfAccount(about.Account)
	if about.Post != nil {
		snapshot = snapshotOfPost(*about.Post)
		r.PostID, r.GroupID, r.SnapshotVersion = &about.Post.ID, &about.Group.ID, about.Post.Version
	}
	var err error
	r.Snapshot, err = snapshot.encode()
	return r, err
}

// reporter is the account that a report comes from: the member of the group, or
// whoever is acting; empty for visitors.
func (r Reportable) reporter(v Viewer) string {
	if r.member.IsActive() {
		return r.member.AccountID
	}
	return v.ActingID()
}
