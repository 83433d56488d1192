package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/rs/zerolog"

	"hearth/community"
	"hearth/federation"
)

type lanesCommand struct {
	List   lanesListCommand   `cmd:"" help:"List servers where something waits, fails or is paused."`
	Pause  lanesPauseCommand  `cmd:"" help:"Send nothing to a server for a while; what is written waits."`
	Resume lanesResumeCommand `cmd:"" help:"Send to it again."`
	Try    lanesTryCommand    `cmd:"" help:"Try at once what waits for a server that fails."`
}

type lanesListCommand struct {
	All  bool `help:"Every server that is sent to."`
	JSON bool `name:"json" help:"One JSON object a line."`
}

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

// lanesAtOnce is how many are read at once.
const lanesAtOnce = 100

// Run lists servers by name.
func (c *lanesListCommand) Run(ctx context.Context, tty console, s *Settings) error {
	h, err := openSetUpHouse(ctx, s)
	if err != nil {
		return err
	}
	defer h.store.Close()
	f := newFederation(h, zerolog.Nop(), nil)
	table := tabwriter.NewWriter(tty.out, 0, 0, 2, ' ', 0)
	print := func(l laneLine) error {
		_, err := fmt.Fprintf(table, "%s\t%s\t%s waiting\t%s\t%s\n", l.Host, l.State, waitingCount(l.Waiting), since(l.FailingSince), l.LastError)
		return err
	}
	if c.JSON {
		encoder := json.NewEncoder(tty.out)
		print = func(l laneLine) error { return encoder.Encode(l) }
	}
	for after, first := "", true; first || after != ""; first = false {
		page, err := f.LanesAsOperator(ctx, federation.LaneQuery{After: after, Busy: !c.All, Limit: lanesAtOnce})
		if err != nil {
			return err
		}
		for _, l := range page.Lanes {
			if err := print(newLaneLine(l)); err != nil {
				return err
			}
		}
		after = page.Next
	}
	return table.Flush()
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

type lanesPauseCommand struct {
	Host string `arg:"" help:"The server, such as elm.example, with its port where it is unusual."`
}

// Run pauses a server in the operator's name.
func (c *lanesPauseCommand) Run(ctx context.Context, tty console, s *Settings) error {
	return aboutLane(ctx, tty, s, c.Host, "paused", func(h *house, host string) error { return h.service.PauseServerAsOperator(ctx, host) })
}

type lanesResumeCommand struct {
	Host string `arg:"" help:"The server."`
}

// Run sends again. A hearth that serves meanwhile begins within seconds.
func (c *lanesResumeCommand) Run(ctx context.Context, tty console, s *Settings) error {
	return aboutLane(ctx, tty, s, c.Host, "resumed", func(h *house, host string) error { return h.service.ResumeServerAsOperator(ctx, host) })
}

type lanesTryCommand struct {
	Host string `arg:"" help:"The server."`
}

// Run has a hearth that serves meanwhile try within seconds.
func (c *lanesTryCommand) Run(ctx context.Context, tty console, s *Settings) error {
	return aboutLane(ctx, tty, s, c.Host, "trying", func(h *house, host string) error {
		return newFederation(h, zerolog.Nop(), nil).TryLaneAsOperator(ctx, host)
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
