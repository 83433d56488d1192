package community

import (
	"testing"
	"time"
)

func TestR03SourceDateVouchesFor365Days(t *testing.T) {
	tests := []struct {
		name, date, now string
		want            HelpFreshness
	}{
		{"on its day", "2026-06-02", "2026-06-02T00:00:00Z", HelpFresh},
		{"on its last day", "2026-06-02", "2027-06-02T00:00:00Z", HelpFresh},
		{"a moment later", "2026-06-02", "2027-06-02T00:00:01Z", HelpOld},
		{"a month counts from its first day", "2025-11", "2026-11-01T00:00:00Z", HelpFresh},
		{"a month that is over", "2025-11", "2026-11-02T00:00:00Z", HelpOld},
		{"no date", "", "2026-06-02T00:00:00Z", HelpUndated},
		{"no date one can read", "last week", "2026-06-02T00:00:00Z", HelpUndated},
		{"a time zone ahead", "2026-06-03", "2026-06-02T12:00:00Z", HelpFresh},
		{"a year nobody has seen", "2062-06-02", "2026-06-02T00:00:00Z", HelpUndated},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			line := HelpLine{SourceDate: tt.date}
			if got := line.SourceFreshness(helpInstant(t, tt.now)); got != tt.want {
				t.Errorf("SourceFreshness = %q, want %q", got, tt.want)
			}
			if got, want := line.Stale(helpInstant(t, tt.now)), tt.want != HelpFresh; got != want {
				t.Errorf("Stale = %v, want %v", got, want)
			}
		})
	}
}

func TestR03EveryCarriedLineGrowsStaleAYearAfterItsSource(t *testing.T) {
	for _, line := range HelpLines() {
		date, dated := parseHelpDate(line.SourceDate)
		if !dated {
			if !line.Stale(helpInstant(t, "2026-06-02T00:00:00Z")) {
				t.Errorf("%s has no date and is not stale", line.ID)
			}
			continue
		}
		if line.Stale(date.Add(365 * 24 * time.Hour)) {
			t.Errorf("%s is stale 365 days after %s", line.ID, line.SourceDate)
		}
		if !line.Stale(date.Add(366 * 24 * time.Hour)) {
			t.Errorf("%s is not stale 366 days after %s", line.ID, line.SourceDate)
		}
	}
}

func TestR03ChecksOfThisInstanceAreMerged(t *testing.T) {
	now := helpInstant(t, "2026-11-22T12:00:00Z")
	line := HelpLine{Country: "GB", ID: "gb-samaritans", Name: "Samaritans", Call: "116 123", SourceDate: "2026-06-02"}
	renumbered := line
	renumbered.Call = "116 124"
	check := func(of HelpLine, by, at string) HelpLineCheck {
		return HelpLineCheck{ID: of.ID, Facts: of.Facts(), CheckedBy: by, CheckedAt: helpInstant(t, at)}
	}
	tests := []struct {
		name   string
		line   HelpLine
		checks []HelpLineCheck
		by     string
		state  HelpFreshness
		stale  bool
	}{
		{"nobody has looked", line, nil, "", HelpUndated, false},
		{"looked last week", line, []HelpLineCheck{check(line, "u1", "2026-11-15T09:00:00Z")}, "u1", HelpFresh, false},
		{"looked long ago", line, []HelpLineCheck{check(line, "u1", "2025-11-15T09:00:00Z")}, "u1", HelpOld, true},
		{"the newest look counts", line, []HelpLineCheck{
			check(line, "u2", "2026-11-15T09:00:00Z"), check(line, "u1", "2025-11-15T09:00:00Z"),
		}, "u2", HelpFresh, false},
		{"the number changed since", renumbered, []HelpLineCheck{check(line, "u1", "2026-11-15T09:00:00Z")}, "", HelpUndated, false},
		{"a look at the old number does not cover one at the new", renumbered, []HelpLineCheck{
			check(renumbered, "u2", "2026-10-01T09:00:00Z"), check(line, "u1", "2026-11-15T09:00:00Z"),
		}, "u2", HelpFresh, false},
		{"another line was looked at", line, []HelpLineCheck{{ID: "gb-shout", Facts: line.Facts(), CheckedBy: "u1", CheckedAt: now}}, "", HelpUndated, false},
		{"a check without facts vouches for nothing", line, []HelpLineCheck{{ID: line.ID, CheckedBy: "u1", CheckedAt: now}}, "", HelpUndated, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			merged := MergeHelpLineChecks([]HelpLine{tt.line}, tt.checks)
			if len(merged) != 1 || merged[0].ID != tt.line.ID {
				t.Fatalf("MergeHelpLineChecks = %+v, want the one line", merged)
			}
			got := merged[0]
			if got.Check.CheckedBy != tt.by || got.Checked() != (tt.by != "") {
				t.Errorf("checked by %q (%v), want %q", got.Check.CheckedBy, got.Checked(), tt.by)
			}
			if got.CheckFreshness(now) != tt.state {
				t.Errorf("CheckFreshness = %q, want %q", got.CheckFreshness(now), tt.state)
			}
			if got.Stale(now) != tt.stale {
				t.Errorf("Stale = %v, want %v", got.Stale(now), tt.stale)
			}
		})
	}
}

func TestR03FreshCheckDoesNotHideAnOldSource(t *testing.T) {
	now := helpInstant(t, "2026-11-22T12:00:00Z")
	line := HelpLine{ID: "gb-999", Call: "999"}
	checked := MergeHelpLineChecks([]HelpLine{line}, []HelpLineCheck{{ID: line.ID, Facts: line.Facts(), CheckedBy: "u1", CheckedAt: now}})[0]
	if !checked.Stale(now) || checked.CheckFreshness(now) != HelpFresh {
		t.Errorf("Stale = %v, CheckFreshness = %q, want true and %q", checked.Stale(now), checked.CheckFreshness(now), HelpFresh)
	}
}

func TestR03NoHelpLineEverVanishes(t *testing.T) {
	lines := HelpLines()
	var checks []HelpLineCheck
	for _, line := range lines[:len(lines)/2] {
		checks = append(checks, HelpLineCheck{ID: line.ID, Facts: line.Facts(), CheckedBy: "u1", CheckedAt: helpInstant(t, "1999-01-01T00:00:00Z")})
	}
	merged := MergeHelpLineChecks(lines, append(checks, HelpLineCheck{ID: "gb-gone", CheckedBy: "u1"}))
	if len(merged) != len(lines) {
		t.Fatalf("%d lines after merging, want %d", len(merged), len(lines))
	}
	for i := range lines {
		if merged[i].ID != lines[i].ID {
			t.Errorf("line %d is %s, want %s", i, merged[i].ID, lines[i].ID)
		}
	}
}

func TestFactsAreWhatWasVouchedFor(t *testing.T) {
	base := HelpLine{Country: "GB", ID: "gb-x", Name: "X", For: HelpForAnyone, Call: "116 123", Source: "https://example.org/", Order: 3}
	tests := []struct {
		name   string
		change func(*HelpLine)
		same   bool
	}{
		{"another source", func(l *HelpLine) { l.Source, l.SourceDate = "https://example.com/", "2026-06" }, true},
		{"another place in the list", func(l *HelpLine) { l.Order = 4 }, true},
		{"the same number, other spaces", func(l *HelpLine) { l.Call = "11 61 23" }, true},
		{"another number", func(l *HelpLine) { l.Call = "116 124" }, false},
		{"a number to text instead", func(l *HelpLine) { l.Call, l.Text = "", l.Call }, false},
		{"another word", func(l *HelpLine) { l.TextWord = "HOME" }, false},
		{"another key", func(l *HelpLine) { l.Press = "1" }, false},
		{"other hours", func(l *HelpLine) { l.Hours = "24/7" }, false},
		{"other people", func(l *HelpLine) { l.For = HelpForYoung }, false},
		{"another name", func(l *HelpLine) { l.Name = "Y" }, false},
		{"another price", func(l *HelpLine) { l.Free = "no" }, false},
		{"another chat", func(l *HelpLine) { l.Chat = "https://chat.example.org/" }, false},
		{"another site", func(l *HelpLine) { l.Web = "https://example.net/" }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			changed := base
			tt.change(&changed)
			if got := changed.Facts() == base.Facts(); got != tt.same {
				t.Errorf("same facts = %v, want %v", got, tt.same)
			}
		})
	}
}

func helpInstant(t *testing.T, at string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}
