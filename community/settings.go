package community

import (
	"context"
	"fmt"
)

// changeSite changes the Site and records what changed as a Decision, in the
// caller's transaction. The chain of decisions is locked, so that two who change
// it at once change it one after the other: Conflict where the other changed whom
// we talk to meanwhile. It says false, and records nothing, where nothing is
// different afterwards.
func (s *Service) changeSite(ctx context.Context, tx Store, by string, change func(*Site)) (bool, Decision, error) {
	moves, err := s.holdSite(ctx, tx, change)
	if err != nil {
		return false, Decision{}, err
	}
	before, err := tx.Site(ctx)
	if err != nil {
		return false, Decision{}, err
	}
	after := before
	change(&after)
	changes := siteChanges(before, after)
	if len(changes) == 0 {
		return false, Decision{}, nil
	}
	if movesDoor(before, after) && !moves {
		return false, Decision{}, fail(Conflict, "error.conflict")
	}
	if err := tx.UpdateSite(ctx, after); err != nil {
		return false, Decision{}, err
	}
	if err := followSite(ctx, tx, before, after); err != nil {
		return false, Decision{}, err
	}
	if moves && !after.IsClosed() {
		if err := s.tellOfDeletions(ctx, tx, ""); err != nil {
			return false, Decision{}, err
		}
	}
	if moves { // which decision counts about a server may be another now
		if err := s.beginSettling(ctx, tx, ""); err != nil {
			return false, Decision{}, err
		}
	}
	d, err := s.decide(ctx, tx, Decision{Kind: DecidedSettings, DecidedBy: by, SubjectKind: SubjectSite},
		DecisionWords{Changed: changes})
	return true, d, err
}

// followSite changes what hangs on the Site: the instance actor's title.
func followSite(ctx context.Context, tx Store, before, after Site) error {
	if before.Name == after.Name {
		return nil
	}
	actor, err := tx.Actor(ctx, after.ActorID)
	if err != nil {
		return err
	}
	actor.Title = after.Name
	return tx.UpdateActor(ctx, actor)
}

// holdSite keeps others from changing the Site. Where the change moves the front
// door, the epoch is raised that makes every node read whom we talk to anew: before
// the chain is locked, as everybody who locks both does it.
func (s *Service) holdSite(ctx context.Context, tx Store, change func(*Site)) (moves bool, err error) {
	before, err := tx.Site(ctx)
	if err != nil {
		return false, err
	}
	after := before
	change(&after)
	if moves = movesDoor(before, after); moves {
		if _, err := tx.RaisePolicyEpoch(ctx); err != nil {
			return moves, err
		}
	}
	_, err = tx.LastDecision(ctx, "")
	return moves, err
}

func movesDoor(before, after Site) bool { return before.FrontDoor != after.FrontDoor }

// siteChanges lists what is different.
func siteChanges(a, b Site) (changes []Change) {
	for _, f := range []struct {
		field         string
		before, after any
	}{
		{"name", a.Name, b.Name}, {"purpose", a.Purpose, b.Purpose}, {"rules", a.Rules, b.Rules}, {"contact", a.Contact, b.Contact},
		{"minimum_age", a.MinimumAge, b.MinimumAge}, {"registration", a.Registration, b.Registration},
		{"question", a.Question, b.Question}, {"newcomers_per_day", a.NewcomersPerDay, b.NewcomersPerDay},
		{"applications_waiting", a.ApplicationsWaiting, b.ApplicationsWaiting}, {"front_door", a.FrontDoor, b.FrontDoor},
		{"group_creation", a.GroupCreation, b.GroupCreation}, {"country", a.Country, b.Country},
		{"language", a.Language, b.Language}, {"zone", a.Zone, b.Zone},
	} {
		if f.before != f.after {
			changes = append(changes, Change{f.field, fmt.Sprint(f.before), fmt.Sprint(f.after)})
		}
	}
	return changes
}
