package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation"
)

type policyPreviewCommand struct {
	Domain string `arg:"" optional:"" help:"The server, such as elm.example; it holds for all below it."`
	policyVerdict
	Severity string `help:"What is to hold for it: allow, watch, limit, hold or suspend."`
	Lift     bool   `help:"Take back what was decided about it."`
	Door     string `help:"Whom to talk to where nothing was decided: closed, chosen or open."`
	JSON     bool   `name:"json" help:"One JSON object."`
}

// policyVerdict is what is said of a server beside the severity.
type policyVerdict struct {
	NoNewFollows  bool   `help:"Nobody begins to follow a group, either way."`
	RejectMedia   bool   `help:"Leave links to pictures and files out of what people there write."`
	RejectReports bool   `help:"Put no reports from there before moderators."`
	Reason        string `help:"Why, for everybody to read."`
	Note          string `help:"A note for admins."`
}

func (c policyVerdict) draft(domain, severity string) community.PolicyDraft {
	return community.PolicyDraft{
		Domain: federation.ASCIIDomain(domain), Severity: severity, NoNewFollows: c.NoNewFollows, RejectMedia: c.RejectMedia,
		RejectReports: c.RejectReports, PublicReason: c.Reason, PrivateNote: c.Note,
	}
}

// Run says what a decision would do, and does nothing.
func (c *policyPreviewCommand) Run(ctx context.Context, tty console, s *Settings) error {
	proposal, h, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer h.store.Close()
	preview, err := h.service.PreviewPoliciesAsOperator(ctx, proposal)
	if err != nil {
		return inWords(err)
	}
	if c.JSON {
		return json.NewEncoder(tty.out).Encode(previewLineOf(preview))
	}
	return printPreview(tty.out, preview)
}

// open is what is looked at, and the house it is about, for whoever closes its store.
func (c *policyPreviewCommand) open(ctx context.Context, s *Settings) (community.PolicyProposal, *house, error) {
	proposal, err := c.proposal()
	if err != nil {
		return proposal, nil, err
	}
	h, err := openSetUpHouse(ctx, s)
	return proposal, h, err
}

func (c *policyPreviewCommand) proposal() (p community.PolicyProposal, err error) {
	p.Door = c.Door
	switch {
	case c.Domain == "" && (c.Severity != "" || c.Lift || c.policyVerdict != policyVerdict{}):
		return p, wrongf("name the server that this is about")
	case c.Domain == "" && c.Door == "":
		return p, wrongf("name a server, or --door")
	case c.Lift && (c.Severity != "" || c.policyVerdict != policyVerdict{}):
		return p, wrongf("--lift takes a decision back, and needs nothing beside it")
	case c.Lift:
		p.Lift = []string{federation.ASCIIDomain(c.Domain)}
	case c.Domain != "" && c.Severity == "":
		return p, wrongf("say what is to hold for %s: --severity, or --lift", c.Domain)
	case c.Domain != "":
		p.Set = []community.PolicyDraft{c.draft(c.Domain, c.Severity)}
	}
	return p, nil
}

// looking is how a command is told that its preview was looked at.
type looking struct {
	Fingerprint    string `help:"Of the preview that was looked at (hearth policy preview)."`
	WithoutLooking bool   `help:"Do it at once, whatever it cuts."`
}

// apply has a proposal hold. Where it would cut something and nobody has looked, it
// prints what, and fails with the line that does it. What was found is what is done:
// where it changed in between, nothing is.
func (l looking) apply(ctx context.Context, tty console, h *house, p community.PolicyProposal, again string) (community.PolicyPreview, error) {
	fingerprint := l.Fingerprint
	if fingerprint == "" {
		seen, err := h.service.PreviewPoliciesAsOperator(ctx, p)
		if err != nil {
			return seen, inWords(err)
		}
		if seen.Cuts() && !l.WithoutLooking {
			return seen, unlooked(tty, seen, "nothing was done yet", again)
		}
		fingerprint = seen.Fingerprint
	}
	done, err := h.service.ApplyPoliciesAsOperator(ctx, p, fingerprint)
	if errors.Is(err, community.Conflict) {
		return done, unlooked(tty, done, "something changed since you looked, and nothing was done", again)
	}
	if err != nil {
		return done, inWords(err)
	}
	return done, nil
}

func unlooked(tty console, seen community.PolicyPreview, why, again string) error {
	if err := printPreview(tty.out, seen); err != nil {
		return err
	}
	return lookFirst{fmt.Sprintf("%s: look, then run hearth %s --fingerprint %s", why, again, seen.Fingerprint)}
}

// previewLine is a preview as --json prints it.
type previewLine struct {
	DoorNow     string        `json:"front_door"`
	DoorThen    string        `json:"front_door_then"`
	Rows        []previewRow  `json:"rows"`
	Turns       []previewTurn `json:"turns"`
	Cuts        bool          `json:"cuts"`
	Loosens     bool          `json:"loosens"`
	Fingerprint string        `json:"fingerprint"`
}

type previewRow struct {
	Domain string `json:"domain"`
	Kind   string `json:"kind"`
	Now    string `json:"now"`
	Then   string `json:"then"`
}

type previewTurn struct {
	Turn       string                 `json:"turn"`
	Servers    int                    `json:"servers"`
	Names      []string               `json:"names"` // the first of them
	Ties       map[string]policy.Band `json:"ties"`
	Groups     []previewGroup         `json:"groups"`
	MoreGroups bool                   `json:"more_groups"`
}

type previewGroup struct {
	Title  string      `json:"title"`
	Domain string      `json:"domain"`
	People policy.Band `json:"people"`
}

func previewLineOf(p community.PolicyPreview) previewLine {
	line := previewLine{DoorNow: p.Diff.DoorNow, DoorThen: p.Diff.DoorThen, Rows: []previewRow{}, Turns: []previewTurn{}, Cuts: p.Cuts(), Loosens: p.Loosens(), Fingerprint: p.Fingerprint}
	for _, r := range p.Diff.Rows {
		line.Rows = append(line.Rows, previewRow{r.Domain, string(r.Kind), r.Now.Severity, r.Then.Severity})
	}
	for _, t := range p.Turns {
		one := previewTurn{string(t.Turn), t.Servers, t.Names, t.Ties, []previewGroup{}, t.Others}
		for _, g := range t.Groups {
			one.Groups = append(one.Groups, previewGroup{g.Title, g.Domain, g.People})
		}
		line.Turns = append(line.Turns, one)
	}
	return line
}

// turnWords say what becomes of contact, tieWords what hangs on it, in this order.
var (
	turnWords = map[policy.Turn]string{
		policy.Cut: "contact ends with", policy.Shut: "the front door shuts for", policy.Tighter: "narrower limits for",
		policy.Wider: "wider limits for", policy.Back: "contact begins with",
	}
	tieWords = []struct{ what, words string }{
		{community.TieMembers, "people here who follow groups there"}, {community.TieFollowers, "people there who follow groups here"},
		{community.TieMembersKept, "people here whose follows were cut"}, {community.TieFollowersKept, "people there whose follows were cut"},
		{community.TieThreads, "open threads with posts from there"}, {community.TieHeld, "posts from there that wait to be read"},
		{community.TieReports, "open reports from there, or about people there"}, {community.TieDeliveries, "messages that wait to be sent there"},
	}
)

func printPreview(out io.Writer, p community.PolicyPreview) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	if p.Diff.MovesDoor() {
		fmt.Fprintf(table, "front door\t%s, then %s\n", p.Diff.DoorNow, p.Diff.DoorThen)
	}
	for _, r := range p.Diff.Rows {
		fmt.Fprintf(table, "%s %s\t%s, then %s\n", r.Kind, r.Domain, r.Now.Severity, r.Then.Severity)
	}
	if len(p.Turns) == 0 {
		fmt.Fprintln(table, "nothing changes for any server that is known here")
	}
	for _, t := range p.Turns {
		printTurn(table, t)
	}
	fmt.Fprintf(table, "fingerprint\t%s\n", p.Fingerprint)
	return table.Flush()
}

func printTurn(out io.Writer, t community.TurnPreview) {
	names := strings.Join(t.Names, ", ")
	if more := t.Servers - len(t.Names); more > 0 {
		names += fmt.Sprintf(" and %d more", more)
	}
	fmt.Fprintf(out, "%s\t%s\n", turnWords[t.Turn], names)
	for _, tie := range tieWords {
		if band, some := t.Ties[tie.what]; some {
			fmt.Fprintf(out, "  %s\t%s\n", tie.words, bandWords(band))
		}
	}
	for _, g := range t.Groups {
		fmt.Fprintf(out, "  in %q\t%s\n", g.Title, bandWords(g.People))
	}
	if t.Others {
		fmt.Fprintln(out, "  in other groups\ttoo")
	}
}

func bandWords(b policy.Band) string {
	switch {
	case b.IsNone():
		return "none"
	case b.IsFew():
		return "under " + strconv.Itoa(b.To+1)
	case b.From == b.To:
		return strconv.Itoa(b.To)
	}
	return fmt.Sprintf("%d to %d", b.From, b.To)
}
