package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation"
	"hearth/web"
)

type policyCommand struct {
	Set      policySetCommand      `cmd:"" help:"Decide about a server."`
	Why      policyWhyCommand      `cmd:"" help:"Say why a server may talk to us, or not."`
	Lift     policyLiftCommand     `cmd:"" help:"Take a decision back."`
	Preview  policyPreviewCommand  `cmd:"" help:"Say what a decision would cut or let in, and do nothing."`
	Rehearse policyRehearseCommand `cmd:"" help:"Say what a decision would have made of the last 30 days, and do nothing."`
	List     policyListCommand     `cmd:"" help:"List what was decided about servers."`
	Check    policyCheckCommand    `cmd:"" help:"Read a list of servers that somebody shares, and say what is in it and what is wrong."`
}

type policySetCommand struct {
	Domain   string `arg:"" help:"The server, such as elm.example; it holds for all below it."`
	Severity string `required:"" help:"allow (talk freely), hold (we read it first), suspend (no contact), or in between watch (talk freely, and count) and limit (only whoever is known)."`
	policyVerdict
	looking
}

// Run decides in the operator's name.
func (c *policySetCommand) Run(ctx context.Context, tty console, s *Settings) error {
	h, err := openSetUpHouse(ctx, s)
	if err != nil {
		return err
	}
	defer h.store.Close()
	p := community.PolicyProposal{Set: []community.PolicyDraft{c.draft(c.Domain, c.Severity)}}
	done, err := c.apply(ctx, tty, h, p, fmt.Sprintf("policy set %s --severity %s (and what else you said)", c.Domain, c.Severity))
	if err != nil {
		return err
	}
	made := *done.Diff.Rows[0].Set
	fmt.Fprintf(tty.out, "%s %s\n", lineOf(made).verdict(), made.Domain)
	return nil
}

type policyWhyCommand struct {
	Domain string `arg:"" help:"The server."`
	JSON   bool   `name:"json" help:"One JSON object."`
}

// whyLine is an explanation as --json prints it.
type whyLine struct {
	Domain   string       `json:"domain"`
	Severity string       `json:"severity"`
	Door     string       `json:"front_door"`
	By       string       `json:"by"` // the domain whose policy decided; empty where the front door did
	Matched  []policyLine `json:"matched"`
	Why      []string     `json:"why"`
}

// Run says in words what decided about a server.
func (c *policyWhyCommand) Run(ctx context.Context, tty console, s *Settings) error {
	h, err := openSetUpHouse(ctx, s)
	if err != nil {
		return err
	}
	defer h.store.Close()
	e, err := h.service.ExplainPolicyAsOperator(ctx, federation.ASCIIDomain(c.Domain))
	if err != nil {
		return inWords(err)
	}
	catalogue, err := web.NewCatalogue(false)
	if err != nil {
		return err
	}
	lines := catalogue.WhyLines(e)
	if !c.JSON {
		_, err = fmt.Fprintln(tty.out, strings.Join(lines, "\n"))
		return err
	}
	matched := make([]policyLine, len(e.Matched))
	for i, p := range e.Matched {
		matched[i] = lineOf(p)
	}
	return json.NewEncoder(tty.out).Encode(whyLine{e.Host, e.Severity, e.Door, e.Domain, matched, lines})
}

type policyLiftCommand struct {
	Domain string `arg:"" help:"The server."`
	looking
}

// Run takes a decision back in the operator's name.
func (c *policyLiftCommand) Run(ctx context.Context, tty console, s *Settings) error {
	h, err := openSetUpHouse(ctx, s)
	if err != nil {
		return err
	}
	defer h.store.Close()
	p := community.PolicyProposal{Lift: []string{federation.ASCIIDomain(c.Domain)}}
	done, err := c.apply(ctx, tty, h, p, "policy lift "+c.Domain)
	if err != nil {
		return err
	}
	fmt.Fprintf(tty.out, "lifted %s\n", done.Diff.Rows[0].Domain)
	return nil
}

type policyListCommand struct {
	JSON bool `name:"json" help:"One JSON object a line."`
}

// policyLine is a policy as --json prints it.
type policyLine struct {
	Domain        string    `json:"domain"`
	Severity      string    `json:"severity"`
	PublicReason  string    `json:"public_reason"`
	PrivateNote   string    `json:"private_note"`
	NoNewFollows  bool      `json:"no_new_follows"`
	RejectMedia   bool      `json:"reject_media"`
	RejectReports bool      `json:"reject_reports"`
	Since         time.Time `json:"since"`
}

func lineOf(p policy.Policy) policyLine {
	return policyLine{p.Domain, p.Severity, p.PublicReason, p.PrivateNote, p.NoNewFollows, p.RejectMedia, p.RejectReports, p.CreatedAt}
}

// verdict is the severity and what is rejected beside it, in one word.
func (l policyLine) verdict() string {
	words := []string{l.Severity}
	if l.NoNewFollows {
		words = append(words, "no-new-follows")
	}
	if l.RejectMedia {
		words = append(words, "reject-media")
	}
	if l.RejectReports {
		words = append(words, "reject-reports")
	}
	return strings.Join(words, ",")
}

// Run lists all policies, by domain.
func (c *policyListCommand) Run(ctx context.Context, tty console, s *Settings) error {
	h, err := openSetUpHouse(ctx, s)
	if err != nil {
		return err
	}
	defer h.store.Close()
	table := tabwriter.NewWriter(tty.out, 0, 0, 2, ' ', 0)
	print := func(p policyLine) error {
		_, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", p.Domain, p.verdict(), p.Since.Format(time.DateOnly), p.PublicReason)
		return err
	}
	if c.JSON {
		encoder := json.NewEncoder(tty.out)
		print = func(p policyLine) error { return encoder.Encode(p) }
	}
	for after, first := "", true; first || after != ""; first = false {
		page, err := h.service.PolicyListAsOperator(ctx, after)
		if err != nil {
			return err
		}
		for _, p := range page.Policies {
			if err := print(lineOf(p)); err != nil {
				return err
			}
		}
		after = page.Next
	}
	return table.Flush()
}
