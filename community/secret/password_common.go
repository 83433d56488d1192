package secret

import (
	"slices"
	"strings"
	"unicode"
)

// isCommon reports whether a password is one that a guesser tries early: few
// different characters, one piece again and again, a number, a walk over the
// keyboard, or up to three common words or given names with decoration. What is
// common is said by rules and by words of our own, so a list of leaked passwords
// is neither needed nor kept.
func isCommon(password string, names ...string) bool {
	p := strings.ToLower(password)
	if distinct(p) < 5 || repeats(p) || isNumber(p) || walks([]rune(p)) {
		return true
	}
	words := withNames(commonWords, names)
	for _, reading := range readings(p) {
		if madeOf(reading, words) {
			return true
		}
	}
	return false
}

// withNames adds the letters of names that are long enough to words.
func withNames(words, names []string) []string {
	words = slices.Clip(words)
	for _, n := range names {
		if n = onlyLetters(strings.ToLower(n)); len(n) >= 4 {
			words = append(words, n)
		}
	}
	return words
}

// readings returns the words that the password p may be a decoration of: its
// letters, the same backwards, and with the figures and signs inside it, and
// then those before it too, read as the letters they look like.
func readings(p string) []string {
	headed := strings.TrimRightFunc(p, isDecoration)
	inside := strings.TrimLeftFunc(headed, isDecoration)
	letters := onlyLetters(p)
	return []string{
		letters, reversed(letters),
		undisguised(inside), undisguised(strings.ReplaceAll(inside, "1", "l")),
		undisguised(headed), undisguised(strings.ReplaceAll(headed, "1", "l")),
	}
}

func isDecoration(r rune) bool { return !unicode.IsLetter(r) && !strings.ContainsRune("@$€", r) }

func undisguised(s string) string { return onlyLetters(lookalikes.Replace(s)) }

var lookalikes = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "6", "g", "7", "t", "8", "b", "9", "g",
	"@", "a", "$", "s", "!", "i", "|", "l", "+", "t", "€", "e")

// madeOf reports whether s is one to three of words, as often as you like, and
// next to nothing besides. Four words, even common ones, are a passphrase.
func madeOf(s string, words []string) bool {
	const longest = 128
	if len(s) > longest {
		return false
	}
	found, rest := cover(s, words)
	return len(found) > 0 && len(found) <= 3 && distinct(rest) <= 2
}

// cover parts s into words so that as little as can be is left over, and returns
// the words and what is left.
func cover(s string, words []string) (found map[string]bool, rest string) {
	type part struct {
		left, parts int
		word        string // that ends here; "" is a letter left over
	}
	best := make([]part, len(s)+1)
	for i := 1; i <= len(s); i++ {
		best[i] = part{left: best[i-1].left + 1, parts: best[i-1].parts}
		for _, w := range words {
			if !strings.HasSuffix(s[:i], w) {
				continue
			}
			before := best[i-len(w)]
			if p := (part{before.left, before.parts + 1, w}); p.left < best[i].left || p.left == best[i].left && p.parts < best[i].parts {
				best[i] = p
			}
		}
	}
	found = map[string]bool{}
	for i := len(s); i > 0; {
		if w := best[i].word; w != "" {
			found[w] = true
			i -= len(w)
			continue
		}
		i--
		rest += s[i : i+1]
	}
	return found, rest
}

func onlyLetters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, s)
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// repeats reports whether s is one piece of at most half its length, again and
// again.
func repeats(s string) bool {
	for n := 1; n <= len(s)/2; n++ {
		if strings.HasPrefix(s[n:], s[:len(s)-n]) {
			return true
		}
	}
	return false
}

// isNumber reports whether s is a number of up to fourteen digits, however it
// is grouped: a date, a telephone number, an account.
func isNumber(s string) bool {
	digits := 0
	for _, r := range s {
		switch {
		case unicode.IsDigit(r):
			digits++
		case !strings.ContainsRune(" -./+():,", r):
			return false
		}
	}
	return digits <= 14
}

// rows are the orders that fingers follow on a keyboard, and the alphabet, in
// both directions.
var rows = bothWays(
	"abcdefghijklmnopqrstuvwxyz",
	"01234567890", "!@#$%^&*()", "!\"§$%&/()=",
	"qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn",
	"qazwsxedcrfvtgbyhnujmikolp", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
	"1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "147258369", "741852963", "159357",
	"йцукенгшщзхъфывапролджэячсмитьбю", "абвгдежзийклмнопрстуфхцчшщъыьэюя",
)

func bothWays(rows ...string) []string {
	for _, r := range slices.Clone(rows) {
		rows = append(rows, reversed(r))
	}
	return rows
}

// walks reports whether all of s but two characters lies along rows, in pieces
// of at least four.
func walks(s []rune) bool {
	rest := len(s)
	for i := 0; i < len(s); {
		n := longestWalk(s[i:])
		if n >= 4 {
			rest -= n
			i += n
			continue
		}
		i++
	}
	return rest <= 2
}

func longestWalk(s []rune) int {
	longest := 0
	for _, row := range rows {
		n := longest
		for n < len(s) && strings.Contains(row, string(s[:n+1])) {
			n++
		}
		longest = n
	}
	return longest
}

func reversed(s string) string {
	r := []rune(s)
	slices.Reverse(r)
	return string(r)
}
