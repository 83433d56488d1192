package federation

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"hearth/federation/wire"
)

// verdict is what an attempt to deliver means.
type verdict int

// What an attempt can mean.
const (
	arrived    verdict = iota // taken: 2xx
	declined                  // the other server's final no
	faulty                    // its error with this one delivery: others may pass
	unreached                 // nothing gets through to the host now
	unsigned                  // signed by a key that it does not know: 401
	unsendable                // our own trouble: it was never sent
)

// attempt is one try of a delivery and what came of it.
type attempt struct {
	errand     Errand
	at         time.Time // when it began
	took       time.Duration
	status     int // 0 without an answer
	retryAfter time.Duration
	err        error

	asksForMessage bool // the answer may mean that RFC 9421 is wanted
}

// verdict reads the answer as the peers' sources have it: most of them give up
// on a 4xx for good, and so does everybody who delivers to them.
func (a attempt) verdict() verdict {
	switch {
	case errors.Is(a.err, ErrProhibited):
		return declined
	case a.err != nil:
		var ours *unsent
		if errors.As(a.err, &ours) {
			return unsendable
		}
		return unreached
	case a.status >= 200 && a.status < 300:
		return arrived
	case a.status == http.StatusUnauthorized:
		return unsigned
	case isOutOfReach(a.status):
		return unreached
	case a.status >= 400 && a.status < 500:
		return declined
	}
	return faulty // 500 and its like, and redirects, which nobody follows with a signed body
}

// mayMeanTheKey says whether a signature by another key may be taken.
func (a attempt) mayMeanTheKey() bool { return mayMeanTheKey(a.status) }

// mayMeanTheKey is about the status of an answer: Lemmy and others say 400 to a
// signature that does not fit, some 403.
func mayMeanTheKey(status int) bool {
	return status == http.StatusBadRequest || status == http.StatusUnauthorized || status == http.StatusForbidden
}

// isOutOfReach is the statuses that speak of the host and not of what was sent:
// among them those by which Cloudflare says that it finds nobody behind it.
func isOutOfReach(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return status >= 520 && status <= 530
}

// reason is a short text of what went wrong, for the row and for the admin. It
// holds nothing that the other server wrote.
func (a attempt) reason() string {
	switch {
	case a.status != 0:
		return "status " + strconv.Itoa(a.status)
	case errors.Is(a.err, ErrProhibited):
		return "prohibited address"
	case isTimeout(a.err):
		return "timeout"
	}
	return "unreachable"
}

func isTimeout(err error) bool {
	var timed interface{ Timeout() bool }
	return errors.As(err, &timed) && timed.Timeout()
}

// effectOf is what an arrived or declined activity means for its post's reach, or
// for an account that is no more.
func effectOf(a *Activity, v verdict) Effect {
	if a.Type == "Delete" && a.ObjectURI == a.ActorURI {
		return map[verdict]Effect{arrived: FarewellReceived, declined: FarewellRefused}[v]
	}
	kind := kindSaid(*a)
	brings := bringsWords(kind)
	switch {
	case v == arrived && kind == "Delete":
		return DeletionKnown
	case v == arrived && brings:
		return CopyReceived
	case v == declined && brings:
		return CopyRefused
	}
	return NoEffect
}

// bringsWords says whether whoever takes an activity has the post's words then.
// What is not known to bring none does: to think that a host has a copy costs a
// Delete too many, to think that it has none leaves the words there.
func bringsWords(kind string) bool {
	switch kind {
	case "Delete", "Undo", "Lock", "Add", "Remove", "Block", "Flag", "Follow", "Accept", "Reject", "Like", "Dislike":
		return false
	}
	return true
}

// announcedType is the type of the activity that an Announce passes on, empty
// where it passes on a post itself.
func announcedType(raw []byte) string {
	announce, err := wire.Decode(raw)
	if err != nil {
		return ""
	}
	inner, err := announce.Object.Activity()
	if err != nil {
		return ""
	}
	return inner.Type
}
