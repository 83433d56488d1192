package community

import (
	"context"
	"time"
)

// Decision is what a moderator or admin did, to what, on which rule, until
// when, undoing which. Append-only and hash-chained per scope; the reason and
// what was shown stand in a payload that can be erased.
type Decision struct {
	ID           string
	Scope        string // a group's id, or empty for the instance
	Seq          int64
	Kind         string
	DecidedBy    string // the account that decided; "command line" for the operator
	SubjectKind  string // "post", "account", "group", "domain", "user"
	SubjectID    string
	AccountID    *string // whose it was, so that they can be told
	Rule         string  // "3" of the group's rules, or a key of the instance's
	Until        *time.Time
	Undoes       *string
	PreviousHash string
	PayloadHash  string // sha256(salt and payload)
	Hash         string // sha256(previous, payload hash, time, kind)
	DecidedAt    time.Time
}

// DecisionPayload is the part of a Decision that may be erased.
type DecisionPayload struct {
	DecisionID string
	Salt       string
	Payload    string // JSON of DecisionWords
}

// DecisionWords are the sentences of a Decision.
type DecisionWords struct {
	Reason string `json:"reason"` // what the person reads
	Note   string `json:"note"`   // for moderators only

	Rule    string   `json:"rule,omitempty"`    // the text of the rule as it stood then
	Version int      `json:"version,omitempty"` // of the post that it was about
	Changed []Change `json:"changed,omitempty"` // what is different since

	Shown string `json:"shown,omitempty"` // Changed as it was once written: a line each
}

// Change is one thing that is different since a Decision: a field of the Site, of
// a group or of an invitation, in the code's words, which the reader's language
// has a sentence for. From and To are empty where the field alone is told.
type Change struct {
	Field string `json:"field"`
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
}

// Kinds of Decision.
const (
	DecidedHide           = "hide"
	DecidedShow           = "show"    // undoes a hide
	DecidedApprove        = "approve" // shows words from elsewhere that were read first; may undo a refusal of them
	DecidedRefuse         = "refuse"
	DecidedRemove         = "remove"
	DecidedReadmit        = "readmit"
	DecidedLock           = "lock"
	DecidedUnlock         = "unlock"
	DecidedPin            = "pin"
	DecidedUnpin          = "unpin"
	DecidedSuspend        = "suspend"
	DecidedLift           = "lift"
	DecidedPolicy         = "policy"
	DecidedPolicyLift     = "policy_lift"
	DecidedPause          = "pause" // nothing is sent to a server for a while
	DecidedResume         = "resume"
	DecidedDrop           = "drop_waiting" // what waited for a server is given up
	DecidedJoin           = "join"
	DecidedJoinRefuse     = "join_refuse"
	DecidedGroup          = "group"
	DecidedGroupRefuse    = "group_refuse"
	DecidedApplication    = "application"
	DecidedApplicationNot = "application_refuse"
	DecidedReport         = "report" // looked at, nothing changed
	DecidedForward        = "report_forward"
	DecidedRole           = "role"
	DecidedRules          = "rules"
	DecidedHandOver       = "hand_over"
	DecidedSettings       = "settings"
	DecidedInvitation     = "invitation"
	DecidedInvitationEnd  = "invitation_end"
	DecidedResetLink      = "reset_link" // a link to choose a new password was made for somebody
	DecidedRestore        = "restore"    // everything was put back from a backup
)

// What a Decision is about, for SubjectKind. A person is named as a User, their
// words and what others see as an Account, and no row names both.
const (
	SubjectUser       = "user"
	SubjectAccount    = "account"
	SubjectGroup      = "group"
	SubjectSite       = "site"
	SubjectInvitation = "invitation"
	SubjectPost       = "post"
	SubjectMembership = "membership"
	SubjectReport     = "report"
	SubjectDomain     = "domain"
)

// DecisionStore keeps decisions.
type DecisionStore interface {
	// LastDecision is the newest of a scope, locked against others until the
	// transaction ends; the zero value where there is none.
	LastDecision(ctx context.Context, scope string) (Decision, error)
	// LastDecisionOn is the newest of a kind about one thing, or NotFound.
	LastDecisionOn(ctx context.Context, subjectKind, subjectID, kind string) (Decision, error)
	InsertDecision(ctx context.Context, d Decision, p DecisionPayload) error
	// PayloadOf is NotFound for a Decision whose words were erased.
	PayloadOf(ctx context.Context, decisionID string) (DecisionPayload, error)
	// DecisionSeen is a decision with all that is judged by, in one read.
	DecisionSeen(ctx context.Context, id string, by Reader) (DecisionSeen, error)
	// PastSteps lists what was decided in a scope about an account, the newest first.
	PastSteps(ctx context.Context, accountID, scope string, limit int) ([]PastStep, error)
	// RecordRows lists a scope's decisions before a number (0: all), the newest first.
	RecordRows(ctx context.Context, scope string, before int64, limit int) ([]RecordRow, error)
	// RecordRowsAfter lists a scope's decisions after a number, the oldest first.
	RecordRowsAfter(ctx context.Context, scope string, after int64, limit int) ([]RecordRow, error)
	// RecordRowsOn lists the instance's decisions about one thing, the newest first.
	RecordRowsOn(ctx context.Context, subjectKind, subjectID string, limit int) ([]RecordRow, error)
	// RecordScopes are the scopes that have any.
	RecordScopes(ctx context.Context) ([]string, error)
}
