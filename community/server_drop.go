package community

import "context"

// DropWaiting gives up what waits to be sent to one server, for good: posts and
// changes to them, and what groups pass on. Deletions, follows and answers to them
// still wait. Those who wrote it read that an admin dropped it. It says how much
// that was. NotFound for those who are not admins; Conflict where nothing waits.
func (s *Service) DropWaiting(ctx context.Context, v Viewer, host string) (dropped int, err error) {
	if !v.IsAdmin() {
		return 0, fail(NotFound, "error.not_found")
	}
	return s.dropWords(ctx, v.ActingID(), host)
}

// DropWaitingAsOperator is DropWaiting from the command line.
func (s *Service) DropWaitingAsOperator(ctx context.Context, host string) (dropped int, err error) {
	return s.dropWords(ctx, OperatorName, host)
}

func (s *Service) dropWords(ctx context.Context, by, host string) (dropped int, err error) {
	err = s.decideOfServer(ctx, by, host, DecidedDrop, func(tx Store, host string) error {
		dropped, err = tx.DropWords(ctx, host, s.now())
		if err == nil && dropped == 0 {
			return fail(Conflict, "delivery.nothing_to_drop", "Domain", host)
		}
		return err
	})
	return dropped, err
}
