package federation_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
)

// The rules of FEP-fe34 and of those who learnt them the hard way, by the
// numbers of docs/refused.md.

func TestRule01_AnOriginIsAHostOfTheNetOverHTTPS(t *testing.T) {
	eachDoor(t, func(d *door) {
		ada := d.member(d.far("far.example"), "ann")
		for actor, want := range map[string]string{
			"http://far.example/u/ann":            "bad_scheme",
			"https://far.example:8443/u/ann":      "bad_port",
			"https://10.0.0.1/u/ann":              "ip_host",
			"https://[::1]/u/ann":                 "ip_host",
			"https://0x7f.1/u/ann":                "ip_host",
			"https://2130706433/u/ann":            "ip_host",
			"https://localhost/u/ann":             "bad_host",
			"https://far/u/ann":                   "bad_host",
			"https://xn--a.example/u/ann":         "bad_host",
			"https://far.example\u3002evil/u/ann": "not_this", // IDNA's other full stop: another host, and so another's id
		} {
			create := with(d.writes(ada), map[string]any{"actor": actor, "id": actor + "/1"})
			answer := ada.Send(d.inbox, create)
			if want == "not_this" && answer.Status < 500 && answer.Status >= 400 {
				continue
			}
			d.answers(actor, answer, "Bad Request: "+want)
		}
		d.holds("of nowhere")
	})
}

// CVE-2023-42451 (Mastodon): a domain was read so that another passed for it.
func TestCVE_2023_42451_NoDomainPassesForAnother(t *testing.T) {
	eachDoor(t, func(d *door) {
		ada, eve := d.member(d.far("far.example"), "ann"), d.member(d.far("evil.example"), "eve")
		for _, actor := range []string{
			"https://far.example/.evil.example/u/eve", "https://far.example./u/ann", "https://far.example@evil.example/u/eve", "https://far.example%2f@evil.example/u/ann",
			"https://evil.example\\@far.example/u/ann", "https://far.example#@evil.example/u/eve", "https://far.example%00.evil.example/u/ann", "https://far.example:443@evil.example/u/ann",
			"https://FAR.example/u/ann", "https://ｆａｒ.example/u/ann", "https://far.example:443/u/ann", "https:/far.example/u/ann", "https:\\\\far.example\\u\\ann", "//far.example/u/ann",
		} {
			create := with(d.writes(eve), map[string]any{"actor": actor, "id": actor + "/1"})
			create["object"] = with(noteIn(create), map[string]any{"attributedTo": actor, "id": actor + "/p"})
			answer := eve.Send(d.inbox, create)
			if answer.Status != http.StatusBadRequest && answer.Status != http.StatusForbidden {
				t.Errorf("%s: answered %q, want it refused", actor, word(answer))
			}
		}
		d.holds("in disguise")
		shouted := with(d.writes(ada), map[string]any{"id": "https://FAR.example/x/shouted"})
		d.answers("an id in capitals is of the same origin", ada.Send(d.inbox, shouted), "Accepted")
	})
}

// GHSA-hcqf-fw2r-52g4 (Mastodon): a line break in a path began another request.
func TestGHSA_hcqf_fw2r_52g4_NoAddressEndsALine(t *testing.T) {
	eachDoor(t, func(d *door) {
		far := d.far("far.example")
		ada, others := d.member(far, "ann"), d.far("elm.example")
		for _, address := range []string{"https://elm.example/u/x\r\nX-Other: y", "https://elm.example/u/x y", "https://elm.example/\u2028"} {
			d.answers(address, ada.Send(d.inbox, with(d.writes(ada), map[string]any{"actor": address})), "Bad Request: bad_actor")
			d.answers(address, ada.Send(d.inbox, with(d.writes(ada), map[string]any{"id": address})), "Bad Request: bad_id")
			reply := d.writes(ada, map[string]any{"inReplyTo": address})
			d.answers(address, ada.Send(d.inbox, reply), "Accepted")
			d.ends(address, reply, "finished accepted") // as what answers nothing
		}
		d.untouched("for an address that is none", others)
	})
}

func TestRule02_AKeyElsewhereCountsWhereItsOwnerListsIt(t *testing.T) {
	eachDoor(t, func(d *door) {
		far, keys := d.far("far.example"), d.far("keys.example")
		ada := d.member(far, "ann")
		apart := map[string]any{"id": keys.URL + "/ann", "type": "Key", "owner": ada.ID, "publicKeyPem": fedtest.PublicPEM(&ada.Key.PublicKey)}
		keys.Serve("/ann", apart)
		ada.Edit(func(document map[string]any) { document["publicKey"] = []any{document["publicKey"], apart} })
		ada.KeyID = keys.URL + "/ann"
		create := d.writes(ada)
		d.answers("listed", ada.Send(d.inbox, create), "Accepted")
		d.ends("listed", create, "finished accepted")
	})
}

func TestRule03_WhatIsOursIsAsWeHaveIt(t *testing.T) {
	eachDoor(t, func(d *door) {
		elm := d.far("elm.example")
		group := elm.ActorAt("Group", d.quiet.URI)
		moe := elm.Person("mo")
		ours := "https://oak.example/p/ada"
		for _, kind := range []string{"Create", "Update"} {
			for _, author := range []string{"https://oak.example/u/ada", moe.ID} {
				note := moe.Note(d.quiet.URI, "<p>forged</p>", map[string]any{"attributedTo": author})
				inner := with(moe.Activity(kind, with(note, map[string]any{"id": ours})), map[string]any{"actor": author})
				announce := group.Activity("Announce", inner)
				d.answers(kind, group.Send(d.inbox, announce), "Accepted")
				if got := d.became(announce["id"].(string)); strings.Contains(got, "accepted") {
					t.Errorf("%s by %s: became %q", kind, author, got)
				}
			}
		}
		object := group.Activity("Announce", moe.Note(d.quiet.URI, "<p>forged</p>", map[string]any{"id": ours}))
		d.answers("the post alone", group.Send(d.inbox, object), "Accepted")
		d.became(object["id"].(string))
		d.says("ours", ours, "words")
		d.holds("ours")
	})
}

func TestRule04_NoDocumentIsUnderAnIDOfOurs(t *testing.T) {
	eachDoor(t, func(d *door) {
		evil := d.far("evil.example")
		eve := evil.Person("eve")
		eve.Edit(func(document map[string]any) { document["id"] = "https://oak.example/u/ada" })
		create := eve.Activity("Create", eve.Note(d.carers.URI, "<p>forged</p>"))
		d.answers("as one of us", eve.Send(d.inbox, create), "Unauthorized: unknown_key")
		d.answers("as one of us, at once", eve.Send(d.inbox, with(create, map[string]any{"actor": "https://oak.example/u/ada", "id": "https://oak.example/x/1"})), "Forbidden: own_actor")
		d.holds("as one of us")
	})
}

func TestRule05_AGroupSpeaksForItsOwnThreadsAlone(t *testing.T) {
	eachDoor(t, func(d *door) {
		elm := d.far("elm.example")
		group, stranger, person := elm.ActorAt("Group", d.quiet.URI), elm.Group("unknown"), elm.Person("mo")
		far := d.far("far.example")
		ada := d.member(far, "ann")
		here := d.writes(ada)
		d.answers("in carers", ada.Send(d.inbox, here), "Accepted")
		d.ends("in carers", here, "finished accepted")
		create := person.Activity("Create", person.Note(d.quiet.URI, "<p>words</p>"))
		for name, sender := range map[string]*fedtest.Actor{"a group that nobody follows": stranger, "a person": person} {
			announce := sender.Activity("Announce", create)
			d.answers(name, sender.Send(d.inbox, announce), "Accepted")
			if got := d.became(announce["id"].(string)); strings.Contains(got, "accepted") {
				t.Errorf("%s: became %q, want nothing", name, got)
			}
		}
		id := noteIn(here)["id"].(string)
		changed := with(noteIn(here), map[string]any{"content": "<p>forged</p>"})
		for name, inner := range map[string]map[string]any{
			"an edit in another group":     ada.Activity("Update", changed),
			"a deletion in another group":  ada.Activity("Delete", id),
			"a lock in another group":      ada.Activity("Lock", id),
			"somebody else's words":        with(person.Activity("Create", ada.Note(d.quiet.URI, "<p>forged</p>")), map[string]any{"actor": person.ID}),
			"somebody else's words, moved": with(create, map[string]any{"object": with(noteIn(create), map[string]any{"id": "https://far.example/p/new"})}),
		} {
			announce := group.Activity("Announce", inner)
			d.answers(name, group.Send(d.inbox, announce), "Accepted")
			if got := d.became(announce["id"].(string)); strings.Contains(got, "accepted") {
				t.Errorf("%s: became %q, want it refused", name, got)
			}
		}
		d.holds("forged", id)
		d.says("forged", id, "words of ann")
	})
}

func TestRule06_OnlyAuthorsAndModeratorsTakeWordsAway(t *testing.T) {
	eachDoor(t, func(d *door) {
		far := d.far("far.example")
		ada, bo := d.member(far, "ann"), d.member(far, "bo")
		create := d.writes(ada)
		id := noteIn(create)["id"].(string)
		d.answers("written", ada.Send(d.inbox, create), "Accepted")
		d.ends("written", create, "finished accepted")
		for name, act := range map[string]map[string]any{
			"a neighbour deletes it":               bo.Activity("Delete", id),
			"a neighbour deletes it with a reason": bo.Activity("Delete", id, map[string]any{"summary": "spam"}),
			"a neighbour changes it":               bo.Activity("Update", with(noteIn(create), map[string]any{"content": "<p>forged</p>"})),
			"a neighbour changes it as their own":  bo.Activity("Update", with(noteIn(create), map[string]any{"content": "<p>forged</p>", "attributedTo": bo.ID})),
			"a neighbour undoes its writing":       bo.Activity("Undo", create),
			"a neighbour locks it":                 bo.Activity("Lock", id),
			"a neighbour has its author removed":   bo.Activity("Block", ada.ID, map[string]any{"target": d.carers.URI, "removeData": true}),
		} {
			if got := bo.Send(d.inbox, act); got.Status != http.StatusAccepted {
				t.Errorf("%s: answered %q", name, word(got))
			}
			if got := d.became(act["id"].(string)); strings.Contains(got, "accepted") {
				t.Errorf("%s: became %q, want it refused", name, got)
			}
			d.says(name, id, "words of ann")
		}
		d.answers("a neighbour says that its author left", bo.Send(d.inbox, bo.Activity("Delete", ada.ID)), "Accepted")
		d.holds("a neighbour says that its author left", id)
		d.says("a neighbour says that its author left", id, "words of ann")
		gone := ada.Activity("Delete", id)
		d.answers("its author deletes it", ada.Send(d.inbox, gone), "Accepted")
		d.ends("its author deletes it", gone, "finished accepted")
	})
}

func TestRule07_OnlyWhatWasVerifiedIsADuplicate(t *testing.T) {
	eachDoor(t, func(d *door) {
		far := d.far("far.example")
		ada, bo := d.member(far, "ann"), d.member(far, "bo")
		create := d.writes(ada)
		spoilt := ada.Signed(http.MethodPost, d.inbox, []byte(mustJSON(create)))
		setBody(spoilt, []byte(mustJSON(with(create, map[string]any{"object": "https://far.example/p/forged"}))))
		d.answers("spoilt", far.Do(spoilt), "Unauthorized: digest_mismatch")
		d.answers("by a neighbour", bo.Send(d.inbox, create), "Forbidden: signer_is_not_actor")
		for _, when := range []string{"genuine", "again"} {
			d.answers(when, ada.Send(d.inbox, create), "Accepted")
			d.ends(when, create, "finished accepted")
		}
		other := with(create, map[string]any{"object": with(noteIn(create), map[string]any{"content": "<p>another body</p>"})})
		d.answers("with another body", ada.Send(d.inbox, other), "Accepted")
		d.says("with another body", noteIn(create)["id"].(string), "words of ann")
		late := d.writes(ada)
		id := noteIn(late)["id"].(string)
		d.answers("a Delete before its Create", ada.Send(d.inbox, ada.Activity("Delete", id)), "Accepted")
		d.answers("the Create after its Delete", ada.Send(d.inbox, late), "Accepted")
		d.holds("in the end", noteIn(create)["id"].(string))
		d.ends("the Create after its Delete", late, "finished refused deleted")
	})
}

func TestRule08_TheEndOfNobodyCostsNothing(t *testing.T) {
	eachDoor(t, func(d *door) {
		far := d.far("far.example")
		signer := far.Person("signer")
		for i := range 200 {
			gone := fmt.Sprintf("https://far.example/u/gone-%d", i)
			farewell := map[string]any{"id": gone + "#delete", "type": "Delete", "actor": gone, "object": gone, "to": []any{fedtest.Public}}
			if i%2 == 1 { // signed by nobody, as a relay of it may be
				req, err := http.NewRequest(http.MethodPost, d.inbox, strings.NewReader(mustJSON(farewell)))
				d.must(err)
				d.answers(gone, far.Do(req), "Accepted")
				continue
			}
			d.answers(gone, signer.Send(d.inbox, farewell), "Accepted")
		}
		d.untouched("a flood of farewells", far)
		if kept := storagetest.Strings(t, d.db, "SELECT uri FROM activities"); len(kept) != 0 {
			t.Errorf("%d of them are kept, want none", len(kept))
		}
	})
}

func TestRule09_WhatIsForwardedIsNotBelieved(t *testing.T) {
	eachDoor(t, func(d *door) {
		far, elm := d.far("far.example"), d.far("elm.example")
		create := far.Person("ann").Activity("Create", far.Person("ann").Note(d.carers.URI, "<p>words</p>"))
		d.answers("forwarded", elm.Person("mo").Send(d.inbox, create), "Forbidden: signer_is_not_actor")
		d.untouched("forwarded", far)
		d.holds("forwarded")
	})
}

func TestRule10_NothingIsFollowedWithoutEnd(t *testing.T) {
	eachDoor(t, func(d *door) {
		far := d.far("far.example")
		ada := d.member(far, "ann")
		deep := strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40)
		create := mustJSON(d.writes(ada))
		d.answers("deep", ada.Send(d.inbox, []byte(strings.TrimSuffix(create, "}")+`,"x":`+deep+"}")), "Bad Request: too_deep")
		d.answers("an array", ada.Send(d.inbox, with(d.writes(ada), map[string]any{"to": slices.Repeat([]any{fedtest.Public}, 257)})), "Bad Request: array_too_long")
		wide := map[string]any{}
		for i := range 257 {
			wide[fmt.Sprint(i)] = i
		}
		d.answers("an object", ada.Send(d.inbox, with(d.writes(ada), map[string]any{"x": wide})), "Bad Request: object_too_wide")
		d.answers("a key twice", ada.Send(d.inbox, []byte(strings.TrimSuffix(create, "}")+`,"actor":"https://elm.example/u/moe"}`)), "Bad Request: duplicate_key")
		d.answers("more than 1 MiB", ada.Send(d.inbox, []byte(strings.TrimSuffix(create, "}")+`,"x":"`+strings.Repeat("x", 1<<20)+`"}`)), "Request Entity Too Large: too_large")
		nested := any(ada.ID)
		for range 12 {
			nested = ada.Activity("Announce", nested)
		}
		d.answers("an Announce of an Announce of", ada.Send(d.inbox, nested), "Accepted")
		asked := len(far.Requests())
		for i := range 300 {
			ada.Note(d.carers.URI, "<p>and so on</p>", map[string]any{"id": fmt.Sprintf("%s/p/chain-%d", far.URL, i), "inReplyTo": fmt.Sprintf("%s/p/chain-%d", far.URL, i+1)})
		}
		reply := d.writes(ada, map[string]any{"inReplyTo": far.URL + "/p/chain-0"})
		d.answers("an answer at the end of a long chain", ada.Send(d.inbox, reply), "Accepted")
		d.handleAll()
		if n := len(far.Requests()) - asked; n > 100 {
			t.Errorf("one activity made us ask %d times, want at most 100", n)
		}
	})
}

func TestRule12_DomainsAreComparedByLabels(t *testing.T) {
	eachDoor(t, func(d *door) {
		d.refuse("evil.example")
		for host, want := range map[string]string{
			"evil.example": "Forbidden: policy", "sub.evil.example": "Forbidden: policy", "notevil.example": "Accepted",
			"evil.example.net": "Accepted", "evil-example.net": "Accepted",
		} {
			eve := d.far(host).Person("eve")
			d.answers(host, eve.Send(d.inbox, eve.Activity("Like", "https://oak.example/p/ada")), want)
		}
		shouting := d.far("other.example").Person("eve")
		d.answers("in capitals", shouting.Send(d.inbox, map[string]any{"id": "https://EVIL.example/x/1", "type": "Like", "actor": "https://EVIL.example/u/eve", "object": "https://oak.example/p/ada"}), "Forbidden: policy")
	})
}
