package wire

import (
	"encoding/json"
	"slices"
	"strings"
)

// place is where an Event is, in one line: a Place's name and the parts of its
// address, be that a text or a PostalAddress (Mobilizon), or a text alone.
func place(raw json.RawMessage) string {
	all := oneOrMany(raw)
	if len(all) == 0 {
		return ""
	}
	f := members(all[0])
	if f == nil {
		return strings.TrimSpace(text(all[0]))
	}
	name, _ := f.localized("name", "")
	parts := []string{name, f.text("address")}
	address := members(f.get("address"))
	for _, part := range []string{"streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry"} {
		parts = append(parts, address.text(part))
	}
	var said []string
	for _, part := range parts {
		if part = strings.TrimSpace(part); part != "" && !slices.Contains(said, part) {
			said = append(said, part)
		}
	}
	return strings.Join(said, ", ")
}
