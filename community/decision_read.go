package community

import (
	"context"
	"slices"
	"time"
)

// DecisionSeen is a decision with what its page says and is judged by: its
// words, the place, whose it was, what undid it, and the reader's own membership
// in the place. It never leaves the community.
type DecisionSeen struct {
	Decision  Decision
	Payload   DecisionPayload // zero where it was erased
	Group     Group           // zero for the instance
	Own       Membership
	Account   Account // whose it was; zero where nobody's
	Post      Post    // zero where it is about none
	UndoneBy  string
	DeciderBy string // the name of who decided; the account's where there is none
	Subject   string // the name of the person or group it is about
}

// DecisionView is a decision as one Viewer may read it: whoever it concerns
// reads what, why, on which rule and until when; the moderators of the place
// also by whom, and their notes.
type DecisionView struct {
	Decision Decision // DecidedBy is blank for whom it concerns
	Words    DecisionWords
	Erased   bool // the words were erased
	Group    *Group
	Account  *Account
	Post     *Post
	Undone   bool
	Mine     bool   // it concerns the Viewer
	By       string // the name of who decided, for moderators
	Subject  string // the name of the person or group it is about, for moderators
	MayEdit  bool   // the words can be changed and looked at again
	MayUndo  string // the Measure that a moderator may take it back with
}

// Decision is a decision by its id. NotFound for everybody but whom it concerns
// and the moderators of its place.
func (s *Service) Decision(ctx context.Context, v Viewer, id string) (DecisionView, error) {
	seen, err := s.store.DecisionSeen(ctx, id, s.reader(v))
	if err != nil {
		return DecisionView{}, err
	}
	mine, mods := concerns(v, seen.Decision), mayReadRecord(v, seen.Decision.Scope, seen.Own, s.now())
	if !mine && !mods {
		return DecisionView{}, fail(NotFound, "error.not_found")
	}
	return seen.view(v, mine, s.now()), nil
}

// concerns says whether a decision is about the Viewer, or about what is theirs.
func concerns(v Viewer, d Decision) bool {
	if v.User == nil {
		return false
	}
	return d.AccountID != nil && v.Owns(*d.AccountID) || d.SubjectKind == SubjectUser && d.SubjectID == v.User.ID
}

// mayReadRecord says whether a Viewer may read the record of a place: a group's
// moderators their own, the instance's moderators every one.
func mayReadRecord(v Viewer, scope string, own Membership, now time.Time) bool {
	return v.IsInstanceModerator() || scope != "" && own.GroupID == scope && mayModerate(v, own, now)
}

func (d DecisionSeen) view(v Viewer, mine bool, now time.Time) DecisionView {
	view := DecisionView{
		Decision: d.Decision, Words: d.Decision.words(d.Payload), Erased: d.Payload.DecisionID == "", Mine: mine,
		Undone: d.UndoneBy != "", By: d.DeciderBy, Subject: d.Subject,
	}
	if d.Group.ID != "" {
		view.Group = &d.Group
	}
	if d.Account.ID != "" {
		view.Account = &d.Account
	}
	if d.Post.ID != "" {
		view.Post = &d.Post
	}
	if mine {
		view.Decision.DecidedBy, view.By, view.Subject, view.Words.Note = "", "", "", ""
		view.MayEdit = d.Decision.Kind == DecidedHide && d.Post.State == PostHidden && mayEdit(v, d.Post, d.Group, d.Own, now) == nil
		return view
	}
	if !v.IsAdmin() {
		view.Decision.keepFromModerators(&view.Words, &view.Subject)
		if view.Decision.AccountID == nil {
			view.Account = nil
		}
	}
	view.MayUndo = d.measureBack(now)
	return view
}

// hidesWhom says whether only admins see whom a decision was about.
func hidesWhom(kind string) bool {
	return oneOf(kind, DecidedApplication, DecidedApplicationNot, DecidedResetLink, DecidedGroupRefuse)
}

// pastSteps are what was decided about an account, as far as it may be seen that it
// was about them.
func (s *Service) pastSteps(ctx context.Context, v Viewer, accountID, scope string) ([]PastStep, error) {
	past, err := s.store.PastSteps(ctx, accountID, scope, pastShown)
	if v.IsAdmin() {
		return past, err
	}
	return slices.DeleteFunc(past, func(step PastStep) bool { return hidesWhom(step.Kind) }), err
}

// keepFromModerators blanks what only admins see of a decision: their notes, and
// who asked to come in, or for a group that was refused, or lost a password.
func (d *Decision) keepFromModerators(words *DecisionWords, names ...*string) {
	if isForAdmins(d.Kind) {
		words.Note = ""
	}
	if hidesWhom(d.Kind) {
		d.AccountID, d.SubjectID = nil, ""
		for _, name := range names {
			*name = ""
		}
	}
}

// isForAdmins says whether the note in a kind of decision was written for admins
// alone, as its form promises; other notes are for all moderators of the place.
func isForAdmins(kind string) bool {
	return oneOf(kind, DecidedInvitation, DecidedInvitationEnd, DecidedPolicy, DecidedPolicyLift)
}

// measureBack is how a decision that still holds can be taken back; empty where
// there is nothing to take back.
func (d DecisionSeen) measureBack(now time.Time) string {
	switch {
	case d.UndoneBy != "" || d.Decision.Until != nil && !now.Before(*d.Decision.Until):
		return ""
	case d.Decision.Kind == DecidedHide && d.Post.State == PostHidden:
		return MeasureShow
	case d.Decision.Kind == DecidedRemove:
		return MeasureReadmit
	case d.Decision.Kind == DecidedSuspend:
		return MeasureLift
	}
	return ""
}

// Suspension is the Decision that keeps the Viewer from writing here now, to be
// led to; NotFound where nothing does.
func (s *Service) Suspension(ctx context.Context, v Viewer) (Decision, error) {
	now := s.now()
	for _, a := range v.Accounts {
		if a.IsSuspended(now) {
			return s.store.LastDecisionOn(ctx, SubjectAccount, a.ID, DecidedSuspend)
		}
	}
	return Decision{}, fail(NotFound, "error.not_found")
}
