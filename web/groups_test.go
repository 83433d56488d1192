package web_test

import (
	"context"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"hearth/community"
)

// hidden is the value of a hidden field, or of a box, on a page.
func (a *answer) field(name string) string {
	a.t.Helper()
	tag := regexp.MustCompile(`<input[^>]*name="` + regexp.QuoteMeta(name) + `"[^>]*>`).FindString(a.body)
	found := regexp.MustCompile(`value="([^"]*)"`).FindStringSubmatch(tag)
	if found == nil {
		a.t.Fatalf("%s: no field %q on the page:\n%s", a.what, name, a.body)
	}
	return html.UnescapeString(found[1])
}

// newGroup are the fields of a form that makes a group, with changes in pairs.
func newGroup(form *answer, changes ...string) []string {
	fields := map[string]string{
		"sensitive": form.field("sensitive"), "random": form.field("random"), "take_part": form.field("take_part"),
		"title": "Carers at night", "purpose": "For people who look after **somebody**, and are awake.", "situation": "caring",
		"language": "en", "handle": "title", "rules": "Listen first.\nNo doses, no methods.", "joining": "open",
		"readers": "anyone", "reach": "nowhere", "listed": "yes",
	}
	for i := 0; i+1 < len(changes); i += 2 {
		fields[changes[i]] = changes[i+1]
	}
	var pairs []string
	for name, value := range fields {
		pairs = append(pairs, name, value)
	}
	return pairs
}

// group is an active group of the admin's and its path, made through the form.
func (p *place) group(b *browser, changes ...string) string {
	p.t.Helper()
	form := b.get("/groups/new?sensitive=no").wants(http.StatusOK)
	return b.post("/groups/new", newGroup(form, changes...)...).leads()
}

// enter brings somebody into a group through its door.
func (p *place) enter(b *browser, path string, more ...string) string {
	p.t.Helper()
	door := b.get(path + "/join").wants(http.StatusOK)
	return b.post(path+"/join", append([]string{"version", door.field("version"), "take_part", door.field("take_part")}, more...)...).leads()
}

func TestAGroupIsAskedForAndReadsItsAnswer(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		rowan, admin := p.person("rowan-signs", "rowan"), p.admin()
		rowan.get("/groups").wants(http.StatusOK).says("There are no groups here yet.", "Ask for a group")
		form := rowan.get("/groups/new?sensitive=yes").wants(http.StatusOK)
		if to := rowan.post("/groups/new", newGroup(form, "handle", "random", "readers", "members", "listed", "no")...).leads(); to != "/groups/asked" {
			t.Fatalf("asking leads to %q", to)
		}
		rowan.get("/groups/asked").says("Carers at night", "have not answered yet")
		p.browser().get("/groups").wants(http.StatusOK).hides("Carers at night")
		asked := admin.get("/admin/groups").wants(http.StatusOK).says("Carers at night", "rowan", "<strong>somebody</strong>", "No doses, no methods.", "being seen there could harm somebody")
		path := regexp.MustCompile(`action="(/admin/groups/[^"]+)"`).FindStringSubmatch(asked.body)[1]
		admin.post(path, "answer", "no").wants(http.StatusUnprocessableEntity).says("Please say in a sentence why.")
		admin.post(path, "answer", "no", "reason", "There is one for carers already.").wants(http.StatusSeeOther)
		admin.post(path, "answer", "yes").wants(http.StatusConflict)
		rowan.get("/groups/asked").says("There is one for carers already.")
	})
}

func TestANewGroupKeepsEveryWordAndNamesWhatToMend(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin := p.admin()
		form := admin.get("/groups/new?sensitive=no").wants(http.StatusOK)
		got := admin.post("/groups/new", newGroup(form, "title", "", "for_whom", "People <like> us", "rules", "", "take_part", "",
			"readers", "members", "reach", "named", "servers", "not-a-server")...).wants(http.StatusUnprocessableEntity)
		got.says("People &lt;like&gt; us", "not-a-server is not the name of another server", "A group has at least one rule",
			"Without this box ticked", `id="f-readers" name="readers" value="members" checked`)
		got = admin.post("/groups/new", newGroup(form, "readers", "members", "reach", "anywhere")...).wants(http.StatusUnprocessableEntity)
		got.says("If only members can read, copies cannot go to every server")
		got = admin.post("/groups/new", newGroup(form, "handle", "own", "name", "quiet-heron")...).wants(http.StatusUnprocessableEntity)
		got.says("Names are never used twice.", `value="quiet-heron"`)
	})
}

func TestWhatSurprisesIsSaidOnce(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin := p.admin()
		form := admin.get("/groups/new?sensitive=no").wants(http.StatusOK)
		asked := newGroup(form, "joining", "asked", "question", "Whom do you look after?")
		said := admin.post("/groups/new", asked...).wants(http.StatusUnprocessableEntity).says("Approval decides who may write. Anyone can read.")
		admin.post("/groups/new", append(asked, "advised", said.field("advised"))...).wants(http.StatusSeeOther)
	})
}

func TestSensitiveGroupsStartNarrowAndUnnamed(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin := p.admin()
		form := admin.get("/groups/new?sensitive=yes").wants(http.StatusOK)
		form.says(`name="handle" value="random" checked`, `name="readers" value="members" checked`, `name="reach" value="nowhere" checked`, `name="listed" value="no" checked`)
		random := form.field("random")
		path := admin.post("/groups/new", newGroup(form, "handle", "random", "readers", "members", "listed", "no")...).leads()
		if path != "/g/"+random {
			t.Fatalf("got %q, want the discreet name /g/%s", path, random)
		}
		for _, page := range []string{path + "/join", path + "/rules"} {
			door := p.browser().get(page).wants(http.StatusOK).says("Carers at night", `class="exit"`)
			if title := regexp.MustCompile(`<title>[^<]*</title>`).FindString(door.body); strings.Contains(title, "Carers") {
				t.Errorf("%s: the tab says %s", page, title)
			}
		}
		p.browser().get("/groups").hides("Carers at night")
		admin.get("/groups").says("Carers at night")
	})
}

func TestTheDirectoryIsSearched(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin := p.admin()
		p.group(admin)
		p.group(admin, "title", "Trauer am Abend", "situation", "loss", "language", "de")
		visitor := p.browser()
		visitor.get("/").says("Carers at night", "Anyone can read", "members write")
		visitor.get("/groups").wants(http.StatusOK).says("Carers at night", "Trauer am Abend", "Deutsch", `name="q"`).hides("Ask for a group", `name="situation"`)
		visitor.get("/groups?q=trauer").says("Trauer am Abend", `value="trauer"`, `name="situation"`).hides("Carers at night")
		visitor.get("/groups?situation=loss").says("Trauer am Abend").hides("Carers at night")
		visitor.get("/groups?language=en").says("Carers at night").hides("Trauer am Abend</a>")
		visitor.get("/groups?q=nothing+like+it").says("No group fits that.")
		visitor.get("/groups?after=%27%3B--").wants(http.StatusOK)
	})
}

func TestR14AGroupTellsNoNumbers(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		admin := p.admin()
		path := p.group(admin)
		for _, name := range []string{"lantern", "river", "kettle", "meadow", "willow", "pebble"} {
			p.enter(p.person(name+"-signs", name), path)
		}
		view, err := p.service.GroupView(context.Background(), community.Viewer{}, strings.TrimPrefix(path, "/g/"))
		if err != nil || view.Members != 5 {
			t.Errorf("a visitor is told %d members, %v; want the lower end of 5 to 9", view.Members, err)
		}
		p.browser().get("/groups").says("members: 5 to 9")
		p.browser().get(path).says("Members: 5 to 9.")
		listed, err := p.service.Groups(context.Background(), community.Viewer{}, community.GroupSearch{})
		if err != nil || len(listed.Groups) != 1 || listed.Groups[0].Members != 5 {
			t.Errorf("the directory has %+v, %v; want the lower end of the band", listed.Groups, err)
		}
		admin.get("/mod" + path + "/members").says("Members: 7.")
	})
}
