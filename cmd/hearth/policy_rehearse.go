package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"hearth/community"
	"hearth/community/policy"
)

type policyRehearseCommand struct{ policyPreviewCommand }

// Run says what a decision would have made of what passed, and does nothing.
func (c *policyRehearseCommand) Run(ctx context.Context, tty console, s *Settings) error {
	proposal, h, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer h.store.Close()
	rehearsal, err := h.service.RehearsePoliciesAsOperator(ctx, proposal)
	if err != nil {
		return inWords(err)
	}
	if c.JSON {
		return json.NewEncoder(tty.out).Encode(rehearsalLineOf(rehearsal))
	}
	return printRehearsal(tty.out, rehearsal)
}

// rehearsalLine is a rehearsal as --json prints it. Each count is by effect.
type rehearsalLine struct {
	Days       []rehearsalDay   `json:"days"`
	Kinds      []rehearsalKind  `json:"kinds"`
	Groups     []rehearsalGroup `json:"groups"`
	MoreGroups bool             `json:"more_groups"`
	AtLeast    bool             `json:"at_least"`
}

type rehearsalDay struct {
	Day   string         `json:"day"`
	Words map[string]int `json:"words"`
	Sent  map[string]int `json:"sent"`
}

type rehearsalKind struct {
	Kind   string                 `json:"kind"`
	Counts map[string]policy.Band `json:"counts"`
}

type rehearsalGroup struct {
	Title  string                 `json:"title"`
	Domain string                 `json:"domain"`
	Counts map[string]policy.Band `json:"counts"`
}

// effectNames are what --json calls the effects, effectWords what people read of what
// came and of what was sent, by effect.
var (
	effectNames = [policy.Effects]string{"stays", "let_in", "waits", "barred"}
	effectWords = [policy.Effects]string{"would still have passed", "would have been let in", "would have waited for a moderator", "would have been refused"}
	sentWords   = [policy.Effects]string{"would still have gone", "would have gone", "would have waited", "would not have been delivered"}
	kindWords   = map[policy.FactKind]string{
		policy.FactWords: "posts from there", policy.FactFollow: "follows from there", policy.FactReport: "reports from there", policy.FactOther: "other messages from there",
		policy.FactUnread: "messages turned away unread, whoever sent them", policy.FactDelivery: "messages sent there",
	}
)

func byEffect[T any](counts [policy.Effects]T) map[string]T {
	named := map[string]T{}
	for effect, n := range counts {
		named[effectNames[effect]] = n
	}
	return named
}

func rehearsalLineOf(r community.PolicyRehearsal) rehearsalLine {
	line := rehearsalLine{Kinds: []rehearsalKind{}, Groups: []rehearsalGroup{}, MoreGroups: r.Others, AtLeast: r.AtLeast}
	for _, d := range r.Days {
		line.Days = append(line.Days, rehearsalDay{d.Day, byEffect(d.Words), byEffect(d.Sent)})
	}
	for _, k := range r.Kinds {
		line.Kinds = append(line.Kinds, rehearsalKind{string(k.Kind), byEffect(k.Counts)})
	}
	for _, g := range r.Groups {
		line.Groups = append(line.Groups, rehearsalGroup{g.Title, g.Domain, byEffect(g.Counts)})
	}
	return line
}

// printRehearsal says what would have become of each kind of message, of each day on
// which anything would have fared otherwise, and of each group.
func printRehearsal(out io.Writer, r community.PolicyRehearsal) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	if len(r.Kinds) == 0 {
		fmt.Fprintf(table, "nothing passed in %d days that this would have changed\n", len(r.Days))
	}
	for _, k := range r.Kinds {
		words := effectWords
		if k.Kind == policy.FactDelivery {
			words = sentWords
		}
		fmt.Fprintf(table, "%s\t%s\n", kindWords[k.Kind], countWords(k.Counts, words))
	}
	for _, d := range r.Days {
		if d.Words.Changed()+d.Sent.Changed() > 0 {
			fmt.Fprintf(table, "%s\t%d of %d posts, %d of %d sent would have fared otherwise\n", d.Day, d.Words.Changed(), d.Words.All(), d.Sent.Changed(), d.Sent.All())
		}
	}
	for _, g := range r.Groups {
		fmt.Fprintf(table, "in %q\t%s\n", g.Title, countWords(g.Counts, effectWords))
	}
	if r.Others {
		fmt.Fprintln(table, "in other groups\ttoo")
	}
	if r.AtLeast {
		fmt.Fprintln(table, "at least: who is refused is turned away unread, and nobody knows of what more there was")
	}
	return table.Flush()
}

func countWords(counts [policy.Effects]policy.Band, words [policy.Effects]string) string {
	var said []string
	for effect, band := range counts {
		if !band.IsNone() {
			said = append(said, bandWords(band)+" "+words[effect])
		}
	}
	return strings.Join(said, ", ")
}
