package community

import (
	"context"
	"time"
)

// Account is a public face, here or elsewhere: the role of a person's Actor.
// A User owns one main Account and may own personas; which ones stands in one
// table, account_owner, and in no other place.
type Account struct {
	Actor
	About          string // Markdown
	AboutHTML      string
	SuspendedAt    *time.Time
	SuspendedUntil *time.Time // nil with SuspendedAt set means until lifted
	Indexable      bool       // FEP-5feb; false unless the person chose it
}

// IsSuspended says whether the account may not act at this moment.
func (a Account) IsSuspended(now time.Time) bool {
	return a.SuspendedAt != nil && (a.SuspendedUntil == nil || now.Before(*a.SuspendedUntil))
}

// AccountStore keeps accounts. OwnedAccounts and AccountOwner are the only
// reads of the link between a person and their accounts.
type AccountStore interface {
	// InsertAccount stores the actor and the account.
	InsertAccount(ctx context.Context, a Account) error
	// Account and AccountByName return NotFound for what is not known.
	Account(ctx context.Context, id string) (Account, error)
	AccountByName(ctx context.Context, domain, name string) (Account, error)
	Accounts(ctx context.Context, ids []string) (map[string]Account, error)
	UpdateAccount(ctx context.Context, a Account) error
	// SetAbout stores what an account says of itself, and nothing else of it.
	SetAbout(ctx context.Context, id, source, html string) error

	InsertAccountOwner(ctx context.Context, accountID, userID string, main bool, since time.Time) error
	// OwnedAccounts lists a person's accounts, the main one first.
	OwnedAccounts(ctx context.Context, userID string) ([]Account, error)
	// OwnerState is the state of an account's person; NotFound for remote accounts.
	OwnerState(ctx context.Context, accountID string) (string, error)
	// AccountOwner returns NotFound for remote accounts.
	AccountOwner(ctx context.Context, accountID string) (userID string, err error)
	// AccountOwners are the people of some accounts, by account; remote ones are
	// not in it.
	AccountOwners(ctx context.Context, accountIDs []string) (map[string]string, error)
	// Team lists the main accounts of admins and moderators, admins first.
	Team(ctx context.Context) ([]Account, error)
}
