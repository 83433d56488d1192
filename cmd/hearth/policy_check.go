package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"

	"hearth/community/policy"
	"hearth/federation/domainlist"
)

type policyCheckCommand struct {
	File string `arg:"" help:"The list; - for standard input."`
	JSON bool   `name:"json" help:"One JSON object."`
}

// checkedList is a list as --json prints it. Entries and severities are those of a
// list without problems; of any other nothing is taken.
type checkedList struct {
	Format       string         `json:"format"` // empty where it was not found out
	Entries      int            `json:"entries"`
	Severities   map[string]int `json:"severities"` // "unsaid" where the list does not say
	Groups       int            `json:"groups"`     // entries that are some group's
	Problems     []foundLine    `json:"problems"`
	MoreProblems int            `json:"more_problems"`
	Remarks      []foundLine    `json:"remarks"`
	MoreRemarks  int            `json:"more_remarks"`
}

// foundLine is a problem or a remark. Entry counts the objects of JSON.
type foundLine struct {
	Line       int    `json:"line,omitempty"`
	Entry      int    `json:"entry,omitempty"`
	Kind       string `json:"kind"`
	OtherLine  int    `json:"other_line,omitempty"`
	OtherEntry int    `json:"other_entry,omitempty"`
	Text       string `json:"text,omitempty"`
	Sentence   string `json:"sentence"`
}

// Run reads a list and says what it says, and what is wrong with it. It needs no
// hearth, and changes none.
func (c *policyCheckCommand) Run(_ context.Context, tty console) error {
	in, err := c.open(tty)
	if err != nil {
		return err
	}
	defer in.Close()
	checked, err := checkList(in)
	if err != nil {
		return fmt.Errorf("reading %s: %w", c.File, rootCause(err))
	}
	if err := c.print(tty.out, checked); err != nil {
		return err
	}
	if n := len(checked.Problems) + checked.MoreProblems; n > 0 {
		return fmt.Errorf("nothing of this list can be taken: %s", counted(n, "problem"))
	}
	return nil
}

func (c *policyCheckCommand) open(tty console) (io.ReadCloser, error) {
	if c.File == "-" {
		return io.NopCloser(tty.in), nil
	}
	f, err := os.Open(c.File)
	if err != nil {
		return nil, wrongf("%s cannot be read: %v", c.File, rootCause(err))
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, wrongf("%s is a folder", c.File)
	}
	return f, nil
}

// checkList is what a list says, or its problems. An error is the reader's.
func checkList(in io.Reader) (checkedList, error) {
	l, err := domainlist.Parse(in, domainlist.Limits{})
	checked := checkedList{
		Format: string(l.Format), Entries: len(l.Entries), Severities: map[string]int{}, Problems: []foundLine{},
		Remarks: foundLines(l.Remarks), MoreRemarks: l.Remarks.More(),
	}
	for _, e := range l.Entries {
		checked.Severities[cmp.Or(e.Severity, unsaid)]++
		if e.Group != "" {
			checked.Groups++
		}
	}
	var wrong *domainlist.Error
	switch {
	case errors.As(err, &wrong):
		checked.Format = string(wrong.Format)
		checked.Problems, checked.MoreProblems = foundLines(wrong.Problems), wrong.Problems.More()
	case err != nil:
		return checkedList{}, err
	}
	return checked, nil
}

func foundLines(found domainlist.Findings) []foundLine {
	lines := []foundLine{}
	for _, f := range found.First {
		lines = append(lines, foundLine{f.At.Line, f.At.Entry, string(f.Kind), f.Other.Line, f.Other.Entry, f.Text, foundWords(f)})
	}
	return lines
}

func (c *policyCheckCommand) print(out io.Writer, checked checkedList) error {
	if c.JSON {
		return json.NewEncoder(out).Encode(checked)
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	if checked.Format != "" {
		fmt.Fprintf(table, "form\t%s\n", formWords[domainlist.Format(checked.Format)])
	}
	if len(checked.Problems) == 0 {
		printEntries(table, checked)
	}
	printFound(table, checked.Problems, checked.MoreProblems, "problem")
	printFound(table, checked.Remarks, checked.MoreRemarks, "remark")
	return table.Flush()
}

// unsaid stands for the severity of an entry that has none.
const unsaid = "unsaid"

func printEntries(out io.Writer, checked checkedList) {
	fmt.Fprintf(out, "entries\t%d\n", checked.Entries)
	for _, severity := range slices.Backward(append([]string{unsaid}, policy.Severities[:]...)) {
		if n := checked.Severities[severity]; n > 0 {
			fmt.Fprintf(out, "  %s\t%d\n", severity, n)
		}
	}
	if checked.Groups > 0 {
		fmt.Fprintf(out, "of groups\t%d\n", checked.Groups)
	}
}

func printFound(out io.Writer, lines []foundLine, more int, what string) {
	for _, l := range lines {
		fmt.Fprintf(out, "%s\t%s\n", what, l.Sentence)
	}
	if more > 0 {
		fmt.Fprintf(out, "\tand %s more\n", counted(more, what))
	}
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
