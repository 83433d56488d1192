package community

import "context"

// maxFirstQuestions bounds how many posts of one server's people wait to be asked
// about there because one group passed them on. What asked a first time and was not
// answered is not among them: a server that does not answer keeps no words away.
const maxFirstQuestions = 200

// mayAsk is TooMany where as much as may wait does, of what a question is about: what
// the group says more of that server's people comes when some of it was asked.
func (s *Service) mayAsk(ctx context.Context, tx Store, q Inquiry) error {
	waiting, err := firstQuestions(ctx, tx, q)
	return isRoomFor(waiting, err)
}

func isRoomFor(waiting int, err error) error {
	if err == nil && waiting >= maxFirstQuestions {
		return fail(TooMany, "receive.many_asked")
	}
	return err
}

// firstQuestions are those that wait beside one.
func firstQuestions(ctx context.Context, tx Store, q Inquiry) (int, error) {
	return tx.FirstQuestions(ctx, q, q.CreatedAt.Add(askOriginWithin), maxFirstQuestions)
}

// mayAsk is Service.mayAsk for a post that its group alone vouches for, counting what
// this desk is about to ask.
func (d *desk) mayAsk(ctx context.Context, in Inbound) error {
	if in.Verified != VerifiedGroup || in.Private || in.Backfilled {
		return nil
	}
	q := askOrigin(Post{URI: in.URI, GroupID: in.GroupID}, d.s.now())
	waiting, err := once(d.asked, serverKey{q.GroupID, q.Host}, func() (int, error) { return firstQuestions(ctx, d.tx, q) })
	for _, other := range d.asks {
		if other.Kind == q.Kind && other.GroupID == q.GroupID && other.Host == q.Host {
			waiting++
		}
	}
	return isRoomFor(waiting, err)
}
