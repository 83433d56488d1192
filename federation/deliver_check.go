package federation

import (
	"context"

	"hearth/community/policy"
)

// checksAtOnce is how many deliveries are looked at in one read.
const checksAtOnce = 256

// standing is whether a delivery may go out now.
type standing int

// What a check can say.
const (
	stillWanted  standing = iota
	notWanted             // cancelled since, paused, or its bytes are gone
	hostRefused           // by policy, since
	groupRefuses          // so is its host, by the group that it is about, and by nobody else
	laneLost              // somebody else's by now
	tooOld                // its author is to be asked first
	notKnown              // the database does not say
)

type question struct {
	errand Errand
	token  string
	answer chan standing
}

// checker asks, right before anything is signed, whether it is still wanted: a
// post hidden or a server refused a moment ago stops what is queued, however
// long ago it was read. All who ask at the same time share one read, which
// begins after they asked.
type checker struct {
	f         *Federation
	questions chan question
}

func newChecker(f *Federation) *checker {
	return &checker{f: f, questions: make(chan question, checksAtOnce)}
}

func (c *checker) ask(ctx context.Context, e Errand, token string) standing {
	if e.Activity == nil || len(e.Activity.Raw) == 0 {
		return notWanted
	}
	if e.AskAfter != nil && !c.f.now().Before(*e.AskAfter) {
		return tooOld
	}
	q := question{e, token, make(chan standing, 1)}
	select {
	case c.questions <- q:
	case <-ctx.Done():
		return notKnown
	}
	select {
	case s := <-q.answer:
		return s
	case <-ctx.Done():
		return notKnown
	}
}

func (c *checker) run(ctx context.Context) {
	for {
		select {
		case first := <-c.questions:
			c.answer(ctx, c.gather(first))
		case <-ctx.Done():
			return
		}
	}
}

func (c *checker) gather(first question) []question {
	asked := []question{first}
	for len(asked) < checksAtOnce {
		select {
		case q := <-c.questions:
			asked = append(asked, q)
		default:
			return asked
		}
	}
	return asked
}

func (c *checker) answer(ctx context.Context, asked []question) {
	seqs := make([]int64, len(asked))
	for i, q := range asked {
		seqs[i] = q.errand.Seq
	}
	held, err := c.f.store.HeldDeliveries(ctx, seqs)
	var policies *policy.Snapshot
	if err == nil {
		policies, err = c.f.service.Policies(ctx)
	}
	if err != nil {
		c.f.complain(ctx, err, "deliveries")
	}
	for _, q := range asked {
		token, ok := held[q.errand.Seq]
		switch {
		case err != nil:
			q.answer <- notKnown
		case policies.Judge(q.errand.Host).Refused():
			q.answer <- hostRefused
		case policies.JudgeIn(groupOrNone(q.errand.Activity.GroupID), q.errand.Host).Refused():
			q.answer <- groupRefuses
		case !ok:
			q.answer <- notWanted
		case token != q.token:
			q.answer <- laneLost
		default:
			q.answer <- stillWanted
		}
	}
}
