package policy

// Band is a count that points at nobody: from one number to another, both in it.
// None is from 0 to 0.
type Band struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// smallest is what is never told apart: under it are all that are not none.
const smallest = 5

// BandOf is the band of a count: none, 1 to 4, then in steps of 1, 2 and 5: 5 to 9,
// 10 to 19, 20 to 49 and so on.
func BandOf(n int) Band {
	switch {
	case n <= 0:
		return Band{}
	case n < smallest:
		return Band{1, smallest - 1}
	}
	from := smallest
	for step := 0; ; step++ {
		to := from * 2
		if step%3 == 2 { // from 2 to 5
			to = from / 2 * 5
		}
		if n < to {
			return Band{from, to - 1}
		}
		from = to
	}
}

// IsNone says that there is not one.
func (b Band) IsNone() bool { return b.To == 0 }

// IsFew says that there are some, too few to be told apart.
func (b Band) IsFew() bool { return b.To == smallest-1 }
