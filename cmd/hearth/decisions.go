package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"

	"hearth/community"
)

type decisionsCommand struct {
	Verify decisionsVerifyCommand `cmd:"" help:"Check that no decision was changed or taken out after it was written."`
}

type decisionsVerifyCommand struct{}

// errBroken ends a check that found something: exit status 1.
var errBroken = errors.New("the record of decisions was changed after it was written")

// Run checks the record of every place. What was cut off at the end of a record
// cannot be told from it: the number of entries is printed, to compare.
func (c *decisionsVerifyCommand) Run(ctx context.Context, tty console, s *Settings) error {
	h, err := openSetUpHouse(ctx, s)
	if err != nil {
		return err
	}
	defer h.store.Close()
	checks, err := h.service.VerifyRecords(ctx)
	if err != nil {
		return err
	}
	table, broken := tabwriter.NewWriter(tty.out, 0, 0, 2, ' ', 0), false
	for _, check := range checks {
		fmt.Fprintf(table, "%s\t%d entries\t%d redacted\t%d broken\n", placeOf(check), check.Entries, check.Erased, len(check.Broken))
		for _, b := range check.Broken {
			fmt.Fprintf(table, "\tentry %d\t%s\t\n", b.Seq, b.Fit)
			broken = true
		}
	}
	if err := table.Flush(); err != nil || !broken {
		return err
	}
	return errBroken
}

// placeOf names whose record it is: a group by its id.
func placeOf(check community.RecordCheck) string {
	if check.Scope == "" {
		return "instance"
	}
	return check.Scope
}
