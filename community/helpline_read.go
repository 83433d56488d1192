package community

import (
	"context"
	"slices"
)

// HelpLineStore keeps what admins of this instance checked themselves.
type HelpLineStore interface {
	HelpLineChecks(ctx context.Context) ([]HelpLineCheck, error)
	// SaveHelpLineCheck replaces an earlier check of the same line.
	SaveHelpLineCheck(ctx context.Context, c HelpLineCheck) error
	// DeleteHelpLineCheck is nothing where there is none.
	DeleteHelpLineCheck(ctx context.Context, lineID string) error
}

// HelpLinesOf are a country's help lines with this instance's own checks. It
// needs no Viewer: they are the same for everybody. Help never fails because a
// check cannot be read: the lines then come without any.
func (s *Service) HelpLinesOf(ctx context.Context, country string) ([]CheckedHelpLine, error) {
	checks, err := s.store.HelpLineChecks(ctx)
	if err != nil {
		checks = nil
	}
	return MergeHelpLineChecks(HelpLinesFor(country), checks), nil
}

// CheckHelpLine notes that an admin looked a line up today. NotFound for others
// and for an unknown line.
func (s *Service) CheckHelpLine(ctx context.Context, v Viewer, id string) error {
	line, err := helpLineFor(v, id)
	if err != nil {
		return err
	}
	return s.store.SaveHelpLineCheck(ctx, HelpLineCheck{ID: id, Facts: line.Facts(), CheckedBy: v.User.ID, CheckedAt: s.now()})
}

// UncheckHelpLine takes an admin's word for a line back: a tick may have been a
// mistake. NotFound as for CheckHelpLine.
func (s *Service) UncheckHelpLine(ctx context.Context, v Viewer, id string) error {
	if _, err := helpLineFor(v, id); err != nil {
		return err
	}
	return s.store.DeleteHelpLineCheck(ctx, id)
}

// helpLineFor is a line that an admin vouches for.
func helpLineFor(v Viewer, id string) (HelpLine, error) {
	lines := HelpLines()
	at := slices.IndexFunc(lines, func(l HelpLine) bool { return l.ID == id })
	if !v.IsAdmin() || at < 0 {
		return HelpLine{}, fail(NotFound, "error.not_found")
	}
	return lines[at], nil
}
