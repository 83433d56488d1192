package web

import "time"

// plot is a Chart laid out in a box of any width and plotHeight.
type plot struct {
	Width   int
	Height  int
	Ticks   []int // from the top
	Series  []series
	Rects   []rect
	From    string // the first bar's label
	To      string // the last one's
	Most    int    // what the highest bar counts
	Highest string // its label
}

// series is one colour of a plot.
type series struct{ Class, Name string }

type rect struct {
	Class string
	X, Y  float64
	W, H  float64
}

const (
	plotHeight = 100
	plotColumn = 10
	plotHair   = 1.0 // between two colours of a bar
)

// plotClasses are the colours of a Chart in the stylesheet, from the ground up.
var plotClasses = []string{"a", "b", "c", "d"}

// Plot lays the bars out; nil where there are none.
func (c Chart) Plot() *plot {
	if len(c.Bars) == 0 {
		return nil
	}
	p := &plot{Width: plotColumn * len(c.Bars), Height: plotHeight, From: c.Bars[0].Label, To: c.Bars[len(c.Bars)-1].Label}
	for _, b := range c.Bars {
		if sum := b.sum(); sum > p.Most {
			p.Most, p.Highest = sum, b.Label
		}
	}
	for i, name := range c.Series {
		p.Series = append(p.Series, series{plotClasses[i], name})
	}
	top := plotTop(p.Most)
	p.Ticks = []int{top, top / 2, 0}
	for i, b := range c.Bars {
		p.column(float64(plotColumn*i)+1.5, b, plotHeight/float64(top))
	}
	return p
}

func (b Bar) sum() (sum int) {
	for _, n := range b.Counts {
		sum += n
	}
	return sum
}

// column adds the rectangles of a bar, with a hair between them.
func (p *plot) column(x float64, b Bar, scale float64) {
	ground := float64(plotHeight)
	for i, n := range b.Counts {
		if n <= 0 {
			continue
		}
		h, hair := float64(n)*scale, plotHair
		if ground == plotHeight {
			hair = 0
		}
		ground -= h
		p.Rects = append(p.Rects, rect{Class: plotClasses[i], X: x, Y: ground, W: plotColumn - 3, H: max(h-hair, hair/2)})
	}
}

// plotTop is the first of 2, 4, 6, 8, 10, 20, 40, ... that is not exceeded, so
// that its half is a round number too.
func plotTop(most int) int {
	for unit := 1; ; unit *= 10 {
		for _, step := range []int{2, 4, 6, 8, 10} {
			if most <= step*unit {
				return step * unit
			}
		}
	}
}

// dayBars is a bar for each of the days up to and with the last one. Days are
// those of UTC, as facts are counted by them.
func (v *visit) dayBars(last time.Time, days int, counts func(day time.Time) []int) []Bar {
	bars := make([]Bar, days)
	last = last.UTC().Truncate(24 * time.Hour)
	for i := range bars {
		day := last.AddDate(0, 0, i+1-days)
		bars[i] = Bar{Label: v.server.pages.Catalogue.Day(v.lang, day, time.UTC), Counts: counts(day)}
	}
	return bars
}
