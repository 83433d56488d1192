package community

import (
	"context"
	"time"
)

// Report is somebody asking for help with a post or an account. Who asked never
// leaves this server and is never shown to the reported.
type Report struct {
	ID              string
	CodeHash        string  // of the receipt's code
	ReporterID      *string // an account here; nil for visitors and other servers
	ReporterDomain  string  // the server that sent a Flag
	Contact         string  // only if the reporter left one
	GroupID         *string
	PostID          *string
	AccountID       string // whose words or conduct
	Reason          string
	Words           string
	Snapshot        string // what was reported, as it stood then
	SnapshotVersion int
	ActivityURI     string
	State           string
	CreatedAt       time.Time
	ResolvedAt      *time.Time
	ResolvedBy      *string
	DecisionID      *string
}

// Reasons of a Report (safety.md R20).
const (
	ReasonWorried  = "worried" // never messages the author by itself (R21)
	ReasonPersonal = "personal"
	ReasonIllegal  = "illegal"
	ReasonMethod   = "method"
	ReasonSpam     = "spam"
	ReasonUnkind   = "unkind"
	ReasonOther    = "other"
)

// States of a Report.
const (
	ReportOpen  = "open"
	ReportActed = "acted"  // something was done
	ReportKept  = "closed" // looked at, nothing changed
)

// ReportStore keeps reports.
type ReportStore interface {
	InsertReport(ctx context.Context, r Report) error
	// Report returns NotFound for an unknown id.
	Report(ctx context.Context, id string) (Report, error)
	UpdateReport(ctx context.Context, r Report) error
}
