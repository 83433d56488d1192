package web

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"hearth/federation"
	"hearth/federation/wire"
)

// inboxes take what other servers send (ActivityPub 7.1). Whose inbox it is
// makes no difference: what an activity is about stands in it, and so nobody
// learns from an address whether somebody is here.
func (s *Server) inboxes(r *gin.Engine, f *federation.Federation) {
	for _, path := range []string{"/inbox", "/u/:id/inbox", "/g/:id/inbox"} {
		r.POST(path, receive(f))
	}
}

// receive answers 202 for what was taken, once or again; what is done with it
// comes later. Peers take any 4xx but 408 and 429 for good and some take 410 and
// 418 for the end of the whole server, so of those it answers 400, 401, 403 and
// 413 alone. Our own trouble is 503, that of a source that sends too much at once
// 429, and a body that did not come in time 408: all three are tried again.
func receive(f *federation.Federation) gin.HandlerFunc {
	return func(c *gin.Context) {
		logOf(c.Request.Context()).route = c.FullPath()
		if err := f.Receive(sourced(c), c.Request); err != nil {
			refuseDelivery(c, err)
			return
		}
		c.Status(http.StatusAccepted)
	}
}

// crowdedFor is how long a source is asked to wait that has too much under way.
const crowdedFor = 60 // seconds

func refuseDelivery(c *gin.Context, err error) {
	var shape wire.Error
	var unwanted federation.NotWanted
	var signature *federation.Refusal
	switch {
	case errors.As(err, &signature): // first: what is under it is of its key
		refuseServer(c, err)
	case errors.Is(err, federation.ErrTooLarge):
		answerWord(c, http.StatusRequestEntityTooLarge, "too_large")
	case errors.Is(err, federation.ErrCrowded):
		c.Header("Retry-After", strconv.Itoa(crowdedFor))
		c.Header("Connection", "close") // what was not read is not waited for
		answerWord(c, http.StatusTooManyRequests, "crowded")
	case errors.Is(err, federation.ErrUnread):
		c.Header("Connection", "close")
		answerWord(c, http.StatusRequestTimeout, "unread")
	case errors.As(err, &unwanted):
		answerWord(c, http.StatusForbidden, unwanted.Reason)
	case errors.As(err, &shape):
		answerWord(c, http.StatusBadRequest, shape.Reason)
	default:
		if !errors.Is(err, federation.ErrBusy) {
			logOf(c.Request.Context()).err = err
		}
		c.Header("Retry-After", strconv.Itoa(retryAfter))
		answerWord(c, http.StatusServiceUnavailable, "unavailable")
	}
}
