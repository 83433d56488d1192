package main

import (
	"context"
	"fmt"
)

type userResetLinkCommand struct {
	Login string `arg:"" help:"Sign-in name."`
}

// Run prints the link, which is kept nowhere else.
func (c *userResetLinkCommand) Run(ctx context.Context, tty console, s *Settings) error {
	h, err := openSetUpHouse(ctx, s)
	if err != nil {
		return err
	}
	defer h.store.Close()
	token, err := h.service.NewResetLink(ctx, c.Login)
	if err != nil {
		return inWords(err)
	}
	fmt.Fprintf(tty.out, "%s://%s/reset/%s\n", h.scheme, h.host, token)
	return nil
}
