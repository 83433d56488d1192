package web_test

import (
	"net/http"
	"testing"

	"hearth/community"
)

func TestAProfileShowsWhatReaderAndWriterShareAndNothingElse(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		shared := p.newGroup("carers", community.ReadersAnyone)
		secret := p.newGroup("secret", community.ReadersMembers, func(g *community.Group) { g.Sensitive = true })
		p.member("rowan", shared, secret)
		hazel, both := p.member("hazel", shared), p.member("willow", shared, secret)
		p.seed(shared, "rowan", "", "Shared words.")
		p.seed(secret, "rowan", "", "Secret words.")
		hazel.get("/@rowan").wants(http.StatusOK).says("The carers").hides("The secret", `class="exit"`)
		both.get("/@rowan").wants(http.StatusOK).says("The carers", "The secret", `class="exit"`)
		p.browser().get("/@rowan").wants(http.StatusOK).hides("The carers", "The secret")
		p.suspend("hazel")
		hazel.get("/@rowan").wants(http.StatusOK).hides("The carers")
	})
}
