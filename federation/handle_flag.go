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
	if f.rejectsReports(in.policies, "", in.Domain, act.Actor) {
		return refused("no_reports"), nil
	}
	report := community.InboundReport{Domain: in.Domain, ActivityURI: act.ID, Words: markup.PlainText(flagWords(act))}
	passedOver := false
	for _, uri := range act.Object.IDs() {
		err := f.flagged(ctx, in, act.Actor, uri, &report)
		passedOver = passedOver || errors.Is(err, errGroupRejects)
		if err != nil && !errors.Is(err, community.NotFound) && !errors.Is(err, errGroupRejects) {
			return Outcome{}, err
		}
	}
	if passedOver && len(report.PostIDs) == 0 {
		return refused("no_reports"), nil
	}
	err := f.service.ReceiveReport(ctx, report)
	if errors.Is(err, community.NotFound) {
		return refused("unknown"), nil
	}
	return accepted, err
}

// errGroupRejects is of a post in a group that takes no reports from somewhere.
var errGroupRejects = errors.New("federation: the group takes no reports from there")

// rejectsReports says whether no reports are taken, by this server or a group here, of
// whoever a Flag comes by, or of the server of its actor: a group passes on Flags of
// others.
func (f *Federation) rejectsReports(policies *policy.Snapshot, groupID, by, actor string) bool {
	domains := []string{by}
	if origin, err := wire.ParseIRI(actor, f.iriOptions()); err == nil {
		domains = append(domains, origin.Domain())
	}
	return slices.ContainsFunc(domains, func(domain string) bool {
		return policies.JudgeIn(groupID, domain).On(policy.TheirReport) == policy.Refuse
	})
}

// flagged adds what a Flag names to a report; NotFound where it is not known here, and
// errGroupRejects where its group takes none from there.
func (f *Federation) flagged(ctx context.Context, in incoming, by, uri string, report *community.InboundReport) error {
	post, err := f.store.PostByURI(ctx, uri)
	if err == nil && f.rejectsReports(in.policies, post.GroupID, in.Domain, by) {
		return errGroupRejects
	}
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
