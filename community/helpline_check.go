package community

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// HelpFreshness says how far a date vouches for a row. The sentence shown is the
// catalogue's; whatever it is, the row stays on the page, because a line that may
// have changed is worth more than none.
type HelpFreshness string

// How far a date vouches for a row.
const (
	HelpFresh   HelpFreshness = "fresh"   // at most 365 days old
	HelpOld     HelpFreshness = "old"     // older
	HelpUndated HelpFreshness = "undated" // there is no date, or none that can be believed
)

const helpDateLifetime = 365 * 24 * time.Hour

// HelpLineCheck is an admin's word that a row was right on a day: they called,
// or read the operator's page. It vouches for the facts they saw and no others,
// so Facts keeps HelpLine.Facts of that moment; when a later release carries
// another number under the same ID, the check no longer counts.
type HelpLineCheck struct {
	ID        string // of the HelpLine
	Facts     string
	CheckedBy string // the User's id, which no page shows to members
	CheckedAt time.Time
}

// CheckedHelpLine is a row as the help page shows it. Check is zero until an
// admin of this instance has ticked the row: "not yet checked by this instance".
type CheckedHelpLine struct {
	HelpLine
	Check HelpLineCheck
}

// MergeHelpLineChecks puts beside every line the newest check that still speaks
// of the same facts. It never drops or reorders a line; checks of rows that are
// gone or have changed are left out.
func MergeHelpLineChecks(lines []HelpLine, checks []HelpLineCheck) []CheckedHelpLine {
	type subject struct{ id, facts string }
	newest := make(map[subject]HelpLineCheck, len(checks))
	for _, check := range checks {
		of := subject{check.ID, check.Facts}
		if best, seen := newest[of]; !seen || check.CheckedAt.After(best.CheckedAt) {
			newest[of] = check
		}
	}
	merged := make([]CheckedHelpLine, len(lines))
	for i, line := range lines {
		merged[i] = CheckedHelpLine{HelpLine: line, Check: newest[subject{line.ID, line.Facts()}]}
	}
	return merged
}

// Facts is a fingerprint of what an admin vouches for: who answers, for whom,
// how and when. Where the row was read is not part of it, so a better source for
// the same number leaves checks standing.
func (l HelpLine) Facts() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{
		l.Country, l.Name, string(l.For), helpDialled(l.Call), l.Press, helpDialled(l.Text), l.TextWord, l.Chat, l.Web, l.Hours, l.Free,
	}, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// SourceFreshness judges the source's own date at now. A month counts from its
// first day.
func (l HelpLine) SourceFreshness(now time.Time) HelpFreshness {
	date, ok := parseHelpDate(l.SourceDate)
	if !ok {
		return HelpUndated
	}
	return helpFreshness(date, now)
}

// Stale reports whether the source's date is missing or more than 365 days old
// at now; the page then says so beside the row.
func (l HelpLine) Stale(now time.Time) bool { return l.SourceFreshness(now) != HelpFresh }

// Checked reports whether somebody here vouches for the row as it stands.
func (l CheckedHelpLine) Checked() bool { return !l.Check.CheckedAt.IsZero() }

// CheckFreshness judges this instance's own check at now; HelpUndated means that
// nobody here has checked the row.
func (l CheckedHelpLine) CheckFreshness(now time.Time) HelpFreshness {
	if !l.Checked() {
		return HelpUndated
	}
	return helpFreshness(l.Check.CheckedAt, now)
}

// Stale reports whether the source's date is missing or old, or the check made
// here has grown old. A row nobody has checked yet is not stale for that: the
// page says it in words of its own.
func (l CheckedHelpLine) Stale(now time.Time) bool {
	return l.HelpLine.Stale(now) || l.CheckFreshness(now) == HelpOld
}

// A date well after now is a slip of the pen and must not keep a row fresh for
// years; a day is left for clocks and time zones that disagree.
func helpFreshness(date, now time.Time) HelpFreshness {
	age := now.Sub(date)
	switch {
	case age < -24*time.Hour:
		return HelpUndated
	case age > helpDateLifetime:
		return HelpOld
	default:
		return HelpFresh
	}
}

func parseHelpDate(date string) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, "2006-01"} {
		if parsed, err := time.Parse(layout, date); err == nil {
			return parsed, true
		}
	}
	return time.Time{}, false
}
