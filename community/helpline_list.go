package community

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed helplines.json
var helpLinesJSON []byte

// The rows travel inside the binary, so a file that does not parse is a mistake
// of whoever built it; the tests read the same file through ParseHelpLines.
var parsedHelpLines = sync.OnceValue(func() []HelpLine {
	lines, err := ParseHelpLines(helpLinesJSON)
	if err != nil {
		panic(err)
	}
	return lines
})

// ParseHelpLines reads rows in the form of helplines.json and sorts them by
// country and order. A field it does not know is an error, because a misspelt
// "call" would otherwise be a line nobody can reach. It does not judge the rows:
// that is ValidateHelpLines.
func ParseHelpLines(data []byte) ([]HelpLine, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var lines []HelpLine
	if err := decoder.Decode(&lines); err != nil {
		return nil, fmt.Errorf("community: help lines: %w", err)
	}
	if decoder.More() {
		return nil, errors.New("community: help lines: something follows the list")
	}
	slices.SortStableFunc(lines, func(a, b HelpLine) int {
		return cmp.Or(cmp.Compare(a.Country, b.Country), cmp.Compare(a.Order, b.Order))
	})
	return lines, nil
}

// HelpLines returns every row this server carries, by country and order. The
// slice is the caller's own; Languages within it are shared and only for reading.
func HelpLines() []HelpLine { return slices.Clone(parsedHelpLines()) }

// HelpLinesFor returns the rows of a country in order, emergencies first, and
// none for a country this server has no rows for. The code may be in either case.
func HelpLinesFor(country string) []HelpLine {
	var lines []HelpLine
	for _, line := range parsedHelpLines() {
		if strings.EqualFold(line.Country, country) {
			lines = append(lines, line)
		}
	}
	return lines
}

// HelpCountries returns the codes of the countries that have rows, in order of code.
func HelpCountries() []string {
	var countries []string
	for _, line := range parsedHelpLines() {
		countries = append(countries, line.Country)
	}
	return slices.Compact(countries)
}

// StripLine is the line named in the strip at the top of every page: the first
// crisis line of the country. It is the zero HelpLine, with an empty ID, for a
// country without rows; the strip then only leads to the help page.
func StripLine(country string) HelpLine {
	return firstCrisisLine(HelpLinesFor(country))
}

func firstCrisisLine(ordered []HelpLine) HelpLine {
	for _, line := range ordered {
		if line.Crisis {
			return line
		}
	}
	return HelpLine{}
}
