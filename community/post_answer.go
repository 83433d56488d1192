package community

import (
	"context"
	"errors"
	"time"
)

// AnswerView is a post that somebody is about to answer, with its thread's root
// and group, and why they may not (yet), which is nil where they may.
type AnswerView struct {
	Post       PostView
	Root       Post
	Group      Group
	Membership Membership
	WhyNot     error
}

// PostToAnswer is a post as the Viewer may see it before they answer it.
// NotFound where they may not read it.
func (s *Service) PostToAnswer(ctx context.Context, v Viewer, id string) (AnswerView, error) {
	seen, err := s.postFor(ctx, s.store, v, id)
	if err != nil {
		return AnswerView{}, err
	}
	now := s.now()
	a := AnswerView{Post: PostView{Post: seen.Post}, Root: s.rootAsSeen(v, seen), Group: seen.Group, Membership: seen.Membership}
	a.WhyNot = mayPost(v, seen.Group, seen.Membership, now)
	s.judgePost(v, seen, &a.Post, a.WhyNot)
	if a.WhyNot == nil || isWayIn(a.WhyNot) {
		if why := mayReply(v, seen.Root, seen.Post, seen.Membership, now); why != nil {
			a.WhyNot = why
		}
	}
	if !a.Post.Words {
		return a, nil
	}
	authors, err := s.store.Actors(ctx, []string{seen.Post.AuthorID})
	if author, known := authors[seen.Post.AuthorID]; known {
		a.Post.Author = Byline{ID: author.ID, Title: author.Title, Name: author.Name, Domain: author.Domain, URL: author.URL}
	}
	return a, err
}

// MayBegin says why a Viewer may not begin a thread in a group and could not by
// signing in, joining or accepting its rules; nil where they may write first.
func (s *Service) MayBegin(v Viewer, g GroupView) error {
	if err := mayBegin(v, g.Group, g.Membership, s.now()); !isWayIn(err) {
		return err
	}
	return nil
}

// isWayIn says whether somebody who may not write can see to that themselves.
func isWayIn(err error) bool {
	var e *Error
	return errors.As(err, &e) && oneOf(e.Key, "write.sign_in", "write.not_member", "write.rules_changed")
}

// The words that one source may have kept before signing in.
const (
	wordsWindow    = time.Hour
	wordsPerSource = 30
)

// CheckWords says whether words may be kept for somebody who is not signed in:
// Invalid when they are too long, TooMany when one source sends too many.
// source is where they came from, used only hashed, to count.
func (s *Service) CheckWords(ctx context.Context, d Draft, source string) error {
	var p problems
	d.tidy().checkSize(&p)
	if err := p.err(); err != nil {
		return err
	}
	tries, err := s.store.CountTry(ctx, tryKey("words", source), s.now(), wordsWindow)
	if err == nil && tries > wordsPerSource {
		err = fail(TooMany, "write.slow_down")
	}
	return err
}
