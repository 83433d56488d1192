package community

import "context"

// BlockAccount folds the words of an account for the person looking, and makes
// that it tells them nothing. It is silent: nobody is told. NotFound for an
// account that has no page, and for their own.
func (s *Service) BlockAccount(ctx context.Context, v Viewer, accountID string) (Account, error) {
	if v.User == nil || v.Owns(accountID) {
		return Account{}, fail(NotFound, "error.not_found")
	}
	account, err := s.accountFor(ctx, s.store, accountID)
	if err != nil {
		return Account{}, err
	}
	return account, s.block(ctx, v, BlockAccount, accountID)
}

// BlockServer is BlockAccount for all who write from a server. Invalid for what
// is no server's name, and for this server itself. It returns the name as kept.
func (s *Service) BlockServer(ctx context.Context, v Viewer, typed string) (string, error) {
	if v.User == nil {
		return "", fail(NotFound, "error.not_found")
	}
	site, err := s.Site(ctx)
	if err != nil {
		return "", err
	}
	var p problems
	domain, err := FoldDomain(typed)
	switch {
	case err != nil:
		p.add("server", "policy.domain_form")
	case domain == site.Host:
		p.add("server", "block.own_server")
	}
	if err := p.err(); err != nil {
		return "", err
	}
	return domain, s.block(ctx, v, BlockServer, domain)
}

func (s *Service) block(ctx context.Context, v Viewer, kind, what string) error {
	all, err := s.store.Blocks(ctx, v.User.ID)
	if err != nil {
		return err
	}
	if len(all) >= MaxBlocks {
		return fail(Conflict, "block.full", "Most", MaxBlocks)
	}
	return s.store.InsertBlock(ctx, Block{UserID: v.User.ID, Kind: kind, What: what, Since: s.now()})
}

// LiftBlock ends a block of the person looking; ending what is not there is no
// error.
func (s *Service) LiftBlock(ctx context.Context, v Viewer, kind, what string) error {
	if v.User == nil {
		return fail(NotFound, "error.not_found")
	}
	return s.store.DeleteBlock(ctx, v.User.ID, kind, what)
}

// Blocks are those of the person looking, the newest first.
func (s *Service) Blocks(ctx context.Context, v Viewer) ([]BlockView, error) {
	if v.User == nil {
		return nil, nil
	}
	return s.store.Blocks(ctx, v.User.ID)
}
