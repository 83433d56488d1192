package policy

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// names are what docs/policy.md calls each kind of traffic and each treatment.
var (
	trafficNames = [trafficOfKinds]string{
		TheirPost: "their post", TheirFetch: "their fetch", OurFetch: "our fetch", TheirFollow: "their follow", OurFollow: "our follow",
		Delivery: "delivery", TheirWords: "their words", TheirReport: "their report", OurReport: "our report", TheirMedia: "their media",
		TheirName: "their name", Directory: "directory", WhatIsHere: "what is here", NoticeOf: "notice of", Past: "past",
	}
	treatmentNames = map[string]Treatment{"pass": Pass, "noted": Noted, "members": Members, "wait": Wait, "refuse": Refuse}
)

func TestTheTableInTheDocsIsTheTableInTheCode(t *testing.T) {
	rows := tableOfDocs(t)
	if len(rows) != int(trafficOfKinds) {
		t.Errorf("the docs have %d rows, the code %d", len(rows), trafficOfKinds)
	}
	for kind := range trafficOfKinds {
		cells := rows[trafficNames[kind]]
		if len(cells) != len(Severities) {
			t.Errorf("%q: the docs say %v", trafficNames[kind], cells)
			continue
		}
		for i, severity := range Severities {
			want, known := treatmentNames[cells[i]]
			if got := (Verdict{Severity: severity}).On(kind); !known || got != want {
				t.Errorf("%s at %s: got %v, the docs say %q", trafficNames[kind], severity, got, cells[i])
			}
		}
	}
}

// tableOfDocs are the cells of the rows of docs/policy.md that name five treatments.
func tableOfDocs(t *testing.T) map[string][]string {
	t.Helper()
	page, err := os.ReadFile("../../docs/policy.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{}
	for _, row := range regexp.MustCompile(`(?m)^\| ([a-z ]+) \|((?: [a-z]+ \|){5})$`).FindAllStringSubmatch(string(page), -1) {
		if row[1] != "traffic" {
			rows[row[1]] = strings.Fields(strings.ReplaceAll(row[2], "|", " "))
		}
	}
	return rows
}

func TestNoSeverityIsLaxerThanTheOneBeforeIt(t *testing.T) {
	for kind := range trafficOfKinds {
		for i := 1; i < len(Severities); i++ {
			laxer, stricter := Verdict{Severity: Severities[i-1]}, Verdict{Severity: Severities[i]}
			if stricter.On(kind) < laxer.On(kind) {
				t.Errorf("%s: %s does less than %s", trafficNames[kind], stricter.Severity, laxer.Severity)
			}
		}
		if got := (Verdict{Severity: Suspend}).On(kind); got != Refuse {
			t.Errorf("%s: it passes where there is no contact", trafficNames[kind])
		}
		if got := (Verdict{Severity: "frozen"}).On(kind); got != Refuse {
			t.Errorf("%s: it passes under a severity that is none", trafficNames[kind])
		}
	}
}

func TestWhatIsRejectedBesideTheSeverity(t *testing.T) {
	rejecting := map[string]struct {
		verdict Verdict
		kinds   []Traffic
	}{
		"media":   {Verdict{Severity: Allow, RejectMedia: true}, []Traffic{TheirMedia}},
		"reports": {Verdict{Severity: Allow, RejectReports: true}, []Traffic{TheirReport}},
		"follows": {Verdict{Severity: Allow, NoNewFollows: true}, []Traffic{TheirFollow, OurFollow}},
	}
	for name, c := range rejecting {
		for kind := range trafficOfKinds {
			isRejected := false
			for _, k := range c.kinds {
				isRejected = isRejected || k == kind
			}
			if got := c.verdict.On(kind) == Refuse; got != isRejected {
				t.Errorf("%s: %s is refused: %v, want %v", name, trafficNames[kind], got, isRejected)
			}
		}
	}
}
