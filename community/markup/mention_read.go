package markup

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMentions is how many different people and groups one text can address.
const maxMentions = 20

// A Mention addresses an actor: @name on this server, @name@host or
// !group@host elsewhere. People and groups share their names, so it does not
// matter which sign was used. Name is as typed: fold it before comparing.
// Host is ASCII in lower case, with the port if one was typed; "" is here.
type Mention struct {
	Name string
	Host string
}

const (
	longestName = 64  // runes
	longestHost = 253 // bytes (RFC 1035 2.3.4)
)

// readMention reads the mention that s begins with and returns its length in
// bytes, 0 if there is none. before is the rune in front of it.
func readMention(s string, before rune) (Mention, int) {
	if s == "" || (s[0] != '@' && s[0] != '!') || !mayStand(before) {
		return Mention{}, 0
	}
	end := 1 + nameLength(s[1:])
	m := Mention{Name: s[1:end]}
	if m.Name == "" || utf8.RuneCountInString(m.Name) > longestName {
		return Mention{}, 0
	}
	if strings.HasPrefix(s[end:], "@") {
		n := hostLength(s[end+1:])
		host, ok := asciiHost(s[end+1 : end+1+n])
		if !ok || n == 0 {
			return Mention{}, 0
		}
		m.Host, end = host, end+1+n
	}
	if m.Host == "" && s[0] == '!' || !mayEnd(s[end:]) {
		return Mention{}, 0
	}
	return m, end
}

// mayStand reports whether a mention can follow r. After a letter it cannot,
// so that no e-mail address is one, unless the letter is of a script that does
// not part its words.
func mayStand(r rune) bool {
	if strings.ContainsRune("@!/\\._-+=&%~", r) {
		return false
	}
	return !isNameRune(r) || unicode.In(r, unspaced...)
}

var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

// mayEnd reports whether a mention can stand before rest: not in front of
// another @ (that is no handle) nor a slash (that is a path).
func mayEnd(rest string) bool {
	return rest == "" || rest[0] != '@' && rest[0] != '/'
}

// nameLength returns how much of s is a name. A name that begins in Latin
// letters ends where another script does, so that "@rowanさん" is for rowan.
// Points and dashes count only inside it.
func nameLength(s string) int {
	end, latin := 0, false
	for i, r := range s {
		if r == '.' || r == '-' {
			continue
		}
		if !isNameRune(r) || i != 0 && end == 0 {
			break
		}
		if unicode.IsLetter(r) {
			isLatin := unicode.Is(unicode.Latin, r)
			if latin && !isLatin {
				break
			}
			latin = latin || isLatin && i == 0
		}
		end = i + utf8.RuneLen(r)
	}
	return end
}

func isNameRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

// handleHost is a domain with at least one point, or localhost, and perhaps a
// port.
var handleHost = regexp.MustCompile(
	`^(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?)+|localhost)(?::[0-9]{1,5})?`)

// hostLength returns how much of s is the host of a handle, 0 if that is more
// than a host can be.
func hostLength(s string) int {
	if len(s) > longestHost+2 {
		s = s[:longestHost+2]
	}
	n := len(handleHost.FindString(s))
	if n > longestHost {
		return 0
	}
	return n
}
