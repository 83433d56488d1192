package community

import (
	"context"
	"slices"
	"strconv"
	"time"

	"hearth/community/secret"
)

// Hearer is somebody of this server who may have to hear of something, as far
// as judging that takes. It links a User with an Account: it lives as long as
// the judgement, and is neither shown nor logged.
type Hearer struct {
	AccountID string
	UserID    string
	State     string // of the User
	IsMember  bool   // the account is active in the group
	Blocks    bool   // the person blocked the author, or the author's server
}

// HearerQuery asks who of some accounts would hear of an author in a group.
type HearerQuery struct {
	AccountIDs []string
	GroupID    string
	AuthorID   string
}

// maxMentioned is how many people one post may call by name.
const maxMentioned = 20

// mayHear says whether somebody may be told of a post: they may read it, they
// did not write it, by whichever of their accounts, and they have not blocked
// whoever did.
func mayHear(h Hearer, v Viewer, p Post) bool {
	return h.State == UserActive && h.UserID != v.UserID() && !h.Blocks && (h.IsMember || p.Readers != ReadersMembers)
}

// audible is who may be told of somebody at all.
type audible bool

// Whom somebody is audible to: of those of a server that was limited, who are in the
// group alone.
const (
	anybody     audible = false
	membersOnly audible = true
)

func (a audible) of(hearers []Hearer) []Hearer {
	if a == anybody {
		return hearers
	}
	return slices.DeleteFunc(slices.Clone(hearers), func(h Hearer) bool { return !h.IsMember })
}

// told is a candidate for a notice.
type told struct{ kind, accountID string }

// tellOfPost tells who is answered, whose thread it is and who is named, each
// person once, by the first of these.
func (s *Service) tellOfPost(ctx context.Context, tx Store, v Viewer, place writingPlace, p Post, mentioned []string) error {
	notices, err := s.noticesTo(ctx, tx, v, p, append(place.answered(), mentions(mentioned)...), anybody)
	if err != nil {
		return err
	}
	return tx.InsertNotices(ctx, notices)
}

// answered are those whom words at the place answer: the parent's author, and
// whoever began the thread.
func (w writingPlace) answered() (to []told) {
	if w.parent == nil {
		return nil
	}
	to = append(to, told{NoticeReply, w.parent.AuthorID})
	if w.root.State == PostPublished {
		to = append(to, told{NoticeAnswer, w.root.AuthorID})
	}
	return to
}

// tellOfMentions tells who is named in an edited post. Whoever was told of it
// before is not told again, nor whom it answers: many servers name them as well.
func (s *Service) tellOfMentions(ctx context.Context, tx Store, v Viewer, p Post, mentioned []string, among audible) error {
	if p.State != PostPublished || len(mentioned) == 0 {
		return nil
	}
	place, err := placeOf(ctx, tx, p)
	if err != nil {
		return err
	}
	notices, err := s.noticesTo(ctx, tx, v, p, append(place.answered(), mentions(mentioned)...), among)
	if err != nil {
		return err
	}
	notices = slices.DeleteFunc(notices, func(n Notice) bool { return n.Kind != NoticeMention })
	return tx.InsertNotices(ctx, notices)
}

// placeOf is what a post answers, without its group.
func placeOf(ctx context.Context, tx Store, p Post) (place writingPlace, err error) {
	if p.ParentID == nil {
		return place, nil
	}
	posts, err := tx.PostsByID(ctx, []string{*p.ParentID, p.ThreadID})
	if err != nil {
		return place, err
	}
	parent, root := posts[*p.ParentID], posts[p.ThreadID]
	return writingPlace{parent: &parent, root: &root}, nil
}

func mentions(accounts []string) (to []told) {
	for _, id := range accounts[:min(len(accounts), maxMentioned)] {
		to = append(to, told{NoticeMention, id})
	}
	return to
}

// noticesTo are the notices of a post for some candidates.
func (s *Service) noticesTo(ctx context.Context, tx Store, v Viewer, p Post, to []told, among audible) ([]Notice, error) {
	if len(to) == 0 {
		return nil, nil
	}
	q := HearerQuery{GroupID: p.GroupID, AuthorID: p.AuthorID}
	for _, t := range to {
		if !slices.Contains(q.AccountIDs, t.accountID) {
			q.AccountIDs = append(q.AccountIDs, t.accountID)
		}
	}
	hearers, err := tx.Hearers(ctx, q)
	return noticesOf(among.of(hearers), v, p, to, s.now()), err
}

// noticesOf are the notices of a post: one for each person who may hear of it,
// by the first kind that names them.
func noticesOf(hearers []Hearer, v Viewer, p Post, to []told, now time.Time) []Notice {
	byAccount := map[string]Hearer{}
	for _, h := range hearers {
		byAccount[h.AccountID] = h
	}
	heard := map[string]bool{}
	var notices []Notice
	for _, t := range to {
		h, known := byAccount[t.accountID]
		if !known || heard[h.UserID] || !mayHear(h, v, p) {
			continue
		}
		heard[h.UserID] = true
		notices = append(notices, Notice{
			ID: secret.NewID(now), UserID: h.UserID, AccountID: &h.AccountID, Kind: t.kind,
			PostID: &p.ID, GroupID: &p.GroupID, AboutID: p.ID, ActorID: &p.AuthorID, CreatedAt: now,
		})
	}
	return notices
}

// tellOfSupport tells a post's author that somebody is with them: once for each
// post and day, whoever and how many it was.
func (s *Service) tellOfSupport(ctx context.Context, tx Store, p Post, supporterID string) error {
	hearers, err := tx.Hearers(ctx, HearerQuery{AccountIDs: []string{p.AuthorID}, GroupID: p.GroupID, AuthorID: supporterID})
	if err != nil || len(hearers) == 0 {
		return err
	}
	h, now := hearers[0], s.now()
	if h.State != UserActive || h.Blocks {
		return nil
	}
	return tx.InsertNotices(ctx, []Notice{{
		ID: secret.NewID(now), UserID: h.UserID, AccountID: &h.AccountID, Kind: NoticeSupport,
		PostID: &p.ID, GroupID: &p.GroupID, AboutID: p.ID + "/" + now.Format(time.DateOnly), CreatedAt: now,
	}})
}

// tellAuthor tells a post's author, who is of here, what became of it: each time
// that it happens.
func (s *Service) tellAuthor(ctx context.Context, tx Store, kind string, p Post) error {
	return s.tellAuthors(ctx, tx, kind, []Post{p})
}

// tellAuthors is tellAuthor for posts that the same became of.
func (s *Service) tellAuthors(ctx context.Context, tx Store, kind string, posts []Post) error {
	authors := make([]string, len(posts))
	for i, p := range posts {
		authors[i] = p.AuthorID
	}
	owners, err := tx.AccountOwners(ctx, authors)
	if err != nil {
		return err
	}
	now := s.now()
	var notices []Notice
	for _, p := range posts {
		user, here := owners[p.AuthorID]
		if !here {
			continue
		}
		notices = append(notices, Notice{
			ID: secret.NewID(now), UserID: user, AccountID: &p.AuthorID, Kind: kind, PostID: &p.ID, GroupID: &p.GroupID,
			AboutID: p.ID + "/" + strconv.FormatInt(now.UnixMicro(), 36), CreatedAt: now,
		})
	}
	return tx.InsertNotices(ctx, notices)
}

// tellOfDecision tells a post's author what was decided about it, unless they
// decided it themselves. It never says who did.
func (s *Service) tellOfDecision(ctx context.Context, tx Store, d Decision, p Post, decidedBy string) error {
	if p.AuthorID == decidedBy {
		return nil
	}
	hearers, err := tx.Hearers(ctx, HearerQuery{AccountIDs: []string{p.AuthorID}, GroupID: p.GroupID, AuthorID: decidedBy})
	if err != nil || len(hearers) == 0 {
		return err
	}
	h := hearers[0]
	return tx.InsertNotices(ctx, []Notice{{
		ID: secret.NewID(d.DecidedAt), UserID: h.UserID, AccountID: &h.AccountID, Kind: NoticeDecision,
		PostID: &p.ID, GroupID: &p.GroupID, AboutID: d.ID, CreatedAt: d.DecidedAt,
	}})
}
