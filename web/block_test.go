package web_test

import (
	"net/http"
	"strings"
	"testing"

	"hearth/community"
)

func TestBlockingIsSilentFoldsTheirWordsAndKeepsTheirNoticesAway(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersMembers)
		rowan, ash := p.member("rowan", g), p.member("ashley", g)
		post := rowan.write(g, "title", "A title", "text", "Words.")
		theirs := ash.reply(post, "Loud words.")
		rowan.get("/p/"+post).says(`name="account" value="account-ashley"`, "Block ashley")
		rowan.follow(rowan.post("/me/blocks", "account", "account-ashley")).says("You have blocked ashley. Nobody is told.", "No longer block")
		if folded := rowan.get("/p/" + post).article(theirs); !strings.Contains(folded, "From somebody you blocked.") {
			t.Errorf("their words are not folded:\n%s", folded)
		}
		rowan.get("/notices").hides("ashley")
		ash.reply(post, "More loud words for @rowan.")
		rowan.get("/notices").hides("ashley")
		ash.get("/notices").hides("block")
		ash.get("/p/" + post).says("Loud words.")
		ash.get("/me/blocks").says("You have blocked nobody.").hides("rowan")

		rowan.follow(rowan.post("/me/blocks/lift", "kind", "account", "what", "account-ashley")).says("No longer blocked.", "You have blocked nobody.")
		rowan.get("/notices").says("ashley")
	})
}

func TestWhatCanBeBlocked(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		rowan := p.member("rowan")
		p.member("ashley")
		rowan.post("/me/blocks", "account", "account-rowan").wants(http.StatusNotFound)
		rowan.post("/me/blocks", "account", strings.Repeat("a", 26)).wants(http.StatusNotFound)
		rowan.post("/me/blocks", "server", "https://elm.example/g/carers").wants(http.StatusUnprocessableEntity).says("https://elm.example/g/carers", "not the name of a server")
		rowan.follow(rowan.post("/me/blocks", "server", "https://pasted.example/")).says("pasted.example").hides("https://pasted.example")
		rowan.post("/me/blocks", "server", p.host()).wants(http.StatusUnprocessableEntity).says("this server itself")
		rowan.follow(rowan.post("/me/blocks", "server", "Bücher.Example")).says("bücher.example", "everybody who writes from there")
		rowan.post("/me/blocks", "server", "bücher.example").wants(http.StatusSeeOther)
		p.suspend("rowan")
		rowan.post("/me/blocks", "account", "account-ashley").wants(http.StatusSeeOther)
		visitor := p.browser()
		visitor.get("/me/blocks").wants(http.StatusSeeOther)
		visitor.post("/me/blocks", "account", "account-ashley").wants(http.StatusSeeOther)
		p.member("wren").get("/me/blocks").hides("bücher.example")
	})
}
