package web

import (
	"testing"
	"time"
)

func TestR07FormsHaveTheirTime(t *testing.T) {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name    string
		age     time.Duration
		genuine bool
		want    string
	}{
		{"at once", 0, true, "form.too_fast"},
		{"just under three seconds", 3*time.Second - 1, true, "form.too_fast"},
		{"three seconds", 3 * time.Second, true, ""},
		{"a day", 24 * time.Hour, true, ""},
		{"more than a day", 24*time.Hour + 1, true, "form.too_old"},
		{"shown in the future", -time.Hour, true, "form.too_fast"},
		{"not ours", time.Minute, false, "form.too_old"},
	} {
		if got := formTiming(now.Add(-c.age), now, c.genuine); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
