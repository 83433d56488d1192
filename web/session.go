package web

import (
	"context"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
)

// SessionStore keeps what belongs to a browser, under the hash of its token.
type SessionStore interface {
	// BrowserSession's second result is false for an unknown or expired session.
	BrowserSession(ctx context.Context, tokenHash string, now time.Time) ([]byte, bool, error)
	SaveBrowserSession(ctx context.Context, tokenHash string, data []byte, expires time.Time) error
	DeleteBrowserSession(ctx context.Context, tokenHash string) error
}

// sessionLife is how long a browser stays known. There is no idle timeout here,
// so that a page view is not a write.
const sessionLife = 30 * 24 * time.Hour

// sessionRenewed is how much of its life a session has used up when it is given
// a whole one again: at most one write a day.
const sessionRenewed = 24 * time.Hour

// Keys of a browser's session.
const (
	sessionSignIn = "sign_in" // id of the SignIn, kept when that has ended: the browser was known
	sessionUser   = "user"    // the User of that SignIn, kept as it is
	sessionActing = "acting"  // id of the account that acts
	sessionFlash  = "flash"   // one sentence for the next page
	sessionTold   = "told"    // the User whom that sentence is for; empty for a visitor
	sessionWords  = "words"   // words on their way to a form: kept_words.go
)

func newSessionManager(store SessionStore, now func() time.Time, secure bool) *scs.SessionManager {
	m := scs.New()
	m.Store = sessionAdapter{store, now}
	m.Lifetime = sessionLife
	m.HashTokenInStore = true
	m.Cookie.Name = "hearth"
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Secure = secure
	if secure {
		m.Cookie.Name = "__Host-hearth"
	}
	m.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) {
		logOf(r.Context()).err = err
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
	}
	return m
}

// sessionAdapter gives scs our store; the hash of the token is scs's own work.
type sessionAdapter struct {
	store SessionStore
	now   func() time.Time
}

func (a sessionAdapter) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	return a.store.BrowserSession(ctx, token, a.now())
}

func (a sessionAdapter) CommitCtx(ctx context.Context, token string, data []byte, expires time.Time) error {
	return a.store.SaveBrowserSession(ctx, token, data, expires)
}

func (a sessionAdapter) DeleteCtx(ctx context.Context, token string) error {
	return a.store.DeleteBrowserSession(ctx, token)
}

func (a sessionAdapter) Find(token string) ([]byte, bool, error) {
	return a.FindCtx(context.Background(), token)
}

func (a sessionAdapter) Commit(token string, data []byte, expires time.Time) error {
	return a.CommitCtx(context.Background(), token, data, expires)
}

func (a sessionAdapter) Delete(token string) error {
	return a.DeleteCtx(context.Background(), token)
}

// keepSession gives the session of a signed-in browser that is in use another
// 30 days, so that it ends with its sign-in, by idleness.
func (v *visit) keepSession() {
	now := v.server.service.Now()
	if left := v.server.sessions.Deadline(v.ctx()).Sub(now); left < sessionLife-sessionRenewed {
		v.server.sessions.SetDeadline(v.ctx(), now.Add(sessionLife))
	}
}
