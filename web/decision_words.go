package web

import (
	"slices"
	"strings"
	"time"

	"hearth/community"
	"hearth/community/policy"
)

// What a decision came to, in the reader's words: its rows keep codes alone.

// kindsTold are the kinds of decision that have words of their own in a record.
var kindsTold = []string{
	community.DecidedHide, community.DecidedShow, community.DecidedApprove, community.DecidedRefuse, community.DecidedRemove, community.DecidedReadmit, community.DecidedLock,
	community.DecidedUnlock, community.DecidedPin, community.DecidedUnpin, community.DecidedSuspend, community.DecidedLift,
	community.DecidedPolicy, community.DecidedPolicyLift, community.DecidedPause, community.DecidedResume, community.DecidedDrop, community.DecidedJoin, community.DecidedJoinRefuse, community.DecidedGroup,
	community.DecidedGroupRefuse, community.DecidedApplication, community.DecidedApplicationNot, community.DecidedReport, community.DecidedRole,
	community.DecidedRules, community.DecidedHandOver, community.DecidedSettings, community.DecidedInvitation,
	community.DecidedInvitationEnd, community.DecidedResetLink, community.DecidedRestore, community.DecidedForward,
}

// kindKeyOf is the catalogue's key for a decision as moderators read it; one of
// a kind that this binary does not know is a decision and no more.
func kindKeyOf(d community.Decision) string {
	switch {
	case !slices.Contains(kindsTold, d.Kind):
		return "decision.kind.something"
	case d.Kind == community.DecidedSettings && isStateRule(d.Rule):
		return "decision.kind.state." + strings.TrimPrefix(d.Rule, "state.")
	case d.Kind == community.DecidedHandOver && d.SubjectKind == community.SubjectAccount:
		return "decision.kind.hand_over_asked"
	}
	return "decision.kind." + d.Kind
}

// isStateRule says whether a Decision's rule is the state that a group was given.
func isStateRule(rule string) bool {
	return rule == "state."+community.GroupClosed || rule == "state."+community.GroupActive
}

// cameTo lists what a decision came to beyond its kind: a verdict, a role, a
// version, what was changed.
func (v *visit) cameTo(d community.Decision, words community.DecisionWords) (lines []string) {
	switch d.Kind {
	case community.DecidedPolicy:
		lines = append(lines, v.named("policy.verdict.", d.Rule, policy.Severities[:]...))
	case community.DecidedRole:
		lines = append(lines, v.t("decision.role", "Role", v.roleName(d.Rule)))
	case community.DecidedRules:
		lines = append(lines, v.t("decision.rules_version", "Version", d.Rule))
	}
	for _, c := range words.Changed {
		if c.Field != community.FieldRole {
			lines = append(lines, v.changeLine(c))
		}
	}
	return lines
}

// aboutWhat is the name of whom, or what, a decision is about, for who reads the
// record; empty where that is the place itself, or is not told.
func aboutWhat(v *visit, d community.Decision, account, subject string) (names []string) {
	if d.AccountID != nil {
		names = append(names, v.nameOr(account))
	}
	switch {
	case d.SubjectKind == community.SubjectDomain:
		names = append(names, shownDomain(d.SubjectID))
	case d.AccountID != nil && *d.AccountID == d.SubjectID, d.Scope != "" && d.Scope == d.SubjectID, subject == "":
	default:
		names = append(names, subject)
	}
	return names
}

// roleName is what somebody may do, of the whole place or in a group.
func (v *visit) roleName(role string) string {
	return v.named("decision.roles.", role, community.RoleMember, community.RoleModerator, community.RoleAdmin)
}

// named is a code in the reader's words, where it is one of those that have some.
func (v *visit) named(prefix, code string, known ...string) string {
	if slices.Contains(known, code) {
		return v.t(prefix + code)
	}
	return code
}

// changeLine says what one Change made different. Long texts are named, and
// their words stand where they are shown.
func (v *visit) changeLine(c community.Change) string {
	switch c.Field {
	case "readers_wider", "readers_narrower", "reach_wider", "reach_narrower", "servers_more", "servers_fewer",
		"listed", "unlisted", "microblogs", "no_microblogs", "sensitive", "not_sensitive", "asked_again":
		return v.t("decision.audience." + c.Field)
	case "purpose", "rules", "question", "title", "for_whom", "not_for", "situation", "joining":
		return v.t("decision.changed." + c.Field)
	case "reject_media", "reject_reports", "no_new_follows":
		return v.t("policy.rejects." + c.Field)
	case "name", "contact", "minimum_age", "registration", "newcomers_per_day", "applications_waiting", "front_door",
		"group_creation", "country", "language", "zone", "uses", "expires":
		return v.changeWithValues(c)
	}
	return v.t("decision.changed.something")
}

func (v *visit) changeWithValues(c community.Change) string {
	what, to := v.t("decision.changed."+c.Field), v.changeValue(c.Field, c.To)
	switch {
	case c.To == "":
		return what
	case c.From == "":
		return v.t("decision.is", "What", what, "To", to)
	}
	return v.t("decision.was", "What", what, "From", v.changeValue(c.Field, c.From), "To", to)
}

func (v *visit) changeValue(field, value string) string {
	switch field {
	case "registration":
		return v.named("registration.mode.", value, community.RegistrationApproval, community.RegistrationInvitation, community.RegistrationOpen, community.RegistrationClosed)
	case "front_door":
		return v.named("front_door.", value, community.FrontDoorClosed, community.FrontDoorChosen, community.FrontDoorOpen)
	case "group_creation":
		return v.named("group_creation.", value, community.GroupCreationAsked, community.GroupCreationOpen, community.GroupCreationAdmins)
	case "expires":
		if day, err := time.Parse(time.DateOnly, value); err == nil {
			return v.server.pages.Catalogue.Day(v.lang, day, time.UTC)
		}
	}
	return value
}
