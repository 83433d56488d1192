package main

import (
	"context"
	"fmt"
	"time"

	"hearth/community"
)

type userSuspendCommand struct {
	Login  string `arg:"" help:"Their sign-in name."`
	Reason string `required:"" help:"Why; they read it."`
	Until  string `help:"Until the end of this day, such as 2026-03-20; without it, until it is lifted."`
	Note   string `help:"A note for moderators."`
}

// Run suspends a person in the operator's name.
func (c *userSuspendCommand) Run(ctx context.Context, tty console, s *Settings) error {
	h, err := openSetUpHouse(ctx, s)
	if err != nil {
		return err
	}
	defer h.store.Close()
	site, err := h.service.Site(ctx)
	if err != nil {
		return err
	}
	m := community.Measure{Reason: c.Reason, Note: c.Note}
	if c.Until != "" {
		day, err := time.ParseInLocation(time.DateOnly, c.Until, site.Location())
		if err != nil {
			return wrongf("--until %q is not a day such as 2026-03-20", c.Until)
		}
		until := day.AddDate(0, 0, 1).Add(-time.Second)
		m.Until = &until
	}
	d, err := h.service.SuspendAsOperator(ctx, c.Login, m)
	if err != nil {
		return inWords(err)
	}
	fmt.Fprintf(tty.out, "suspended %s, decision %s\n", community.Fold(c.Login), d.ID)
	return nil
}

type userLiftCommand struct {
	Login  string `arg:"" help:"Their sign-in name."`
	Reason string `help:"A sentence to them."`
}

// Run ends what keeps a person from writing, in the operator's name.
func (c *userLiftCommand) Run(ctx context.Context, tty console, s *Settings) error {
	h, err := openSetUpHouse(ctx, s)
	if err != nil {
		return err
	}
	defer h.store.Close()
	if err := h.service.LiftAsOperator(ctx, c.Login, community.Measure{Reason: c.Reason}); err != nil {
		return inWords(err)
	}
	fmt.Fprintf(tty.out, "lifted %s\n", community.Fold(c.Login))
	return nil
}
