package web_test

import (
	"net/http"
	"testing"

	"hearth/community"
)

// R20: whoever reports the only one who could read it is told so, and where help
// is; that one is asked not to stay alone.
func TestR20AReportThatNobodyElseReadsSaysSo(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		const alone, ask = "is the only person who looks after this", "a report about you would reach nobody"
		admin, page := p.admin(), "/report?account="+p.viewer("warden").ActingID()
		p.browser().get(page).wants(http.StatusOK).says(alone, `href="/help"`)
		admin.get("/admin").wants(http.StatusOK).says(ask, `href="/admin/people"`)
		rowan := p.person("rowan", "slow-river")
		rowan.get(page).wants(http.StatusOK).says(alone)
		rowan.get("/report?account=" + p.viewer("rowan").ActingID()).wants(http.StatusOK).hides(alone)

		p.personAs("hazel", "soft-cloud", community.RoleModerator)
		p.browser().get(page).wants(http.StatusOK).hides(alone)
		admin.get("/admin").wants(http.StatusOK).hides(ask)
	})
}
