package community

import (
	"strconv"
	"testing"
	"time"
)

// chain is a record of n decisions with their words, as decide would write it.
func chain(n int) (record []Decision, words []DecisionPayload) {
	var last Decision
	for i := range n {
		p := DecisionPayload{DecisionID: "d" + strconv.Itoa(i), Salt: "salt", Payload: `{"reason":"Because."}`}
		whose, undoes, until := "them", "d0", groupNoon.Add(time.Hour)
		d := Decision{ID: p.DecisionID, Seq: last.Seq + 1, Kind: DecidedHide, DecidedBy: "a", SubjectKind: SubjectPost, SubjectID: "p",
			AccountID: &whose, Undoes: &undoes, Until: &until, Rule: "3", PreviousHash: last.Hash, PayloadHash: payloadHash(p), DecidedAt: groupNoon}
		d.Hash = decisionHash(d)
		record, words, last = append(record, d), append(words, p), d
	}
	return record, words
}

func TestR28AChangedRecordDoesNotVerify(t *testing.T) {
	other := "other"
	later := groupNoon.Add(time.Minute)
	for _, c := range []struct {
		name   string
		change func(r []Decision, w []DecisionPayload)
		want   Fit
	}{
		{"nothing", func([]Decision, []DecisionPayload) {}, FitWhole},
		{"the words erased", func(_ []Decision, w []DecisionPayload) { w[1] = DecisionPayload{} }, FitErased},
		{"other words", func(_ []Decision, w []DecisionPayload) { w[1].Payload = `{"reason":"Another."}` }, FitWords},
		{"another salt", func(_ []Decision, w []DecisionPayload) { w[1].Salt = "other" }, FitWords},
		{"another kind", func(r []Decision, _ []DecisionPayload) { r[1].Kind = DecidedShow }, FitChanged},
		{"another time", func(r []Decision, _ []DecisionPayload) { r[1].DecidedAt = later }, FitChanged},
		{"somebody else who decided", func(r []Decision, _ []DecisionPayload) { r[1].DecidedBy = "b" }, FitChanged},
		{"about another post", func(r []Decision, _ []DecisionPayload) { r[1].SubjectID = "q" }, FitChanged},
		{"somebody else's", func(r []Decision, _ []DecisionPayload) { r[1].AccountID = &other }, FitChanged},
		{"nobody's", func(r []Decision, _ []DecisionPayload) { r[1].AccountID = nil }, FitChanged},
		{"another rule", func(r []Decision, _ []DecisionPayload) { r[1].Rule = "4" }, FitChanged},
		{"for good", func(r []Decision, _ []DecisionPayload) { r[1].Until = nil }, FitChanged},
		{"undoing another", func(r []Decision, _ []DecisionPayload) { r[1].Undoes = &other }, FitChanged},
		{"another place", func(r []Decision, _ []DecisionPayload) { r[1].Scope = "g" }, FitChanged},
		{"another number", func(r []Decision, _ []DecisionPayload) { r[1].Seq = 7 }, FitMissing},
		{"written anew, with its own hash", func(r []Decision, _ []DecisionPayload) { r[0].Rule = "9"; r[0].Hash = decisionHash(r[0]) }, FitMissing},
		{"the one before taken out", func(r []Decision, _ []DecisionPayload) { r[0] = Decision{} }, FitMissing},
	} {
		record, words := chain(2)
		c.change(record, words)
		if got := fitOf(record[0], record[1], words[1]); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}
