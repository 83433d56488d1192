package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/rs/zerolog"

	"hearth/community"
	"hearth/federation"
)

type keysCommand struct {
	Rotate keysRotateCommand `cmd:"" help:"Sign with new keys from now on. Other servers are told within minutes, by a message under the old key, which holds for another day."`
}

type keysRotateCommand struct {
	Account  string `help:"The key of an account: the name that others see after the @."`
	Group    string `help:"The key of a group, by its name."`
	Instance bool   `help:"The key of this server itself, which signs what it fetches."`
	All      bool   `help:"Every key, as when somebody has seen the data folder."`
}

// Run rotates keys. A hearth that serves meanwhile signs with the new one within
// a minute; nothing has to be stopped.
func (c *keysRotateCommand) Run(ctx context.Context, tty console, s *Settings) error {
	if c.asked() != 1 {
		return wrongf("say which key: one of --account NAME, --group NAME, --instance and --all")
	}
	h, err := openSetUpHouse(ctx, s)
	if err != nil {
		return err
	}
	defer h.store.Close()
	f := newFederation(h, zerolog.Nop(), nil)
	if c.All {
		return c.rotateAll(ctx, tty, f)
	}
	what, err := c.rotateOne(ctx, h, f)
	if err != nil {
		return inWords(err)
	}
	fmt.Fprintf(tty.out, "%s signs with a new key; the old one holds for a day\n", what)
	return nil
}

// asked is how many keys were named.
func (c *keysRotateCommand) asked() (n int) {
	for _, named := range []bool{c.Account != "", c.Group != "", c.Instance, c.All} {
		if named {
			n++
		}
	}
	return n
}

func (c *keysRotateCommand) rotateAll(ctx context.Context, tty console, f *federation.Federation) error {
	done, err := f.RotateAll(ctx)
	fmt.Fprintf(tty.out, "%d new keys; %d were changed less than a day ago and left\n", done.Rotated, done.Left)
	return err
}

func (c *keysRotateCommand) rotateOne(ctx context.Context, h *house, f *federation.Federation) (what string, err error) {
	if c.Instance {
		return "this server", f.RotateInstanceKey(ctx)
	}
	actor, name, err := c.named(ctx, h)
	if errors.Is(err, community.NotFound) {
		return "", wrongf("there is no %s here", name)
	}
	if err != nil {
		return "", err
	}
	return name, f.RotateKey(ctx, actor.ID, actor.URI)
}

func (c *keysRotateCommand) named(ctx context.Context, h *house) (community.Actor, string, error) {
	if c.Group != "" {
		g, err := h.store.GroupByName(ctx, "", community.Fold(c.Group))
		return g.Actor, "group " + community.Fold(c.Group), err
	}
	a, err := h.store.AccountByName(ctx, "", community.Fold(c.Account))
	return a.Actor, "account " + community.Fold(c.Account), err
}
