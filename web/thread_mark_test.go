package web_test

import (
	"net/http"
	"strings"
	"testing"

	"hearth/community"
)

const passedOnMark = "Passed on by elm.example, and not confirmed by the author&#39;s own server"

// Whoever reads words that only their group's server says somebody wrote, reads that
// too; where there are no words there is nothing to confirm.
func TestWordsThatOnlyTheirGroupSaysAreMarked(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		ctx, now := t.Context(), p.clock.Now()
		p.registers(community.RegistrationApproval, func(s *community.Site) { s.FrontDoor = community.FrontDoorOpen })
		g := p.newGroup("quiet", community.ReadersAnyone, groupAt("elm.example"))
		p.must(p.store.InsertAccount(ctx, community.Account{Actor: community.Actor{ID: "kim", URI: "https://far.example/u/kim", Type: community.ActorPerson, Domain: "far.example", Name: "kim", Title: "Kim", CreatedAt: now}}))
		stands := func(id, verified, state string) {
			post := community.Post{ID: id, URI: "https://far.example/p/" + id, GroupID: g.ID, AuthorID: "kim", ThreadID: "root", Version: 1, HTML: "<p>words of " + id + "</p>", State: state,
				Readers: g.Readers, Reach: g.Reach, Verified: verified, PublishedAt: now, ReceivedAt: now, LastActivityAt: now}
			if id != "root" {
				root := "root"
				post.ParentID, post.InReplyToURI = &root, "https://far.example/p/root"
			}
			p.must(p.store.InsertPost(ctx, post))
		}
		stands("root", community.VerifiedGroup, community.PostPublished)
		stands("signed", community.VerifiedSigned, community.PostPublished)
		stands("asked", community.VerifiedOrigin, community.PostPublished)
		stands("said", community.VerifiedGroup, community.PostPublished)
		stands("hidden", community.VerifiedGroup, community.PostHidden)
		stands("deleted", community.VerifiedGroup, community.PostDeleted)

		for who, b := range map[string]*browser{"a visitor": p.browser(), "an outsider": p.member("dune"), "a member": p.member("rowan", g), "an admin": p.admin()} {
			page := b.get("/p/root").wants(http.StatusOK)
			for id, marked := range map[string]bool{"root": true, "said": true, "signed": false, "asked": false, "hidden": false, "deleted": false} {
				if got := page.article(id); strings.Contains(got, passedOnMark) != marked {
					t.Errorf("%s: the mark on %s is not %v:\n%s", who, id, marked, got)
				}
			}
		}
	})
}
