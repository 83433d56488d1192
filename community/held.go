package community

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// Held is words from elsewhere that nobody sees before a moderator read them: a new
// post, which stands in state PostHeld, or what an edit makes of one that is shown.
// docs/decisions/0037-words-that-are-read-first.md.
type Held struct {
	PostID     string
	GroupID    string
	AuthorID   string
	Host       string // its author's server
	ActivityID string // ours, of what brought these words, or AboutMended: passed on once they are approved
	Mentioned  string // ids of accounts here that it names, comma-separated
	Version    int    // 1, and one more each time that it says something else
	HeldAt     time.Time
	RefusedAt  *time.Time // nil: it waits
	IsEdit     bool

	// What an edit says. The words of a new post stand in the post.
	Title    string
	Link     string
	NoteText string
	Language string
	Source   string
	HTML     string
	Verified string
	SaidAt   *time.Time
}

// Reading tells words that wait from all others that ever waited of the same post: what
// was read is what is decided about.
func (h Held) Reading() string {
	return strconv.Itoa(h.Version) + "-" + strconv.FormatInt(h.HeldAt.UnixMicro(), 36) + "-" + h.ActivityID
}

// Choice is these words, as they are decided about.
func (h Held) Choice() HeldChoice { return HeldChoice{h.PostID, h.Reading()} }

// Bounds of what waits. Nothing of it gives way to what comes: past maxHeldOfServer
// what comes is refused. What was refused can be taken back for refusedKept.
const (
	maxHeldOfServer = 500 // in a group
	refusedKept     = 30 * 24 * time.Hour
)

func (h Held) mentioned() []string {
	if h.Mentioned == "" {
		return nil
	}
	return strings.Split(h.Mentioned, ",")
}

// isRead says whether a moderator decided about the words as they are.
func (h Held) isRead() bool { return h.RefusedAt != nil }

// HeldStore keeps what waits to be read.
type HeldStore interface {
	InsertHeld(ctx context.Context, all []Held) error
	// SaveHeld stores what waits of a post in the place of what did until now.
	SaveHeld(ctx context.Context, h Held) error
	// HeldOf is what waits of some posts, or was refused of them, by post.
	HeldOf(ctx context.Context, postIDs []string) (map[string]Held, error)
	// DropHeld ends that anything of some posts waits.
	DropHeld(ctx context.Context, postIDs []string) error
	// HeldWords are a page of what a query asks for with its posts, the longest held
	// first.
	HeldWords(ctx context.Context, q HeldQuery) ([]HeldSeen, error)
	// CountHeld counts what a query asks for, up to a bound.
	CountHeld(ctx context.Context, q HeldQuery, most int) (int, error)
	// CountHeldFrom counts what waits in a group of a server.
	CountHeldFrom(ctx context.Context, groupID, host string) (int, error)
	// RefusedBefore are posts whose words were refused before a time.
	RefusedBefore(ctx context.Context, before time.Time, limit int) (postIDs []string, err error)
	// NoteRead notes with the fact of an activity what a moderator decided about it.
	NoteRead(ctx context.Context, activityID string, approved bool) error
	// HasShown says whether something of an account is shown in a group.
	HasShown(ctx context.Context, groupID, authorID string) (bool, error)
}

// HeldQuery asks for what waits in some groups, and for the instance's moderators in
// all that have nobody else to look after them, and in those that more than their
// members read.
type HeldQuery struct {
	GroupIDs []string
	Instance bool
	Refused  bool   // what was refused, instead of what waits
	Host     string // only what is of a server; empty: of all
	Paging
}
