package community

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"
)

// HeldChoice is held words that a moderator decides about, as they read them.
type HeldChoice struct {
	PostID  string
	Reading string // Held.Reading
}

// maxHeldAtOnce bounds what is decided by one press.
const maxHeldAtOnce = 100

// HeldNo is held words that could not be decided about, and why.
type HeldNo struct {
	PostID string
	Why    error // Conflict or Forbidden, with a sentence
}

// HeldDone is what became of several decisions: what could not be is nothing to others.
type HeldDone struct {
	Decided int
	Not     []HeldNo
}

// DecideHeld shows held words, or refuses them, each by a Decision of its own. What is
// shown stands with its own time, is told to whom it concerns, and in a group of here
// announced once; what is refused is told to nobody, and can be taken back for 30 days.
// Showing what was refused takes that back. Invalid for nothing chosen and for a note
// that is too long; NotFound for who moderates nothing.
func (s *Service) DecideHeld(ctx context.Context, v Viewer, choices []HeldChoice, approve bool, note string) (HeldDone, error) {
	var done HeldDone
	note = strings.TrimSpace(strings.ReplaceAll(note, "\r\n", "\n"))
	var p problems
	if len(choices) == 0 || len(choices) > maxHeldAtOnce {
		p.add("post", "held.choose")
	}
	if utf8.RuneCountInString(note) > maxMeasureNote {
		p.add("note", "moderate.note_long", "Most", maxMeasureNote)
	}
	if err := p.err(); err != nil {
		return done, err
	}
	if _, err := s.ownDesk(ctx, v); err != nil {
		return done, err
	}
	for _, c := range choices {
		err := s.decideHeld(ctx, v, c, approve, note)
		switch {
		case err == nil:
			done.Decided++
		case errors.Is(err, Conflict) && isSentence(err):
			done.Not = append(done.Not, HeldNo{c.PostID, err})
		default:
			return done, err
		}
	}
	return done, nil
}

// ApproveHeldFrom is DecideHeld for what waits of a server where its words are no longer
// read first, among the hundred that wait longest.
func (s *Service) ApproveHeldFrom(ctx context.Context, v Viewer, host string) (HeldDone, error) {
	q, err := s.heldQuery(ctx, v)
	if err != nil {
		return HeldDone{}, err
	}
	q.Host, q.Limit = host, maxHeldAtOnce
	held, err := s.store.HeldWords(ctx, q)
	if err != nil {
		return HeldDone{}, err
	}
	seen, err := s.heldSeen(ctx, held)
	if err != nil {
		return HeldDone{}, err
	}
	var choices []HeldChoice
	for _, h := range seen {
		if h.Free { // in another group they may still be read first
			choices = append(choices, h.Choice())
		}
	}
	return s.DecideHeld(ctx, v, choices, true, "")
}

// heldCase is held words that somebody decides about, in a transaction.
type heldCase struct {
	Held
	post  Post
	group Group
	who   moderator
	note  string
}

func (s *Service) decideHeld(ctx context.Context, v Viewer, c HeldChoice, approve bool, note string) error {
	return s.store.InTx(ctx, func(tx Store) error {
		epoch, err := tx.HoldPolicyEpoch(ctx)
		if err != nil {
			return err
		}
		h, err := s.heldCase(ctx, tx, v, c)
		if err != nil {
			return err
		}
		if h.note = note; !approve {
			return s.refuseHeld(ctx, tx, h)
		}
		return s.approveHeld(ctx, tx, h, epoch)
	})
}

// heldCase holds what is decided about as it is: Conflict where it is not what the Viewer
// read, and the same for what is not theirs to read as for what is not there.
func (s *Service) heldCase(ctx context.Context, tx Store, v Viewer, c HeldChoice) (h heldCase, err error) {
	if h.post, err = tx.PostToChange(ctx, c.PostID); isNotFound(err) {
		return h, fail(Conflict, "held.gone")
	} else if err != nil {
		return h, err
	}
	held, err := tx.HeldOf(ctx, []string{c.PostID})
	if err != nil {
		return h, err
	}
	if h.group, err = tx.Group(ctx, h.post.GroupID); err != nil {
		return h, err
	}
	seen, err := tx.PostSeen(ctx, c.PostID, s.reader(v))
	if err != nil {
		return h, err
	}
	now := s.now()
	known := false
	h.Held, known = held[c.PostID]
	switch {
	case !known || !h.IsEdit && h.post.State != PostHeld || !mayReadHeld(v, h.post, h.group, seen.Membership, now):
		return h, fail(Conflict, "held.gone")
	case h.Reading() != c.Reading:
		return h, fail(Conflict, "held.changed")
	}
	h.who = moderatorOf(v, &h.group, seen.Membership, now)
	return h, nil
}

// recordHeld keeps a Decision about held words, and notes it with the fact of what brought them.
func (s *Service) recordHeld(ctx context.Context, tx Store, h heldCase, d Decision) error {
	d.SubjectKind, d.SubjectID, d.AccountID = SubjectPost, h.PostID, &h.AuthorID
	if _, err := s.record(ctx, tx, h.who, Measure{Note: h.note}, d, h.post.Version); err != nil {
		return err
	}
	return tx.NoteRead(ctx, h.ActivityID, d.Kind == DecidedApprove)
}

// refuseHeld keeps words out of sight. Nobody elsewhere hears of it.
func (s *Service) refuseHeld(ctx context.Context, tx Store, h heldCase) error {
	if h.isRead() {
		return fail(Conflict, "held.gone")
	}
	now := s.now()
	h.RefusedAt = &now
	if err := tx.SaveHeld(ctx, h.Held); err != nil {
		return err
	}
	return s.recordHeld(ctx, tx, h, Decision{Kind: DecidedRefuse})
}

// approveHeld shows words, judged as if they came this moment: what may no longer stand
// there is Conflict with the reason.
func (s *Service) approveHeld(ctx context.Context, tx Store, h heldCase, epoch int64) error {
	d := Decision{Kind: DecidedApprove}
	if h.isRead() {
		refused, err := undone(ctx, tx, SubjectPost, h.PostID, DecidedRefuse)
		if err != nil {
			return err
		}
		d.Undoes = refused
	}
	show := s.showHeld
	if h.IsEdit {
		show = s.sayHeld
	}
	if err := show(ctx, tx, h, epoch); err != nil {
		return asConflict(err)
	}
	if err := tx.DropHeld(ctx, []string{h.PostID}); err != nil {
		return err
	}
	return s.recordHeld(ctx, tx, h, d)
}

// asConflict has a reason against words from elsewhere be one against approving them.
func asConflict(err error) error {
	var e *Error
	if errors.As(err, &e) && isVerdict(err) {
		return &Error{Kind: Conflict, Key: e.Key, Args: e.Args}
	}
	return err
}

// showHeld shows a post that nobody saw, and what waited for it.
func (s *Service) showHeld(ctx context.Context, tx Store, h heldCase, epoch int64) error {
	in := Inbound{
		URI: h.post.URI, GroupID: h.post.GroupID, AuthorID: h.post.AuthorID, InReplyToURI: h.post.InReplyToURI, Epoch: epoch,
	}
	d, err := s.openDesk(ctx, tx, []Inbound{in})
	if err != nil {
		return err
	}
	place, err := d.mayShow(ctx, in)
	if err != nil {
		return err
	}
	post := h.post
	place.receive(&post, s.now())
	d.posts[post.URI] = &post
	if !post.IsReply() {
		d.roots[post.ID] = &post
	}
	d.taken = append(d.taken, &takenPost{
		place: place, post: &post, mentioned: h.mentioned(), activityID: h.ActivityID, isStored: true, isRead: true, isFetched: h.ActivityID == "",
	})
	if err := d.adopt(ctx, &post); err != nil {
		return err
	}
	if err := d.store(ctx); err != nil || post.IsReply() {
		return err
	}
	return tx.RecountThread(ctx, post.ID) // it is news now, and was not when it came
}

// mayShow finds the place of a post that was read, and says why it may not stand there.
func (d *desk) mayShow(ctx context.Context, in Inbound) (place writingPlace, err error) {
	if place, err = d.place(ctx, in); err != nil {
		return place, err
	}
	if place.isMissing {
		return place, fail(Conflict, "held.answers_unread")
	}
	_, err = d.isReadFirst(ctx, place, in.AuthorID)
	return place, err
}

// sayHeld has a post say what an edit says that waited.
func (s *Service) sayHeld(ctx context.Context, tx Store, h heldCase, _ int64) error {
	d := s.newDesk(tx)
	place, err := d.speaker(ctx, h.post.GroupID, h.AuthorID)
	if err != nil {
		return err
	}
	if _, err := d.isReadFirst(ctx, place, h.AuthorID); err != nil {
		return err
	}
	among, err := d.audible(ctx, place.group, h.AuthorID)
	if err != nil {
		return err
	}
	return s.receiveEdit(ctx, tx, h.inbound(h.post), &h.post, among)
}
