package community

import (
	"slices"
	"testing"
)

func TestWhatChangedIsReadFromOlderRecordsToo(t *testing.T) {
	site := Decision{Kind: DecidedSettings, SubjectKind: SubjectSite}
	group := Decision{Kind: DecidedSettings, SubjectKind: SubjectGroup}
	for _, c := range []struct {
		name    string
		d       Decision
		payload string
		want    []Change
		note    string
	}{
		{"as it is written now", site, `{"changed":[{"field":"zone","from":"UTC","to":"Europe/Paris"}]}`, []Change{{"zone", "UTC", "Europe/Paris"}}, ""},
		{"settings of the place", site, `{"shown":"registration: open -> approval\nrules: Be kind.\nAlways. -> Be kind.\nminimum_age: 16 -> 18"}`,
			[]Change{{"registration", "open", "approval"}, {"rules", "Be kind.", ""}, {"minimum_age", "16", "18"}}, ""},
		{"a role", Decision{Kind: DecidedRole}, `{"shown":"member -> admin"}`, []Change{{FieldRole, "member", "admin"}}, ""},
		{"texts and audience of a group", group, `{"note":"for_whom, readers_wider"}`, []Change{{Field: "for_whom"}, {Field: "readers_wider"}}, ""},
		{"a note that somebody wrote", group, `{"note":"They asked for it."}`, nil, "They asked for it."},
		{"a group that was closed", group, `{"reason":"For a while."}`, nil, ""},
		{"words that were erased", site, ``, nil, ""},
		{"words that are broken", site, `{"shown":`, nil, ""},
	} {
		p := DecisionPayload{DecisionID: "d", Salt: "salt", Payload: c.payload}
		got := c.d.words(p)
		if !slices.Equal(got.Changed, c.want) || got.Note != c.note {
			t.Errorf("%s: got %+v and note %q, want %+v and %q", c.name, got.Changed, got.Note, c.want, c.note)
		}
		d := c.d
		d.Seq, d.PayloadHash = 1, payloadHash(p)
		d.Hash = decisionHash(d)
		if fit := fitOf(Decision{}, d, p); fit != FitWhole {
			t.Errorf("%s: reading it makes the record %s", c.name, fit)
		}
	}
}
