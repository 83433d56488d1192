package secret

import (
	"slices"
	"strings"
	"unicode"
)

// common are the words that guessers begin with. A password of at least ten
// characters that is one of them, or two of them, however it is decorated, is
// among the first that are tried.
var common = []string{
	"password", "passwort", "motdepasse", "contrasena", "passphrase", "pass", "secret", "letmein", "welcome", "login",
	"admin", "administrator", "root", "user", "guest", "test", "testing", "changeme", "default", "access", "trustno",
	"qwerty", "qwertz", "azerty", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdf", "asdfgh", "asdfghjkl", "zxcvbn", "zxcvbnm", "qazwsx", "qazwsxedc",
	"iloveyou", "ilove", "love", "lovely", "baby", "babygirl", "princess", "angel", "sunshine", "flower", "butterfly",
	"monkey", "dragon", "tiger", "master", "shadow", "ninja", "superman", "batman", "spiderman", "pokemon", "starwars",
	"football", "baseball", "basketball", "soccer", "hockey", "liverpool", "arsenal", "chelsea", "barcelona",
	"michael", "jordan", "jessica", "ashley", "daniel", "charlie", "jennifer", "andrew", "thomas", "robert",
	"summer", "winter", "spring", "autumn", "monday", "friday", "january", "december", "chocolate", "cookie", "computer",
	"internet", "samsung", "google", "facebook", "whatever", "freedom", "hello", "helloworld", "mustang", "ferrari", "mercedes", "correcthorsebatterystaple",
}

// rows are the orders that fingers follow on a keyboard, and counting.
var rows = []string{"abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "01234567890", "1qaz2wsx3edc4rfv5tgb6yhn7ujm"}

var decorated = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i", "€", "e")

// isCommon says whether a password is one that others would try early: few
// different characters, one piece again and again, a row of keys, or common
// words and the given names with decoration.
func isCommon(password string, names ...string) bool {
	p := strings.ToLower(password)
	if distinct(p) < 5 || repeats(p) || walks(p) {
		return true
	}
	words := slices.Clone(common)
	for _, n := range names {
		if n = onlyLetters(strings.ToLower(n)); len(n) >= 4 {
			words = append(words, n)
		}
	}
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	return madeOf(onlyLetters(p), words) || madeOf(onlyLetters(decorated.Replace(strings.TrimRight(p, "0123456789!?.#*$@_-"))), words)
}

// madeOf says whether nothing much is left of s without the words: two
// characters at most.
func madeOf(s string, words []string) bool {
	found := false
	for _, w := range words {
		if strings.Contains(s, w) {
			s, found = strings.ReplaceAll(s, w, ""), true
		}
	}
	return found && len(s) <= 2
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

// repeats says whether s is one piece of at most half its length, again and again.
func repeats(s string) bool {
	for n := 1; n <= len(s)/2; n++ {
		if strings.HasPrefix(s[n:], s[:len(s)-n]) {
			return true
		}
	}
	return false
}

// walks says whether all of s but two characters lies along rows of at least
// four, forwards or backwards.
func walks(s string) bool {
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

func longestWalk(s string) int {
	longest := 0
	for _, row := range rows {
		longest = max(longest, prefixIn(s, row), prefixIn(s, reversed(row)))
	}
	return longest
}

func prefixIn(s, row string) int {
	n := 0
	for n < len(s) && strings.Contains(row, s[:n+1]) {
		n++
	}
	return n
}

func reversed(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}
