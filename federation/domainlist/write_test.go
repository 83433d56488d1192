package domainlist_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hearth/community/policy"
	"hearth/federation/domainlist"
)

func parsed(tb testing.TB, file string) domainlist.List {
	tb.Helper()
	l, err := domainlist.Parse(bytes.NewReader(readFile(tb, file)), domainlist.Limits{})
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// rubys-quoting.csv was written by Ruby's CSV 3.3.2 with the columns and the kinds
// of values that Mastodon gives it; the others are what people make of such files.
func TestWhatMastodonExportsComesOutAsTheSameBytes_R29(t *testing.T) {
	for _, file := range []string{
		"mastodon-csv/rubys-quoting.csv", "mastodon-csv/allowlist.csv", "mastodon-csv/gotosocials-crlf.csv",
		"mastodon-csv/reordered-unknown.csv", "mastodon-csv/nothing-said.csv", "hearth-csv/whole.csv", "csv/lone-cr.csv", "plain/unended.txt",
	} {
		t.Run(file, func(t *testing.T) {
			var got bytes.Buffer
			if err := domainlist.Write(&got, parsed(t, "testdata/"+file)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(readFile(t, "testdata/"+file)), got.String()); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestEachListIsWrittenAndReadAgainAsTheSame_R29(t *testing.T) {
	for _, file := range goldenFiles(t) {
		if strings.HasPrefix(file, "testdata/wrong/") {
			continue
		}
		t.Run(strings.TrimPrefix(file, "testdata/"), func(t *testing.T) { readsAgain(t, parsed(t, file)) })
	}
}

// everything has an entry of each severity, and what only some forms can say.
func everything() domainlist.List {
	return domainlist.List{Format: domainlist.CSV, Columns: []string{"domain", "who"}, LineEnd: "\r\n", Unended: true, Entries: []domainlist.Entry{
		{Domain: "loud.example", Severity: policy.Suspend, RejectMedia: true, PublicComment: domainlist.NewComment("Spam, \"loud\""),
			PrivateComment: domainlist.NewComment("Asked twice"), Extra: []domainlist.Field{{Name: "who", Value: "rowan"}}},
		{Domain: "held.example", Severity: policy.Hold, RejectReports: true, NoNewFollows: true},
		{Domain: "quiet.example", Severity: policy.Limit, Obfuscate: true, PublicComment: domainlist.Comment{Given: true}},
		{Domain: "pictures.example", Severity: policy.Watch, RejectMedia: true},
		{Domain: "reports.example", Severity: policy.Watch, RejectReports: true},
		{Domain: "watched.example", Severity: policy.Watch, PrivateComment: domainlist.NewComment("Keep an eye on it")},
		{Domain: "friend.example", Severity: policy.Allow},
		{Domain: "asked.example"},
		{Domain: "loud.example", Severity: policy.Suspend, Group: "https://hearth.example/g/carers"},
	}}
}

func TestATranslationSaysNothingThatItsReadersWouldTakeForSomethingElse(t *testing.T) {
	for name, c := range map[string]struct {
		write func(io.Writer, domainlist.List) ([]domainlist.Entry, error)
		want  string
		left  string
	}{
		"Mastodon's CSV": {domainlist.WriteMastodonCSV, lines(
			"#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate",
			`loud.example,suspend,true,false,"Spam, ""loud""",false`,
			"held.example,silence,false,true,,false",
			`quiet.example,silence,false,false,"",true`,
			"pictures.example,noop,true,false,,false",
			"reports.example,noop,false,true,,false",
		), "watched.example friend.example asked.example loud.example of https://hearth.example/g/carers"},
		"GoToSocial's JSON": {domainlist.WriteGoToSocialJSON, lines(
			"[",
			`{"domain":"loud.example","public_comment":"Spam, \"loud\"","obfuscate":false},`,
			`{"domain":"asked.example","obfuscate":false}`,
			"]",
		), "held.example quiet.example pictures.example reports.example watched.example friend.example loud.example of https://hearth.example/g/carers"},
		"plain lines": {domainlist.WritePlain, lines("loud.example", "asked.example"),
			"held.example quiet.example pictures.example reports.example watched.example friend.example loud.example of https://hearth.example/g/carers"},
		"our own CSV": {func(w io.Writer, l domainlist.List) ([]domainlist.Entry, error) {
			return nil, domainlist.WriteHearthCSV(w, l)
		}, lines(
			"hearth_severity,hearth_domain,hearth_group,hearth_reject_media,hearth_reject_reports,hearth_no_new_follows,hearth_public_comment,hearth_private_comment,hearth_obfuscate",
			`suspend,loud.example,,true,false,false,"Spam, ""loud""",Asked twice,false`,
			"hold,held.example,,false,true,true,,,false",
			`limit,quiet.example,,false,false,false,"",,true`,
			"watch,pictures.example,,true,false,false,,,false",
			"watch,reports.example,,false,true,false,,,false",
			"watch,watched.example,,false,false,false,,Keep an eye on it,false",
			"allow,friend.example,,false,false,false,,,false",
			",asked.example,,false,false,false,,,false",
			"suspend,loud.example,https://hearth.example/g/carers,false,false,false,,,false",
		), ""},
	} {
		t.Run(name, func(t *testing.T) {
			l := everything()
			var got bytes.Buffer
			left, err := c.write(&got, l)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got.String()); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			if told := leftOut(left); told != c.left {
				t.Errorf("left out %q, want %q", told, c.left)
			}
			if diff := cmp.Diff(everything(), l); diff != "" {
				t.Errorf("the list itself was changed\n%s", diff)
			}
			if _, err := domainlist.Parse(&got, domainlist.Limits{}); err != nil {
				t.Errorf("it cannot be read: %v", err)
			}
		})
	}
}

func TestOurOwnFormLosesNothing(t *testing.T) {
	var b bytes.Buffer
	l := everything()
	if err := domainlist.WriteHearthCSV(&b, l); err != nil {
		t.Fatal(err)
	}
	again, err := domainlist.Parse(&b, domainlist.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range l.Entries {
		l.Entries[i].Extra = nil // who knows it only
	}
	if diff := cmp.Diff(l.Entries, again.Entries, same(domainlist.HearthCSV)); diff != "" {
		t.Error(diff)
	}
}

func TestAListInAFormGoesOutInItAsItCame(t *testing.T) {
	for file, write := range map[string]func(io.Writer, domainlist.List) ([]domainlist.Entry, error){
		"mastodon-csv/reordered-unknown.csv": domainlist.WriteMastodonCSV, "plain/lone-cr.txt": domainlist.WritePlain,
		"gotosocial-json/peers.json": domainlist.WriteGoToSocialJSON,
		"hearth-csv/whole.csv": func(w io.Writer, l domainlist.List) ([]domainlist.Entry, error) {
			return nil, domainlist.WriteHearthCSV(w, l)
		},
	} {
		var got, want bytes.Buffer
		l := parsed(t, "testdata/"+file)
		left, err := write(&got, l)
		if err != nil || len(left) > 0 {
			t.Fatalf("%s: left %v, %v", file, left, err)
		}
		if err := domainlist.Write(&want, l); err != nil || got.String() != want.String() {
			t.Errorf("%s: got %q, want %q, %v", file, &got, &want, err)
		}
	}
}

func TestWritingSaysWhyItFailed(t *testing.T) {
	full := errors.New("no space left")
	for _, form := range []domainlist.Format{domainlist.MastodonCSV, domainlist.CSV, domainlist.HearthCSV, domainlist.MastodonJSON, domainlist.GoToSocialJSON, domainlist.Plain} {
		l := everything()
		l.Format = form
		if err := domainlist.Write(failing{full}, l); !errors.Is(err, full) {
			t.Errorf("%s: got %v, want %v", form, err, full)
		}
	}
	if err := domainlist.Write(io.Discard, domainlist.List{Format: "pdf"}); err == nil {
		t.Error("a form that there is not was written")
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
func (f failing) Read([]byte) (int, error)  { return 0, f.err }

func lines(all ...string) string { return strings.Join(all, "\n") + "\n" }

func leftOut(left []domainlist.Entry) string {
	var told []string
	for _, e := range left {
		one := e.Domain
		if e.Group != "" {
			one += " of " + e.Group
		}
		told = append(told, one)
	}
	return strings.Join(told, " ")
}
