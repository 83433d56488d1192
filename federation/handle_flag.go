package federation

import (
	"context"
	"errors"
	"slices"

	"hearth/community"
	"hearth/community/markup"
	"hearth/community/policy"
	"hearth/federation/wire"
)

// handleFlag puts another server's request for help into the report list.
func (f *Federation) handleFlag(ctx context.Context, in incoming) (Outcome, error) {
	return f.takeFlag(ctx, in, in.act)
}

func (f *Federation) takeFlag(ctx context.Context, in incoming, act *wire.Activity) (Outcome, error) {
	if f.rejectsReports(in.policies, in.Domain, act.Actor) {
		return refused("no_reports"), nil
	}
	report := community.InboundReport{Domain: in.Domain, ActivityURI: act.ID, Words: markup.PlainText(flagWords(act))}
	for _, uri := range act.Object.IDs() {
		if err := f.flagged(ctx, uri, &report); err != nil && !errors.Is(err, community.NotFound) {
			return Outcome{}, err
		}
	}
	err := f.service.ReceiveReport(ctx, report)
	if errors.Is(err, community.NotFound) {
		return refused("unknown"), nil
	}
	return accepted, err
}

// rejectsReports says whether no reports are taken of whoever a Flag comes by, or of
// the server of its actor: a group passes on Flags of others.
func (f *Federation) rejectsReports(policies *policy.Snapshot, by, actor string) bool {
	domains := []string{by}
	if origin, err := wire.ParseIRI(actor, f.iriOptions()); err == nil {
		domains = append(domains, origin.Domain())
	}
	return slices.ContainsFunc(domains, func(domain string) bool {
		return policies.Judge(domain).On(policy.TheirReport) == policy.Refuse
	})
}

// flagged adds what a Flag names to a report; NotFound where it is not known here.
func (f *Federation) flagged(ctx context.Context, uri string, report *community.InboundReport) error {
	post, err := f.store.PostByURI(ctx, uri)
	if err == nil {
		report.PostIDs = append(report.PostIDs, post.ID)
	}
	if !errors.Is(err, community.NotFound) {
		return err
	}
	actor, err := f.store.ActorByURI(ctx, uri)
	if err == nil && actor.Type != community.ActorGroup {
		report.AccountID = actor.ID
	}
	return err
}

func flagWords(act *wire.Activity) string {
	if act.Content != "" {
		return act.Content
	}
	return act.Summary
}
