package community

import (
	"context"
	"encoding/json"
	"time"

	"hearth/community/secret"
)

// Hiding is that what an account wrote in a group elsewhere until a time is hidden,
// or in all groups of a domain where no group is named: the cursor of a JobHide.
type Hiding struct {
	AccountID string    `json:"account"`
	GroupID   string    `json:"group,omitempty"`
	Domain    string    `json:"domain,omitempty"`
	Until     time.Time `json:"until"`
}

// about is what a JobHide of it is about, whenever: a later one takes its place.
func (h Hiding) about() string { return h.AccountID + "@" + h.GroupID + h.Domain }

// hiding is what goes with a bar, until it began.
func (b Bar) hiding() Hiding {
	h := Hiding{AccountID: b.AccountID, GroupID: b.GroupID, Domain: b.Domain}
	if b.At != nil {
		h.Until = *b.At
	}
	return h
}

// barredAtOnce bounds the posts that one transaction hides or shows: they can be any number,
// and nobody else writes meanwhile.
const barredAtOnce = 100

// beginHiding hides what a barred account wrote: the first of it at once, and the
// rest, which few have, piece by piece in a Job.
func (s *Service) beginHiding(ctx context.Context, tx Store, b Bar) error {
	h := b.hiding()
	more, err := s.hideSome(ctx, tx, h)
	if err != nil || !more {
		return err
	}
	cursor, err := json.Marshal(h)
	if err != nil {
		return err
	}
	if err := tx.EndJob(ctx, JobHide, h.about(), h.Until); err != nil {
		return err
	}
	return tx.InsertJob(ctx, Job{ID: secret.NewID(h.Until), Kind: JobHide, AboutID: h.about(), Cursor: string(cursor), State: JobWaiting, CreatedAt: h.Until, NextAt: h.Until})
}

// HideMore does the next piece of a JobHide, and says whether there is more; nothing of
// one that was ended meanwhile.
func (s *Service) HideMore(ctx context.Context, j Job) (more bool, err error) {
	var h Hiding
	if err := json.Unmarshal([]byte(j.Cursor), &h); err != nil {
		return false, err
	}
	err = s.store.InTx(ctx, func(tx Store) error {
		if open, err := tx.HoldJob(ctx, j.ID); err != nil || !open {
			more = false
			return err
		}
		more, err = s.hideSome(ctx, tx, h)
		return err
	})
	return more, err
}

func (s *Service) hideSome(ctx context.Context, tx Store, h Hiding) (more bool, err error) {
	ids, err := tx.ShownPostsIn(ctx, h, barredAtOnce)
	if err != nil {
		return false, err
	}
	posts, err := tx.PostsAndRootsToChange(ctx, ids)
	if err != nil {
		return false, err
	}
	var uris, unseen []string
	for _, id := range ids {
		post := posts[id]
		uris = append(uris, post.URI)
		if post.IsUnseen() {
			unseen = append(unseen, id)
		}
		if post.State != PostPublished && post.BeforeFreeze != PostPublished { // in doubt, or somebody deleted it meanwhile
			continue
		}
		if err := s.putAwayUncounted(ctx, tx, &post); err != nil {
			return false, err
		}
	}
	if err := s.dropOrphans(ctx, tx, unseen); err != nil {
		return false, err
	}
	if err := tx.KeepHidden(ctx, uris); err != nil {
		return false, err
	}
	return len(ids) == barredAtOnce, recountThreads(ctx, tx, posts)
}
