package community

import (
	"context"
	"slices"
	"strconv"
	"time"

	"hearth/community/secret"
)

// SaveRemoteGroup stores or refreshes a group elsewhere, known by its URI. Its
// State is GroupClosed where its server says so; members of here hear when that
// changes.
func (s *Service) SaveRemoteGroup(ctx context.Context, g Group) (Group, error) {
	now := s.now()
	g.LastActivityAt = now
	if g.State != GroupClosed {
		g.State, g.ClosedAt = GroupActive, nil
	} else if g.ClosedAt == nil || g.ClosedAt.After(now) {
		g.ClosedAt = &now
	}
	err := s.store.InTx(ctx, func(tx Store) error {
		known, err := tx.ActorByURI(ctx, g.URI)
		if isNotFound(err) {
			g.ID, g.CreatedAt, g.FetchedAt = secret.NewActorID(), now, &now
			return tx.InsertGroup(ctx, g)
		}
		if err != nil {
			return err
		}
		if err := tx.LockGroup(ctx, known.ID); err != nil {
			return err
		}
		before, err := tx.Group(ctx, known.ID)
		if err != nil {
			return err
		}
		g.ID, g.CreatedAt, g.FetchedAt, g.Domain, g.Name = known.ID, known.CreatedAt, &now, known.Domain, known.Name
		g.LastActivityAt, g.RulesVersion = before.LastActivityAt, before.RulesVersion
		return s.changeThere(ctx, tx, before, g)
	})
	return g, err
}

// changeThere stores what a group elsewhere is now, and tells members of here
// whether they still can write in it, where that is another answer than before.
func (s *Service) changeThere(ctx context.Context, tx Store, before, g Group) error {
	if err := tx.UpdateGroup(ctx, g); err != nil {
		return err
	}
	switch {
	case g.GoneAt != nil && before.GoneAt == nil:
		return s.tellOfChangeThere(ctx, tx, NoticeGoneThere, g, strconv.FormatInt(g.GoneAt.UnixMicro(), 36))
	case g.State == GroupClosed && before.State == GroupActive:
		return s.tellOfChangeThere(ctx, tx, NoticeClosedThere, g, s.today())
	case g.State == GroupActive && before.State == GroupClosed:
		return s.tellOfChangeThere(ctx, tx, NoticeOpenedThere, g, s.today())
	}
	return nil
}

// tellOfChangeThere gives the people of this server who are in a group elsewhere a
// notice of it, once for each change of its own. A server that closes and opens a
// group over and over gives each of them one notice a day, which says how it is now
// and does not call for them again.
func (s *Service) tellOfChangeThere(ctx context.Context, tx Store, kind string, g Group, change string) error {
	ids, err := tx.PlainMembers(ctx, g.ID)
	if err != nil {
		return err
	}
	about := g.ID + "/" + change
	for some := range slices.Chunk(ids, membersAtOnce) {
		notices, err := s.noticesOfGroup(ctx, tx, kind, about, g, some)
		if err != nil {
			return err
		}
		if err := tx.TurnNotices(ctx, []string{NoticeClosedThere, NoticeOpenedThere}, notices); err != nil {
			return err
		}
		if err := tx.InsertNotices(ctx, notices); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) today() string { return s.now().UTC().Format(time.DateOnly) }

// CloseRemoteGroup notes that a group elsewhere is not shown to this server any
// more, and took nothing from it: nobody here can write in it until its server
// shows it again. What is known of it counts as never asked for, so that whoever
// looks for it has it asked for anew.
func (s *Service) CloseRemoteGroup(ctx context.Context, id string) error {
	return s.endRemoteGroup(ctx, id, func(g *Group) { g.FetchedAt = nil })
}

// markGroupGone notes that a group elsewhere is no more. Members of here stay in
// it, so that they can go on reading what came.
func (s *Service) markGroupGone(ctx context.Context, id string) error {
	now := s.now()
	return s.endRemoteGroup(ctx, id, func(g *Group) { g.GoneAt = since(true, g.GoneAt, now) })
}

func (s *Service) endRemoteGroup(ctx context.Context, id string, more func(*Group)) error {
	now := s.now()
	return s.store.InTx(ctx, func(tx Store) error {
		if err := tx.LockGroup(ctx, id); err != nil {
			return err
		}
		before, err := tx.Group(ctx, id)
		if err != nil || before.IsLocal() {
			return err
		}
		g := before
		g.State, g.ClosedAt = GroupClosed, since(true, before.ClosedAt, now)
		more(&g)
		return s.changeThere(ctx, tx, before, g)
	})
}
