package community

import "testing"

func TestR08PublicNamesAreCheckedAndAdvisedOn(t *testing.T) {
	for _, c := range []struct{ name, public, login, problem, advice string }{
		{"a safe name", "quiet-heron", "rowan", "", ""},
		{"three digits are fine", "heron-123", "rowan", "", ""},
		{"an e-mail address", "john.smith@mail.example", "rowan", "name.is_address", ""},
		{"a handle elsewhere", "@john", "rowan", "name.is_address", ""},
		{"a web address", "https://john", "rowan", "name.is_address", ""},
		{"a dot", "john.smith", "rowan", "name.characters", ""},
		{"the sign-in name", "Rowan", "rowan", "name.is_login", ""},
		{"the sign-in name in another spelling", "ro-wan", "rowan", "name.is_login", ""},
		{"a year", "heron-1987", "rowan", "", "name.digits"},
		{"a year in the middle", "h1987eron", "rowan", "", "name.digits"},
		{"the sign-in name and more", "rowan-oak", "rowan", "", "name.near_login"},
		{"a part of the sign-in name", "rowan", "rowan-oak", "", "name.near_login"},
		{"a short sign-in name inside a word", "scarlet", "car", "", ""},
		{"an id's look", "abcdefghijklmnopqrstuvwxyz", "rowan", "name.reserved", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := publicNameProblem(c.public, c.login); got != c.problem {
				t.Errorf("problem: got %q, want %q", got, c.problem)
			}
			if c.problem != "" {
				return
			}
			if got := publicNameAdvice(c.public, c.login); got != c.advice {
				t.Errorf("advice: got %q, want %q", got, c.advice)
			}
		})
	}
}
