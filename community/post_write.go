package community

import (
	"context"
	"errors"
	"time"

	"hearth/community/markup"
)

// WritePost publishes a draft as the account that the Viewer has in its group,
// and returns the post. The draft's id becomes the post's: writing the same
// draft again changes nothing and returns the post that is there. Invalid with
// what to mend; NotFound, Forbidden or Conflict with a sentence where the place
// is not (or no longer) theirs to write in.
func (s *Service) WritePost(ctx context.Context, v Viewer, d Draft) (Post, error) {
	d = d.tidy()
	if !IsPostID(d.ID) {
		d.ID = s.NewDraftID()
	}
	if err := d.check(); err != nil {
		return Post{}, err
	}
	words, err := s.readWords(ctx, d.Text)
	if err != nil {
		return Post{}, err
	}
	if words.plain == "" {
		return Post{}, &Error{Kind: Invalid, Key: "form.check", Fields: []FieldError{{Field: "text", Key: "write.empty"}}}
	}
	post, err := s.writePost(ctx, v, d, words)
	if errors.Is(err, Conflict) && !isSentence(err) {
		post, err = s.writePost(ctx, v, d, words) // somebody was first: it is seen now
	}
	return post, err
}

// isSentence says whether an error is one of the community's own, not a Store's.
func isSentence(err error) bool {
	var e *Error
	return errors.As(err, &e)
}

func (s *Service) writePost(ctx context.Context, v Viewer, d Draft, words words) (post Post, err error) {
	err = s.store.InTx(ctx, func(tx Store) error {
		if err := stays(ctx, tx, v); err != nil {
			return err
		}
		known, err := ownPost(ctx, tx, v, d.ID)
		if err != nil {
			return err
		}
		if known != nil && known.State != PostDraft {
			post = *known
			return nil
		}
		place, err := s.writingPlace(ctx, tx, v, d.GroupID, d.ParentID)
		if err != nil {
			return err
		}
		if err := place.may(v, s.now()); err != nil {
			return err
		}
		if err := place.stays(ctx, tx); err != nil {
			return err
		}
		post, err = s.publish(ctx, tx, v, place, d, words, known != nil)
		return err
	})
	return post, err
}

// ownPost is the Viewer's post or draft of an id, nil where there is none, and
// NotFound where it is somebody else's.
func ownPost(ctx context.Context, tx Store, v Viewer, id string) (*Post, error) {
	p, err := tx.PostToChange(ctx, id)
	switch {
	case isNotFound(err):
		return nil, nil
	case err != nil:
		return nil, err
	case !v.Owns(p.AuthorID):
		return nil, fail(NotFound, "error.not_found")
	}
	return &p, nil
}

// publish stores a post in the place and all that follows from it: its thread
// grows, whom it concerns is told, and the world where it may hear of it.
func (s *Service) publish(ctx context.Context, tx Store, v Viewer, place writingPlace, d Draft, words words, wasDraft bool) (Post, error) {
	site, err := tx.Site(ctx)
	if err != nil {
		return Post{}, err
	}
	now := s.now()
	post := place.newPost(site, d.ID, place.membership.AccountID, now)
	d.fill(&post, words.html)
	if err := keepHome(ctx, tx, place, &post); err != nil {
		return Post{}, err
	}
	if wasDraft {
		err = tx.PublishPost(ctx, post)
	} else {
		err = tx.InsertPost(ctx, post)
	}
	if err != nil {
		return Post{}, err
	}
	if err := tx.GrowThreads(ctx, []Post{post}); err != nil {
		return Post{}, err
	}
	if err := s.tellOfPost(ctx, tx, v, place, post, words.mentioned); err != nil {
		return Post{}, err
	}
	if !federates(site, place.group, post) {
		return post, nil
	}
	return post, tx.InsertEvent(ctx, newPostEvent(now, EventPostWritten, post))
}

// keepHome keeps a post on this server unless its author agreed that copies of
// what they write in this group may leave it (R41, R42). In a group elsewhere
// there is no such post: there it is Forbidden.
func keepHome(ctx context.Context, tx Store, place writingPlace, post *Post) error {
	agreed, err := tx.HasConsent(ctx, post.AuthorID, post.GroupID, ConsentFederate)
	switch {
	case err != nil || agreed:
		return err
	case !place.group.IsLocal():
		return fail(Forbidden, "write.consent_needed")
	}
	post.Reach = ReachNowhere
	return nil
}

// newPostEvent says that something changed about a post; its order is its thread's.
func newPostEvent(now time.Time, kind string, p Post) Event {
	e := newEvent(now, kind, p.ThreadID)
	e.GroupID, e.PostID, e.AccountID, e.AboutID = &p.GroupID, &p.ID, &p.AuthorID, p.ID
	return e
}

// words is a text as it will be shown, and whom of this server it names.
type words struct {
	html      string
	plain     string
	mentioned []string // account ids, in the order of the text
}

// readWords renders a member's Markdown, names of people here as links. It only
// tells that an account exists, never where it is a member.
func (s *Service) readWords(ctx context.Context, source string) (words, error) {
	site, err := s.store.Site(ctx)
	if err != nil {
		return words{}, err
	}
	var names []string
	here := func(m markup.Mention) bool { return m.Host == "" || m.Host == Fold(site.Host) }
	for _, m := range markup.Mentions(source) {
		if here(m) {
			names = append(names, Fold(m.Name))
		}
	}
	people, err := s.store.PeopleByName(ctx, names)
	if err != nil {
		return words{}, err
	}
	html := markup.Renderer{Resolve: func(m markup.Mention) (string, bool) {
		a, known := people[Fold(m.Name)]
		return a.URL, known && here(m)
	}}.Render(source)
	w := words{html: html, plain: markup.PlainText(html)}
	for _, name := range names {
		if a, known := people[name]; known {
			w.mentioned = append(w.mentioned, a.ID)
		}
	}
	return w, nil
}

// PreviewWords is a text as it would be shown to others.
func (s *Service) PreviewWords(ctx context.Context, source string) (html string, err error) {
	w, err := s.readWords(ctx, source)
	return w.html, err
}
