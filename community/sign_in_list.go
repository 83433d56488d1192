package community

import "context"

// SignIns lists where the person looking is signed in, the last seen first.
func (s *Service) SignIns(ctx context.Context, v Viewer) ([]SignIn, error) {
	if v.User == nil {
		return nil, fail(NotFound, "error.not_found")
	}
	all, err := s.store.SignIns(ctx, v.User.ID)
	live := all[:0]
	for _, in := range all {
		if in.isLive(s.now()) {
			live = append(live, in)
		}
	}
	return live, err
}

// EndSignIn ends one of the person's own sign-ins; one that has ended, or is not
// theirs, is left as it is without a word.
func (s *Service) EndSignIn(ctx context.Context, v Viewer, id string) error {
	if v.User == nil || id == "" {
		return fail(NotFound, "error.not_found")
	}
	return s.store.EndSignIns(ctx, v.User.ID, id, s.now())
}

// EndOtherSignIns ends all of the person's sign-ins but this one.
func (s *Service) EndOtherSignIns(ctx context.Context, v Viewer) error {
	if v.User == nil {
		return fail(NotFound, "error.not_found")
	}
	return s.store.EndOtherSignIns(ctx, v.User.ID, v.SignInID, s.now())
}
