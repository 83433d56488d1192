package community

import (
	"context"
	"errors"
	"time"
)

// LaneStore stops and starts what is sent to one server.
type LaneStore interface {
	// PauseLane stops sending to a host at once; by is the account that wants it
	// so. Conflict where it was paused before.
	PauseLane(ctx context.Context, host, by string) error
	// ResumeLane sends again. NotFound when it was not paused.
	ResumeLane(ctx context.Context, host string, now time.Time) error
	// DropWords stops for good what waits for a host of anybody's words, notes in
	// their reach that it was dropped, and says how many deliveries that was.
	DropWords(ctx context.Context, host string, now time.Time) (int, error)
}

// PauseServer stops sending to one server until ResumeServer: what is written
// waits, and nothing is cut. It holds from the next delivery on, on every node.
// NotFound for those who are not admins; Conflict where it is so already.
func (s *Service) PauseServer(ctx context.Context, v Viewer, host string) error {
	if !v.IsAdmin() {
		return fail(NotFound, "error.not_found")
	}
	return s.pauseServer(ctx, v.ActingID(), host)
}

// PauseServerAsOperator is PauseServer from the command line.
func (s *Service) PauseServerAsOperator(ctx context.Context, host string) error {
	return s.pauseServer(ctx, OperatorName, host)
}

func (s *Service) pauseServer(ctx context.Context, by, host string) error {
	return s.decideOfServer(ctx, by, host, DecidedPause, func(tx Store, host string) error {
		err := tx.PauseLane(ctx, host, by)
		if errors.Is(err, Conflict) {
			return fail(Conflict, "delivery.paused_before", "Domain", host)
		}
		return err
	})
}

// ResumeServer sends to a server again that was paused, and begins with what
// waited. NotFound for those who are not admins; Conflict where nothing is paused.
func (s *Service) ResumeServer(ctx context.Context, v Viewer, host string) error {
	if !v.IsAdmin() {
		return fail(NotFound, "error.not_found")
	}
	return s.resumeServer(ctx, v.ActingID(), host)
}

// ResumeServerAsOperator is ResumeServer from the command line.
func (s *Service) ResumeServerAsOperator(ctx context.Context, host string) error {
	return s.resumeServer(ctx, OperatorName, host)
}

func (s *Service) resumeServer(ctx context.Context, by, host string) error {
	return s.decideOfServer(ctx, by, host, DecidedResume, func(tx Store, host string) error {
		err := tx.ResumeLane(ctx, host, s.now())
		if isNotFound(err) {
			return fail(Conflict, "delivery.not_paused", "Domain", host)
		}
		return err
	})
}

// decideOfServer does something about a server together with its Decision.
func (s *Service) decideOfServer(ctx context.Context, by, typed, kind string, do func(tx Store, host string) error) error {
	host, err := FoldDomain(typed)
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx Store) error {
		d := Decision{Kind: kind, DecidedBy: by, SubjectKind: SubjectDomain, SubjectID: host}
		if kind == DecidedResume {
			paused, err := tx.LastDecisionOn(ctx, SubjectDomain, host, DecidedPause)
			if err != nil && !isNotFound(err) {
				return err
			}
			if err == nil {
				d.Undoes = &paused.ID
			}
		}
		if _, err := s.decide(ctx, tx, d, DecisionWords{}); err != nil {
			return err
		}
		return do(tx, host)
	})
}
