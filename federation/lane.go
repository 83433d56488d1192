package federation

import "time"

// Lane is the queue of one remote host.
type Lane struct {
	Host         string
	NextAt       *time.Time // nil: nothing waits
	AskedUntil   *time.Time // until when its Retry-After wants to be left alone
	LeaseToken   *string
	LeasedUntil  *time.Time
	FailingSince *time.Time
	FailingDays  int    // distinct days in UTC on which it failed and never succeeded
	LastFailedOn string // the last of them, as 2006-01-02
	LastError    string
	PausedBy     *string // the account that paused it
	SendWindow   int     // how many deliveries at once
	SignatureChoice
}

// DeadAfterDays is after how many distinct failing days a host counts as dead,
// as in Mastodon.
const DeadAfterDays = 7

// IsDead says that the host has not taken anything for so many days that
// members are told so.
func (l Lane) IsDead() bool { return l.FailingDays >= DeadAfterDays }

// Windows: how many deliveries a host gets at once, before and after the first
// that it took.
const (
	firstWindow = 1
	fullWindow  = 8
)

// Errand is a delivery with what it takes to carry it out.
type Errand struct {
	Delivery
	Activity *Activity // shared among its deliveries: not to be changed
}

// LaneReport is what became of a lane's errands since the last report.
type LaneReport struct {
	Lease
	Results []DeliveryResult
	Health  *LaneHealth // nil: as it was
	Cancel  bool        // its host is refused: nothing goes there any more
	Release bool        // give the lane back
}

// DeliveryResult is a delivery as it is from now on, and what its host now has.
type DeliveryResult struct {
	Seq          int64
	State        string
	Attempts     int
	FirstTriedAt *time.Time // nil: no attempt was begun
	NextAt       *time.Time
	Status       int
	LastError    string
	FinishedAt   *time.Time
	PostID       *string
	Effect       Effect
	ActorID      string // whose key signed it
}

// Effect is what a delivery changed in a post's reach, or in what is known of an
// account that is no more.
type Effect string

// The effects of a delivery.
const (
	NoEffect      Effect = ""
	CopyReceived  Effect = "copy"    // the host has a copy now
	CopyRefused   Effect = "refused" // the host said that it wants none, or failed at it for too long
	DeletionKnown Effect = "deleted" // the host has taken the deletion

	FarewellReceived Effect = "farewell"         // the host was told that an account is no more
	FarewellRefused  Effect = "farewell_refused" // the host did not want to hear it
)

// LaneHealth is how a host does.
type LaneHealth struct {
	FailingSince *time.Time
	FailingDays  int
	LastFailedOn string
	LastError    string
	SendWindow   int
	NextAt       *time.Time // nil: as soon as something is due
	AskedUntil   *time.Time
	SignatureChoice
}
