package federation

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"hearth/federation/wire"
)

// MaxDocument is how much of a body is read, in or out: 1 MiB, as in Mastodon.
const MaxDocument = wire.MaxBytes

// ErrTooLarge is a body of more than MaxDocument.
var ErrTooLarge = errors.New("federation: the body is too large")

// ReadDocument reads a body once, or gives it up as soon as it is too large
// (CVE-2026-96623), whatever length was announced.
func ReadDocument(body io.Reader) ([]byte, error) {
	read, err := io.ReadAll(io.LimitReader(body, MaxDocument+1))
	if err != nil {
		return nil, err
	}
	if len(read) > MaxDocument {
		return nil, ErrTooLarge
	}
	return read, nil
}

// manner is how a thing is asked for and what is taken for it.
type manner struct {
	name   string
	accept string
	signed bool
	stays  bool // no redirect leads to another server
	takes  func(mediaType string, parameters map[string]string) bool
}

const (
	activityMedia    = "application/activity+json"
	linkedDataMedia  = "application/ld+json"
	activityStreams  = "https://www.w3.org/ns/activitystreams"
	acceptActivities = activityMedia + `, ` + linkedDataMedia + `; profile="` + activityStreams + `"`
)

var activityDocument = manner{name: "activity", accept: acceptActivities, signed: true, takes: isActivityMedia}

// isActivityMedia is what ActivityPub 3.2 has servers answer with. Anything
// else may be a file that somebody uploaded (CVE-2024-25623, CVE-2024-25636).
func isActivityMedia(mediaType string, parameters map[string]string) bool {
	switch mediaType {
	case activityMedia:
		return true
	case linkedDataMedia:
		return slices.Contains(strings.Fields(parameters["profile"]), activityStreams)
	}
	return false
}

func (m manner) accepts(header http.Header) bool {
	types := header.Values("Content-Type")
	if len(types) != 1 {
		return false
	}
	mediaType, parameters, err := mime.ParseMediaType(types[0])
	if err != nil || !m.takes(mediaType, parameters) {
		return false
	}
	charset := parameters["charset"]
	return charset == "" || strings.EqualFold(charset, "utf-8")
}

// answer is what a host said. body is read only where it could be wanted.
type answer struct {
	url    string
	status int
	header http.Header
	body   []byte
}

var (
	errMedia = errors.New("not the content type that was asked for")
	errEmpty = errors.New("an empty answer")
)

// ask makes a request, signed in the way that its host is known to take or else
// by the draft, and in the other way where that is refused (see deliver_knock.go).
func (f *Fetcher) ask(ctx context.Context, url string, want manner) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return answer{}, &FetchError{Fault: FetchRefused, URL: url, Err: err}
	}
	req.Header.Set("Accept", want.accept)
	if !want.signed {
		return f.send(req, url, want)
	}
	first, second, err := f.config.Keys(ctx)
	if err != nil {
		return answer{}, unsignable(url, err)
	}
	keys, host := signingKeys{first, second}, req.URL.Host
	choice, _ := f.ways.get(host)
	known := choice.known(f.config.Now())
	if known == SignatureMessage {
		if got, err := f.askBy(req, url, want, keys, f.askMessage); err != nil || !mayMeanTheKey(got.status) {
			return got, err
		}
	}
	got, err := f.askBy(req, url, want, keys, f.askDraft)
	if err != nil || known != "" || !asksForMessage(got.status, got.header) {
		return got, err
	}
	return f.knock(req, want, keys, got)
}

// knock asks by RFC 9421 a host that refused the draft, and keeps what it says to
// it. Where it takes neither, the first answer counts.
func (f *Fetcher) knock(req *http.Request, want manner, keys signingKeys, refused answer) (answer, error) {
	got, err := f.askBy(req, refused.url, want, keys, f.askMessage)
	if err != nil || isOutOfReach(got.status) {
		return got, err
	}
	way := SignatureMessage
	if mayMeanTheKey(got.status) || got.status >= 500 {
		way, got = SignatureDraft, refused
	}
	f.ways.put(req.URL.Host, newSignatureChoice(way, f.config.Now()))
	return got, nil
}

// askBy asks in one way of signing. While the instance actor has two keys it asks
// once more where the answer may be about the first.
func (f *Fetcher) askBy(req *http.Request, url string, want manner, keys signingKeys, by func(*http.Request, string, manner, Key) (answer, error)) (answer, error) {
	got, err := by(req, url, want, keys.first)
	if err == nil && keys.second != nil && mayMeanTheKey(got.status) {
		return by(req, url, want, *keys.second)
	}
	return got, err
}

// askDraft makes one request, or two: a server that leaves the query out of what
// it verifies answers 401 to one who signed it.
func (f *Fetcher) askDraft(req *http.Request, url string, want manner, key Key) (answer, error) {
	got, err := f.askSigned(req, url, want, key, Sign)
	if err != nil || got.status != http.StatusUnauthorized || req.URL.RawQuery == "" {
		return got, err
	}
	return f.askSigned(req, url, want, key, signWithoutQuery)
}

func (f *Fetcher) askMessage(req *http.Request, url string, want manner, key Key) (answer, error) {
	return f.askSigned(req, url, want, key, signMessage)
}

func (f *Fetcher) askSigned(req *http.Request, url string, want manner, key Key, sign signs) (answer, error) {
	if err := sign(req, nil, key, f.config.Now()); err != nil {
		return answer{}, unsignable(url, err)
	}
	return f.send(req, url, want)
}

func unsignable(url string, err error) error {
	return &FetchError{Fault: FetchUnreachable, URL: url, Err: &unsent{err}}
}

// send goes past http.Client, which would read a redirect that we do not leave
// to it, and call one that it cannot read a failure of the connection.
func (f *Fetcher) send(req *http.Request, url string, want manner) (answer, error) {
	resp, err := f.config.Client.Transport.RoundTrip(req)
	if err != nil {
		return answer{}, &FetchError{Fault: connectionFault(err), URL: url, Err: err}
	}
	defer resp.Body.Close()
	return want.read(resp, url)
}

func connectionFault(err error) FetchFault {
	if errors.Is(err, ErrProhibited) {
		return FetchRefused
	}
	return FetchUnreachable
}

// read takes the body of a 200 of the right type.
func (m manner) read(resp *http.Response, url string) (answer, error) {
	got := answer{url: url, status: resp.StatusCode, header: resp.Header}
	switch {
	case resp.StatusCode != http.StatusOK:
		return got, nil
	case resp.ContentLength == 0: // PieFed, asked by WebFinger for nobody
		return got, &FetchError{Fault: FetchGone, URL: url, Status: got.status, Err: errEmpty}
	case !m.accepts(resp.Header):
		return got, got.unusable(errMedia)
	}
	body, err := ReadDocument(resp.Body)
	if errors.Is(err, ErrTooLarge) {
		return got, got.unusable(err)
	}
	if err != nil { // the connection's, whatever it began with: the host is to blame
		return got, &FetchError{Fault: FetchUnreachable, URL: url, Err: err}
	}
	got.body = body
	return got, nil
}

// fault is what the status means, nil where there is a document.
func (a answer) fault(now time.Time) error {
	fault := FetchError{URL: a.url, Status: a.status}
	switch {
	case a.status == http.StatusOK:
		return nil
	case a.status == http.StatusNotFound, a.status == http.StatusGone:
		fault.Fault = FetchGone
	case a.status == http.StatusTooManyRequests, a.status == http.StatusRequestTimeout, a.status >= 500:
		fault.Fault, fault.RetryAfter = FetchUnreachable, retryAfter(a.header, now)
	case a.status >= 400 && a.status != http.StatusNotAcceptable:
		fault.Fault = FetchRefused
	default:
		fault.Fault = FetchNotAcceptable
	}
	return &fault
}

const maxRetryAfter = 24 * time.Hour

// retryAfter reads Retry-After (RFC 9110 10.2.3), seconds or a date; 0 where it
// says nothing that can be read.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := header.Get("Retry-After")
	var wait time.Duration
	if seconds, err := strconv.ParseInt(text, 10, 32); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), maxRetryAfter)
}
