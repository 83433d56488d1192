package main

import (
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"
	"time"

	"hearth/community"
	"hearth/federation"
)

type policyCommand struct {
	Set   policySetCommand   `cmd:"" help:"Decide about a server."`
	Lift  policyLiftCommand  `cmd:"" help:"Take a decision back."`
	List  policyListCommand  `cmd:"" help:"List what was decided about servers."`
	Check policyCheckCommand `cmd:"" help:"Read a list of servers that somebody shares, and say what is in it and what is wrong."`
}

type policySetCommand struct {
	Domain   string `arg:"" help:"The server, such as elm.example; it holds for all below it."`
	Severity string `required:"" help:"allow (talk freely) or suspend (no contact)."`
	Reason   string `help:"Why, for everybody to read."`
	Note     string `help:"A note for admins."`
}

// Run decides in the operator's name.
func (c *policySetCommand) Run(ctx context.Context, tty console, s *Settings) error {
	h, err := openSetUpHouse(ctx, s)
	if err != nil {
		return err
	}
	defer h.store.Close()
	policy, err := h.service.SetPolicyAsOperator(ctx, community.PolicyDraft{
		Domain: federation.ASCIIDomain(c.Domain), Severity: c.Severity, PublicReason: c.Reason, PrivateNote: c.Note,
	})
	if err != nil {
		return inWords(err)
	}
	fmt.Fprintf(tty.out, "%s %s\n", policy.Severity, policy.Domain)
	return nil
}

type policyLiftCommand struct {
	Domain string `arg:"" help:"The server."`
}

// Run takes a decision back in the operator's name.
func (c *policyLiftCommand) Run(ctx context.Context, tty console, s *Settings) error {
	h, err := openSetUpHouse(ctx, s)
	if err != nil {
		return err
	}
	defer h.store.Close()
	domain := federation.ASCIIDomain(c.Domain)
	if err := h.service.LiftPolicyAsOperator(ctx, domain); err != nil {
		return inWords(err)
	}
	domain, _ = community.FoldDomain(domain) // or it would not have been lifted
	fmt.Fprintf(tty.out, "lifted %s\n", domain)
	return nil
}

type policyListCommand struct {
	JSON bool `name:"json" help:"One JSON object a line."`
}

// policyLine is a policy as --json prints it.
type policyLine struct {
	Domain       string    `json:"domain"`
	Severity     string    `json:"severity"`
	PublicReason string    `json:"public_reason"`
	PrivateNote  string    `json:"private_note"`
	Since        time.Time `json:"since"`
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
		_, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", p.Domain, p.Severity, p.Since.Format(time.DateOnly), p.PublicReason)
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
			if err := print(policyLine{p.Domain, p.Severity, p.PublicReason, p.PrivateNote, p.CreatedAt}); err != nil {
				return err
			}
		}
		after = page.Next
	}
	return table.Flush()
}
