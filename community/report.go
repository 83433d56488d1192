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
	Doubtful        bool // the form's trap was filled in: perhaps by a machine (R07)
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
	ReasonOther    = "else"
)

// States of a Report.
const (
	ReportOpen  = "open"
	ReportActed = "acted"  // something was done
	ReportKept  = "closed" // looked at, nothing changed
)

// Reasons are those that a form offers, the most urgent first: worry.
func Reasons() []string {
	return []string{ReasonWorried, ReasonPersonal, ReasonIllegal, ReasonMethod, ReasonSpam, ReasonUnkind, ReasonOther}
}

// Where a report came from: all that a moderator learns of who sent it.
const (
	FromMember  = "member"
	FromVisitor = "visitor"
	FromServer  = "server"
)

// from is what moderators are told of who sent a report.
func (r Report) from() string {
	switch {
	case r.ReporterID != nil:
		return FromMember
	case r.ReporterDomain != "":
		return FromServer
	}
	return FromVisitor
}

// anonymous is the report without anything that says who sent it.
func (r Report) anonymous() Report {
	r.CodeHash, r.ReporterID, r.ReporterDomain, r.ActivityURI = "", nil, "", ""
	return r
}

// ReportsQuery asks for open reports: those of some groups, or all.
type ReportsQuery struct {
	GroupIDs []string
	All      bool
	NotAbout []string // accounts whose own reports are left out
	Paging
}

// ReportStore keeps reports. It knows no Viewer: only Service methods that judge
// call it.
type ReportStore interface {
	// InsertReport returns Conflict where the reporter has an open one about the
	// same thing.
	InsertReport(ctx context.Context, r Report) error
	// Report returns NotFound for an unknown id.
	Report(ctx context.Context, id string) (Report, error)
	// ReportToChange is Report, and nobody else changes it until the transaction ends.
	ReportToChange(ctx context.Context, id string) (Report, error)
	ReportByCode(ctx context.Context, codeHash string) (Report, error)
	UpdateReport(ctx context.Context, r Report) error
	// DeleteOldReports deletes a batch of those that were looked at before a
	// time, and returns how many.
	DeleteOldReports(ctx context.Context, before time.Time, limit int) (int, error)
	// OpenReportBy is the open report that any of some accounts sent about a
	// post, or where postID is empty about an account; NotFound for none.
	OpenReportBy(ctx context.Context, reporterIDs []string, postID, accountID string) (Report, error)
	// ResolveReports closes the open reports about what r is about, up to an id,
	// and returns them as they are now.
	ResolveReports(ctx context.Context, r Report, upTo string) ([]Report, error)
	// ReportSeen is a report with all that is judged by, in one read.
	ReportSeen(ctx context.Context, id string, by Reader) (ReportSeen, error)
	// Reports lists open reports, the oldest first.
	Reports(ctx context.Context, q ReportsQuery) ([]ReportSummary, error)
	// CountReports counts open reports, up to a bound.
	CountReports(ctx context.Context, q ReportsQuery, most int) (int, error)
	// ReportsAbout lists the reports about an account in a group, or outside of
	// every group, the newest first.
	ReportsAbout(ctx context.Context, accountID string, groupID *string, limit int) ([]Report, error)
	// ChangedHidden lists hidden posts that their authors changed since, the
	// oldest change first.
	ChangedHidden(ctx context.Context, groupIDs []string, limit int) ([]HiddenPost, error)
	// InsertReportForward is Conflict where the report was sent to the server before.
	InsertReportForward(ctx context.Context, f ReportForward) error
	// ReportForwards are the servers that a report was sent on to, the first first.
	ReportForwards(ctx context.Context, reportID string) ([]Forwarded, error)
	// ForwardsOf are those of one Decision.
	ForwardsOf(ctx context.Context, decisionID string) ([]ReportForward, error)
	// SettleForward keeps what became of one that no delivery tells of.
	SettleForward(ctx context.Context, activityID, outcome string) error
	// GroupsModerated are the groups that some accounts look after.
	GroupsModerated(ctx context.Context, accountIDs []string) ([]GroupModerated, error)
}
