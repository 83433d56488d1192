package secret

import (
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alexedwards/argon2id"
)

func TestPasswordsMatchTheirOwnHashOnly(t *testing.T) {
	p := NewPasswords()
	const password = "die alte Uhr geht vor ⏰"
	hash, err := p.Hash(password)
	if err != nil {
		t.Fatal(err)
	}
	if want := "$argon2id$v=19$m=19456,t=2,p=1$"; !strings.HasPrefix(hash, want) {
		t.Errorf("hash %q, want it to begin with %q", hash, want)
	}
	if again, _ := p.Hash(password); again == hash {
		t.Error("two hashes of a password are equal: there is no salt")
	}
	tests := []struct {
		name, password, hash string
		want                 bool
	}{
		{"itself", password, hash, true},
		{"another case", strings.ToUpper(password), hash, false},
		{"with a space", password + " ", hash, false},
		{"empty", "", hash, false},
		{"no hash", password, "", false},
		{"a spoilt hash", password, hash[:40], false},
		{"the hash itself", hash, hash, false},
		{"the hash of nobody", "", p.nobody, false},
	}
	for _, tt := range tests {
		if got := p.Matches(tt.password, tt.hash); got != tt.want {
			t.Errorf("%s: Matches = %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestHashOfNobodyCostsWhatOthersCost(t *testing.T) {
	p := NewPasswords()
	got, salt, key, err := argon2id.DecodeHash(p.nobody)
	if err != nil || *got != *p.params || len(salt) != 16 || len(key) != 32 {
		t.Errorf("nobody has %+v, %d, %d (%v), want %+v", got, len(salt), len(key), err, p.params)
	}
	if NewPasswords().nobody == p.nobody {
		t.Error("nobody has the same hash everywhere")
	}
}

// TestClockDoesNotTellWhoIsKnown counts what is compared rather than the time it
// takes: whoever is asked for, one hash of the usual cost is worked out.
func TestClockDoesNotTellWhoIsKnown(t *testing.T) {
	p := NewPasswords()
	hash, err := p.Hash("lantern river kettle")
	if err != nil {
		t.Fatal(err)
	}
	compare, whole := p.compare, 0
	p.compare = func(password, hash string) (bool, error) {
		if params, _, _, err := argon2id.DecodeHash(hash); err == nil && *params == *p.params {
			whole++
		}
		return compare(password, hash)
	}
	for name, match := range map[string]func(){
		"a wrong password": func() { p.Matches("another password", hash) },
		"nobody":           func() { p.MatchesNobody("another password") },
		"no hash":          func() { p.Matches("another password", "") },
		"a spoilt hash":    func() { p.Matches("another password", hash[:50]) },
	} {
		whole = 0
		if match(); whole != 1 {
			t.Errorf("%s: %d whole hashes worked out, want 1", name, whole)
		}
	}
}

func quickest(f func()) time.Duration {
	best := time.Hour
	for range 5 {
		begin := time.Now()
		f()
		best = min(best, time.Since(begin))
	}
	return best
}

func TestPasswordsWaitForTheirTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := NewTestPasswords()
		if got, want := cap(p.turns), runtime.GOMAXPROCS(0); got != want {
			t.Errorf("%d at once, want %d", got, want)
		}
		for range cap(p.turns) {
			p.turns <- struct{}{}
		}
		finished := 0
		done := make(chan bool)
		for _, f := range []func(){
			func() { p.Hash("x") }, func() { p.Matches("x", p.nobody) }, func() { p.MatchesNobody("x") },
		} {
			go func() { f(); done <- true }()
		}
		synctest.Wait()
		select {
		case <-done:
			finished++
		default:
		}
		if finished != 0 {
			t.Error("a password was hashed although all turns were taken")
		}
		<-p.turns
		for range 3 {
			<-done
		}
		if got, want := len(p.turns), cap(p.turns)-1; got != want {
			t.Errorf("%d turns are taken at the end, want %d: each is given back", got, want)
		}
	})
}

func TestWeakSaysWhyAPasswordIsRefused(t *testing.T) {
	p := &Passwords{}
	tests := []struct{ name, password, want string }{
		{"nine characters", "xK9#mQ2$v", "password.too_short"},
		{"none", "", "password.too_short"},
		{"nine characters of many bytes", "надёжныйя", "password.too_short"},
		{"ten characters", "xK9#mQ2$vL", ""},
		{"ten characters of other scripts", "猫と朝の散歩で深呼吸", ""},
		{"1024 bytes", strings.Repeat("four plain words here, ", 44) + "and some end", ""},
		{"1025 bytes", strings.Repeat("x", 1025), "password.too_long"},
		{"the sign-in name", "Rowan-Hillside", "password.is_name"},
		{"the instance's name, with spaces around", " quiet harbour hall ", "password.is_name"},
		{"a name with a year", "rowan.hillside2026", "password.common"},
		{"a common word", "Password123!", "password.common"},
	}
	for _, tt := range tests {
		if got := p.Weak(tt.password, "rowan-hillside", "Quiet Harbour Hall", ""); got != tt.want {
			t.Errorf("%s: Weak(%.40q) = %q, want %q", tt.name, tt.password, got, tt.want)
		}
	}
}

func TestWeakJudgesTheLongestPasswordQuickly(t *testing.T) {
	p := &Passwords{}
	for _, unit := range []string{"a", "ab1!", "qwerty", "password", "love ", "я", "x", "abcdefghijklmnopqrstuvwxyz"} {
		password := strings.Repeat(unit, longestPassword/len(unit))
		if took := quickest(func() { p.Weak(password, "rowan", "Quiet Harbour") }); took > time.Second {
			t.Errorf("judging %q... takes %v", unit, took)
		}
	}
}

func BenchmarkPasswordHash(b *testing.B) {
	p := NewPasswords()
	for b.Loop() {
		p.Hash("lantern river kettle")
	}
}

func BenchmarkPasswordWeak(b *testing.B) {
	p := &Passwords{}
	for b.Loop() {
		p.Weak("lantern river kettle", "rowan", "Quiet Harbour")
	}
}
