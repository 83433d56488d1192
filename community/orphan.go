package community

import (
	"context"
	"net/url"
	"strings"
	"time"

	"hearth/community/secret"
)

// Orphan is a reply from elsewhere that came before what it answers: its Post
// stands in state PostOrphan, where nobody sees it, until its parent comes or
// orphansKept is over. docs/decisions/0027-what-came-without-its-parent.md.
type Orphan struct {
	PostID     string
	GroupID    string
	Host       string // its author's server
	ActivityID string // ours, of what brought it: passed on once it is joined
	Mentioned  string // ids of accounts here that it names, comma-separated
	CameAt     time.Time
}

func (o Orphan) mentioned() []string {
	if o.Mentioned == "" {
		return nil
	}
	return strings.Split(o.Mentioned, ",")
}

// Inquiry is a post that its own server is to be asked for, once for a group that
// wants to know: what one group asks, or is told, is nothing to another.
type Inquiry struct {
	ID        string
	URI       string
	Host      string // whose server is asked
	Kind      string // InquireParent and its like
	GroupID   string // where it stands, or would
	Shows     bool   // of InquireGone: if it is there after all it is shown again
	Depth     int    // of a parent: how many were asked for before, each for the one before it
	Attempts  int
	CreatedAt time.Time
	NextAt    time.Time
}

// Kinds of an Inquiry.
const (
	InquireParent = "parent" // orphans wait for it
	InquireOrigin = "origin" // only its group says so yet
	InquireGone   = "gone"   // only its group says that its author deleted it
)

// Bounds of what waits for its parent. A thread is asked for upwards maxDepth
// posts at most, as deep as others nest (Lemmy, NodeBB).
const (
	orphansKept = 3 * 24 * time.Hour
	maxDepth    = 50
)

// askOriginWithin spreads the questions about posts over some time, so that not
// every server that a group reaches asks their authors' at once.
const askOriginWithin = 2 * time.Minute

// askPastWithin is that for what was written before a group was followed: up to a
// thousand posts at once, and nobody waits for the answer.
const askPastWithin = 24 * time.Hour

// askOrigin asks a post's own server about it, at some time soon.
func askOrigin(p Post, now time.Time) Inquiry {
	within := askOriginWithin
	if p.Backfilled {
		within = askPastWithin
	}
	return inquire(p.URI, InquireOrigin, p.GroupID, 0, now, now.Add(secret.Spread(within)))
}

// askWhetherGone asks a post's own server whether its author deleted it. One that was
// hidden before stays hidden whatever it answers.
func askWhetherGone(p Post, now time.Time) Inquiry {
	q := inquire(p.URI, InquireGone, p.GroupID, 0, now, now.Add(secret.Spread(askOriginWithin)))
	q.Shows = p.stateHere() == PostPublished
	return q
}

// joinAgainAfter is how long it is waited before it is looked again whether a parent
// that waits itself was joined by somebody who could not see what waits for it yet.
const joinAgainAfter = 10 * time.Second

func inquire(uri, kind, groupID string, depth int, now, at time.Time) Inquiry {
	q := Inquiry{ID: secret.NewID(now), URI: uri, Kind: kind, GroupID: groupID, Depth: depth, CreatedAt: now, NextAt: at}
	if u, err := url.Parse(uri); err == nil {
		q.Host = strings.ToLower(u.Host)
	}
	return q
}

// isSame says whether one answer is enough for both.
func (q Inquiry) isSame(other Inquiry) bool {
	return q.URI == other.URI && q.GroupID == other.GroupID && q.Kind == other.Kind
}

// OrphanStore keeps what waits for its parent, and whom to ask for it.
type OrphanStore interface {
	// PostsMet are the posts of some URIs, by URI, and the orphans that answer
	// one of those awaited, which are some of them too.
	PostsMet(ctx context.Context, uris, awaited []string) (known map[string]Post, orphans []Post, err error)
	// Orphans are those of some posts, by post.
	Orphans(ctx context.Context, postIDs []string) (map[string]Orphan, error)
	InsertOrphans(ctx context.Context, all []Orphan) error
	// Waiters are those in a group, and those whose authors are of a host, the oldest first.
	Waiters(ctx context.Context, groupID, host string) ([]Waiter, error)
	// ChangeOrphan stores whom one names now.
	ChangeOrphan(ctx context.Context, postID, mentioned string) error
	// JoinOrphans ends that posts wait: they are orphans no more.
	JoinOrphans(ctx context.Context, postIDs []string) error
	// EraseOrphans erases posts that nobody saw, and that they were waited for.
	EraseOrphans(ctx context.Context, postIDs []string) error
	// OldOrphans are posts that came as orphans before a time and still are; none
	// below a post that is here and waits to be read, however far.
	OldOrphans(ctx context.Context, before time.Time, limit int) (postIDs []string, err error)
	// InsertInquiries wants posts to be asked for. What a group wants to know already
	// stays as it is. Whoever is asking it at that moment did not know of what is new:
	// their lease ends, and it is asked again.
	InsertInquiries(ctx context.Context, all []Inquiry) error
	// FirstQuestions counts what is to be asked for a first time, before a time, by the
	// same kind of question of the same group to the same host; most at most.
	FirstQuestions(ctx context.Context, of Inquiry, before time.Time, most int) (int, error)
	// KeepHidden has no answer to a question that is open show some posts again.
	KeepHidden(ctx context.Context, uris []string) error
	// ShowsAgain says whether an answer to a question may show its post, by now.
	ShowsAgain(ctx context.Context, inquiryID string) (bool, error)
}

// EndOrphans erases the replies whose parents did not come in their time, as if
// they had never come.
func (s *Service) EndOrphans(ctx context.Context) (n int, err error) {
	err = s.store.InTx(ctx, func(tx Store) error {
		ids, err := tx.OldOrphans(ctx, s.now().Add(-orphansKept), tidyBatch)
		if err != nil || len(ids) == 0 {
			return err
		}
		n = len(ids)
		return s.dropOrphans(ctx, tx, ids)
	})
	return n, err
}

// dropOrphans erases posts that nobody saw, and the bytes that they came in.
func (s *Service) dropOrphans(ctx context.Context, tx Store, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	if err := forgetUnsent(ctx, tx, ids, s.now()); err != nil {
		return err
	}
	return tx.EraseOrphans(ctx, ids)
}
