package community

import (
	"context"
	"strings"
	"time"
)

// Actor is anything that can act or be addressed: a person, a group, the
// instance itself, here or elsewhere (ActivityPub 4). Account and Group are
// roles of an Actor. Ids, names and URIs are never used twice.
type Actor struct {
	ID          string // 26 random base32 characters
	URI         string // its ActivityPub id
	Type        string // ActorPerson and its like
	Domain      string // host, folded; empty for actors of this server
	Name        string // preferredUsername, folded; unique with Domain
	Title       string // what people read: a public name, a group's title
	URL         string // where a person reads it
	Inbox       string
	SharedInbox string
	CreatedAt   time.Time
	FetchedAt   *time.Time
	DisclosedAt *time.Time // agreed to be known elsewhere; before that its document is 404
	GoneAt      *time.Time
	AwayAt      *time.Time // of here: their person left, and may come back
	MovedTo     string
}

// The actor types that matter here (ActivityStreams vocabulary 3.1).
const (
	ActorPerson      = "Person"
	ActorGroup       = "Group"
	ActorApplication = "Application"
	ActorService     = "Service"
)

// IsLocal says whether the actor lives on this server.
func (a Actor) IsLocal() bool { return a.Domain == "" }

// inboxFor is where its server takes what is sent to it: the shared inbox, or
// its own where there is none.
func (a Actor) inboxFor() string {
	if a.SharedInbox != "" {
		return a.SharedInbox
	}
	return a.Inbox
}

// Handle is name@domain for strangers and the bare name for locals.
func (a Actor) Handle() string {
	if a.IsLocal() {
		return a.Name
	}
	return a.Name + "@" + a.Domain
}

// ActorStore keeps actors.
type ActorStore interface {
	InsertActor(ctx context.Context, a Actor) error
	// Actor, ActorByName and ActorByURI return NotFound for what is not known.
	Actor(ctx context.Context, id string) (Actor, error)
	ActorByName(ctx context.Context, domain, name string) (Actor, error)
	ActorByURI(ctx context.Context, uri string) (Actor, error)
	Actors(ctx context.Context, ids []string) (map[string]Actor, error)
	UpdateActor(ctx context.Context, a Actor) error
	// RenameActor gives an actor elsewhere another folded name.
	RenameActor(ctx context.Context, id, name string) error
	// TakenNames are those of some folded names that an actor here has or had.
	TakenNames(ctx context.Context, names []string) (map[string]bool, error)
	// DiscloseActor lets an actor be known elsewhere; once is for good.
	DiscloseActor(ctx context.Context, id string, at time.Time) error
}

// Fold is the one spelling under which names and domains are kept and compared.
func Fold(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// nameProblem is the catalogue's key for what is wrong with a local name, or
// empty. Names are 3 to 30 of a-z, 0-9, "-" and "_", beginning and ending with a
// letter or digit; 26 characters of the id alphabet are refused, so that an id
// and a name are never the same address.
func nameProblem(name string) string {
	if n := len(name); n < 3 || n > 30 {
		return "name.length"
	}
	for i, r := range name {
		plain := r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
		edge := i == 0 || i == len(name)-1
		if !plain && (edge || r != '-' && r != '_') {
			return "name.characters"
		}
	}
	if looksLikeID(name) || reservedNames[name] {
		return "name.reserved"
	}
	return ""
}

// IsActorID says whether s has the form of an actor's id: 26 characters of base32.
func IsActorID(s string) bool { return looksLikeID(s) }

func looksLikeID(name string) bool {
	if len(name) != 26 {
		return false
	}
	return strings.Trim(name, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// reservedNames would be mistaken for the server itself or for a page of it.
var reservedNames = map[string]bool{
	"actor": true, "admin": true, "administrator": true, "moderator": true, "mod": true, "root": true,
	"instance": true, "hearth": true, "help": true, "support": true, "staff": true, "system": true, "new": true,
	"postmaster": true, "webmaster": true, "abuse": true, "security": true, "everyone": true, "anyone": true,
}
