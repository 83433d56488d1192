package community

import (
	"context"
	"time"
)

// answersKept is how long an answer is kept after the decision.
const answersKept = 30 * 24 * time.Hour

// EraseAnswers blanks the answers of applications that were decided 30 days ago
// or earlier, a bounded number at once, and returns how many.
func (s *Service) EraseAnswers(ctx context.Context) (int, error) {
	now := s.now()
	return s.store.EraseAnswers(ctx, now.Add(-answersKept), now, tidyBatch)
}
