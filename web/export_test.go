package web_test

import (
	"archive/zip"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hearth/community"
	"hearth/community/secret"
)

// exported are the files of a browser's export, by name.
func (p *place) exported(b *browser) map[string]string {
	p.t.Helper()
	body := b.post("/me/export").wants(http.StatusOK).body
	file, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	p.must(err)
	files := map[string]string{}
	for _, f := range file.File {
		r, err := f.Open()
		p.must(err)
		text, err := io.ReadAll(r)
		p.must(err)
		files[f.Name] = string(text)
	}
	return files
}

func (p *place) enters(v community.Viewer, g community.Group) {
	p.t.Helper()
	p.must(p.store.InsertMembership(context.Background(), community.Membership{ID: secret.NewActorID(), GroupID: g.ID, AccountID: v.ActingID(),
		Role: community.GroupMember, State: community.MemberActive, CreatedAt: p.clock.Now(), ChangedAt: p.clock.Now()}))
}

func TestR43AnExportHasAllThatIsOnesOwnAndNothingOfOthers(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx, g := context.Background(), p.newGroup("carers", community.ReadersMembers)
		b, _ := p.person("rowan", "slow-river"), p.person("hazel", "soft-cloud")
		rowan, hazel := p.viewer("rowan"), p.viewer("hazel")
		p.enters(rowan, g)
		p.enters(hazel, g)
		write := func(v community.Viewer, d community.Draft) community.Post {
			post, err := p.service.WritePost(ctx, v, d)
			p.must(err)
			return post
		}
		theirs := write(hazel, community.Draft{GroupID: g.ID, Title: "secretsofhazel", Text: "secretsofhazel"})
		mine := write(rowan, community.Draft{ParentID: theirs.ID, Text: "my <first> words"})
		_, err := p.service.EditPost(ctx, rowan, mine.ID, community.Draft{Text: "my second words", Version: 1})
		p.must(err)
		p.must(p.service.KeepDraft(ctx, rowan, community.Draft{ID: p.service.NewDraftID(), GroupID: g.ID, Text: "my unsent words"}))
		_, err = p.service.SendReport(ctx, rowan, community.ReportDraft{PostID: theirs.ID, Reason: community.ReasonUnkind, Words: "my report"})
		p.must(err)
		_, err = p.service.GiveSupport(ctx, rowan, theirs.ID, community.SupportWithYou, true)
		p.must(err)
		_, err = p.service.BlockAccount(ctx, rowan, hazel.ActingID())
		p.must(err)

		b.get("/me/export").wants(http.StatusOK).says("no copy of it is kept")
		files := p.exported(b)
		if names := slices.Sorted(maps.Keys(files)); !slices.Equal(names, []string{"export.html", "export.json"}) {
			t.Fatalf("the file has %v", names)
		}
		var all map[string]any
		p.must(json.Unmarshal([]byte(files["export.json"]), &all))
		want := []string{"blocks", "consents", "decisions_about_me", "devices", "drafts", "form", "made_at", "memberships", "names", "posts", "profile", "reports_sent", "server", "support_given"}
		if got := slices.Sorted(maps.Keys(all)); !slices.Equal(got, want) {
			t.Errorf("export.json has %v, want %v", got, want)
		}
		for field, n := range map[string]int{"posts": 1, "drafts": 1, "memberships": 1, "names": 1, "reports_sent": 1, "support_given": 1, "blocks": 1, "devices": 1, "consents": 0} {
			if list, ok := all[field].([]any); !ok || len(list) != n {
				t.Errorf("%s: got %v, want a list of %d", field, all[field], n)
			}
		}
		post := all["posts"].([]any)[0].(map[string]any)
		versions, _ := post["earlier_versions"].([]any)
		if post["source"] != "my second words" || len(versions) != 1 || post["in_reply_to"] != theirs.URI || post["address"] != mine.URI {
			t.Errorf("the post: got %v", post)
		}
		for name, text := range files {
			for _, own := range []string{"slow-river", "my second words", "my unsent words", "my report", "The carers", theirs.URI} {
				if !strings.Contains(text, own) {
					t.Errorf("%s has no %q", name, own)
				}
			}
			for _, other := range []string{"secretsofhazel", "soft-cloud", "hazel"} {
				if strings.Contains(text, other) {
					t.Errorf("%s says %q, which is somebody else's", name, other)
				}
			}
		}
		if page := files["export.html"]; strings.Contains(page, "<first>") || !strings.Contains(page, "my &lt;first&gt; words") {
			t.Error("the page has words that are not escaped")
		}
	})
}

func TestAnExportIsOnesOwnAndNotMadeWithoutEnd(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		if got := p.browser().post("/me/export").leads(); !strings.HasPrefix(got, "/sign-in") {
			t.Errorf("a visitor is led to %q", got)
		}
		b := p.person("rowan", "slow-river")
		for range 5 {
			p.exported(b)
		}
		b.post("/me/export").wants(http.StatusTooManyRequests).says("come again in an hour")
	})
}
