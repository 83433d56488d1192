package web

import "time"

// Words for times and counts. Times are coarse on purpose: a page says "this
// morning", not how long somebody has been waiting to the minute; the exact
// time stands beside it for who looks for it.

var monthKeys = [...]string{
	"time.month.january", "time.month.february", "time.month.march", "time.month.april",
	"time.month.may", "time.month.june", "time.month.july", "time.month.august",
	"time.month.september", "time.month.october", "time.month.november", "time.month.december",
}

const day = 24 * time.Hour

// When is how long ago t was in coarse words: "just now", "20 minutes ago",
// "this morning", "yesterday", "3 days ago", "in May". A t after now, or a zero
// now, gives the exact time. zone decides what a morning and a yesterday are.
func (c *Catalogue) When(lang string, t, now time.Time, zone *time.Location) string {
	t, now = t.In(zone), now.In(zone)
	age := now.Sub(t)
	switch {
	case now.IsZero() || age < -time.Minute:
		return c.Exact(lang, t, zone)
	case age < 2*time.Minute:
		return c.T(lang, "time.just_now", nil)
	case age < 10*time.Minute:
		return c.T(lang, "time.few_minutes", nil)
	case age < time.Hour:
		return c.N(lang, "time.minutes", int(age/(10*time.Minute))*10, nil)
	case age < 4*time.Hour:
		return c.N(lang, "time.hours", int(age/time.Hour), nil)
	}
	return c.whenByDay(lang, t, now)
}

// whenByDay counts calendar days, not spans of 24 hours: what was written late
// last night is yesterday's in the morning.
func (c *Catalogue) whenByDay(lang string, t, now time.Time) string {
	days := int(dayNumber(now) - dayNumber(t))
	switch {
	case days <= 0:
		return c.T(lang, partOfDay(t, now), nil)
	case days == 1:
		return c.T(lang, "time.yesterday", nil)
	case days < 7:
		return c.N(lang, "time.days", days, nil)
	case days < 28:
		return c.N(lang, "time.weeks", days/7, nil)
	case t.Year() == now.Year() || days < 300:
		return c.T(lang, "time.in_month", map[string]any{"Month": c.month(lang, t)})
	}
	return c.T(lang, "time.in_month_year", map[string]any{"Month": c.month(lang, t), "Year": t.Year()})
}

// dayNumber numbers calendar days, whatever the clocks did in between.
func dayNumber(t time.Time) int64 {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / int64(day/time.Second)
}

func partOfDay(t, now time.Time) string {
	switch h := t.Hour(); {
	case h < 5 && now.Hour() < 5:
		return "time.tonight"
	case h < 5:
		return "time.last_night"
	case h < 12:
		return "time.this_morning"
	case h < 18:
		return "time.this_afternoon"
	}
	return "time.this_evening"
}

// Exact is t to the minute in zone: "22 November 2025, 14:05".
func (c *Catalogue) Exact(lang string, t time.Time, zone *time.Location) string {
	t = t.In(zone)
	return c.T(lang, "time.exact", map[string]any{
		"Day": t.Day(), "Month": c.month(lang, t), "Year": t.Year(), "Clock": t.Format("15:04"),
	})
}

// Day is t to the day in zone: "22 November 2025".
func (c *Catalogue) Day(lang string, t time.Time, zone *time.Location) string {
	t = t.In(zone)
	return c.T(lang, "time.day", map[string]any{"Day": t.Day(), "Month": c.month(lang, t), "Year": t.Year()})
}

// Month is the month of a time as it stands, "June 2026".
func (c *Catalogue) Month(lang string, t time.Time) string {
	return c.T(lang, "time.month_of", map[string]any{"Month": c.month(lang, t), "Year": t.Year()})
}

func (c *Catalogue) month(lang string, t time.Time) string {
	return c.T(lang, monthKeys[t.Month()-1], nil)
}

// Band says about how many, so that a count of people tells nobody who just
// came or left: "under 5", "5 to 9", and so on up to "100 or more".
func (c *Catalogue) Band(lang string, n int) string {
	for _, b := range []struct {
		below int
		key   string
	}{
		{5, "band.under_5"}, {10, "band.5_to_9"}, {25, "band.10_to_24"}, {50, "band.25_to_49"}, {100, "band.50_to_99"},
	} {
		if n < b.below {
			return c.T(lang, b.key, nil)
		}
	}
	return c.T(lang, "band.100_or_more", nil)
}
