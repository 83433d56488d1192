package community

import (
	"context"
	"strings"
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
	BeforeAway     string // the state it comes back in; empty unless its author is away
	BeforeFreeze   string // the state it is shown in again; empty unless a server of it is suspended
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
	Backfilled     bool      // written before its group was followed here: news to nobody
	PublishedAt    time.Time // clamped to ReceivedAt
	ReceivedAt     time.Time
	EditedAt       *time.Time
	SaidAt         *time.Time // of one from elsewhere: when its author says that these words were written (0033)
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
	PostFrozen    = "frozen" // its author's server, or its group's, is suspended: out of sight, and nothing lost
	PostOrphan    = "orphan"
	PostAway      = "away" // whoever wrote it left, and may come back: shown as one that was deleted
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
	VerifiedDenied = "denied" // its group's server said so, and its author's that it is not so
)

// IsReply says whether the post answers another.
func (p Post) IsReply() bool { return p.ParentID != nil || p.InReplyToURI != "" }

// IsUnseen says whether the post came from elsewhere and is there for nobody yet,
// because it waits for what it answers, or to be read.
func (p Post) IsUnseen() bool {
	return p.State == PostOrphan || p.State == PostHeld && p.Verified != VerifiedLocal
}

// isTakenBack says whether the words are not there for anybody, because whoever
// wrote them deleted them, or left.
func (p Post) isTakenBack() bool { return p.State == PostDeleted || p.State == PostAway }

// stateHere is a post's state, of one whose author is away, or that is frozen, that
// in which it comes back.
func (p Post) stateHere() string {
	switch {
	case p.BeforeFreeze != "":
		return p.BeforeFreeze
	case p.State == PostAway:
		return p.BeforeAway
	}
	return p.State
}

// become gives a post a state. While its author is away, or it is frozen, it stays
// out of sight, and comes back in it.
func (p *Post) become(state string) {
	switch {
	case p.BeforeFreeze != "":
		p.BeforeFreeze = state
	case p.State == PostAway:
		p.BeforeAway = state
	default:
		p.State = state
	}
}

// HasNote says whether the post stands behind a content note.
func (p Post) HasNote() bool { return p.NoteTopics != "" || p.NoteText != "" }

// Note topics that a form offers; a stranger's note comes as NoteText.
func NoteTopics() []string {
	return []string{
		"self_harm", "suicide", "abuse", "sexual_violence", "violence", "eating", "substances",
		"grief", "illness", "pregnancy_loss", "discrimination",
	}
}

// Topics are the keys of the content note's topics.
func (p Post) Topics() []string { return splitTopics(p.NoteTopics) }

func splitTopics(topics string) []string {
	if topics == "" {
		return nil
	}
	return strings.Split(topics, ",")
}

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

// Topics are the keys of the content note's topics.
func (v PostVersion) Topics() []string { return splitTopics(v.NoteTopics) }

// Said is what the post says now, as it is kept before it is changed.
func (p Post) Said() PostVersion {
	written := p.PublishedAt
	if p.EditedAt != nil {
		written = *p.EditedAt
	}
	return PostVersion{
		PostID: p.ID, Version: p.Version, Title: p.Title, NoteTopics: p.NoteTopics, NoteText: p.NoteText,
		Source: p.Source, HTML: p.HTML, WrittenAt: written,
	}
}

// erase leaves of a post only its place in the thread.
func (p *Post) erase() {
	p.Title, p.Source, p.HTML, p.Link = "", "", "", ""
	p.NoteTopics, p.NoteText, p.Wants, p.SaidAt = "", "", "", nil
}

// PostStore keeps posts and their versions. It knows no Viewer: only Service
// methods that judge call it.
type PostStore interface {
	// InsertPost returns Conflict when the id or URI is known.
	InsertPost(ctx context.Context, p Post) error
	// Post returns NotFound for an unknown id.
	Post(ctx context.Context, id string) (Post, error)
	// PostsByID are the posts of some ids, by id; unknown ones are left out.
	PostsByID(ctx context.Context, ids []string) (map[string]Post, error)
	// PostToChange is Post, and nobody else changes it until the transaction ends.
	PostToChange(ctx context.Context, id string) (Post, error)
	// UpdatePost stores all of a post but what counts its thread: Replies and
	// LastActivityAt change through GrowThreads and RecountThread alone.
	UpdatePost(ctx context.Context, p Post) error
	// PublishPost stores a post that was a draft until now; Conflict when it no
	// longer is one.
	PublishPost(ctx context.Context, p Post) error

	InsertPostVersion(ctx context.Context, v PostVersion) error
	// PostVersions are what a post said before its edits, the newest first.
	PostVersions(ctx context.Context, postID string) ([]PostVersion, error)
	// EraseVersions deletes what a post said before.
	EraseVersions(ctx context.Context, postID string) error
	// ErasePost deletes what hangs on a post's words: versions, support,
	// attachments, what an edit would have made of them, and notices that only said it
	// was there.
	ErasePost(ctx context.Context, postID string) error
	// ReleaseURI takes its URI from a post, so that another may have it.
	ReleaseURI(ctx context.Context, postID string) error

	// PeopleByName are the people of this server by their folded names.
	PeopleByName(ctx context.Context, names []string) (map[string]Actor, error)
	// Standings are where posts of ours stand with a server, by post; none for
	// those that it has not been told of yet.
	Standings(ctx context.Context, postIDs []string, host string) (map[string]Standing, error)
	// StandingsNow are Standings, with the epoch of the policies that they were read in.
	StandingsNow(ctx context.Context, postIDs []string, host string) (map[string]Standing, int64, error)
	// PostSeen is a post with all that is judged by, in one read.
	PostSeen(ctx context.Context, id string, by Reader) (PostSeen, error)
	// PostsOf lists an author's posts in groups that the reader is in.
	PostsOf(ctx context.Context, authorID string, by Reader, page Paging) ([]AuthorPost, error)
}
