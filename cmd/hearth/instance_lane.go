package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/rs/zerolog"

	"hearth/community"
	"hearth/federation"
)

// laneLine is a server as --json prints it.
type laneLine struct {
	Host         string     `json:"host"`
	State        string     `json:"state"` // paused, dead, failing, waiting or well
	Waiting      int        `json:"waiting"`
	FailingSince *time.Time `json:"failing_since"`
	LastError    string     `json:"last_error"`
	NextAt       *time.Time `json:"next_at"`
	PausedBy     string     `json:"paused_by"`
}

func newLaneLine(l federation.LaneRow) laneLine {
	line := laneLine{Host: l.Host, State: "well", Waiting: l.Waiting, FailingSince: l.FailingSince, LastError: l.LastError, NextAt: l.NextAt}
	switch {
	case l.IsPaused():
		line.State, line.PausedBy = "paused", l.PausedAs
		if *l.PausedBy == community.OperatorName {
			line.PausedBy = community.OperatorName
		}
	case l.IsDead():
		line.State = "dead"
	case l.FailingSince != nil:
		line.State = "failing"
	case l.Waiting > 0:
		line.State = "waiting"
	}
	return line
}

func waitingCount(n int) string {
	if n >= federation.WaitingMost {
		return strconv.Itoa(n) + " or more"
	}
	return strconv.Itoa(n)
}

func since(t *time.Time) string {
	if t == nil {
		return ""
	}
	return "failing since " + t.UTC().Format(time.RFC3339)
}

type instancePauseCommand struct {
	Host string `arg:"" help:"The server, such as elm.example, with its port where it is unusual."`
}

// Run pauses a server in the operator's name.
func (c *instancePauseCommand) Run(ctx context.Context, tty console, s *Settings) error {
	return aboutLane(ctx, tty, s, c.Host, "paused", func(h *house, host string) error { return h.service.PauseServerAsOperator(ctx, host) })
}

type instanceResumeCommand struct {
	Host string `arg:"" help:"The server."`
}

// Run sends again. A hearth that serves meanwhile begins within seconds.
func (c *instanceResumeCommand) Run(ctx context.Context, tty console, s *Settings) error {
	return aboutLane(ctx, tty, s, c.Host, "resumed", func(h *house, host string) error { return h.service.ResumeServerAsOperator(ctx, host) })
}

type instanceRetryCommand struct {
	Host string `arg:"" help:"The server."`
}

// Run has a hearth that serves meanwhile try within seconds.
func (c *instanceRetryCommand) Run(ctx context.Context, tty console, s *Settings) error {
	return aboutLane(ctx, tty, s, c.Host, "trying", func(h *house, host string) error {
		return newFederation(h, zerolog.Nop(), nil).TryLaneAsOperator(ctx, host)
	})
}

type instanceDropCommand struct {
	Host string `arg:"" help:"The server."`
}

// Run gives up what waits for a server, for good.
func (c *instanceDropCommand) Run(ctx context.Context, tty console, s *Settings) error {
	return aboutLane(ctx, tty, s, c.Host, "dropped what waited for", func(h *house, host string) error {
		_, err := h.service.DropWaitingAsOperator(ctx, host)
		return err
	})
}

func aboutLane(ctx context.Context, tty console, s *Settings, host, done string, do func(h *house, host string) error) error {
	h, err := openSetUpHouse(ctx, s)
	if err != nil {
		return err
	}
	defer h.store.Close()
	host = federation.ASCIIDomain(host)
	if err := do(h, host); err != nil {
		return inWords(err)
	}
	host, _ = community.FoldDomain(host) // or it would not have been done
	_, err = fmt.Fprintf(tty.out, "%s %s\n", done, host)
	return err
}
