package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// cutAt returns s in at most n runes. If it has to cut, it does so after a
// word where that keeps at least half, never inside what is read as one
// character, and puts an ellipsis there, which counts.
func cutAt(s string, n int) string {
	if n <= 0 {
		return ""
	}
	if _, longer := offset(s, n); !longer {
		return s
	}
	end, _ := offset(s, n-1)
	end = clusterStart(s, end)
	if i := strings.LastIndexFunc(s[:end+1], unicode.IsSpace); i > end/2 {
		end = i
	}
	return strings.TrimRightFunc(s[:end], isLoose) + "…"
}

// offset returns where the rune after the first n begins, and whether there
// is one.
func offset(s string, n int) (int, bool) {
	for i := range s {
		if n == 0 {
			return i, true
		}
		n--
	}
	return len(s), false
}

// isLoose reports whether r would dangle in front of an ellipsis.
func isLoose(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune(",;:.…-–—([{、，；：", r)
}

// clusterStart returns the largest place up to i where s can be parted without
// tearing apart what is read as one character: a letter and its marks, an
// emoji of several, a flag. It covers the rules of UAX 29 3.1.1 that text
// people type needs. If there is none near, i itself serves, moved to the
// start of its rune.
func clusterStart(s string, i int) int {
	const near = 64
	for i > 0 && i < len(s) && !utf8.RuneStart(s[i]) {
		i--
	}
	at := i
	for at > 0 && at > i-near {
		before, size := utf8.DecodeLastRuneInString(s[:at])
		after, _ := utf8.DecodeRuneInString(s[at:])
		if !joins(before, after) && !partsFlag(s[:at], after) {
			return at
		}
		at -= size
	}
	if at == 0 {
		return 0
	}
	return i
}

const (
	joiner    = '\u200d'
	nonJoiner = '\u200c'
)

func joins(before, after rune) bool {
	return before == joiner || after == joiner || after == nonJoiner ||
		unicode.IsMark(after) ||
		after >= 0x1f3fb && after <= 0x1f3ff || // skin tones
		after >= 0xe0020 && after <= 0xe007f || // tags of regional flags
		after >= 0x1160 && after <= 0x11ff // Hangul vowels and finals
}

// partsFlag reports whether a cut between head and after would part the two
// letters of a flag.
func partsFlag(head string, after rune) bool {
	if !isFlagLetter(after) {
		return false
	}
	n := 0
	for head != "" {
		r, size := utf8.DecodeLastRuneInString(head)
		if !isFlagLetter(r) {
			break
		}
		head = head[:len(head)-size]
		n++
	}
	return n%2 == 1
}

func isFlagLetter(r rune) bool { return r >= 0x1f1e6 && r <= 0x1f1ff }

// hasWord reports whether s holds a letter or a digit.
func hasWord(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsNumber(r)
	})
}
