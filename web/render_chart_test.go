package web

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func chartOf(series []string, counts ...[]int) Chart {
	chart := Chart{Title: "Posts by day", Series: series}
	for i, c := range counts {
		chart.Bars = append(chart.Bars, Bar{Label: fmt.Sprintf("%d May", i+1), Counts: c})
	}
	return chart
}

func TestBarsStandOnEachOtherAndDoNotLeaveTheBox(t *testing.T) {
	p := chartOf([]string{"came", "waited", "refused"}, []int{3, 0, 4}, []int{0, 5, 0}, []int{0, 0, 0}).Plot()
	if p.Most != 7 || p.Highest != "1 May" || fmt.Sprint(p.Ticks) != "[8 4 0]" {
		t.Errorf("got %d on %s with ticks %v", p.Most, p.Highest, p.Ticks)
	}
	want := []rect{
		{"a", 1.5, 62.5, 7, 37.5},
		{"c", 1.5, 12.5, 7, 49},
		{"b", 11.5, 37.5, 7, 62.5},
	}
	if fmt.Sprint(p.Rects) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", p.Rects, want)
	}
}

func TestGridOfAChartHasRoundNumbers(t *testing.T) {
	for most, want := range map[int]int{0: 2, 1: 2, 2: 2, 3: 4, 7: 8, 10: 10, 11: 20, 61: 80, 81: 100, 101: 200, 999_999: 1_000_000} {
		if got := plotTop(most); got != want || got%2 != 0 {
			t.Errorf("%d: got %d, want %d", most, got, want)
		}
	}
}

func TestChartIsReadWithoutSeeingIt(t *testing.T) {
	f := Frame{Title: "probe", Lang: "en", Main: chartOf([]string{"came", "refused"}, []int{3, 1}, []int{2, 40})}
	page := mainOf(t, `{{template "chart" .Main}}`, f)
	for _, want := range []string{
		`role="img"><title>Posts by day</title><desc>1 May to 2 May. The highest bar is 2 May, with 42.</desc>`,
		`<span class="key a">came</span>`, `<span class="key b">refused</span>`, "The same as a table",
		`<th scope="row">2 May</th><td class="num">2</td><td class="num">40</td>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not in %s", want, page)
		}
	}
}

func TestChartOfNothingSaysSo(t *testing.T) {
	page := mainOf(t, `{{template "chart" .Main}}`, Frame{Title: "probe", Lang: "en", Main: chartOf([]string{"came"}, []int{0}, []int{0})})
	if !strings.Contains(page, "<p>Posts by day: nothing from 1 May to 2 May.</p>") || strings.Contains(page, "<svg") {
		t.Errorf("got %s", page)
	}
	if page := mainOf(t, `{{template "chart" .Main}}`, Frame{Title: "probe", Lang: "en", Main: Chart{Title: "x"}}); strings.TrimSpace(page) != "" {
		t.Errorf("a chart without days shows %q", page)
	}
}

func TestDaysOfAChartAreThoseOfUTC(t *testing.T) {
	v := &visit{server: &Server{pages: galleryRenderer(t)}, lang: "en"}
	last := time.Date(2026, 3, 2, 1, 0, 0, 0, time.FixedZone("east", 3*3600)) // still the day before in UTC
	var asked []string
	bars := v.dayBars(last, 3, func(day time.Time) []int {
		asked = append(asked, day.Format(time.DateTime))
		return []int{len(asked)}
	})
	if got := strings.Join(asked, ", "); got != "2026-02-27 00:00:00, 2026-02-28 00:00:00, 2026-03-01 00:00:00" {
		t.Errorf("got %s", got)
	}
	if bars[0].Label != "27 February 2026" || bars[2].Label != "1 March 2026" || bars[2].Counts[0] != 3 {
		t.Errorf("got %v", bars)
	}
}
