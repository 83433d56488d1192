package community

import (
	"regexp"
	"strings"
	"time"
)

const helpAlwaysOpen = "24/7"

// HelpSpan is a stretch of the week in which a line answers: from From until To
// ("09:00", "24:00"; the line's own time zone) on every day from First to Last,
// both included.
type HelpSpan struct {
	First, Last time.Weekday
	From, To    string
}

// The form is a small part of OpenStreetMap's opening_hours, which people who
// collect such data already write: "Mo-Fr 09:00-20:00; Sa,Su 11:00-16:00".
var helpHoursRule = regexp.MustCompile(`^((?:Mo|Tu|We|Th|Fr|Sa|Su)(?:[-,](?:Mo|Tu|We|Th|Fr|Sa|Su))*) (([01][0-9]|2[0-3]):[0-5][0-9])-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$`)

var helpWeekdays = map[string]time.Weekday{
	"Mo": time.Monday, "Tu": time.Tuesday, "We": time.Wednesday, "Th": time.Thursday,
	"Fr": time.Friday, "Sa": time.Saturday, "Su": time.Sunday,
}

// Spans returns Hours taken apart, so that a page can say them in the reader's
// words. It is empty for a line that never closes (see AlwaysOpen) and for one
// whose source does not give its hours.
func (l HelpLine) Spans() []HelpSpan {
	spans, _ := parseHelpHours(l.Hours)
	return spans
}

// parseHelpHours reports false when hours is written in another form.
func parseHelpHours(hours string) ([]HelpSpan, bool) {
	if hours == "" || hours == helpAlwaysOpen {
		return nil, true
	}
	var spans []HelpSpan
	for rule := range strings.SplitSeq(hours, "; ") {
		parts := helpHoursRule.FindStringSubmatch(rule)
		if parts == nil {
			return nil, false
		}
		for days := range strings.SplitSeq(parts[1], ",") {
			first, last, isRange := strings.Cut(days, "-")
			if !isRange {
				last = first
			}
			lastDay, known := helpWeekdays[last]
			if !known {
				return nil, false
			}
			spans = append(spans, HelpSpan{First: helpWeekdays[first], Last: lastDay, From: parts[2], To: parts[4]})
		}
	}
	return spans, true
}
