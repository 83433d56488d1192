package web

import (
	"testing"
	"time"
)

func strictCatalogue(t *testing.T) *Catalogue {
	t.Helper()
	c, err := NewCatalogue(true)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTimesAreCoarseInTheReadersZone(t *testing.T) {
	auckland, err := time.LoadLocation("Pacific/Auckland")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2025, 11, 22, 20, 30, 0, 0, time.UTC)
	night := time.Date(2025, 11, 22, 4, 50, 0, 0, time.UTC)
	tests := []struct {
		name string
		t    time.Time
		now  time.Time
		zone *time.Location
		want string
	}{
		{"this minute", now.Add(-time.Second), now, time.UTC, "just now"},
		{"a clock that runs a little ahead", now.Add(30 * time.Second), now, time.UTC, "just now"},
		{"the future", now.Add(time.Hour), now, time.UTC, "22 November 2025, 21:30"},
		{"no now", now, time.Time{}, time.UTC, "22 November 2025, 20:30"},
		{"5 minutes", now.Add(-5 * time.Minute), now, time.UTC, "a few minutes ago"},
		{"minutes are rounded", now.Add(-29 * time.Minute), now, time.UTC, "20 minutes ago"},
		{"an hour", now.Add(-time.Hour), now, time.UTC, "an hour ago"},
		{"three hours", now.Add(-3*time.Hour - 50*time.Minute), now, time.UTC, "3 hours ago"},
		{"hours across midnight", night.Add(-2 * time.Hour).Add(-50 * time.Minute), night, time.UTC, "2 hours ago"},
		{"afternoon", now.Add(-4 * time.Hour), now, time.UTC, "this afternoon"},
		{"morning", now.Add(-9 * time.Hour), now, time.UTC, "this morning"},
		{"the night before", time.Date(2025, 11, 22, 1, 0, 0, 0, time.UTC), now, time.UTC, "last night"},
		{"this night", time.Date(2025, 11, 22, 0, 10, 0, 0, time.UTC), night, time.UTC, "tonight"},
		{"late evening", time.Date(2025, 11, 22, 18, 30, 0, 0, time.UTC), time.Date(2025, 11, 22, 23, 0, 0, 0, time.UTC), time.UTC, "this evening"},
		{"yesterday by the calendar", time.Date(2025, 11, 21, 0, 5, 0, 0, time.UTC), now, time.UTC, "yesterday"},
		{"the reader's yesterday", time.Date(2025, 11, 22, 10, 30, 0, 0, time.UTC), now, auckland, "yesterday"},
		{"the same moment elsewhere", time.Date(2025, 11, 22, 10, 30, 0, 0, time.UTC), now, time.UTC, "this morning"},
		{"days", now.Add(-3 * 24 * time.Hour), now, time.UTC, "3 days ago"},
		{"a week", now.Add(-8 * 24 * time.Hour), now, time.UTC, "last week"},
		{"weeks", now.Add(-20 * 24 * time.Hour), now, time.UTC, "2 weeks ago"},
		{"a month", time.Date(2025, 5, 3, 12, 0, 0, 0, time.UTC), now, time.UTC, "in May"},
		{"a month of last year, still near", time.Date(2025, 11, 3, 12, 0, 0, 0, time.UTC), time.Date(2026, 1, 20, 12, 0, 0, 0, time.UTC), time.UTC, "in November"},
		{"another year", time.Date(2023, 12, 3, 12, 0, 0, 0, time.UTC), now, time.UTC, "in December 2023"},
	}
	c := strictCatalogue(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := c.When("en", tt.t, tt.now, tt.zone); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDaysAreCountedAcrossAClockChange(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	c := strictCatalogue(t)
	// The day between has 25 hours.
	written := time.Date(2025, 10, 25, 0, 30, 0, 0, london)
	if got := c.When("en", written, time.Date(2025, 10, 27, 0, 10, 0, 0, london), london); got != "2 days ago" {
		t.Errorf("got %q, want %q", got, "2 days ago")
	}
}

func TestBandsHideSingleArrivals(t *testing.T) {
	c := strictCatalogue(t)
	for n, want := range map[int]string{
		0: "under 5", 4: "under 5", 5: "5 to 9", 9: "5 to 9", 10: "10 to 24", 24: "10 to 24",
		25: "25 to 49", 49: "25 to 49", 50: "50 to 99", 99: "50 to 99", 100: "100 or more", 4000: "100 or more",
	} {
		if got := c.Band("en", n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

func TestDatesNameTheMonth(t *testing.T) {
	c := strictCatalogue(t)
	at := time.Date(2025, 3, 9, 8, 5, 0, 0, time.UTC)
	if got, want := c.Exact("en", at, time.UTC), "9 March 2025, 08:05"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := c.Day("en", at, time.UTC), "9 March 2025"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
