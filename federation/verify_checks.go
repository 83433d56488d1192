package federation

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"strings"
	"time"
)

// checkCovered holds a signature to what must stand under it. What is not
// covered, anyone on the way may have written.
func checkCovered(req *http.Request, sig signature) error {
	if err := checkAlgorithm(sig); err != nil {
		return err
	}
	needed := []string{"(request-target)", "host"}
	if req.Method != http.MethodGet && req.Method != http.MethodHead {
		needed = append(needed, "digest")
	}
	for _, name := range needed {
		if !sig.covers(name) {
			return refuse(HeadersNotCovered, "%s", name)
		}
	}
	if !sig.covers("date") && !sig.covers("(created)") {
		return refuse(HeadersNotCovered, "date or (created)")
	}
	seen := map[string]bool{}
	for _, name := range sig.covered {
		if seen[name] {
			return refuse(AmbiguousSignature, "%s is covered twice", name)
		}
		seen[name] = true
	}
	return nil
}

// checkAlgorithm looks at the label only to refuse what it forbids: what is
// computed is RSA with SHA-256 in every case, as all peers mean by "hs2019".
// Section 2.3 of the draft forbids (created) and (expires) under "rsa-sha256".
func checkAlgorithm(sig signature) error {
	switch sig.algorithm {
	case "", "hs2019":
		return nil
	case "rsa-sha256":
		if sig.covers("(created)") || sig.covers("(expires)") {
			return refuse(UnsupportedAlgorithm, "rsa-sha256 has no (created) or (expires)")
		}
		return nil
	}
	return refuse(UnsupportedAlgorithm, "%q", sig.algorithm)
}

// ourOrigin is the one of our origins to which a request came.
func ourOrigin(host string, origins []string) (string, error) {
	for _, origin := range origins {
		_, name, _ := strings.Cut(origin, "://")
		if strings.EqualFold(host, name) || strings.EqualFold(host, name+":443") {
			return origin, nil
		}
	}
	return "", refuse(WrongHost, "%q", host)
}

const (
	clockMargin     = time.Hour       // how far two honest clocks may stand apart
	signatureLife   = 5 * time.Minute // how long a signature holds that does not say
	maxSignatureAge = 12 * time.Hour  // how long any holds, whatever it says
)

// checkTimes holds what a signature covers of time to checkWindow: Date,
// (created), (expires).
func checkTimes(header http.Header, sig signature, now time.Time) error {
	made, err := timesMade(header, sig)
	if err != nil {
		return err
	}
	ends, err := timeEnds(sig)
	if err != nil {
		return err
	}
	for _, at := range made {
		if err := checkWindow(at, ends, now); err != nil {
			return err
		}
	}
	return nil
}

// checkWindow is the one rule about time, Mastodon's: a signature begins to hold
// when it was made and ends at its expires, or else five minutes later; an hour
// is added on either side because clocks differ; and none holds for more than
// twelve hours. So one that has no expires is refused after 65 minutes. ends is
// zero where there is no expires.
func checkWindow(made, ends, now time.Time) error {
	if ends.IsZero() {
		ends = made.Add(signatureLife)
	}
	ends = ends.Add(clockMargin)
	if last := made.Add(maxSignatureAge); ends.After(last) {
		ends = last
	}
	if now.Before(made.Add(-clockMargin)) || now.After(ends) {
		return refuse(DateOutOfWindow, "made %s, it is %s", made.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))
	}
	return nil
}

func timesMade(header http.Header, sig signature) (made []time.Time, err error) {
	if sig.covers("date") {
		dates := header.Values("Date")
		if len(dates) != 1 {
			return nil, refuse(DateOutOfWindow, "%d Date headers", len(dates))
		}
		at, err := http.ParseTime(dates[0])
		if err != nil {
			return nil, refuse(DateOutOfWindow, "Date cannot be read")
		}
		made = append(made, at)
	}
	if sig.covers("(created)") {
		at, ok := unixTime(sig.created)
		if !ok {
			return nil, refuse(DateOutOfWindow, "created cannot be read")
		}
		made = append(made, at)
	}
	return made, nil
}

// timeEnds is when a signature says that it ends, or zero.
func timeEnds(sig signature) (time.Time, error) {
	if !sig.covers("(expires)") {
		return time.Time{}, nil
	}
	at, ok := unixTime(sig.expires)
	if !ok {
		return time.Time{}, refuse(DateOutOfWindow, "expires cannot be read")
	}
	return at, nil
}

// checkDigest compares the body with every SHA-256 entry of a covered Digest
// (RFC 3230): one that lies makes the request ambiguous to whoever reads
// another. Names count in any case; other algorithms are passed over.
func checkDigest(header http.Header, sig signature, body []byte) error {
	if !sig.covers("digest") {
		return nil
	}
	sum := sha256.Sum256(body)
	compared := false
	for entry := range strings.SplitSeq(strings.Join(header.Values("Digest"), ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(entry), "=")
		if !strings.EqualFold(name, "sha-256") {
			continue
		}
		stated, err := base64.StdEncoding.DecodeString(value)
		if err != nil || subtle.ConstantTimeCompare(stated, sum[:]) != 1 {
			return refuse(DigestMismatch, "")
		}
		compared = true
	}
	if !compared {
		return refuse(DigestMissing, "")
	}
	return nil
}
