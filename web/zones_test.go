package web

import (
	"testing"
	"time"
	_ "time/tzdata"
)

func TestEveryOfferedZoneExists(t *testing.T) {
	for _, zone := range zones {
		if _, err := time.LoadLocation(zone); err != nil {
			t.Errorf("%s: %v", zone, err)
		}
	}
}

func TestAZoneThatIsNotOfferedStaysOnItsOwnersList(t *testing.T) {
	choices := zoneChoices("Indian/Maldives", Choice{Label: "as the place"})
	last := choices[len(choices)-1]
	if last.Value != "Indian/Maldives" || !last.Checked || last.Label != "Indian / Maldives" {
		t.Errorf("got %+v, want Indian/Maldives, chosen", last)
	}
	if len(choices) != len(zones)+2 {
		t.Errorf("got %d choices, want %d", len(choices), len(zones)+2)
	}
}
