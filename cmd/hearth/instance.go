package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/rs/zerolog"

	"hearth/federation"
	"hearth/web"
)

type instanceCommand struct {
	List   instanceListCommand   `cmd:"" help:"List servers that we met."`
	Show   instanceShowCommand   `cmd:"" help:"Show what is known of one server."`
	Pause  instancePauseCommand  `cmd:"" help:"Send nothing to a server for a while; what is written waits."`
	Resume instanceResumeCommand `cmd:"" help:"Send to it again."`
	Retry  instanceRetryCommand  `cmd:"" help:"Try at once what waits for a server, and what it failed at in the last week."`
	Drop   instanceDropCommand   `cmd:"" help:"Give up the posts that wait for a server, for good."`
}

type instanceListCommand struct {
	Only string `enum:",talking,limited,refused,silent,waiting" default:"" help:"talking, limited, refused, silent or waiting."`
	With string `help:"Those with this in their name."`
	JSON bool   `name:"json" help:"One JSON object a line."`
}

// instanceLine is a server as --json prints it.
type instanceLine struct {
	laneLine
	Severity    string     `json:"severity"`
	Software    string     `json:"software"`
	Version     string     `json:"version"`
	FirstSeenAt *time.Time `json:"first_seen_at"`
	LastHeardAt *time.Time `json:"last_heard_at"`
}

func newInstanceLine(r federation.InstanceRow) instanceLine {
	return instanceLine{newLaneLine(r.LaneRow), r.Verdict.Severity, r.Software, r.Version, r.FirstSeenAt, r.LastHeardAt}
}

// instancesAtOnce is how many are read at once.
const instancesAtOnce = 100

// Run lists servers by name.
func (c *instanceListCommand) Run(ctx context.Context, tty console, s *Settings) error {
	h, err := openSetUpHouse(ctx, s)
	if err != nil {
		return err
	}
	defer h.store.Close()
	f := newFederation(h, zerolog.Nop(), nil)
	table := tabwriter.NewWriter(tty.out, 0, 0, 2, ' ', 0)
	print := func(l instanceLine) error {
		_, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s waiting\t%s\t%s\n", l.Host, l.Severity, l.State, waitingCount(l.Waiting), since(l.FailingSince), l.LastError)
		return err
	}
	if c.JSON {
		encoder := json.NewEncoder(tty.out)
		print = func(l instanceLine) error { return encoder.Encode(l) }
	}
	q := federation.InstanceQuery{With: federation.ASCIIDomain(strings.ToLower(c.With)), Filter: c.Only, Limit: instancesAtOnce}
	for first := true; first || q.After != ""; first = false {
		page, err := f.InstancesAsOperator(ctx, q)
		if err != nil {
			return err
		}
		for _, r := range page.Rows {
			if err := print(newInstanceLine(r)); err != nil {
				return err
			}
		}
		q.After = page.Next
	}
	return table.Flush()
}

type instanceShowCommand struct {
	Host string `arg:"" help:"The server, met or not."`
	JSON bool   `name:"json" help:"One JSON object."`
}

// instanceShown is a server as show prints it with --json.
type instanceShown struct {
	instanceLine
	Met      bool          `json:"met"`
	SetAside int           `json:"set_aside"`
	OldestAt *time.Time    `json:"oldest_at"`
	Why      []string      `json:"why"`
	Traffic  []trafficLine `json:"traffic"`
}

// trafficLine is what passed on a day.
type trafficLine struct {
	Day       string `json:"day"`
	Direction string `json:"direction"`
	Type      string `json:"type"`
	Outcome   string `json:"outcome"`
	Reason    string `json:"reason"`
	Count     int    `json:"count"`
}

// Run shows a server. One that was never met is no mistake: a decision may hold
// for it.
func (c *instanceShowCommand) Run(ctx context.Context, tty console, s *Settings) error {
	h, err := openSetUpHouse(ctx, s)
	if err != nil {
		return err
	}
	defer h.store.Close()
	view, err := newFederation(h, zerolog.Nop(), nil).InstanceAsOperator(ctx, federation.ASCIIDomain(c.Host))
	if err != nil {
		return inWords(err)
	}
	catalogue, err := web.NewCatalogue(false)
	if err != nil {
		return err
	}
	shown := instanceShown{instanceLine: newInstanceLine(view.InstanceRow), Met: view.Met, SetAside: view.SetAside, OldestAt: view.OldestAt, Why: catalogue.WhyLines(view.Why), Traffic: []trafficLine{}}
	for _, t := range view.Traffic {
		shown.Traffic = append(shown.Traffic, trafficLine(t))
	}
	if c.JSON {
		return json.NewEncoder(tty.out).Encode(shown)
	}
	return shown.print(tty)
}

func (i instanceShown) print(tty console) error {
	met := "never met"
	if i.Met {
		met = strings.TrimSpace("met " + i.Software + " " + i.Version)
	}
	came, went := 0, 0
	for _, t := range i.Traffic {
		if t.Direction == federation.Incoming {
			came += t.Count
		} else {
			went += t.Count
		}
	}
	_, err := fmt.Fprintf(tty.out, "%s: %s\n%s\n%s: %s waiting, %d set aside %s %s\nlast %d days: %d came, %d sent\n",
		i.Host, met, strings.Join(i.Why, "\n"), i.State, waitingCount(i.Waiting), i.SetAside, since(i.FailingSince), i.LastError, federation.TrafficDays, came, went)
	return err
}
