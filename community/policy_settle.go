package community

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"hearth/community/policy"
	"hearth/community/secret"
)

// Bounds of settling: how many actors, ties and posts one step is about, and how
// many of them the transaction that decides settles itself.
const (
	actorsAtOnce  = 100
	settledAtOnce = 200
	settledInTx   = 600
	stepsInTx     = 12
)

// settling is the cursor of a JobSettle: what the decisions about a domain and those
// below it mean for what is here of their servers is brought about, server by server.
// Each step goes by how the policies stand in it, so that the later decision holds
// whatever was under way, and none of them depends on what an earlier one did.
type settling struct {
	Domain string `json:"domain"`          // and all below it; empty: all servers
	Host   string `json:"host,omitempty"`  // that is being settled
	Stage  string `json:"stage,omitempty"` // of it
	Name   string `json:"name,omitempty"`  // after whose name of its actors it goes on
	Thread Cursor `json:"thread"`          // after which thread of one group
	PostID string `json:"post,omitempty"`  // after which frozen post
}

// Stages of settling one server, in their order.
const (
	settlePeopleTies  = "people_ties" // its people in our groups
	settleGroupTies   = "group_ties"  // our people in its groups
	settlePeoplePosts = "people_posts"
	settleGroupPosts  = "group_posts"
)

var settleStages = []string{settlePeopleTies, settleGroupTies, settlePeoplePosts, settleGroupPosts}

// FarTie is a membership that crosses servers, with the severance that cut it, where
// one did that was not settled since.
type FarTie struct {
	Membership
	SeveranceID string
	Was         string // the membership's state before
	CutAt       *time.Time
}

// FrozenPost is a post out of sight, with the servers that decide whether it is.
type FrozenPost struct {
	ID           string
	AuthorDomain string
	GroupDomain  string
}

// SettleStore finds what is here of other servers, and freezes it.
type SettleStore interface {
	// NextHost is the first server after one, by name, that an actor here is of and
	// that is of a domain or below it (empty: any); empty where there is none.
	NextHost(ctx context.Context, domain, after string) (string, error)
	// ActorsAt are some actors of a server after a folded name, by name.
	ActorsAt(ctx context.Context, host, after string, groups bool, limit int) ([]Actor, error)
	// TiesOf are some memberships that are in or asked for: of accounts elsewhere in
	// groups here, or of accounts here in groups elsewhere.
	TiesOf(ctx context.Context, actorIDs []string, groups bool, limit int) ([]FarTie, error)
	// SeveredTies are some that were cut, and neither restored nor told of since.
	SeveredTies(ctx context.Context, actorIDs []string, groups bool, limit int) ([]FarTie, error)
	// RestoreTie has a membership that is severed be in the state, and under the
	// Follow, that it says; one that is not any more stays as it is.
	RestoreTie(ctx context.Context, m Membership) error
	// EndSeverances notes of severances that they were restored, or told of.
	EndSeverances(ctx context.Context, ids []string, restored bool, now time.Time) error
	// FreezePostsOf takes some posts of authors out of sight, and returns their ids.
	FreezePostsOf(ctx context.Context, authorIDs []string, limit int) ([]string, error)
	// ThreadsIn are some threads of a group after a place, oldest first.
	ThreadsIn(ctx context.Context, groupID string, after Cursor, limit int) ([]Cursor, error)
	// FreezePostsIn takes some posts of threads of one group out of sight.
	FreezePostsIn(ctx context.Context, groupID string, threads []string, limit int) ([]string, error)
	// FrozenPosts are some by their authors, or in groups, by id after one.
	FrozenPosts(ctx context.Context, actorIDs []string, groups bool, after string, limit int) ([]FrozenPost, error)
	// ThawPosts has frozen posts be what they were.
	ThawPosts(ctx context.Context, ids []string) error
}

// beginSettling brings about what a decision about a domain means for what is here of
// its servers: the first of it at once, and the rest, which few servers have, piece by
// piece in a Job. It takes the place of what an earlier decision about it had begun.
func (s *Service) beginSettling(ctx context.Context, tx Store, domain string) error {
	c, now := settling{Domain: domain}, s.now()
	done, more := 0, true
	for steps := 0; more && done < settledInTx && steps < stepsInTx; steps++ {
		n, goesOn, err := s.settleStep(ctx, tx, &c)
		if err != nil {
			return err
		}
		done, more = done+n, goesOn
	}
	if err := tx.EndJob(ctx, JobSettle, domain, now); err != nil || !more {
		return err
	}
	return tx.InsertJob(ctx, Job{ID: secret.NewID(now), Kind: JobSettle, AboutID: domain, Cursor: c.text(), Done: done, State: JobWaiting, CreatedAt: now, NextAt: now})
}

func (c settling) text() string {
	text, _ := json.Marshal(c) // nothing in it cannot be written
	return string(text)
}

// SettleMore does the next piece of a JobSettle: how many things of other servers it
// changed, where the job goes on, and whether it does. It does nothing of one that was
// ended meanwhile. A step that was done and not saved does nothing when it is done again.
func (s *Service) SettleMore(ctx context.Context, j Job) (cursor string, done int, more bool, err error) {
	var c settling
	if err := json.Unmarshal([]byte(j.Cursor), &c); err != nil {
		c = settling{Domain: j.AboutID} // from the start: what is settled costs little
	}
	next := c
	err = s.store.InTx(ctx, func(tx Store) error {
		next = c // a transaction that is run again begins where it began
		if _, err := tx.HoldPolicyEpoch(ctx); err != nil {
			return err
		}
		open, err := tx.HoldJob(ctx, j.ID)
		if err != nil || !open {
			more = false
			return err
		}
		done, more, err = s.settleStep(ctx, tx, &next)
		return err
	})
	if err != nil {
		next = c
	}
	return next.text(), done, more, err
}

// settleStep is one step: how many things it changed, and whether there is more.
func (s *Service) settleStep(ctx context.Context, tx Store, c *settling) (done int, more bool, err error) {
	if c.Stage == "" {
		if c.Host, err = tx.NextHost(ctx, c.Domain, c.Host); err != nil || c.Host == "" {
			return 0, false, err
		}
		c.Stage = settleStages[0]
	}
	here, err := s.verdictsOn(ctx, tx, c.Host)
	if err != nil {
		return 0, false, err
	}
	groups := c.Stage == settleGroupTies || c.Stage == settleGroupPosts
	limit := actorsAtOnce
	if c.Stage == settleGroupPosts { // one at a time: where it goes on is a place in it
		limit = 1
	}
	actors, err := tx.ActorsAt(ctx, c.Host, c.Name, groups, limit)
	if err != nil {
		return 0, false, err
	}
	if len(actors) == 0 {
		c.nextStage()
		return 0, true, nil
	}
	done, whole, err := s.settleActors(ctx, tx, c, here, actors)
	if err == nil && whole {
		c.Name, c.Thread, c.PostID = actors[len(actors)-1].Name, Cursor{}, ""
	}
	return done, true, err
}

// nextStage goes on with the next stage, after the last with the next server.
func (c *settling) nextStage() {
	c.Name, c.Thread, c.PostID = "", Cursor{}, ""
	at := slices.Index(settleStages, c.Stage) + 1
	if c.Stage = ""; at < len(settleStages) {
		c.Stage = settleStages[at]
	}
}

// verdictsOn are the policies on some hosts, as they stand in a transaction.
func (s *Service) verdictsOn(ctx context.Context, tx Store, hosts ...string) (*policy.Snapshot, error) {
	site, err := tx.Site(ctx)
	if err != nil {
		return nil, err
	}
	policies, err := tx.PoliciesAbove(ctx, hosts)
	return policy.NewSnapshot(0, site.FrontDoor, site.Host, policies), err
}

// isFrozen says whether what is here of a server is out of sight: a decision says so.
// Where the front door alone keeps it away nothing was cut.
func isFrozen(p *policy.Snapshot, host string) bool {
	v, decided := p.Listed(host)
	return decided && v.On(policy.WhatIsHere) == policy.Refuse
}

// settleActors does the stage's work on some actors of one server; whole says that
// nothing of it is left.
func (s *Service) settleActors(ctx context.Context, tx Store, c *settling, here *policy.Snapshot, actors []Actor) (done int, whole bool, err error) {
	ids := make([]string, len(actors))
	for i, a := range actors {
		ids[i] = a.ID
	}
	frozen := isFrozen(here, c.Host)
	switch {
	case c.Stage == settlePeopleTies || c.Stage == settleGroupTies:
		return s.settleTies(ctx, tx, here, c.Host, ids, c.Stage == settleGroupTies)
	case frozen && c.Stage == settlePeoplePosts:
		return s.freezeWords(ctx, tx, ids)
	case frozen:
		return s.freezeThreads(ctx, tx, c, ids[0])
	}
	return s.thawSome(ctx, tx, c, ids)
}

// freezeWords freezes some of what people elsewhere wrote, and stops what waits to be
// passed on of it.
func (s *Service) freezeWords(ctx context.Context, tx Store, authorIDs []string) (done int, whole bool, err error) {
	ids, err := tx.FreezePostsOf(ctx, authorIDs, settledAtOnce)
	if err != nil || len(ids) == 0 {
		return 0, true, err
	}
	return len(ids), len(ids) < settledAtOnce, tx.CancelDeliveries(ctx, ids, s.now())
}

// threadsAtOnce bounds the threads that are frozen together.
const threadsAtOnce = 20

// freezeThreads freezes what stands in some threads of a group elsewhere. Words of
// people here that wait to go there are dropped when they are claimed, which notes it
// for whoever wrote them.
func (s *Service) freezeThreads(ctx context.Context, tx Store, c *settling, groupID string) (done int, whole bool, err error) {
	threads, err := tx.ThreadsIn(ctx, groupID, c.Thread, threadsAtOnce)
	if err != nil || len(threads) == 0 {
		return 0, true, err
	}
	roots := make([]string, len(threads))
	for i, t := range threads {
		roots[i] = t.ID
	}
	ids, err := tx.FreezePostsIn(ctx, groupID, roots, settledAtOnce)
	if err != nil || len(ids) == settledAtOnce {
		return len(ids), false, err
	}
	c.Thread = threads[len(threads)-1]
	return len(ids), len(threads) < threadsAtOnce, nil
}

// thawSome shows some posts again, but for those that another server keeps out of
// sight: their group's, or their author's.
func (s *Service) thawSome(ctx context.Context, tx Store, c *settling, actorIDs []string) (done int, whole bool, err error) {
	frozen, err := tx.FrozenPosts(ctx, actorIDs, c.Stage == settleGroupPosts, c.PostID, settledAtOnce)
	if err != nil || len(frozen) == 0 {
		return 0, true, err
	}
	var others []string
	for _, p := range frozen {
		others = append(others, p.AuthorDomain, p.GroupDomain)
	}
	slices.Sort(others)
	here, err := s.verdictsOn(ctx, tx, slices.Compact(others)...)
	if err != nil {
		return 0, false, err
	}
	var ids []string
	for _, p := range frozen {
		if !isFrozen(here, p.AuthorDomain) && !isFrozen(here, p.GroupDomain) {
			ids = append(ids, p.ID)
		}
	}
	c.PostID = frozen[len(frozen)-1].ID
	return len(ids), len(frozen) < settledAtOnce, tx.ThawPosts(ctx, ids)
}
