package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"hearth/community"
)

func TestR42WordsStayHereUntilTheirAuthorAgreedToCopies(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersAnyone)
		ctx := context.Background()
		group, err := p.store.GroupByName(ctx, "", "carers")
		if err != nil {
			t.Fatal(err)
		}
		group.Reach = community.ReachAnywhere
		if err := p.store.UpdateGroup(ctx, group); err != nil {
			t.Fatal(err)
		}
		rowan := p.member("rowan", g)
		page := rowan.get("/g/carers/new").wants(http.StatusOK).says("Until you agree to copies, your words stay on this server", "No other server follows this group yet", `name="federate"`)
		first := rowan.write(g, "text", "before")
		hash := between(page.body, `name="federate" value="`, `"`)
		second := rowan.write(g, "text", "after", "federate", hash)
		for id, want := range map[string]string{first: community.ReachNowhere, second: community.ReachAnywhere} {
			post, err := p.store.Post(ctx, id)
			if err != nil || post.Reach != want {
				t.Errorf("%q: got reach %s, %v; want %s", post.Source, post.Reach, err, want)
			}
		}
		rowan.get("/g/carers/new").hides(`name="federate"`).says("Copies go to every server")
	})
}

func TestWhoMayAgreeToCopiesReadsWhereTheyWouldGo(t *testing.T) {
	eachFederated(t, func(t *testing.T, p *federated) {
		ctx := context.Background()
		g := p.newGroup("carers", community.ReadersAnyone)
		maya := p.person("maya", "mayalight")
		rowan := p.member("rowan", g)
		g.Reach = community.ReachAnywhere
		p.must(p.store.UpdateGroup(ctx, g))
		const nobody, somebody, cannot = "No other server follows this group yet", "Copies would go to: far.example", "nobody can make them"
		maya.get("/g/carers/join").wants(http.StatusOK).says(nobody, cannot).hides("far.example")
		ada := p.follower(g, p.far("far.example").Person("ada"))
		for _, page := range []*answer{maya.get("/g/carers/join"), rowan.get("/g/carers/new")} {
			page.wants(http.StatusOK).says(somebody, cannot, `name="federate"`).hides(nobody)
		}
		p.browser().get("/g/carers/join").wants(http.StatusOK).hides("far.example")
		p.must(p.store.EndMemberships(ctx, ada.ID, ada.CreatedAt))
		maya.get("/g/carers/join").wants(http.StatusOK).says(nobody).hides("far.example")
	})
}

func TestChangingWordsAsksForNoConsentThatItDoesNotTake(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("garden", community.ReadersAnyone, groupAt("far.example"))
		p.registers(community.RegistrationApproval, func(s *community.Site) { s.FrontDoor = community.FrontDoorOpen })
		rowan := p.member("rowan", g)
		p.agree("rowan", g)
		id := p.seed(g, "rowan", "", "words")
		consents := rowan.get("/me/consents").wants(http.StatusOK)
		rowan.post(between(consents.body, `action="`, `"`)).leads()
		rowan.get("/g/garden@far.example/new").wants(http.StatusOK).says(`name="federate"`)
		rowan.get("/p/" + id + "/edit").wants(http.StatusOK).says("words</textarea>").hides(`name="federate"`)
		rowan.post("/p/"+id+"/edit", "version", "1", "text", "").wants(http.StatusUnprocessableEntity).hides(`name="federate"`)
	})
}

// between is the text after one mark and before the next, or empty.
func between(s, from, to string) string {
	_, rest, _ := strings.Cut(s, from)
	found, _, _ := strings.Cut(rest, to)
	return found
}
