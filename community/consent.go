package community

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Consent is what a person agreed to: scope, the text as shown and its hash,
// when given, when withdrawn. A new text asks again (GDPR Art 7, 9(2)(a)).
type Consent struct {
	ID          string
	UserID      string
	AccountID   string
	GroupID     *string // nil: the whole instance
	Scope       string
	TextHash    string
	Text        string
	GivenAt     time.Time
	WithdrawnAt *time.Time
}

// Scopes of a Consent. Withdrawing any but the first never ends the first.
const (
	ConsentTakePart = "take_part" // take part in this group
	ConsentFederate = "federate"  // copies of my posts go to other servers
)

// ConsentHash is the hash of a consent's text as it was shown.
func ConsentHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// ConsentStore keeps consents.
type ConsentStore interface {
	InsertConsent(ctx context.Context, c Consent) error
	// Consent returns NotFound for an unknown id.
	Consent(ctx context.Context, id string) (Consent, error)
	WithdrawConsent(ctx context.Context, id string, at time.Time) error
	// EndConsents withdraws an account's consents for a group: of one scope, or of
	// all where it is empty.
	EndConsents(ctx context.Context, accountID, groupID, scope string, at time.Time) error
	// HasConsent says whether an account's consent for a group is in force.
	HasConsent(ctx context.Context, accountID, groupID, scope string) (bool, error)
	// CopyHosts says whether an account agreed to copies of what it writes in a
	// group, and which servers have members in it, by name, in one read.
	CopyHosts(ctx context.Context, accountID, groupID string, limit int) (CopyHosts, error)
	// LiveConsents lists what a person agreed to and has not withdrawn, newest first.
	LiveConsents(ctx context.Context, userID string) ([]Consent, error)
	// Consents lists what a person agreed to, newest first, withdrawn ones too.
	Consents(ctx context.Context, userID string) ([]Consent, error)
}
