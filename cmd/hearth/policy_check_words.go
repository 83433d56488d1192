package main

import (
	"fmt"
	"strconv"
	"strings"

	"hearth/federation/domainlist"
)

// formWords name the forms of lists.
var formWords = map[domainlist.Format]string{
	domainlist.MastodonCSV:    "CSV as Mastodon exports it",
	domainlist.CSV:            "CSV as FediBlockHole writes it",
	domainlist.HearthCSV:      "CSV of a hearth, with all that it knows",
	domainlist.MastodonJSON:   "JSON as Mastodon's API has it",
	domainlist.GoToSocialJSON: "JSON as GoToSocial exports it",
	domainlist.Plain:          "one domain a line",
}

// problemWords say what is wrong with a list, or odd. %q is what stands there, where
// the words have it.
var problemWords = map[domainlist.Kind]string{
	domainlist.Empty:       "there is nothing in it",
	domainlist.NoEntries:   "it names no server that could be taken",
	domainlist.TooLarge:    fmt.Sprintf("it is larger than %d MiB", domainlist.DefaultBytes>>20),
	domainlist.TooMany:     fmt.Sprintf("it has more than %d entries", domainlist.DefaultEntries),
	domainlist.HTML:        "this is a web page, not a list",
	domainlist.Binary:      "this is not text",
	domainlist.UTF16:       "this is text in UTF-16: save it as UTF-8",
	domainlist.NotUTF8:     "there are letters that are not UTF-8: save it as UTF-8",
	domainlist.NotAList:    "this JSON is an object where a list, in square brackets, should be: %q",
	domainlist.BadJSON:     "the JSON ends or goes on where it may not: it may have been cut off",
	domainlist.NoName:      "a column has no name",
	domainlist.SameColumn:  "two columns are for the same thing: %q",
	domainlist.ManyColumns: "there are more than 64 columns",

	domainlist.BareQuote:   "a cell has a quotation mark in it, and does not begin with one",
	domainlist.AfterQuote:  "something follows the quotation mark that closes a cell",
	domainlist.OpenQuote:   "the quotation mark that opens a cell is never closed",
	domainlist.CellCount:   "the row has more or fewer cells than the first has names: %q",
	domainlist.NoHeader:    "there are several cells, and the first line does not name a column \"domain\": %q",
	domainlist.Separator:   "cells are parted by semicolons or tabs: save it with commas: %q",
	domainlist.NoDomain:    "no domain is named",
	domainlist.NotADomain:  "this is not the name of a server: %q",
	domainlist.NotAServer:  "this is somebody or something on a server, and not a server: %q",
	domainlist.Everybody:   "a lone star would be every server: choose the front door instead",
	domainlist.BadSeverity: "no severity is called %q",
	domainlist.BadFlag:     "neither true nor false: %q",
	domainlist.BadText:     "what stands under %q is not of the right kind",
	domainlist.BadEntry:    "this is not a JSON object",
	domainlist.SameMember:  "%q is said twice, or there are too many names",
	domainlist.TwoMinds:    "the severity is one, and by its times %q has another",
	domainlist.Conflict:    "%q is named again and should be treated in another way than",

	domainlist.Repeated:   "%q is named again, the same as",
	domainlist.OtherWords: "%q is named again with other words, which are left out; see",
	domainlist.Starred:    "%q is not a whole name and is left out",
}

// foundWords is a finding as a sentence that begins with where it is.
func foundWords(f domainlist.Finding) string {
	words := strings.Replace(problemWords[f.Kind], "%q", strconv.Quote(f.Text), 1)
	if f.Other != (domainlist.Place{}) {
		words += " " + placeWords(f.Other)
	}
	if f.At == (domainlist.Place{}) {
		return words
	}
	return placeWords(f.At) + ": " + words
}

func placeWords(p domainlist.Place) string {
	if p.Entry > 0 {
		return fmt.Sprintf("entry %d, line %d", p.Entry, p.Line)
	}
	return fmt.Sprintf("line %d", p.Line)
}
