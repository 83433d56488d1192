package community

import (
	"context"
	"time"

	"hearth/community/policy"
)

// Severance is a tie that a policy cut, kept so that lifting can offer it back.
type Severance struct {
	ID           string
	DecisionID   string
	Domain       string
	MembershipID string
	GroupID      string
	AccountID    string
	Role         string
	Was          string // the membership's state before
	CutAt        time.Time
	RestoredAt   *time.Time // the tie holds again, or is asked for anew
	ToldAt       *time.Time // or their server was told that it does not
}

// PolicyStore keeps the instance's policies and what they cut.
type PolicyStore interface {
	// PolicyEpoch is read in every transaction that touches a remote host.
	PolicyEpoch(ctx context.Context) (int64, error)
	// HoldPolicyEpoch is PolicyEpoch, and nobody raises it until the transaction ends.
	HoldPolicyEpoch(ctx context.Context) (int64, error)
	// RaisePolicyEpoch returns the new epoch. It waits for whoever holds the old
	// one, so it comes first in a transaction: what is locked after the epoch
	// elsewhere is then locked after it here too.
	RaisePolicyEpoch(ctx context.Context) (int64, error)
	// SavePolicy keeps when an earlier verdict on the domain was made.
	SavePolicy(ctx context.Context, p policy.Policy) error
	DeletePolicy(ctx context.Context, domain string) error
	// AllPolicies are the instance's and all groups', for the snapshot.
	AllPolicies(ctx context.Context) ([]policy.Policy, error)
	PoliciesAfter(ctx context.Context, domain string, limit int) ([]policy.Policy, error)
	// PoliciesAbove are the instance's own on some hosts and the domains above them.
	PoliciesAbove(ctx context.Context, hosts []string) ([]policy.Policy, error)
	// CutTies marks memberships severed and keeps what they were.
	CutTies(ctx context.Context, cut []Severance, now time.Time) error
	// Severances of a domain, the newest first.
	Severances(ctx context.Context, domain string, limit int) ([]Severance, error)
	// KnownServers are those that anybody known here is of, or that anything was sent
	// to, by name.
	KnownServers(ctx context.Context) ([]string, error)
	// Ties counts what hangs on servers for which something turns; of what was cut,
	// since a time.
	Ties(ctx context.Context, turned []policy.Turned, cutAfter time.Time) ([]TieCount, error)
	// TiedGroups are the groups that most people are tied to across what turns, and
	// whether one of the accounts is an active member of each.
	TiedGroups(ctx context.Context, turned []policy.Turned, accountIDs []string, limit int) ([]TiedGroup, error)
}
