package federation

import (
	"context"
	"errors"
	"sync/atomic"

	"hearth/community"
)

// maxFetches bounds what one activity makes us fetch, however much it carries and
// whatever it is fetched for: posts, activities, and those who wrote them.
const maxFetches = 100

// errSpent is a fetch that an activity has no more of.
var errSpent = errors.New("federation: enough was fetched for one activity")

type budgetKey struct{}

// withBudget has all that is fetched for what runs with the context count together.
func withBudget(ctx context.Context, fetches int64) context.Context {
	left := new(atomic.Int64)
	left.Store(fetches)
	return context.WithValue(ctx, budgetKey{}, left)
}

// spend takes a fetch from the budget, where there is one: errSpent where nothing is left.
func spend(ctx context.Context) error {
	left, ok := ctx.Value(budgetKey{}).(*atomic.Int64)
	if ok && left.Add(-1) < 0 {
		return errSpent
	}
	return nil
}

// spendOnDoubt counts the question with the fetches that a post is followed by which
// only its group vouches for. What there are no more of comes later (community.TooMany).
func (a arrival) spendOnDoubt(ctx context.Context) error {
	if a.verified != community.VerifiedGroup || spend(ctx) == nil {
		return nil
	}
	return &community.Error{Kind: community.TooMany, Key: "receive.many_asked"}
}
