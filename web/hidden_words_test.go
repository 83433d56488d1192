package web_test

import (
	"net/http"
	"testing"
	"time"

	"hearth/community"
)

// R25: what a moderator took out of sight stays there when its author has mended
// it and it is shown again.
func TestR25WhatWasHiddenIsNoEarlierVersionForOthers(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		g := p.newGroup("carers", community.ReadersAnyone)
		author, mod, reader := p.member("rowan", g), p.moderator("maya", g), p.member("ash", g)
		post := author.write(g, "title", "A title", "text", "Her name is Linnet.")
		edit := func(version, text string) {
			p.clock.advance(time.Minute)
			author.post("/p/"+post+"/edit", "draft", post, "version", version, "title", "A title", "text", text).leads()
		}
		mod.decide("/mod/post/"+post, "measure", "hide", "reason", "Without the name.").leads()
		edit("1", "Her name is L.")
		edit("2", "She is well.")
		mod.decide("/mod/post/"+post, "measure", "show").leads()
		for _, b := range []*browser{reader, p.browser()} {
			b.get("/p/" + post + "/versions").wants(http.StatusOK).says("She is well.").hides("Her name")
		}
		edit("3", "She is better.")
		for _, b := range []*browser{reader, p.browser()} {
			b.get("/p/"+post+"/versions").wants(http.StatusOK).says("She is better.", "She is well.").hides("Her name")
		}
		for _, b := range []*browser{author, mod} {
			b.get("/p/"+post+"/versions").wants(http.StatusOK).says("She is better.", "Her name is Linnet.", "Her name is L.")
		}
	})
}
