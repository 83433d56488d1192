package community

import (
	"context"
	"time"
)

// Post is words in exactly one group; a reply is a Post with a parent.
type Post struct {
	ID             string
	URI            string // ActivityPub id
	URL            string
	Link           string // what a link post points at
	GroupID        string
	AuthorID       string
	ThreadID       string // the root's id; its own for a root
	ParentID       *string
	InReplyToURI   string // the parent may not be here yet
	State          string
	Title          string // roots only
	NoteTopics     string // content note: topics, comma-separated keys
	NoteText       string // content note: own words
	Wants          string // WantsHeard, WantsIdeas or empty
	Language       string
	Source         string // Markdown, or what a stranger's server called its source
	HTML           string // safe, by the renderer of this version
	Renderer       int
	Version        int // 1, and one more for each edit
	Readers        string
	Reach          string
	Listed         bool
	Verified       string // VerifiedLocal and its like
	Replaces       string
	PublishedAt    time.Time // clamped to ReceivedAt
	ReceivedAt     time.Time
	EditedAt       *time.Time
	DeletedAt      *time.Time
	LockedAt       *time.Time
	PinnedAt       *time.Time
	Replies        int       // of a root: published replies in its thread
	LastActivityAt time.Time // of a root: when its thread last grew
}

// States of a Post.
const (
	PostDraft     = "draft"
	PostHeld      = "held"
	PostPublished = "published"
	PostHidden    = "hidden"
	PostDeleted   = "deleted"
	PostFrozen    = "frozen"
	PostOrphan    = "orphan"
)

// What an author hopes for.
const (
	WantsHeard = "heard"
	WantsIdeas = "ideas"
)

// How a post's authorship is known.
const (
	VerifiedLocal  = "local"
	VerifiedSigned = "signed" // by its author's own key
	VerifiedGroup  = "group"  // only its group's server says so
	VerifiedOrigin = "origin" // fetched from its author's server
)

// IsReply says whether the post answers another.
func (p Post) IsReply() bool { return p.ParentID != nil || p.InReplyToURI != "" }

// HasNote says whether the post stands behind a content note.
func (p Post) HasNote() bool { return p.NoteTopics != "" || p.NoteText != "" }

// PostVersion is what a post said before an edit.
type PostVersion struct {
	PostID     string
	Version    int
	Title      string
	NoteTopics string
	NoteText   string
	Source     string
	HTML       string
	WrittenAt  time.Time
}

// Support is a quiet reaction to a local post: seen by its author, never
// summed, never sent.
type Support struct {
	PostID    string
	AccountID string
	Kind      string
	GivenAt   time.Time
}

// Kinds of Support.
const (
	SupportWithYou  = "with_you"
	SupportSameHere = "same_here"
	SupportThankYou = "thank_you"
)

// PostStore keeps posts, their versions, support and read marks.
type PostStore interface {
	InsertPost(ctx context.Context, p Post) error
	// Post returns NotFound for an unknown id; it knows no Viewer: only Service
	// methods that judge call it.
	Post(ctx context.Context, id string) (Post, error)
	UpdatePost(ctx context.Context, p Post) error
}
