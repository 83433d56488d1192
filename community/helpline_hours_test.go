package community

import (
	"slices"
	"testing"
	"time"
)

func TestHoursAreTakenApart(t *testing.T) {
	tests := []struct {
		hours      string
		want       []HelpSpan
		known      bool
		alwaysOpen bool
	}{
		{"", nil, true, false},
		{"24/7", nil, true, true},
		{"Mo-Fr 09:00-20:00; Sa-Su 11:00-16:00", []HelpSpan{
			{time.Monday, time.Friday, "09:00", "20:00"}, {time.Saturday, time.Sunday, "11:00", "16:00"},
		}, true, false},
		{"Mo,We,Th 10:00-12:00", []HelpSpan{
			{time.Monday, time.Monday, "10:00", "12:00"}, {time.Wednesday, time.Wednesday, "10:00", "12:00"}, {time.Thursday, time.Thursday, "10:00", "12:00"},
		}, true, false},
		{"Mo-Su 09:00-24:00", []HelpSpan{{time.Monday, time.Sunday, "09:00", "24:00"}}, true, false},
		{"Mo-Tu-We 10:00-12:00", nil, false, false},
		{"Mo-Fr 9:00-17:00", nil, false, false},
		{"Mo-Fr 09:00-25:00", nil, false, false},
		{"weekdays", nil, false, false},
		{"Mo-Fr 09:00-17:00;", nil, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.hours, func(t *testing.T) {
			spans, known := parseHelpHours(tt.hours)
			if known != tt.known || !slices.Equal(spans, tt.want) {
				t.Errorf("parseHelpHours = %v, %v, want %v, %v", spans, known, tt.want, tt.known)
			}
			line := HelpLine{Hours: tt.hours}
			if got := line.Spans(); !slices.Equal(got, tt.want) {
				t.Errorf("Spans() = %v, want %v", got, tt.want)
			}
			if got := line.AlwaysOpen(); got != tt.alwaysOpen {
				t.Errorf("AlwaysOpen() = %v, want %v", got, tt.alwaysOpen)
			}
		})
	}
}
