package community

import (
	"context"
	"time"
)

// Export is what a member can take along (R43; GDPR Art 15 and 20), but for
// their posts, which come in pages. Of others there is nothing in it but the
// addresses of what was answered: no name, no words. docs/operating.md tells of
// the file's form.
type Export struct {
	Form    int       `json:"form"` // 1
	Server  string    `json:"server"`
	MadeAt  time.Time `json:"made_at"`
	Profile struct {
		SignInName string    `json:"sign_in_name"`
		Email      string    `json:"email,omitempty"`
		Role       string    `json:"role"`
		Language   string    `json:"language,omitempty"`
		Zone       string    `json:"zone,omitempty"`
		Country    string    `json:"country,omitempty"`
		Since      time.Time `json:"since"`
	} `json:"profile"`
	Names       []ExportedName       `json:"names"`
	Memberships []ExportedMembership `json:"memberships"`
	Consents    []ExportedConsent    `json:"consents"`
	Reports     []ExportedReport     `json:"reports_sent"`
	Decisions   []ExportedDecision   `json:"decisions_about_me"`
	Support     []ExportedSupport    `json:"support_given"`
	Blocks      []ExportedBlock      `json:"blocks"`
	Devices     []ExportedDevice     `json:"devices"`
}

// ExportedName is one public face of the person.
type ExportedName struct {
	Address    string     `json:"address"`
	Name       string     `json:"name"`
	About      string     `json:"about,omitempty"` // Markdown
	Since      time.Time  `json:"since"`
	KnownSince *time.Time `json:"known_elsewhere_since,omitempty"`
}

// ExportedMembership is a group that they are or were in.
type ExportedMembership struct {
	As      string    `json:"as"` // the address of the name
	Group   string    `json:"group"`
	Title   string    `json:"title"`
	Role    string    `json:"role"`
	State   string    `json:"state"`
	Answer  string    `json:"answer,omitempty"` // to the group's question, while it waits
	Since   time.Time `json:"since"`
	Changed time.Time `json:"changed"`
}

// ExportedConsent is what they agreed to.
type ExportedConsent struct {
	Group       string     `json:"group,omitempty"`
	Scope       string     `json:"scope"`
	Text        string     `json:"text"`
	GivenAt     time.Time  `json:"given_at"`
	WithdrawnAt *time.Time `json:"withdrawn_at,omitempty"`
}

// ExportedReport is a report that they sent: what it is about is a link, or
// nothing where it is a person.
type ExportedReport struct {
	Post       string     `json:"post,omitempty"`
	Reason     string     `json:"reason"`
	Words      string     `json:"words"`
	Contact    string     `json:"contact,omitempty"`
	State      string     `json:"state"`
	SentAt     time.Time  `json:"sent_at"`
	ResolvedAt *time.Time `json:"resolved_at,omitempty"`
}

// ExportedDecision is what moderators decided about them, as they could read it.
type ExportedDecision struct {
	Kind      string     `json:"kind"`
	Post      string     `json:"post,omitempty"`
	Rule      string     `json:"rule,omitempty"`
	Reason    string     `json:"reason,omitempty"`
	Until     *time.Time `json:"until,omitempty"`
	DecidedAt time.Time  `json:"decided_at"`
}

// ExportedSupport is a quiet reaction that they gave.
type ExportedSupport struct {
	Post    string    `json:"post"`
	Kind    string    `json:"kind"`
	GivenAt time.Time `json:"given_at"`
}

// ExportedBlock is that they blocked a server, or a person, who is not named.
type ExportedBlock struct {
	Kind   string    `json:"kind"`
	Server string    `json:"server,omitempty"`
	Since  time.Time `json:"since"`
}

// ExportedDevice is where they are signed in.
type ExportedDevice struct {
	Device string    `json:"device"`
	Since  time.Time `json:"since"`
	SeenAt time.Time `json:"seen_at"`
}

// ExportedPost is a post or draft of theirs with what it said before.
type ExportedPost struct {
	Address     string            `json:"address"`
	Group       string            `json:"group"`
	GroupTitle  string            `json:"group_title"`
	InReplyTo   string            `json:"in_reply_to,omitempty"`
	State       string            `json:"state"`
	Title       string            `json:"title,omitempty"`
	NoteTopics  []string          `json:"content_note_topics,omitempty"`
	NoteText    string            `json:"content_note,omitempty"`
	Language    string            `json:"language,omitempty"`
	Source      string            `json:"source"` // Markdown
	HTML        string            `json:"-"`
	PublishedAt time.Time         `json:"published_at"`
	EditedAt    *time.Time        `json:"edited_at,omitempty"`
	Versions    []ExportedVersion `json:"earlier_versions,omitempty"`
}

// ExportedVersion is what a post said before an edit.
type ExportedVersion struct {
	Version   int       `json:"version"`
	Title     string    `json:"title,omitempty"`
	Source    string    `json:"source"`
	WrittenAt time.Time `json:"written_at"`
}

// ExportStore reads all that is a person's, bounded.
type ExportStore interface {
	ExportedMemberships(ctx context.Context, accountIDs []string) ([]ExportedMembership, error)
	ExportedConsents(ctx context.Context, userID string) ([]ExportedConsent, error)
	ExportedReports(ctx context.Context, accountIDs []string) ([]ExportedReport, error)
	ExportedSupport(ctx context.Context, accountIDs []string) ([]ExportedSupport, error)
	DecisionsAbout(ctx context.Context, accountIDs []string, userID string) ([]DecisionAbout, error)
	// PostsToExport are the posts of accounts, or their drafts, after an id.
	PostsToExport(ctx context.Context, accountIDs []string, drafts bool, after string, limit int) ([]PostToExport, error)
	// VersionsOf are what some posts said before, by post and version.
	VersionsOf(ctx context.Context, postIDs []string) ([]PostVersion, error)
}

// DecisionAbout is a Decision with its words and the address of its post.
type DecisionAbout struct {
	Decision
	Payload DecisionPayload
	PostURI string
}

// PostToExport is a post with the addresses of its group and of what it answers.
type PostToExport struct {
	Post
	GroupURI   string
	GroupTitle string
	ParentURI  string
}
