package community

import (
	"context"
	"time"
)

// ModeratePost hides a post or shows it again, and closes the open reports about
// it. The moderators of its group may, and those of the instance who can read
// it. NotFound for others, Conflict where it is another by now.
func (s *Service) ModeratePost(ctx context.Context, v Viewer, id string, m Measure) (d Decision, err error) {
	m = m.tidy()
	err = s.store.InTx(ctx, func(tx Store) error {
		seen, err := s.postToModerate(ctx, tx, v, id)
		if err != nil {
			return err
		}
		now := s.now()
		if err := m.check(now, []string{MeasureHide, MeasureShow}); err != nil {
			return err
		}
		if seen.Post.State == PostAway { // as if it were deleted, whatever it was before
			return fail(Conflict, "moderate.changed")
		}
		who := moderatorOf(v, &seen.Group, seen.Membership, now)
		if m.Kind == MeasureShow {
			d, err = s.showPost(ctx, tx, who, id, m)
		} else {
			d, err = s.hidePost(ctx, tx, who, id, m)
		}
		if err != nil {
			return err
		}
		return s.resolve(ctx, tx, Report{PostID: &id, AccountID: seen.Post.AuthorID}, m, d)
	})
	return d, err
}

// PostToModerate is a post as the page shows it on which a moderator decides,
// with its group's rules and, where it is hidden, the Decision that hid it.
func (s *Service) PostToModerate(ctx context.Context, v Viewer, id string) (PostToModerate, error) {
	seen, err := s.postToModerate(ctx, s.store, v, id)
	if err != nil {
		return PostToModerate{}, err
	}
	p := PostToModerate{Post: seen.Post, Group: seen.Group, Measures: postMeasures(seen.Post)}
	if p.Author, err = s.store.Account(ctx, seen.Post.AuthorID); err != nil {
		return p, err
	}
	if p.Rules, err = s.store.Rules(ctx, seen.Group.ID, seen.Group.RulesVersion); err != nil {
		return p, err
	}
	if p.Past, err = s.store.PastSteps(ctx, seen.Post.AuthorID, seen.Group.ID, pastShown); err != nil {
		return p, err
	}
	p.Changed, err = s.isChangedSinceHidden(ctx, seen.Post)
	if p.Post.State == PostAway { // as if it were deleted: a report has its own copy
		p.Post.State = PostDeleted
		p.Post.erase()
	}
	return p, err
}

func (s *Service) isChangedSinceHidden(ctx context.Context, p Post) (bool, error) {
	if p.State != PostHidden || p.EditedAt == nil {
		return false, nil
	}
	hid, err := s.store.LastDecisionOn(ctx, SubjectPost, p.ID, DecidedHide)
	if isNotFound(err) {
		return false, nil
	}
	return err == nil && p.EditedAt.After(hid.DecidedAt), err
}

// PostToModerate is what a moderator is shown of a post before they decide.
type PostToModerate struct {
	Post     Post
	Group    Group
	Author   Account
	Rules    []Rule
	Past     []PastStep // about its author, in this group alone
	Measures []string
	Changed  bool // by its author, since it was hidden here
}

func postMeasures(p Post) []string {
	switch {
	case p.State == PostHidden:
		return []string{MeasureShow}
	case p.State == PostAway: // only whoever has a report of it has words to judge
		return nil
	case mayBeHidden(p):
		return []string{MeasureHide}
	}
	return nil
}

// postToModerate judges who may hide a post or show it again. Nobody judges
// their own words.
func (s *Service) postToModerate(ctx context.Context, store Store, v Viewer, id string) (PostSeen, error) {
	seen, err := s.postFor(ctx, store, v, id)
	if err != nil {
		return PostSeen{}, err
	}
	now := s.now()
	may := mayModerate(v, seen.Membership, now) || v.IsInstanceModerator() && maySeeWords(v, seen.Post, seen.Membership, now)
	if !may && v.IsInstanceModerator() {
		if may, err = isOursToShow(ctx, store, seen); err != nil {
			return PostSeen{}, err
		}
	}
	if !may || v.Owns(seen.Post.AuthorID) {
		return PostSeen{}, fail(NotFound, "error.not_found")
	}
	return seen, nil
}

// isOursToShow says whether a hidden post is the instance's moderators' to show
// again: they hid it in a group elsewhere, which has no other moderators here.
func isOursToShow(ctx context.Context, store Store, seen PostSeen) (bool, error) {
	if seen.Post.State != PostHidden || seen.Group.IsLocal() {
		return false, nil
	}
	return isHiddenHere(ctx, store, seen.Post.ID)
}

// hidePost takes a post's words out of sight; its place in the thread stays. Its
// author reads why, and may change it (R25).
func (s *Service) hidePost(ctx context.Context, tx Store, who moderator, id string, m Measure) (Decision, error) {
	post, err := tx.PostToChange(ctx, id)
	if err != nil {
		return Decision{}, err
	}
	switch {
	case !mayBeHidden(post):
		return Decision{}, fail(Conflict, "moderate.changed")
	case post.Version != m.Version:
		return Decision{}, fail(Conflict, "moderate.edited")
	}
	if err := forgetWarning(ctx, tx, post); err != nil {
		return Decision{}, err
	}
	post.become(PostHidden)
	post.PinnedAt = nil
	d, err := s.changeState(ctx, tx, who, post, m, Decision{Kind: DecidedHide})
	if err != nil || !mayHaveLeft(post) {
		return d, err
	}
	if err := forgetUnsent(ctx, tx, []string{post.ID}, d.DecidedAt); err != nil {
		return d, err
	}
	return d, tx.InsertEvent(ctx, newPostEvent(d.DecidedAt, EventPostHidden, post))
}

// showPost takes a hide back, for the words as they are now.
func (s *Service) showPost(ctx context.Context, tx Store, who moderator, id string, m Measure) (Decision, error) {
	post, err := tx.PostToChange(ctx, id)
	if err != nil {
		return Decision{}, err
	}
	switch {
	case post.State != PostHidden:
		return Decision{}, fail(Conflict, "moderate.changed")
	case post.Version != m.Version:
		return Decision{}, fail(Conflict, "moderate.edited")
	}
	hidden, err := tx.LastDecisionOn(ctx, SubjectPost, id, DecidedHide)
	if err != nil && !isNotFound(err) {
		return Decision{}, err
	}
	var undoes *string
	if hidden.ID != "" {
		undoes = &hidden.ID
	}
	post.State = PostPublished
	d, err := s.changeState(ctx, tx, who, post, m, Decision{Kind: DecidedShow, Undoes: undoes})
	if err != nil {
		return d, err
	}
	return d, s.tellOfShown(ctx, tx, *who.group, post, d.DecidedAt, hidden.DecidedAt)
}

// tellOfShown tells the world that a post is shown again. Copies elsewhere still
// say what it said when it was hidden: where that was changed since, the change
// goes first, so that no copy shows again what was taken out of sight. A change
// by somebody of elsewhere is passed on in their own bytes; where these are gone
// neither is told.
func (s *Service) tellOfShown(ctx context.Context, tx Store, g Group, post Post, now, hidden time.Time) error {
	site, err := tx.Site(ctx)
	if err != nil || !federates(site, g, post) {
		return err
	}
	if post.Verified == VerifiedLocal {
		return s.tellAgain(ctx, tx, g, post, now)
	}
	shown := newPostEvent(now, EventPostShown, post)
	if post.EditedAt != nil && !post.EditedAt.Before(hidden) {
		edited := newPostEvent(now, EventPostEdited, post)
		edited.AboutID, shown.AboutID = AboutMended, AboutMended
		if err := tx.InsertEvent(ctx, edited); err != nil {
			return err
		}
	}
	return tx.InsertEvent(ctx, shown)
}

// tellAgain tells of words of ours as if for the first time, and then that they
// are shown: hiding cancelled what had not gone out, whether they were new or
// changed. Who has them knows them by their id. A group elsewhere hides for
// itself: it gets what it never got.
func (s *Service) tellAgain(ctx context.Context, tx Store, g Group, post Post, now time.Time) error {
	var there Standing
	if !g.IsLocal() {
		known, err := tx.Standings(ctx, []string{post.ID}, g.Domain)
		if err != nil {
			return err
		}
		there = known[post.ID]
	}
	events := wordsToSend(post, there.SentAt, now)
	if g.IsLocal() {
		events = append(events, newPostEvent(now, EventPostShown, post))
	}
	return tx.InsertEvents(ctx, events)
}

// wordsToSend are the events that bring somebody a post as it is now: to whoever
// got it before, what has changed. An earlier try may have arrived, its answer
// not: so what was edited goes as an edit too.
func wordsToSend(post Post, sent *time.Time, at time.Time) (events []Event) {
	if sent == nil {
		events = append(events, newPostEvent(at, EventPostWritten, post))
	}
	if post.Version > 1 {
		events = append(events, newPostEvent(at, EventPostEdited, post))
	}
	return events
}

// changeState stores a post whose state a moderator changed, counts its thread
// anew, records the Decision and tells the author.
func (s *Service) changeState(ctx context.Context, tx Store, who moderator, post Post, m Measure, d Decision) (Decision, error) {
	if err := tx.UpdatePost(ctx, post); err != nil {
		return d, err
	}
	if err := tx.RecountThread(ctx, post.ThreadID); err != nil {
		return d, err
	}
	d.SubjectKind, d.SubjectID, d.AccountID = SubjectPost, post.ID, &post.AuthorID
	d, err := s.record(ctx, tx, who, m, d, post.Version)
	if err != nil {
		return d, err
	}
	return d, s.tellSubject(ctx, tx, d, &post.GroupID, &post.ID)
}

// undone is the id of the newest Decision of a kind about something, for the one
// that undoes it; nil where there is none.
func undone(ctx context.Context, tx Store, subjectKind, subjectID, kind string) (*string, error) {
	d, err := tx.LastDecisionOn(ctx, subjectKind, subjectID, kind)
	if isNotFound(err) {
		return nil, nil
	}
	return &d.ID, err
}
