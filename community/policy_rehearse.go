package community

import (
	"context"
	"time"

	"hearth/community/policy"
)

// RehearsalDays is how many days of facts a proposal is rehearsed over, today among
// them: as long as facts are kept.
const RehearsalDays = 30

// FactQuery asks for what passed between here and some servers.
type FactQuery struct {
	Hosts    []string  // as they are spelled in what HostsMet gives
	From, To time.Time // midnights of UTC, To without its own day
	Members  bool      // whether words are a member's is asked too, which costs more
}

// RehearsalStore keeps what a proposal is rehearsed over.
type RehearsalStore interface {
	// HostsMet are the servers that anything verified came from, or that something
	// was sent to, and those whose words others brought, as long as facts are kept.
	HostsMet(ctx context.Context) ([]string, error)
	// Facts are of messages that had an effect here, or that a policy kept from
	// having one; in no order.
	Facts(ctx context.Context, q FactQuery) ([]policy.Fact, error)
}
