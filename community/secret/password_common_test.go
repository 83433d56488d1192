package secret

import (
	"slices"
	"strings"
	"testing"
	"unicode"
)

func TestCommonPasswordsAreRefused(t *testing.T) {
	for _, password := range []string{
		"password123", "Password123!", "P@ssw0rd2024", "passwordpassword", "qwertyuiop", "Qwertyuiop1", "1234567890", "12345678910",
		"0987654321", "aaaaaaaaaa", "abcabcabcabc", "iloveyou2024", "ilovemonkey", "letmein12345", "Welcome2026!", "1qaz2wsx3edc",
		"abcdefghij", "qwerty123456", "sunshine1987", "football!!!!", "correcthorsebatterystaple", "willowlane1", "rowan-rowan-1", "11111111111112",
		// decoration
		"$uper$ecret!!", "5uper5tar99", "w3lc0m3w3lc0m3", "!!!p4ssw0rd!!!", "drowssap1234", "l33tp@ssword", "he11oworld99", "€motdepass€",
		"S u n s h i n e 1", "summer__winter", "Sommer#2026#", "Mai-Juni-2025", "iloveyouforever", "xx_princess_xx", "contraseña1", "пароль12345",
		"aebaaeebeaabe", "1etmein2026", "1345he11oworld", "1nstagram99", "harrypotterbestfriendsummer",
		// walks
		"zaq1xsw2cde3", "1q2w3e4r5t", "q1w2e3r4t5", "asdfghjkl;1", "azertyuiop", "qwertzuiop", "poiuytrewq", "йцукенгшщз", "!@#$%^&*()", "147258369147",
		"abcd1234qwer",
		// numbers
		"22.11.1987", "1987-11-22 12:30", "+44 7700 900123", "00491761234567", "8529637410",
		// names given
		"R0wan2026!!", "willow-lane-2026", "Rowan and Willowlane"[:5] + "willowlane",
	} {
		if !isCommon(password, "rowan", "quiet-heron", "Willow Lane") {
			t.Errorf("%q passes; it is among the first to be tried", password)
		}
	}
}

func TestOrdinaryPasswordsPass(t *testing.T) {
	for _, password := range []string{
		"lantern river kettle", "meadow orchard cloud", "my dragon eats soup", "xK9#mQ2$vL", "die alte Uhr geht vor", "пароль надёжный",
		"I love three small cats", "summerhouse by the lake", "tr0ubadour&3", "hello from the other side", "correct horse battery stapler gun",
		"monday coffee michael snow", "猫と朝の散歩で深呼吸", "748291637450912", "a1b2-ladder-fog", "rowan picks wet stones", "Ẑ9-ünlü-kåpë",
	} {
		if isCommon(password, "rowan", "quiet-heron", "Willow Lane") {
			t.Errorf("%q is refused as common; it is not", password)
		}
	}
}

func TestEveryCommonWordWithAYearIsRefused(t *testing.T) {
	p := &Passwords{}
	for _, w := range commonWords {
		for _, password := range []string{w + "!2026!2026", strings.ToUpper(w) + "1234567", "99" + w + "-" + w + "99"} {
			if got := p.Weak(password); got != "password.common" {
				t.Errorf("Weak(%q) = %q, want password.common", password, got)
			}
		}
	}
}

func TestCommonWordsAreLettersInLowerCase(t *testing.T) {
	for _, w := range commonWords {
		if w != strings.ToLower(w) || strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }) {
			t.Errorf("%q can never be met", w)
		}
	}
	sorted := slices.Sorted(slices.Values(commonWords))
	for i := 1; i < len(sorted); i++ {
		if sorted[i] == sorted[i-1] {
			t.Errorf("%q stands twice", sorted[i])
		}
	}
}

func FuzzWeak(f *testing.F) {
	f.Add("Password123!", "rowan")
	f.Add("\xff\x00йц1234567", "")
	f.Fuzz(func(t *testing.T, password, name string) {
		p := &Passwords{}
		if got := p.Weak(password, name); got != "" && !strings.HasPrefix(got, "password.") {
			t.Errorf("Weak(%q, %q) = %q", password, name, got)
		}
	})
}
