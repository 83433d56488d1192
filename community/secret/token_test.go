package secret

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTokensAreLongDifferentAndFitIntoAddresses(t *testing.T) {
	shape := regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`) // 43 * 6 bits hold 256
	seen := map[string]bool{}
	for range 1000 {
		token := NewToken()
		if !shape.MatchString(token) || seen[token] {
			t.Fatalf("token %q does not match %s, or came twice", token, shape)
		}
		seen[token] = true
	}
}

func TestHashTokenIsItsSHA256(t *testing.T) {
	const want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" // FIPS 180-4, example "abc"
	if got := HashToken("abc"); got != want {
		t.Errorf("HashToken(abc) = %s, want %s", got, want)
	}
}

func TestCodesAreReadableAndDifferent(t *testing.T) {
	shape := regexp.MustCompile(`^[2-9a-hjkmnp-z]{4}(-[2-9a-hjkmnp-z]{4}){3}$`)
	seen, letters := map[string]bool{}, map[rune]int{}
	for range 2000 {
		code := NewCode()
		if !shape.MatchString(code) || seen[code] {
			t.Fatalf("code %q does not match %s, or came twice", code, shape)
		}
		seen[code] = true
		for _, r := range code {
			letters[r]++
		}
	}
	for _, r := range codeLetters { // 32000 letters, 1032 of each
		if n := letters[r]; n < 800 || n > 1300 {
			t.Errorf("letter %q came %d times, want about 1032", r, n)
		}
	}
	first := 0
	for _, r := range codeLetters[:256%len(codeLetters)] {
		first += letters[r]
	}
	if first > 8258+450 { // a byte's remainder alone would make it 9000
		t.Errorf("the first eight letters came %d times, want about 8258", first)
	}
	if strings.ContainsAny(codeLetters, "01ilo") || len(codeLetters) != 31 {
		t.Errorf("letters %q, want 31 that do not look alike", codeLetters)
	}
}

func TestFoldCodeReadsWhatPeopleType(t *testing.T) {
	const code = "k7pm-3fqt-x2dz-h4wn"
	for _, typed := range []string{
		code, "K7PM-3FQT-X2DZ-H4WN", "k7pm3fqtx2dzh4wn", " k7pm 3fqt x2dz h4wn\n", "k7pm–3fqt—x2dz_h4wn",
		"k7 pm.3f qt/x2:dz h4wn", "\u200ek7pm-3fqt-x2dz-h4wn\u00a0", "(k7pm-3fqt-x2dz-h4wn)",
	} {
		if got := FoldCode(typed); got != code {
			t.Errorf("FoldCode(%q) = %q, want %q", typed, got, code)
		}
	}
	for _, typed := range []string{"", "k7pm", "k7pm-3fqt-x2dz-h4wnn", "k7pm-3fqt-x2dz-h4wm"} {
		if FoldCode(typed) == code {
			t.Errorf("FoldCode(%q) is another code", typed)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		folded := FoldCode(rapid.String().Draw(t, "typed"))
		if again := FoldCode(folded); again != folded {
			t.Fatalf("folding %q twice is %q", folded, again)
		}
	})
	for range 100 {
		if c := NewCode(); FoldCode(c) != c {
			t.Errorf("FoldCode changes %q", c)
		}
	}
}

func TestSignedPayloadsOpenForTheirPurposeOnly(t *testing.T) {
	key, other := []byte("0123456789abcdef0123456789abcdef"), []byte("0123456789abcdef0123456789abcdeF")
	shape := regexp.MustCompile(`^[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{43}$`)
	rapid.Check(t, func(t *rapid.T) {
		payload := rapid.SliceOf(rapid.Byte()).Draw(t, "payload")
		purpose := rapid.String().Draw(t, "purpose")
		text := Sign(key, purpose, payload)
		if !shape.MatchString(text) {
			t.Fatalf("Sign = %q, want it to match %s", text, shape)
		}
		if got, ok := Open(key, purpose, text); !ok || !bytes.Equal(got, payload) {
			t.Fatalf("Open = %q, %v; want %q", got, ok, payload)
		}
		if _, ok := Open(other, purpose, text); ok {
			t.Fatal("opens with another key")
		}
		if _, ok := Open(key, purpose+"x", text); ok {
			t.Fatal("opens for a longer purpose")
		}
		if _, ok := Open(key, strings.Repeat("\x01", len(purpose)), text); ok && purpose != strings.Repeat("\x01", len(purpose)) {
			t.Fatal("opens for another purpose of that length")
		}
		i := rapid.IntRange(0, len(text)-1).Draw(t, "place")
		for _, c := range []byte("Aa-_.9\n=") {
			changed := text[:i] + string(c) + text[i+1:]
			if _, ok := Open(key, purpose, changed); ok && changed != text {
				t.Fatalf("%q opens as %q does", changed, text)
			}
		}
	})
}

func TestNothingMovesBetweenPurposeAndPayload(t *testing.T) {
	key := []byte("key")
	_, sum, _ := strings.Cut(Sign(key, "form", []byte("a")), ".")
	moved := signed.EncodeToString([]byte("ma")) + "." + sum
	if _, ok := Open(key, "for", moved); ok {
		t.Error("a letter of the purpose counts as payload")
	}
	_, sum, _ = strings.Cut(Sign(key, "form\x00", []byte("a")), ".")
	moved = signed.EncodeToString([]byte("\x00a")) + "." + sum
	if _, ok := Open(key, "form", moved); ok {
		t.Error("a NUL of the purpose counts as payload")
	}
}

func TestWhatWasNeverSignedDoesNotOpen(t *testing.T) {
	key := []byte("key")
	text := Sign(key, "form", []byte("payload"))
	for _, bad := range []string{
		"", ".", "..", "a", "a.", ".a", text + ".", text + "=", "\n" + text, text[:len(text)-1], strings.ToUpper(text),
		strings.Split(text, ".")[0], strings.Split(text, ".")[0] + ".", "." + strings.Split(text, ".")[1],
		signed.EncodeToString([]byte("payload")) + "." + signed.EncodeToString(nil),
	} {
		if payload, ok := Open(key, "form", bad); ok || payload != nil {
			t.Errorf("Open(%q) = %q, %v; want nothing", bad, payload, ok)
		}
	}
}
