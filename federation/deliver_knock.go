package federation

import (
	"context"
	"net/http"
)

// Nearly everybody takes draft-cavage-http-signatures-12, and so everything is
// signed by that first. A server that says 401 to it may be one that takes RFC
// 9421 alone, or cannot say so better than 400 with Accept-Signature: it is then
// asked once in the other way, and what that shows is believed for a day.

// asksForMessage says whether an answer may mean that a server takes RFC 9421.
func asksForMessage(status int, header http.Header) bool {
	return status == http.StatusUnauthorized ||
		status == http.StatusBadRequest && len(header.Values("Accept-Signature")) > 0
}

// send delivers once, in the way that the server is known to take or else in the
// one that all do. Whatever that takes, it is one attempt.
func (f *Federation) send(ctx context.Context, e Errand, s *laneSigning) attempt {
	keys, err := f.keysFor(ctx, e)
	if err != nil {
		return attempt{errand: e, at: f.now(), err: &unsent{err}}
	}
	known := s.now().known(f.now())
	if known == SignatureMessage {
		if a := f.sendMessage(ctx, e, keys); !a.mayMeanTheKey() {
			return a
		}
	}
	a := f.sendDraft(ctx, e, keys)
	switch {
	case known == SignatureMessage && a.verdict() == arrived:
		s.settle(newSignatureChoice(SignatureDraft, f.now()))
	case known == "" && a.asksForMessage:
		return f.knock(ctx, e, keys, s, a)
	}
	return a
}

// knock finds out whether RFC 9421 is taken where the draft was not, unless
// another delivery of the lane just did. Where it is not, the first answer counts.
func (f *Federation) knock(ctx context.Context, e Errand, keys signingKeys, s *laneSigning, refused attempt) attempt {
	select {
	case s.knocking <- struct{}{}:
		defer func() { <-s.knocking }()
	case <-ctx.Done():
		return attempt{errand: e, at: refused.at, err: ctx.Err()}
	}
	if s.now().known(f.now()) == SignatureDraft {
		return refused
	}
	a := f.sendMessage(ctx, e, keys)
	a.at = refused.at
	switch {
	case a.verdict() == unreached || a.verdict() == unsendable: // nothing was found out
		return a
	case a.verdict() == arrived || a.verdict() == declined && !a.mayMeanTheKey():
		s.settle(newSignatureChoice(SignatureMessage, f.now()))
		return a
	}
	s.settle(newSignatureChoice(SignatureDraft, f.now()))
	return refused
}

// sendDraft signs by the draft: once, or while the actor has two keys a second
// time where the answer may be about the first. Without a second key an answer of
// 401 is tried once more.
func (f *Federation) sendDraft(ctx context.Context, e Errand, keys signingKeys) attempt {
	a := f.post(ctx, e, keys.first, Sign)
	switch {
	case a.verdict() == unsigned && keys.second == nil:
		a = f.post(ctx, e, keys.first, Sign)
	case keys.second != nil && a.mayMeanTheKey():
		a = f.post(ctx, e, *keys.second, Sign)
	}
	return a
}

// sendMessage signs by RFC 9421.
func (f *Federation) sendMessage(ctx context.Context, e Errand, keys signingKeys) attempt {
	a := f.post(ctx, e, keys.first, signMessage)
	if keys.second != nil && a.mayMeanTheKey() {
		a = f.post(ctx, e, *keys.second, signMessage)
	}
	return a
}
