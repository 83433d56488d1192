package web

import (
	"slices"
	"testing"
)

func TestLanguagesCallThemselvesAndStandInOrder(t *testing.T) {
	var names []string
	for _, c := range groupLanguagesWith("en") {
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

func TestLanguageOutsideTheListIsOfferedWhereItIsChosen(t *testing.T) {
	chosen := func(c Choice) bool { return c.Value == "eo" && c.Label == "Esperanto" && c.Checked }
	if !slices.ContainsFunc(groupLanguagesWith("eo"), chosen) {
		t.Error("Esperanto is not offered, and chosen, to who writes in it")
	}
	if slices.ContainsFunc(groupLanguagesWith("de"), func(c Choice) bool { return c.Value == "eo" || c.Checked && c.Value != "de" }) {
		t.Error("what one form chose stands in the next")
	}
}

func TestLanguagesAreNamedAndSortedOnce(t *testing.T) {
	groupLanguagesWith("en")
	if got := testing.AllocsPerRun(10, func() { groupLanguagesWith("en") }); got > 5 {
		t.Errorf("a form's languages: got %v allocations, want one list", got)
	}
}
