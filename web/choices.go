package web

import (
	"slices"

	"hearth/community"
)

// options are radio buttons for a field whose values are words of the
// community. Their sentences stand in the catalogue under key.value, what each
// means under key.value_hint, the question under key.legend.
func (v *visit) options(field, key, chosen string, problems Problems, values ...string) Choices {
	c := Choices{Name: field, Legend: v.t(key + ".legend"), Error: problems.For(field)}
	for _, value := range values {
		c.Options = append(c.Options, Choice{
			Value: value, Label: v.t(key + "." + value), Hint: v.t(key + "." + value + "_hint"), Checked: value == chosen,
		})
	}
	return c
}

// countries are the countries that have help lines, as a select's options.
func (v *visit) countries(chosen string) []Choice {
	var choices []Choice
	for _, code := range community.HelpCountries() {
		choices = append(choices, Choice{Value: code, Label: v.t("country." + code), Checked: code == chosen})
	}
	slices.SortFunc(choices, func(a, b Choice) int {
		if a.Label < b.Label {
			return -1
		}
		return 1
	})
	return choices
}
