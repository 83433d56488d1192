package wire

import (
	"encoding/json"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// maxIRI bounds an id: they are columns of indexes.
const maxIRI = 2048

// Origin is what two ids must share for one to vouch for the other (FEP-fe34).
// It is folded: lower case, IDN in its ASCII form, no port where it is the
// scheme's own. Compare with ==.
type Origin struct {
	Scheme string // https, or http in development
	Host   string // without port
	Port   string // empty for the scheme's own
}

// Domain is the name by which this server knows the other: its host, with the
// port where that is unusual.
func (o Origin) Domain() string {
	if o.Port == "" {
		return o.Host
	}
	return o.Host + ":" + o.Port
}

func (o Origin) String() string { return o.Scheme + "://" + o.Domain() }

// IRIOptions is what ParseIRI lets pass. The zero value is for production.
type IRIOptions struct {
	Development bool     // http, any port, localhost and *.localhost too
	Ports       []string // allowed beside the scheme's own
	Fetch       bool     // a document is to be fetched here: no fragment
}

// ParseIRI judges an id or a URL that a stranger gave before anything is done
// with it, and answers its origin. It refuses what has let one server pass for
// another: user info, addresses for hosts, trailing dots, hosts that IDNA does
// not know, ports nobody allowed, and bytes that some parser takes for a
// separator. The id itself stays as it was given: ids are compared byte by byte.
func ParseIRI(s string, opts IRIOptions) (Origin, error) {
	if !isIRI(s) {
		return Origin{}, Error{BadIRI}
	}
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Opaque != "":
		return Origin{}, Error{BadIRI}
	case u.Scheme != "https" && !opts.Development:
		return Origin{}, Error{BadScheme}
	case u.User != nil:
		return Origin{}, Error{HasUserinfo}
	case strings.Contains(authority(s), "%"):
		return Origin{}, Error{BadHost}
	case opts.Fetch && strings.Contains(s, "#"):
		return Origin{}, Error{HasFragment}
	}
	host, err := ParseHost(u.Hostname(), opts.Development)
	if err != nil {
		return Origin{}, err
	}
	port, err := parsePort(u, opts)
	if err != nil {
		return Origin{}, err
	}
	return Origin{u.Scheme, host, port}, nil
}

// authority is what stands between the scheme and the path. Escapes in it are
// undone by some parsers and not by others.
func authority(iri string) string {
	_, rest, _ := strings.Cut(iri, "://")
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		return rest[:end]
	}
	return rest
}

// hosts is IDNA's Lookup profile (RFC 5891 5) and DNS's lengths.
var hosts = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// ParseHost folds a host name into the one form hosts are compared in. A name
// must have a dot; localhost and what ends in it is for development.
func ParseHost(host string, development bool) (string, error) {
	if isAddress(host) {
		return "", Error{IPHost}
	}
	folded, err := hosts.ToASCII(host)
	if err != nil || folded == "" || strings.HasSuffix(folded, ".") {
		return "", Error{BadHost}
	}
	if isAddress(folded) { // full-width digits
		return "", Error{IPHost}
	}
	if again, err := hosts.ToASCII(folded); err != nil || again != folded {
		return "", Error{BadHost} // a label whose ASCII form is none
	}
	local := folded == "localhost" || strings.HasSuffix(folded, ".localhost")
	if local && !development || !local && !strings.Contains(folded, ".") {
		return "", Error{BadHost}
	}
	return folded, nil
}

// isAddress is WHATWG URL's "ends in a number": whatever ends so is an IPv4
// address to some resolver, in octal, hexadecimal or one piece.
func isAddress(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil || strings.ContainsAny(host, ":[]") {
		return true
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	if hex, ok := strings.CutPrefix(strings.ToLower(last), "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// parsePort is empty for the scheme's own port, said or not.
func parsePort(u *url.URL, opts IRIOptions) (string, error) {
	port := u.Port()
	if port == "" {
		if strings.HasSuffix(u.Host, ":") {
			return "", Error{BadPort}
		}
		return "", nil
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 || port[0] == '0' {
		return "", Error{BadPort}
	}
	if u.Scheme == "https" && n == 443 || u.Scheme == "http" && n == 80 {
		return "", nil
	}
	if !opts.Development && !slices.Contains(opts.Ports, port) {
		return "", Error{BadPort}
	}
	return port, nil
}

// SameOrigin says whether two ids stand on one origin. What is no IRI shares
// an origin with nothing, not even with itself. Whether the origin may be
// talked to is ParseIRI's question.
func SameOrigin(a, b string) bool {
	first, err := ParseIRI(a, IRIOptions{Development: true})
	if err != nil {
		return false
	}
	second, err := ParseIRI(b, IRIOptions{Development: true})
	return err == nil && first == second
}

// isIRI says whether s has the shape of an absolute http or https IRI: what a
// decoded id must be at least.
func isIRI(s string) bool {
	if len(s) > maxIRI || !utf8.ValidString(s) || strings.ContainsFunc(s, isNoIRIRune) {
		return false
	}
	scheme, rest, found := strings.Cut(s, "://")
	if !found || !strings.EqualFold(scheme, "https") && !strings.EqualFold(scheme, "http") {
		return false
	}
	return rest != "" && strings.IndexByte("/?#:@", rest[0]) < 0
}

// isNoIRIRune says whether no IRI may have the rune (RFC 3987 2.2, 4.1): what
// ends a line or a word, what cannot be seen, and what parsers disagree about.
func isNoIRIRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r <= ' ' || r == 0x7f || strings.IndexByte("\"<>\\^`{|}", byte(r)) >= 0
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Z, unicode.Co, unicode.Cs) || r == utf8.RuneError
}

// iri is a string that isIRI, or empty.
func iri(raw json.RawMessage) string {
	if s := word(raw); isIRI(s) {
		return s
	}
	return ""
}

// idOf is the id a value names: an IRI, the id of an embedded object, or the
// same of an array's only element.
func idOf(raw json.RawMessage) string {
	switch all := oneOrMany(raw); {
	case len(all) != 1:
		return ""
	case isObject(all[0]):
		return iri(members(all[0]).get("id"))
	default:
		return iri(all[0])
	}
}
