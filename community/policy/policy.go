package policy

import "time"

// Policy is the verdict on a domain and its children, of the instance or of one
// group. Facts about a domain stand in community.Instance, never here.
type Policy struct {
	Domain        string // folded
	GroupID       string // empty: the instance's
	Severity      string
	RejectMedia   bool
	RejectReports bool
	NoNewFollows  bool
	PublicReason  string
	PrivateNote   string
	OwnerID       *string // the account that stands for it
	CreatedAt     time.Time
	ChangedAt     time.Time
	ReviewAt      *time.Time
	EndsAt        *time.Time
	LiftsItself   bool
	SuspendedAt   *time.Time // since when its severity is Suspend, whatever else of it was changed since
	PurgedAt      *time.Time // when what it froze was deleted for good
}

// Severities, from none to most.
const (
	Allow   = "allow"
	Watch   = "watch"
	Limit   = "limit"
	Hold    = "hold"
	Suspend = "suspend"
)

// Severities are all of them, from none to most.
var Severities = [...]string{Allow, Watch, Limit, Hold, Suspend}

// Rank orders severities from none to most. What is no severity is past the last.
func Rank(severity string) int {
	for i, s := range Severities {
		if s == severity {
			return i
		}
	}
	return len(Severities)
}

// IsSeverity says whether a word is one.
func IsSeverity(word string) bool { return Rank(word) < len(Severities) }

// Doors: whom an instance talks to where no policy says more.
const (
	DoorClosed = "closed" // only this server
	DoorChosen = "chosen" // servers that are chosen
	DoorOpen   = "open"   // everyone except those who are refused
)
