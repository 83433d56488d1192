package web

import (
	"slices"
	"testing"
)

func TestLanguagesCallThemselvesAndStandInOrder(t *testing.T) {
	var names []string
	for _, c := range languageChoices(groupLanguages, "en") {
		if c.Label == c.Value {
			t.Errorf("%s has no name of its own", c.Value)
		}
		if c.Checked != (c.Value == "en") {
			t.Errorf("%s is chosen: %v", c.Value, c.Checked)
		}
		names = append(names, c.Label)
	}
	want := []string{"Català", "Čeština", "Cymraeg", "Dansk"}
	if got := names[:len(want)]; !slices.Equal(got, want) {
		t.Errorf("got %v first, want %v", got, want)
	}
	if !slices.Contains(names, "Māori") {
		t.Error("Māori is not in the list")
	}
}
