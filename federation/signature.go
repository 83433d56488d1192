package federation

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/net/http/httpguts"
)

// Sign puts Date, Digest and Signature on req in the one form that every peer
// we know of accepts (draft-cavage-http-signatures-12, RSA PKCS#1 v1.5 with
// SHA-256): a POST covers exactly "(request-target) host date digest
// content-type", a GET "(request-target) host date accept". Those headers must
// stand on req before; body must be the bytes that req will send, nil for GET.
//
// What an earlier attempt left is taken off first, so that a retry is Sign
// again on the same request: a signature is never sent twice, because its Date
// ages. It waits for a free core and gives up when req's context ends. On an
// error req bears no signature at all.
func Sign(req *http.Request, body []byte, key Key, now time.Time) error {
	return signTarget(req, body, key, now, req.URL.RequestURI())
}

// signWithoutQuery is Sign for peers that leave the query out of the
// request-target when they verify (Fedify, PieFed, Mbin, Discourse).
func signWithoutQuery(req *http.Request, body []byte, key Key, now time.Time) error {
	return signTarget(req, body, key, now, targetWithoutQuery(req.URL.RequestURI()))
}

func signTarget(req *http.Request, body []byte, key Key, now time.Time, target string) error {
	unsign(req.Header)
	covered, err := coverage(req, body)
	if err != nil {
		return fmt.Errorf("federation: sign: %w", err)
	}
	req.Header.Set("Date", now.UTC().Format(http.TimeFormat))
	sent := asSent(req, target)
	if err := seal(req.Context(), sent, body, key, covered); err != nil {
		unsign(req.Header)
		return fmt.Errorf("federation: sign: %w", err)
	}
	req.Header["Signature"] = sent.Header["Signature"]
	if digest, ok := sent.Header["Digest"]; ok {
		req.Header["Digest"] = digest
	}
	return nil
}

// unsign removes whatever could contradict the signature that is about to be
// made: the library adds to these headers, it never replaces them.
func unsign(header http.Header) {
	for _, name := range []string{"Signature", "Signature-Input", "Digest", "Content-Digest", "Date"} {
		header.Del(name)
	}
}

func coverage(req *http.Request, body []byte) ([]string, error) {
	switch {
	case req.URL.Opaque != "":
		return nil, errors.New("an opaque URL has no request target")
	case req.Method == http.MethodGet && len(body) > 0:
		return nil, errors.New("a GET has no body")
	case req.Method == http.MethodGet:
		return requiring(req.Header, "Accept", "(request-target)", "host", "date", "accept")
	case req.Method == http.MethodPost && body == nil:
		return nil, errors.New("a POST has a body")
	case req.Method == http.MethodPost:
		return requiring(req.Header, "Content-Type", "(request-target)", "host", "date", "digest", "content-type")
	}
	return nil, fmt.Errorf("no signed form for %s", req.Method)
}

func requiring(header http.Header, name string, covered ...string) ([]string, error) {
	if len(header.Values(name)) != 1 {
		return nil, fmt.Errorf("exactly one %s header is needed", name)
	}
	return covered, nil
}

// asSent is req as its bytes will leave: the library would sign the decoded
// path, an empty path as nothing, and knows no Host. Its header is a copy,
// because Host must never stand in the header that is sent.
func asSent(req *http.Request, target string) *http.Request {
	header := req.Header.Clone()
	header["Host"] = []string{hostSent(req)}
	return &http.Request{Method: req.Method, URL: &url.URL{Path: target}, Header: header}
}

// hostSent is the Host that net/http writes, which takes req.Host before the
// URL's and spells it in ASCII. A name that has no ASCII form is not sent, so
// its signature does not matter.
func hostSent(req *http.Request) string {
	host := req.Host
	if host == "" {
		host = req.URL.Host
	}
	ascii, err := httpguts.PunycodeHostPort(host)
	if err != nil {
		return host
	}
	return ascii
}
