package federation

import "context"

// handleReaction takes a Like, an EmojiReact, a Dislike, or somebody's boost for
// what it is: a fact without effect. Support is of this server's own people alone,
// and nothing here is counted. Nobody's liking is kept longer than the fact.
func (f *Federation) handleReaction(_ context.Context, in incoming) (Outcome, error) {
	return reaction(in.act.Type), nil
}

// reaction is what becomes of a reaction, and of taking one back.
func reaction(kind string) Outcome {
	out := ignored("reaction")
	if kind == "Dislike" {
		out = ignored("dislike")
	}
	out.Left = &Rest{}
	return out
}

// isReaction says whether a type is of those that mean nothing here.
func isReaction(kind string) bool {
	return kind == "Like" || kind == "EmojiReact" || kind == "Dislike"
}
