package community

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"hearth/community/secret"
)

// InvitationDraft is an invitation as an admin asks for it.
type InvitationDraft struct {
	Uses  int    // how many people it lets in
	Days  int    // how long it holds
	Group string // the handle of a group here that it leads into, or empty
	Note  string // for the admins
}

// Bounds of an invitation.
const (
	mostUses    = 100
	mostDays    = 90
	longestNote = 200
)

// MakeInvitation makes an invitation and returns its code, which is kept nowhere.
func (s *Service) MakeInvitation(ctx context.Context, v Viewer, in InvitationDraft) (code string, err error) {
	if err := needAdmin(v); err != nil {
		return "", err
	}
	group, err := s.checkInvitation(ctx, in)
	if err != nil {
		return "", err
	}
	now, code := s.now(), secret.NewCode()
	i := Invitation{
		ID: secret.NewID(now), CodeHash: secret.HashToken(code), Note: strings.TrimSpace(in.Note), GroupID: group,
		MadeBy: v.ActingID(), Uses: in.Uses, UsesLeft: in.Uses, CreatedAt: now, ExpiresAt: now.AddDate(0, 0, in.Days),
	}
	err = s.store.InTx(ctx, func(tx Store) error {
		if err := tx.InsertInvitation(ctx, i); err != nil {
			return err
		}
		return s.decideInvitation(ctx, tx, v, DecidedInvitation, i)
	})
	return code, err
}

// checkInvitation is the id of the group it leads into, where it leads into one.
func (s *Service) checkInvitation(ctx context.Context, in InvitationDraft) (*string, error) {
	var p problems
	if in.Uses < 1 || in.Uses > mostUses {
		p.add("uses", "invitation.uses_range", "Most", mostUses)
	}
	if in.Days < 1 || in.Days > mostDays {
		p.add("days", "invitation.days_range", "Most", mostDays)
	}
	if utf8.RuneCountInString(in.Note) > longestNote {
		p.add("note", "invitation.note_long", "Most", longestNote)
	}
	var id *string
	if handle := strings.TrimPrefix(Fold(in.Group), "!"); handle != "" {
		group, err := s.store.GroupByName(ctx, "", handle)
		if err != nil && !isNotFound(err) {
			return nil, err
		}
		if err != nil || !mayBeLedInto(group) {
			p.add("group", "invitation.no_group")
		}
		id = &group.ID
	}
	return id, p.err()
}

// mayBeLedInto says whether people can join a group by themselves.
func mayBeLedInto(g Group) bool { return g.State == GroupActive && g.Joining != JoiningClosed }

// RevokeInvitation ends an invitation; Conflict when somebody was first.
func (s *Service) RevokeInvitation(ctx context.Context, v Viewer, id string) error {
	if err := needAdmin(v); err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx Store) error {
		i, err := tx.Invitation(ctx, id)
		if err != nil {
			return err
		}
		if err := tx.RevokeInvitation(ctx, id, s.now()); err != nil {
			return err
		}
		return s.decideInvitation(ctx, tx, v, DecidedInvitationEnd, i)
	})
}

func (s *Service) decideInvitation(ctx context.Context, tx Store, v Viewer, kind string, i Invitation) error {
	_, err := s.decide(ctx, tx, Decision{
		Kind: kind, DecidedBy: v.ActingID(), SubjectKind: SubjectInvitation, SubjectID: i.ID,
	}, DecisionWords{Note: i.Note, Changed: []Change{
		{Field: "uses", To: strconv.Itoa(i.UsesLeft)}, {Field: "expires", To: i.ExpiresAt.UTC().Format(time.DateOnly)},
	}})
	return err
}

// holds is nil for an invitation that can be used, and Gone with the reason
// otherwise.
func (i Invitation) holds(now time.Time) error {
	switch {
	case i.RevokedAt != nil:
		return fail(Gone, "invitation.revoked")
	case !now.Before(i.ExpiresAt):
		return fail(Gone, "invitation.expired")
	case i.UsesLeft < 1:
		return fail(Gone, "invitation.used_up")
	}
	return nil
}

// Holds says whether the invitation can be used.
func (i Invitation) Holds(now time.Time) bool { return i.holds(now) == nil }
