package federation

import (
	"context"
	"time"

	"hearth/community"
)

// InquiryStore keeps which posts their own servers are to be asked for, for any
// number of nodes: who asks has leased it for
// JobLeaseLife, and asks a host one at a time.
type InquiryStore interface {
	// ClaimInquiry leases what is due longest of a host that nobody asks; NotFound when nothing is.
	ClaimInquiry(ctx context.Context, now time.Time) (q community.Inquiry, token string, err error)
	// FinishInquiry ends one, or puts it off until again. ErrLeaseLost when it is
	// somebody else's by now.
	FinishInquiry(ctx context.Context, id, token string, again time.Time) error
}
