package web

import (
	"slices"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// groupLanguages are the languages that a group may say it speaks.
var groupLanguages = []string{
	"ar", "bg", "bn", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "ga", "gd", "gl", "gu",
	"he", "hi", "hr", "hu", "id", "is", "it", "ja", "kn", "ko", "lt", "lv", "mi", "ml", "mr", "nb", "nl", "pa", "pl", "pt",
	"ro", "ru", "sk", "sl", "so", "sq", "sr", "sv", "sw", "ta", "te", "th", "tl", "tr", "uk", "ur", "vi", "zh",
}

// ownNames are the names of languages that the tables of Unicode lack.
var ownNames = map[string]string{"mi": "Māori"}

// languageName is what a language calls itself, or its tag where that is not known.
func languageName(tag string) string {
	parsed, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	name := ownNames[tag]
	if name == "" {
		name = display.Self.Name(parsed)
	}
	if name == "" {
		return tag
	}
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

// groupLanguageChoices are groupLanguages as a select's options. They are named
// and put in order once: both cost more than the rest of the form.
var groupLanguageChoices = sync.OnceValue(func() []Choice { return languageChoices(groupLanguages) })

// groupLanguagesWith are the languages of groups with one of them chosen, which
// may be one that is not in the list.
func groupLanguagesWith(chosen string) []Choice {
	if chosen != "" && !slices.Contains(groupLanguages, chosen) {
		return choose(languageChoices(append([]string{chosen}, groupLanguages...)), chosen)
	}
	return choose(slices.Clone(groupLanguageChoices()), chosen)
}

// choose checks the one of choices that was chosen.
func choose(choices []Choice, chosen string) []Choice {
	for i := range choices {
		choices[i].Checked = choices[i].Value == chosen
	}
	return choices
}

// languageChoices are tags as a select's options, by the languages' own names
// in the order of Unicode, which knows no language above another: Čeština
// stands with the others in C.
func languageChoices(tags []string) []Choice {
	choices := make([]Choice, 0, len(tags))
	for _, tag := range tags {
		choices = append(choices, Choice{Value: tag, Label: languageName(tag)})
	}
	order := collate.New(language.Und)
	slices.SortFunc(choices, func(a, b Choice) int { return order.CompareString(a.Label, b.Label) })
	return choices
}
