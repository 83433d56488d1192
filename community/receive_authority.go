package community

import (
	"context"
	"strconv"
	"time"

	"hearth/community/markup"
)

// AuthorityStore keeps what the authority of a group elsewhere, its own server and
// whom that names as moderators, decided about it.
type AuthorityStore interface {
	// SetBar stores a bar on what it is about, and LiftBar takes it away; both give
	// the memberships that were changed.
	SetBar(ctx context.Context, b Bar) ([]Membership, error)
	LiftBar(ctx context.Context, b Bar) ([]Membership, error)
	// ReplaceModeratorsThere stores who looks after a group elsewhere, in order.
	ReplaceModeratorsThere(ctx context.Context, groupID string, uris []string) error
	// ModeratorsThere are the ids of those who do, and ModeratorAccountsThere those
	// among them that are known here.
	ModeratorsThere(ctx context.Context, groupID string) ([]string, error)
	ModeratorAccountsThere(ctx context.Context, groupID string) ([]Account, error)
	// ShownPostsIn are some of the posts that a Hiding is of and are shown, or may be
	// by the answer to a question that is open, or once somebody read them or they joined.
	ShownPostsIn(ctx context.Context, h Hiding, limit int) ([]string, error)
	// MoveThread has a thread's posts stand in another group, where it is not pinned.
	MoveThread(ctx context.Context, rootID, fromID, toID string) error
	// MarkHiddenThere notes why a group elsewhere hid a post of ours.
	MarkHiddenThere(ctx context.Context, postID, host, why string) error
}

// MaxModeratorsThere bounds whom we keep as looking after one group elsewhere.
const MaxModeratorsThere = 100

// Bar is that an account may not write in a group elsewhere (Block), or in any
// group of its server.
type Bar struct {
	GroupID    string // empty: all groups of Domain
	Domain     string
	AccountURI string
	AccountID  string
	At         *time.Time
	Until      *time.Time // nil: no end is known
	Why        string     // as it came; kept as text, for its account alone
	HidePosts  bool       // what the account wrote there is hidden too
	ShowPosts  bool       // of the end of a bar: what is hidden of it is shown again
	Epoch      int64
}

// longestReason is how many characters are kept of why another server did something.
const longestReason = 300

// reasonText is what another server says of why, as text that is safe to show.
func reasonText(html string) string { return markup.Excerpt(html, longestReason) }

// ReceiveBar notes that an account may not write in a group elsewhere, or in none
// of a server's, as its authority says; that this is so is the caller's to judge.
// Of somebody elsewhere only what they wrote there concerns us. NotFound where the
// account is not known.
func (s *Service) ReceiveBar(ctx context.Context, b Bar) error {
	who, err := s.store.ActorByURI(ctx, b.AccountURI)
	if err != nil {
		return err
	}
	b.AccountID, b.Why = who.ID, reasonText(b.Why)
	now := s.now()
	if b.At = &now; b.Until != nil {
		end := b.Until.UTC().Truncate(time.Microsecond)
		b.Until = &end
	}
	return s.store.InTx(ctx, func(tx Store) error {
		if err := sameEpoch(ctx, tx, b.Epoch); err != nil {
			return err
		}
		if who.IsLocal() {
			if err := s.changeBar(ctx, tx, b, Store.SetBar, NoticeBarredThere); err != nil {
				return err
			}
		}
		if !b.HidePosts {
			return nil
		}
		return s.beginHiding(ctx, tx, b)
	})
}

// ReceiveUnbar takes a bar away that was of an account here. What was hidden with
// it stays, unless the authority says that it is to be seen again (ShowPosts): else
// nobody says which posts of somebody were hidden by it.
func (s *Service) ReceiveUnbar(ctx context.Context, b Bar) error {
	who, err := s.store.ActorByURI(ctx, b.AccountURI)
	if err != nil {
		return err
	}
	b.AccountID = who.ID
	err = s.store.InTx(ctx, func(tx Store) error {
		if err := sameEpoch(ctx, tx, b.Epoch); err != nil {
			return err
		}
		if who.IsLocal() {
			if err := s.changeBar(ctx, tx, b, Store.LiftBar, NoticeUnbarredThere); err != nil {
				return err
			}
		}
		if !b.ShowPosts {
			return nil
		}
		return tx.EndJob(ctx, JobHide, b.hiding().about(), s.now()) // what is still to be hidden is not
	})
	if err != nil || !b.ShowPosts {
		return err
	}
	return s.showSomebodys(ctx, b)
}

// changeBar stores a bar or its end, and tells whom it is about once for each group.
func (s *Service) changeBar(ctx context.Context, tx Store, b Bar, change func(Store, context.Context, Bar) ([]Membership, error), kind string) error {
	changed, err := change(tx, ctx, b)
	if err != nil {
		return err
	}
	for _, m := range changed {
		if !m.IsActive() { // nobody hears of a group that they are not in
			continue
		}
		group, err := tx.Group(ctx, m.GroupID)
		if err != nil {
			return err
		}
		if err := s.tellOfGroup(ctx, tx, kind, m.ID+"/"+strconv.FormatInt(s.now().UnixMicro(), 36), group, m.AccountID); err != nil {
			return err
		}
	}
	return nil
}

// isBarred says whether an account may not write in a group elsewhere for now, as
// the group's own server says.
func (m Membership) isBarred(now time.Time) bool {
	return m.BarredAt != nil && (m.BarredUntil == nil || now.Before(*m.BarredUntil))
}

// KeepModeratorsThere stores who looks after a group elsewhere, as its server says.
func (s *Service) KeepModeratorsThere(ctx context.Context, groupID string, uris []string) error {
	return s.changeModerators(ctx, groupID, func([]string) []string { return uris })
}

// ReceiveModerator has somebody look after a group elsewhere, or no longer.
func (s *Service) ReceiveModerator(ctx context.Context, groupID, uri string, looksAfter bool) error {
	return s.changeModerators(ctx, groupID, func(known []string) []string {
		left := without(known, uri)
		if looksAfter {
			left = append(left, uri)
		}
		return left
	})
}

func (s *Service) changeModerators(ctx context.Context, groupID string, change func(known []string) []string) error {
	return s.store.InTx(ctx, func(tx Store) error {
		if err := tx.LockGroup(ctx, groupID); err != nil {
			return err
		}
		group, err := tx.Group(ctx, groupID)
		if err != nil || group.IsLocal() {
			return err
		}
		known, err := tx.ModeratorsThere(ctx, groupID)
		if err != nil {
			return err
		}
		var to []string
		for _, uri := range change(known) {
			if !oneOf(uri, to...) {
				to = append(to, uri)
			}
		}
		return tx.ReplaceModeratorsThere(ctx, groupID, to[:min(len(to), MaxModeratorsThere)])
	})
}

// ModeratesThere says whether an actor looks after a group elsewhere.
func (s *Service) ModeratesThere(ctx context.Context, groupID, uri string) (bool, error) {
	known, err := s.store.ModeratorsThere(ctx, groupID)
	return err == nil && oneOf(uri, known...), err
}
