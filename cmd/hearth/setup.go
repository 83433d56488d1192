package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"hearth/community"
	"hearth/web"
)

type setupCommand struct {
	Login        string `required:"" help:"Sign-in name of the first admin."`
	PublicName   string `required:"" help:"Name that others see."`
	Password     string `help:"Their password; without it, read from standard input."`
	Name         string `required:"" help:"What the place is called."`
	Purpose      string `required:"" help:"What it is for, in a sentence or two."`
	Rules        string `help:"Rules of the place, one a line."`
	Contact      string `required:"" help:"An e-mail address or an https:// page, shown to everybody."`
	MinimumAge   int    `default:"18" help:"Minimum age."`
	Registration string `default:"approval" help:"approval, invitation, open or closed."`
	FrontDoor    string `default:"chosen" help:"closed (only this server), chosen (servers we choose) or open (everyone except those we refuse)."`
	Country      string `default:"GB" help:"Whose help lines come first."`
	Zone         string `default:"UTC" help:"Time zone, such as Europe/London."`
}

// Run sets up the hearth as its first page would; of wrong answers nothing is left.
func (c *setupCommand) Run(ctx context.Context, tty console, s *Settings) error {
	password, err := passwordFrom(c.Password, tty.in)
	if err != nil {
		return err
	}
	fallback, err := net.ResolveTCPAddr("tcp", s.Listen)
	if err != nil {
		return wrongf("--listen %q is not an address", s.Listen)
	}
	answers := community.Setup{
		Newcomer: community.Newcomer{Login: c.Login, PublicName: c.PublicName, Password: password, Advised: c.PublicName},
		Name:     c.Name, Purpose: c.Purpose, Rules: c.Rules, Contact: c.Contact,
		MinimumAge: c.MinimumAge, Registration: c.Registration, FrontDoor: c.FrontDoor, Country: c.Country, Zone: c.Zone,
	}
	if err := answers.Check(); err != nil {
		return inWords(err)
	}
	h, err := openHouse(ctx, s, localhost(fallback))
	if err != nil {
		return err
	}
	defer h.store.Close()
	if _, err := h.service.SetUp(ctx, h.scheme, h.host, answers); err != nil {
		return inWords(err)
	}
	fmt.Fprintf(tty.out, "Hearth is set up at %s://%s\n", h.scheme, h.host)
	return nil
}

// passwordFrom is the flag, or the first line of the input.
func passwordFrom(flag string, in io.Reader) (string, error) {
	if flag != "" {
		return flag, nil
	}
	line, err := bufio.NewReader(io.LimitReader(in, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", wrongf("give a password with --password, HEARTH_PASSWORD or on standard input")
	}
	return line, nil
}

// inWords makes an error of the community one sentence in English, and wrong
// input of what can be corrected.
func inWords(err error) error {
	var e *community.Error
	if !errors.As(err, &e) {
		return err
	}
	catalogue, catalogueErr := web.NewCatalogue(false)
	if catalogueErr != nil {
		return errors.Join(err, catalogueErr)
	}
	if len(e.Fields) == 0 {
		return wrongf("%s", catalogue.T("en", e.Key, e.Args))
	}
	var parts []string
	for _, f := range e.Fields {
		parts = append(parts, "--"+strings.ReplaceAll(f.Field, "_", "-")+": "+catalogue.T("en", f.Key, f.Args))
	}
	return wrongf("%s", strings.Join(parts, " "))
}
