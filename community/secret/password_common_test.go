package secret

import "testing"

func TestCommonPasswordsAreRefused(t *testing.T) {
	for _, password := range []string{
		"password123", "Password123!", "P@ssw0rd2024", "passwordpassword", "qwertyuiop", "Qwertyuiop1", "1234567890", "12345678910",
		"0987654321", "aaaaaaaaaa", "abcabcabcabc", "iloveyou2024", "ilovemonkey", "letmein12345", "Welcome2026!", "1qaz2wsx3edc",
		"abcdefghij", "qwerty123456", "sunshine1987", "football!!!!", "correcthorsebatterystaple", "willowlane1", "rowan-rowan-1", "11111111111112",
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
	} {
		if isCommon(password, "rowan", "quiet-heron", "Willow Lane") {
			t.Errorf("%q is refused as common; it is not", password)
		}
	}
}

func TestPasswordLengthsAreCountedInCharacters(t *testing.T) {
	p := &Passwords{}
	for _, c := range []struct{ password, want string }{
		{"nine char", "password.too_short"}, {"ten chars!", ""}, {"zwölf Äpfel", ""}, {"password12", "password.common"},
		{"quiet heron", "password.is_name"}, {"lantern-Rowan", ""},
	} {
		if got := p.Weak(c.password, "rowan", "quiet heron"); got != c.want {
			t.Errorf("%q: got %q, want %q", c.password, got, c.want)
		}
	}
}
