package community

import (
	"strconv"
	"strings"
	"time"
)

// Cursor is a place in a list that is ordered by a time and then by id. Items
// that are inserted while somebody pages move nothing past it.
type Cursor struct {
	At time.Time
	ID string
}

// IsZero says whether it is no place: the list is read from its beginning.
func (c Cursor) IsZero() bool { return c.ID == "" }

// isBefore says whether a place comes before another in a list from old to new.
func (c Cursor) isBefore(other Cursor) bool {
	return c.At.Before(other.At) || c.At.Equal(other.At) && c.ID < other.ID
}

// String is the cursor as an address carries it.
func (c Cursor) String() string {
	if c.IsZero() {
		return ""
	}
	return strconv.FormatInt(c.At.UnixMicro(), 36) + "-" + c.ID
}

// ParseCursor reads what String wrote; anything else is the zero Cursor.
func ParseCursor(s string) Cursor {
	at, id, ok := strings.Cut(s, "-")
	micros, err := strconv.ParseInt(at, 36, 64)
	if !ok || err != nil || !IsPostID(id) {
		return Cursor{}
	}
	return Cursor{At: time.UnixMicro(micros).UTC(), ID: id}
}

// Paging asks for one page of a list: what comes after a place, or before it.
// At most one of them is set; neither means the beginning.
type Paging struct {
	After, Before Cursor
	Limit         int
}

// Page is one page of a list, with the places to go on from; a zero one means
// that the list ends there.
type Page[T any] struct {
	Items        []T
	Newer, Older Cursor
}

// paged makes a Page of what a Store returned for a Paging of one more than
// fits. Stores return items in the list's order, whichever way was asked.
func paged[T any](items []T, ask Paging, place func(T) Cursor) Page[T] {
	size := ask.Limit - 1
	more := len(items) > size
	p := Page[T]{Items: items}
	switch {
	case !ask.Before.IsZero():
		if more {
			p.Items = items[len(items)-size:]
			p.Newer = place(p.Items[0])
		}
		if len(p.Items) > 0 {
			p.Older = place(p.Items[len(p.Items)-1])
		}
	default:
		if more {
			p.Items = items[:size]
			p.Older = place(p.Items[size-1])
		}
		if !ask.After.IsZero() && len(p.Items) > 0 {
			p.Newer = place(p.Items[0])
		}
	}
	return p
}

// IsPostID says whether s has the form of a post's id: 26 characters of base32hex.
func IsPostID(s string) bool {
	return len(s) == 26 && strings.Trim(s, "0123456789abcdefghijklmnopqrstuv") == ""
}
