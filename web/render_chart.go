package web

// plot is a Chart laid out in a box of any width and plotHeight.
type plot struct {
	Width  int
	Height int
	Ticks  []int // from the top
	Rects  []rect
	From   string // the first bar's label
	To     string // the last one's
}

type rect struct {
	Class string
	X, Y  float64
	W, H  float64
}

const (
	plotHeight = 100
	plotColumn = 10
)

// Plot lays the bars out; nil where there is nothing to draw.
func (c Chart) Plot() *plot {
	if len(c.Bars) == 0 {
		return nil
	}
	top := c.top()
	p := &plot{
		Width: plotColumn * len(c.Bars), Height: plotHeight, Ticks: []int{top, top / 2, 0},
		From: c.Bars[0].Label, To: c.Bars[len(c.Bars)-1].Label,
	}
	for i, b := range c.Bars {
		first, second := p.column(i, b, float64(plotHeight)/float64(top))
		p.Rects = append(p.Rects, first, second)
	}
	return p
}

// column is the two rectangles of a bar, with a hair between them.
func (p *plot) column(i int, b Bar, scale float64) (first, second rect) {
	x, hair := float64(plotColumn*i)+1.5, 0.0
	if b.First > 0 && b.Second > 0 {
		hair = 1
	}
	h := float64(b.First) * scale
	first = rect{Class: "a", X: x, Y: plotHeight - h, W: plotColumn - 3, H: h}
	above := max(float64(b.Second)*scale-hair, 0)
	second = rect{Class: "b", X: x, Y: plotHeight - h - hair - above, W: plotColumn - 3, H: above}
	return first, second
}

// top is the first of 2, 4, 6, 8, 10, 20, 40, ... that no bar exceeds, so that
// its half is a round number too.
func (c Chart) top() int {
	highest := 0
	for _, b := range c.Bars {
		highest = max(highest, b.First+b.Second)
	}
	for unit := 1; ; unit *= 10 {
		for _, step := range []int{2, 4, 6, 8, 10} {
			if highest <= step*unit {
				return step * unit
			}
		}
	}
}
