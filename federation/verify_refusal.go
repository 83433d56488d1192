package federation

import "fmt"

// Reason says in one stable word why a request is not who it says it is. It
// goes into the facts kept of an activity, into metrics and into the answer to
// the sender, so a reason is never renamed.
type Reason string

// The reasons a signature is refused for.
const (
	NoSignature          Reason = "no_signature"          // neither Signature nor Authorization: Signature
	MalformedSignature   Reason = "malformed_signature"   // its parameters cannot be read
	AmbiguousSignature   Reason = "ambiguous_signature"   // it could be read in two ways
	UnsupportedAlgorithm Reason = "unsupported_algorithm" // none that is taken here
	HeadersNotCovered    Reason = "headers_not_covered"   // target, host, time or digest is left out
	WrongHost            Reason = "wrong_host"            // signed for another server
	DateOutOfWindow      Reason = "date_out_of_window"    // too old, expired, or from the future
	DigestMissing        Reason = "digest_missing"        // no entry to compare
	DigestMismatch       Reason = "digest_mismatch"       // the body is not the one that was signed
	UnknownKey           Reason = "unknown_key"           // no such key, or its owner does not own up to it
	KeyGone              Reason = "key_gone"              // its owner's server says that it is no more
	KeyUnavailable       Reason = "key_unavailable"       // its server cannot be reached now: worth another try
	UnsupportedKey       Reason = "unsupported_key"       // of a kind or size that is not taken, or not of its signature's
	BadSignature         Reason = "bad_signature"         // the key says no, also after it was fetched anew
)

// Error makes a Reason something that errors.Is can be asked about:
// errors.Is(err, federation.WrongHost).
func (r Reason) Error() string { return "refused: " + string(r) }

// Refusal is the error of everything that verification turns away. Detail is
// for logs and for the sender; it never quotes a body. Err is what a KeySource
// said, if it was asked.
type Refusal struct {
	Reason Reason
	Detail string
	Err    error
}

func (r *Refusal) Error() string {
	text := "federation: " + r.Reason.Error()
	if r.Detail != "" {
		text += ": " + r.Detail
	}
	if r.Err != nil {
		text += ": " + r.Err.Error()
	}
	return text
}

// Unwrap gives errors.Is both the Reason and what lies under it.
func (r *Refusal) Unwrap() []error {
	if r.Err == nil {
		return []error{r.Reason}
	}
	return []error{r.Reason, r.Err}
}

func refuse(reason Reason, format string, args ...any) error {
	return &Refusal{Reason: reason, Detail: fmt.Sprintf(format, args...)}
}
