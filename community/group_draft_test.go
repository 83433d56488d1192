package community

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func goodDraft() GroupDraft {
	return GroupDraft{
		GroupTexts: GroupTexts{Title: "Carers at night", Purpose: "For people who look after somebody.", Situation: SituationCaring, Language: "en", Joining: JoiningOpen},
		Audience:   Audience{Readers: ReadersAnyone, Reach: ReachNowhere, Listed: true},
		Name:       "carers", Rules: []string{"Listen first."}, Consents: []GivenConsent{{ConsentTakePart, "Yes."}},
	}
}

// fieldsOf are "field: key" of an Invalid, advice marked with a question mark.
func fieldsOf(err error) []string {
	var e *Error
	if !errors.As(err, &e) {
		return nil
	}
	var found []string
	for _, f := range e.Fields {
		s := f.Field + ": " + strings.TrimPrefix(f.Key, "group_form.")
		if f.Advice {
			s += "?"
		}
		found = append(found, s)
	}
	return found
}

func TestWhatAGroupMayNotBe(t *testing.T) {
	open, closed := Site{Host: "oak.example", FrontDoor: FrontDoorOpen}, Site{FrontDoor: FrontDoorClosed}
	for _, c := range []struct {
		name   string
		site   Site
		change func(*GroupDraft)
		want   []string
	}{
		{"a good one", open, func(d *GroupDraft) {}, nil},
		{"without anything", open, func(d *GroupDraft) { *d = GroupDraft{} }, []string{
			"title: title_empty", "purpose: purpose_empty", "situation: situation_missing", "language: form.choose", "joining: form.choose",
			"name: name.length", "rules: rules_number", "readers: form.choose", "reach: form.choose", "take_part: group_join.consent_needed",
		}},
		{"asked without a question", open, func(d *GroupDraft) { d.Joining = JoiningAsked }, []string{"question: question_empty"}},
		{"a language that is none", open, func(d *GroupDraft) { d.Language = "english, please" }, []string{"language: form.choose"}},
		{"a rule too long", open, func(d *GroupDraft) { d.Rules = []string{strings.Repeat("a", 401)} }, []string{"rules: rule_length"}},
		{"members alone read, copies go anywhere", open, func(d *GroupDraft) { d.Readers, d.Reach = ReadersMembers, ReachAnywhere }, []string{"reach: reach_not_true"}},
		{"copies where the site talks to nobody", closed, func(d *GroupDraft) { d.Reach = ReachNamed; d.Servers = []string{"elm.example"} }, []string{"reach: reach_site_closed"}},
		{"named servers without a name", open, func(d *GroupDraft) { d.Reach = ReachNamed }, []string{"servers: servers_number"}},
		{"a server that is none", open, func(d *GroupDraft) { d.Reach = ReachNamed; d.Servers = []string{"not a server"} }, []string{"servers: server_form"}},
		{"this very server", open, func(d *GroupDraft) { d.Reach = ReachNamed; d.Servers = []string{"oak.example"} }, []string{"servers: server_form"}},
		{"servers as people paste them", open, func(d *GroupDraft) {
			d.Reach = ReachNamed
			d.Servers = []string{" https://Elm.example/ ", "elm.example"}
		}, nil},
		{"approval does not decide who reads", open, func(d *GroupDraft) { d.Joining, d.Question = JoiningAsked, "Why here?" }, []string{"readers: advice.asked_anyone?"}},
		{"a sensitive group wide open", open, func(d *GroupDraft) { d.Sensitive, d.Reach = true, ReachAnywhere }, []string{
			"readers: advice.sensitive_readers?", "reach: advice.sensitive_reach?", "listed: advice.sensitive_listed?",
		}},
		{"a sensitive group as it starts", open, func(d *GroupDraft) { d.Audience = StartingAudience(true) }, nil},
		{"members' words on named servers", open, func(d *GroupDraft) {
			d.Readers, d.Reach, d.Servers = ReadersMembers, ReachNamed, []string{"elm.example"}
		}, []string{"reach: advice.members_named?"}},
		{"readers of this server, copies anywhere", open, func(d *GroupDraft) { d.Readers, d.Reach = ReadersInstance, ReachAnywhere }, []string{"reach: advice.instance_anywhere?"}},
	} {
		d := goodDraft()
		c.change(&d)
		d = d.tidy()
		if got := fieldsOf(d.check(c.site)); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAdviceIsTakenWhenItIsSentAgain(t *testing.T) {
	d := goodDraft()
	d.Joining, d.Question = JoiningAsked, "Why here?"
	d.Advised = d.Advice()
	if err := d.check(Site{}); err != nil {
		t.Errorf("the same draft again: got %v, want none", err)
	}
	d.Sensitive = true
	if got := fieldsOf(d.check(Site{})); len(got) != 2 {
		t.Errorf("another surprise: got %q, want the two that were not said yet", got)
	}
}

func TestWhatAChangeOfAudienceDoes(t *testing.T) {
	narrow := StartingAudience(true)
	wide := Audience{Readers: ReadersAnyone, Reach: ReachAnywhere, Listed: true, Microblogs: true}
	named := func(servers ...string) Audience {
		return Audience{Readers: ReadersAnyone, Reach: ReachNamed, Servers: servers}
	}
	for _, c := range []struct {
		name     string
		from, to Audience
		want     []string
	}{
		{"nothing", wide, wide, nil},
		{"opened", narrow, wide, []string{"readers_wider", "reach_wider", "listed", "microblogs", "not_sensitive", "asked_again"}},
		{"narrowed", wide, narrow, []string{"readers_narrower", "reach_narrower", "unlisted", "no_microblogs", "sensitive"}},
		{"one more server", named("a.example"), named("a.example", "b.example"), []string{"servers_more", "asked_again"}},
		{"microblogs taken", Audience{}, Audience{Microblogs: true}, []string{"microblogs"}},
		{"microblogs no more", Audience{Microblogs: true}, Audience{}, []string{"no_microblogs"}},
		{"one server fewer", named("a.example", "b.example"), named("a.example"), []string{"servers_fewer"}},
	} {
		if got := c.from.Changes(c.to); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestRulesAreReadOneALine(t *testing.T) {
	got := RuleLines("1. Listen first.\n\n - No doses, no methods.\n  • Keep other people private.\n2.5 mg is a dose.\n* \n")
	want := []string{"Listen first.", "No doses, no methods.", "Keep other people private.", "2.5 mg is a dose."}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNamesAreSuggestedFromTitles(t *testing.T) {
	for title, want := range map[string]string{
		"Carers at night":              "carers-at-night",
		"  New parents -- low days!  ": "new-parents-low-days",
		"Über":                         "ber",
		"愛":                            "",
		"Admin":                        "",
		"A title that is far too long for a handle": "a-title-that-is-far-too-long-f",
	} {
		if got := SuggestedName(title); got != want {
			t.Errorf("%q: got %q, want %q", title, got, want)
		}
	}
}
