package federation

import (
	"time"

	"hearth/community"
)

// Activity is a message in or out, as it is kept: its bytes for 7 days, its
// facts and its mark against duplicates for 30.
type Activity struct {
	Seq         int64
	ID          string // ours, 26 characters; /x/{ID} for those that we make
	URI         string // the activity's id (ActivityPub 3.1); unique
	Direction   string // Incoming or Outgoing
	Type        string
	ActorURI    string
	Domain      string // the other server: who sent it, or empty where it went to many
	AboutDomain string // whose words it carries, where that is a third server; of several the first
	Kind        string // of what came: which kind of message policies know it for (policy.FactKind)
	ObjectURI   string
	OrderKey    string // strictly in order within: the thread, or the actor
	GroupID     *string
	PostID      *string // so that its bytes can be blanked with the post
	State       string
	Outcome     string
	Reason      string // a stable short word; never anybody's sentence
	Raw         []byte
	Size        int
	Hash        string // SHA-256 of the bytes in hex
	ReceivedAt  time.Time
	FinishedAt  *time.Time
	NextAt      *time.Time
	Attempts    int
	LeaseToken  *string
	LeasedUntil *time.Time
}

// Directions of an Activity.
const (
	Incoming = "in"
	Outgoing = "out"
)

// States of an Activity.
const (
	Waiting  = "waiting"
	Finished = "finished"
)

// Outcomes of an incoming Activity.
const (
	Accepted = "accepted"
	Held     = "held"
	Refused  = "refused"
	Ignored  = "ignored" // understood or not, without effect here
)

// Outcome is what became of an incoming Activity. RetryAt, where set, means
// that it stays in its queue: what is behind it in its order key waits too.
type Outcome struct {
	Outcome string
	Reason  string
	PostID  string // what it was about, where it became or touched a post
	GroupID string
	RetryAt time.Time
	Left    *Rest // of its bytes; nil leaves them as they are
	// Alone has what waits for RetryAt hold nothing back: what it waits for may
	// be behind it in its order key.
	Alone bool
}

// Rest is what is left of the bytes of an Activity that carries several, of which
// some are done; nothing where all are.
type Rest struct{ Raw []byte }

// Delivery is one activity for one inbox.
type Delivery struct {
	Seq          int64
	ActivityID   string
	ActorID      string // whose key signs
	Inbox        string
	Host         string // with its port where it is unusual; the lane
	OrderKey     string
	PostID       *string
	State        string
	Attempts     int
	FirstTriedAt *time.Time
	NextAt       *time.Time
	Status       int // the last HTTP status, 0 where there was none
	LastError    string
	FinishedAt   *time.Time
	CreatedAt    time.Time
	AskAfter     *time.Time // from when on the author of its words is asked before it goes; nil: nobody is
}

// States of a Delivery.
const (
	DeliveryWaiting   = "waiting"
	DeliveryDone      = "done"
	DeliveryRefused   = "refused"   // the other server's final no
	DeliverySetAside  = "set_aside" // its server answered 500 to it too often
	DeliveryExpired   = "expired"
	DeliveryCancelled = "cancelled" // hidden or deleted before it went
)

// Parcel is all that one Event becomes: what is saved, with the Event's end, in
// one transaction.
type Parcel struct {
	At         time.Time // when the event was done; the publisher sets it
	Activities []Activity
	Deliveries []Delivery
	Reach      []Reach // hosts that will have a copy of a post once delivered
	Boosts     []Boost // what posts are announced under by their address alone

	// Of is the post it was made from, as it was; nil where it is about none. A
	// post that has been hidden, deleted or changed by the time the parcel is
	// saved is another one.
	Of *PostStamp
	// To is whom a group told when it was made; nil where no group's followers
	// are told. Another one by the time it is saved makes another parcel.
	To *Audience
}

// Audience is whom a group tells, as it was read for a batch of parcels.
type Audience struct {
	GroupID   string
	Reach     string
	Epoch     int64       // of the policies that were judged by
	Followers []Recipient // by host
	Servers   []string    // where it reaches named ones alone

	Microblogs bool // whether it takes them
}

// Packed is an event with what it became.
type Packed struct {
	Event  community.Event
	Parcel Parcel
}

// PostStamp is which post, of which state and version.
type PostStamp struct {
	ID, State string
	Version   int
}

// Reach is one host that got, or is to get, a copy of a post.
type Reach struct {
	PostID           string
	Host             string
	SentAt           *time.Time
	ShownAt          *time.Time // its group's server announced it
	Refused          string
	DeleteSentAt     *time.Time
	DeleteReceivedAt *time.Time
	Unsent           string     // why the words are held back (community.UnsentAsked and its like); empty: they are not
	AskAfter         *time.Time // of what is held back
	NeverBegun       bool       // nothing of it was ever begun to be sent there, for all that is known
}

// Recipient is where activities for one host's followers go, once.
type Recipient struct {
	Host     string
	Inbox    string // the shared inbox where there is one
	Software string // from NodeInfo; empty while unknown
}
