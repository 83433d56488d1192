package community

import (
	"context"
	"time"
)

// Support is a quiet reaction to a local post: seen by its author, never
// summed, never sent.
type Support struct {
	PostID    string
	AccountID string
	Kind      string
	GivenAt   time.Time
}

// Kinds of Support.
const (
	SupportWithYou  = "with_you"
	SupportSameHere = "same_here"
	SupportThankYou = "thank_you"
)

// SupportKinds are the words of support, in the order they are offered.
func SupportKinds() []string { return []string{SupportWithYou, SupportSameHere, SupportThankYou} }

// SupportStore keeps support.
type SupportStore interface {
	// InsertSupport says whether it was not there before.
	InsertSupport(ctx context.Context, s Support) (isNew bool, err error)
	// DeleteSupport takes one kind back; taking back what is not there is no error.
	DeleteSupport(ctx context.Context, postID string, accountIDs []string, kind string) error
	// Supporters lists who supports some posts, in the order they did, without
	// those whom the person has blocked. At most 100 for each kind.
	Supporters(ctx context.Context, postIDs []string, userID string) ([]Supporter, error)
}
