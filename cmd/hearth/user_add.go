package main

import (
	"context"
	"fmt"

	"hearth/community"
)

type userAddCommand struct {
	Login      string `arg:"" help:"Sign-in name; no other member sees it."`
	PublicName string `required:"" help:"Name that others see."`
	Password   string `help:"Without it, read from standard input."`
	Role       string `default:"member" enum:"member,moderator,admin" help:"member, moderator or admin."`
}

// Run adds a person who may sign in at once.
func (c *userAddCommand) Run(ctx context.Context, tty console, s *Settings) error {
	password, err := passwordFrom(c.Password, tty.in)
	if err != nil {
		return err
	}
	h, err := openSetUpHouse(ctx, s)
	if err != nil {
		return err
	}
	defer h.store.Close()
	if _, err := h.service.AddUser(ctx, c.Login, c.PublicName, password, c.Role); err != nil {
		return inWords(err)
	}
	fmt.Fprintf(tty.out, "added %s\n", community.Fold(c.Login))
	return nil
}
