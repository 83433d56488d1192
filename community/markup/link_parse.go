package markup

import (
	"net/url"
	"path"
	"regexp"
	"strings"

	"golang.org/x/net/idna"
)

// maxHref is the longest address that stays a link.
const maxHref = 2048

// A link is an address that may stand on a page, and the domain (for mailto,
// the mailbox) a reader should know before following it.
type link struct {
	href   string
	domain string
}

// parseLink reads an absolute http, https or mailto address. It drops what can
// mislead: user names and passwords, and the subject or text of a message. The
// host becomes ASCII in lower case (RFC 5891).
func parseLink(raw string) (link, bool) {
	if len(raw) > maxHref {
		return link{}, false
	}
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil {
		return link{}, false
	}
	var l link
	switch u.Scheme {
	case "http", "https":
		l = webLink(u)
	case "mailto":
		l = mailLink(u)
	}
	return l, l.domain != "" && len(l.href) <= maxHref
}

func webLink(u *url.URL) link {
	domain, ok := asciiHost(u.Host)
	if !ok {
		return link{}
	}
	u.Host, u.User = domain, nil
	u.RawQuery = escapeQuery(u.RawQuery)
	return link{href: u.String(), domain: domain}
}

func mailLink(u *url.URL) link {
	address, err := url.PathUnescape(u.Opaque)
	if err != nil {
		return link{}
	}
	local, host, _ := strings.Cut(address, "@")
	domain, ok := asciiHost(host)
	if !ok || !mailbox.MatchString(local) {
		return link{}
	}
	return link{href: "mailto:" + local + "@" + domain, domain: local + "@" + domain}
}

// mailbox holds those of RFC 5322's atoms that need no escape in an address.
var mailbox = regexp.MustCompile(`^[A-Za-z0-9._+'=-]{1,64}$`)

// hostPattern is a host in ASCII with an optional port. Underscores are not
// allowed in host names and stand in some all the same.
var hostPattern = regexp.MustCompile(`^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?::[0-9]{1,5})?$`)

// asciiHost returns host[:port] in ASCII and lower case.
func asciiHost(host string) (string, bool) {
	if len(host) > 255 {
		return "", false
	}
	if !isPlain(host) {
		name, port, _ := strings.Cut(host, ":")
		ascii, err := idna.Lookup.ToASCII(name)
		if err != nil {
			return "", false
		}
		host = strings.TrimSuffix(ascii+":"+port, ":")
	}
	host = strings.ToLower(host)
	return host, hostPattern.MatchString(host)
}

// escapeQuery escapes what browsers escape in a query (URL Standard 1.3).
func escapeQuery(query string) string {
	var b strings.Builder
	for i := range len(query) {
		c := query[i]
		if c <= ' ' || c > '~' || strings.IndexByte("\"#<>`", c) >= 0 {
			b.WriteString("%" + string(upperHex[c>>4]) + string(upperHex[c&15]))
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

const upperHex = "0123456789ABCDEF"

// file returns a name for what the address leads to: the last part of its
// path, or its domain.
func (l link) file() string {
	u, err := url.Parse(l.href)
	if err != nil {
		return l.domain
	}
	name := clean(path.Base(u.Path))
	if !hasWord(name) {
		return l.domain
	}
	return cutAt(name, 80)
}

// shows reports whether text, the words of a link, says where it leads: it is
// the address itself, ends with the domain in brackets, or is a handle or a
// hashtag, which everybody reads as leading to the writer's server.
func (l link) shows(text string) bool {
	text = strings.TrimSpace(text)
	lower := strings.ToLower(text)
	if strings.HasSuffix(lower, "("+strings.ToLower(l.domain)+")") {
		return true
	}
	return l.isAddress(lower) || isHashtag(text) || l.isHandle(text)
}

// isAddress reports whether lower is the link's address, perhaps without its
// scheme, its www or its end.
func (l link) isAddress(lower string) bool {
	for _, prefix := range []string{"https://", "http://", "mailto:"} {
		lower = strings.TrimPrefix(lower, prefix)
	}
	domain := strings.ToLower(l.domain)
	rest, ok := strings.CutPrefix(strings.TrimPrefix(lower, "www."), strings.TrimPrefix(domain, "www."))
	return ok && (rest == "" || strings.HasPrefix(rest, "…") || strings.IndexByte("/?#:", rest[0]) >= 0)
}

// isHandle reports whether text is a handle, and its host, if it names one, is
// that of the link, or above or below it: many servers give handles a shorter
// domain than the one their pages are on.
func (l link) isHandle(text string) bool {
	m, n := readMention(text, ' ')
	if n == 0 || n != len(text) {
		return false
	}
	return m.Host == "" || m.Host == l.domain ||
		strings.HasSuffix(l.domain, "."+m.Host) || strings.HasSuffix(m.Host, "."+l.domain)
}

var hashtag = regexp.MustCompile(`^#[\p{L}\p{M}\p{N}_]{1,100}$`)

func isHashtag(text string) bool { return hashtag.MatchString(text) }
