package fedtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Send delivers an activity, signed by the actor as its software signs, and
// gives the answer. The activity is a value to marshal, or []byte to send
// verbatim.
func (a *Actor) Send(inbox string, activity any) Answer {
	a.Server.tb.Helper()
	body, verbatim := activity.([]byte)
	if !verbatim {
		var err error
		if body, err = json.Marshal(activity); err != nil {
			a.Server.tb.Fatal(err)
		}
	}
	return a.Server.Do(a.Signed(http.MethodPost, inbox, body))
}

// Get fetches url, signed by the actor as its software signs.
func (a *Actor) Get(url string) Answer {
	a.Server.tb.Helper()
	return a.Server.Do(a.Signed(http.MethodGet, url, nil))
}

// Signed is the request that Send or Get would make, for a test to spoil
// before it gives it to Do.
func (a *Actor) Signed(method, url string, body []byte) *http.Request {
	a.Server.tb.Helper()
	req, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		a.Server.tb.Fatal(err)
	}
	req.Header.Set("Accept", mediaType)
	if method == http.MethodPost {
		req.Header.Set("Content-Type", mediaType)
	}
	a.mu.Lock()
	key, keyID := a.Key, a.KeyID
	a.mu.Unlock()
	a.Server.Dialect.Sign(req, body, keyID, key, a.Server.World.Now())
	return req
}

// Do sends a request as it is.
func (s *Server) Do(req *http.Request) Answer {
	s.tb.Helper()
	resp, err := s.World.client.Do(req)
	if err != nil {
		s.tb.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.tb.Fatal(err)
	}
	return Answer{resp.StatusCode, resp.Header, body}
}
