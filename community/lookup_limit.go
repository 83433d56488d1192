package community

import (
	"context"
	"time"
)

// Bounds of what one person, or one source, can make this server ask elsewhere.
const (
	lookupsWindow = 15 * time.Minute
	lookupsEach   = 30
)

// CountLookup counts an address that the Viewer asks this server to find
// elsewhere: for members alone, and TooMany after 30 within 15 minutes.
func (s *Service) CountLookup(ctx context.Context, v Viewer) error {
	if !v.IsMember(s.now()) {
		return fail(Forbidden, "lookup.members_only")
	}
	return s.countLookup(ctx, "lookup", v.UserID())
}

// CountWayBack counts a visitor's question where their own server takes them;
// source is where it came from, used only hashed.
func (s *Service) CountWayBack(ctx context.Context, source string) error {
	return s.countLookup(ctx, "way_back", source)
}

func (s *Service) countLookup(ctx context.Context, kind, what string) error {
	n, err := s.store.CountTry(ctx, tryKey(kind, what), s.now(), lookupsWindow)
	if err == nil && n > lookupsEach {
		err = fail(TooMany, "lookup.slow_down")
	}
	return err
}
