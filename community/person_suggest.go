package community

import (
	"context"

	"hearth/community/secret"
)

// SuggestNames are n public names that say nothing of a person and that nobody
// has. Where most are taken they carry two digits.
func (s *Service) SuggestNames(ctx context.Context, n int) ([]string, error) {
	candidates := append(secret.SafeNames(3*n), secret.NumberedNames(n)...)
	taken, err := s.store.TakenNames(ctx, candidates)
	if err != nil {
		return nil, err
	}
	var free []string
	for _, name := range candidates {
		if !taken[name] && len(free) < n {
			free, taken[name] = append(free, name), true
		}
	}
	return free, nil
}
