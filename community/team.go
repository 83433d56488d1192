package community

import "context"

// Team is the accounts of the instance's admins and moderators, admins first:
// the people who answer for it, by the names that everybody sees.
func (s *Service) Team(ctx context.Context) ([]Account, error) { return s.store.Team(ctx) }
