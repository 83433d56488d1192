package storage

import (
	"context"
	"maps"
	"slices"

	"hearth/community"
	"hearth/federation"
)

// errAnotherGround is of parcels that were made of what has changed since.
var errAnotherGround = &community.Error{Kind: community.Conflict, Key: "error.conflict"}

// holdGround is Conflict when anything that parcels were made of is another by
// now: a post, or whom a group tells. Posts stay as they are until the parcels
// are saved. Whoever hides or deletes one waits for that, and then finds what
// there is to cancel and to blank.
func (s *Store) holdGround(ctx context.Context, all []federation.Packed) error {
	posts, audiences := map[string]federation.PostStamp{}, map[string]*federation.Audience{}
	for _, o := range all {
		if of := o.Parcel.Of; of != nil {
			if known, ok := posts[of.ID]; ok && known != *of {
				return errAnotherGround
			}
			posts[of.ID] = *of
		}
		if to := o.Parcel.To; to != nil {
			if known, ok := audiences[to.GroupID]; ok && !isSameAudience(known, to) {
				return errAnotherGround
			}
			audiences[to.GroupID] = to
		}
	}
	if err := s.holdPosts(ctx, posts); err != nil {
		return err
	}
	return s.checkAudiences(ctx, audiences)
}

// holdPosts locks posts, in the order of their ids, and is Conflict when one is
// not as it was. On SQLite the transaction is the only writer.
func (s *Store) holdPosts(ctx context.Context, of map[string]federation.PostStamp) error {
	if len(of) == 0 {
		return nil
	}
	var now []federation.PostStamp
	in := s.planned()
	q := s.read.NewSelect().Model(&now).ModelTableExpr("posts AS t").ColumnExpr("t.id, t.state, t.version").
		Where("t.id IN (?)", in.array(slices.Collect(maps.Keys(of)))).OrderExpr("t.id")
	if s.engine == postgres {
		q = q.For("NO KEY UPDATE")
	}
	if err := in.scan(ctx, q, &now); err != nil {
		return wrap("posts", err)
	}
	if !maps.Equal(of, byKey(now, func(p federation.PostStamp) string { return p.ID })) {
		return errAnotherGround
	}
	return nil
}

// checkAudiences is Conflict when groups tell others than they did, or other
// policies hold. Nothing is locked: who leaves from now on was there when the
// post was written, and a policy is asked for once more before anything is sent.
func (s *Store) checkAudiences(ctx context.Context, of map[string]*federation.Audience) error {
	if len(of) == 0 {
		return nil
	}
	now, err := s.audiences(ctx, slices.Sorted(maps.Keys(of)))
	if err != nil {
		return err
	}
	for id, was := range of {
		if !isSameAudience(was, now[id]) {
			return errAnotherGround
		}
	}
	return nil
}

func isSameAudience(a, b *federation.Audience) bool {
	return a == b || a != nil && b != nil && a.GroupID == b.GroupID && a.Reach == b.Reach && a.Epoch == b.Epoch && a.Microblogs == b.Microblogs &&
		slices.EqualFunc(a.Followers, b.Followers, isSameRecipient) && slices.Equal(a.Servers, b.Servers)
}

// isSameRecipient leaves out what software runs there: it is told in the
// background, and nothing is sent elsewhere for it, only in other words.
func isSameRecipient(a, b federation.Recipient) bool { return a.Host == b.Host && a.Inbox == b.Inbox }

type audienceRow struct {
	GroupID string
	Reach   string
	Epoch   int64

	Microblogs bool
}

// audiences are whom some groups tell, by group.
func (s *Store) audiences(ctx context.Context, groupIDs []string) (map[string]*federation.Audience, error) {
	var rows []audienceRow
	in := s.planned()
	err := in.scan(ctx, s.read.NewSelect().Model(&rows).ModelTableExpr("groups AS g").
		ColumnExpr("g.actor_id AS group_id, g.reach, g.microblogs AND NOT g.sensitive AS microblogs, (SELECT e.epoch FROM policy_epoch AS e WHERE e.id = 1) AS epoch").
		Where("g.actor_id IN (?)", in.array(groupIDs)), &rows)
	if err != nil {
		return nil, wrap("groups", err)
	}
	by := make(map[string]*federation.Audience, len(rows))
	var naming []string
	for _, row := range rows {
		by[row.GroupID] = &federation.Audience{GroupID: row.GroupID, Reach: row.Reach, Epoch: row.Epoch, Microblogs: row.Microblogs}
		if row.Reach == community.ReachNamed {
			naming = append(naming, row.GroupID)
		}
	}
	followers, err := s.followersOf(ctx, groupIDs...)
	for _, f := range followers {
		if a := by[f.GroupID]; a != nil {
			a.Followers = append(a.Followers, f.Recipient)
		}
	}
	if err != nil || len(naming) == 0 {
		return by, err
	}
	servers, err := s.serversOf(ctx, naming)
	for _, row := range servers {
		by[row.GroupID].Servers = append(by[row.GroupID].Servers, row.Domain)
	}
	return by, err
}
