package federation

import (
	"sync"
	"time"
)

// SignatureChoice is which way of signing a server takes besides the one that is
// tried first, as it was found out; for a day.
type SignatureChoice struct {
	Signature      string     // SignatureMessage or SignatureDraft; empty where nothing is known
	SignatureUntil *time.Time // until when that is believed
}

// What can be found out: that a server takes RFC 9421 where it does not take
// draft-cavage-http-signatures-12, or that it takes neither.
const (
	SignatureMessage = "rfc9421"
	SignatureDraft   = "draft"
)

// signatureFor is how long what was found out is believed: a server that says no
// to all of it is asked twice once a day.
const signatureFor = 24 * time.Hour

// known is what is known at a time.
func (c SignatureChoice) known(now time.Time) string {
	if c.SignatureUntil == nil || !now.Before(*c.SignatureUntil) {
		return ""
	}
	return c.Signature
}

func newSignatureChoice(signature string, now time.Time) SignatureChoice {
	until := now.Add(signatureFor)
	return SignatureChoice{signature, &until}
}

// laneSigning is the choice for one lane, while deliveries of it go out at the
// same time. knocking is held by the one of them that finds out: the others wait
// for what it finds.
type laneSigning struct {
	knocking chan struct{}

	mu     sync.Mutex
	choice SignatureChoice
}

func newLaneSigning(choice SignatureChoice) *laneSigning {
	return &laneSigning{knocking: make(chan struct{}, 1), choice: choice}
}

func (s *laneSigning) now() SignatureChoice {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.choice
}

func (s *laneSigning) settle(choice SignatureChoice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.choice = choice
}
