package federation_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
)

// writes is a member's new thread in carers, as its server sends it.
func (d *door) writes(actor *fedtest.Actor, more ...map[string]any) map[string]any {
	d.t.Helper()
	return actor.Activity("Create", actor.Note(d.carers.URI, "<p>words of "+actor.Name+"</p>", more...))
}

// noteIn is what a Create of writes carries.
func noteIn(create map[string]any) map[string]any { return create["object"].(map[string]any) }

// with is an activity with something else in it.
func with(activity map[string]any, changes map[string]any) map[string]any {
	changed := maps.Clone(activity)
	maps.Copy(changed, changes)
	return changed
}

// answers wants the inbox to answer so: a status, and the word of a refusal.
func (d *door) answers(when string, answer fedtest.Answer, want string) {
	d.t.Helper()
	if got := word(answer); got != want {
		d.t.Errorf("%s: answered %q, want %q", when, got, want)
	}
	if faults := d.logs.errors(); faults != "" {
		d.t.Errorf("%s: a fault of ours: %s", when, faults)
	}
}

// ends wants that to become of an activity that was kept; nothing where it was not.
func (d *door) ends(when string, activity map[string]any, want string) {
	d.t.Helper()
	if got := strings.TrimSpace(d.became(activity["id"].(string))); got != want {
		d.t.Errorf("%s: became %q, want %q", when, got, want)
	}
}

// holds wants these posts of others, and no more, to stand here.
func (d *door) holds(when string, want ...string) {
	d.t.Helper()
	d.must(d.HandleDue(d.t.Context()))
	if got := d.postURIs(); fmt.Sprint(got) != fmt.Sprint(want) {
		d.t.Errorf("%s: there are %q, want %q", when, got, want)
	}
}

// untouched wants that nobody asked a server for anything.
func (d *door) untouched(when string, servers ...*fedtest.Server) {
	d.t.Helper()
	for _, s := range servers {
		for _, r := range s.Requests() {
			d.t.Errorf("%s: %s was asked for %s %s", when, s.Host, r.Method, r.Path)
		}
	}
}

// CVE-2025-54888 (Fedify): an activity was done before it was asked whether its
// signer is its actor. Somebody of the same server is somebody else.
func TestCVE_2025_54888_OnlyItsActorMaySignAnActivity(t *testing.T) {
	eachDoor(t, func(d *door) {
		far := d.far("far.example")
		ada, bo := d.member(far, "ann"), d.member(far, "bo")
		create := d.writes(ada)
		d.answers("by a neighbour", bo.Send(d.inbox, create), "Forbidden: signer_is_not_actor")
		d.answers("by another server", d.far("evil.example").Person("eve").Send(d.inbox, create), "Forbidden: signer_is_not_actor")
		d.holds("forged")
		d.answers("by its actor", ada.Send(d.inbox, create), "Accepted")
		d.holds("by its actor", noteIn(create)["id"].(string))
	})
}

// CVE-2023-49079, CVE-2026-28432 (Misskey): a signature that held said nothing of
// the body, or was made for another host.
func TestCVE_2023_49079_ASignedRequestIsGoodForItsBodyAndHostAlone(t *testing.T) {
	eachDoor(t, func(d *door) {
		ada := d.member(d.far("far.example"), "ann")
		original, forged := []byte(mustJSON(d.writes(ada))), []byte(mustJSON(d.writes(ada, map[string]any{"content": "<p>forged</p>"})))
		another := ada.Signed(http.MethodPost, "https://elm.example/inbox", original)
		another.URL.Host, another.Host = "oak.example", "oak.example"
		asElm := ada.Signed(http.MethodPost, "https://elm.example/inbox", original)
		asElm.URL.Host = "oak.example"
		body := ada.Signed(http.MethodPost, d.inbox, original)
		setBody(body, forged)
		digest := ada.Signed(http.MethodPost, d.inbox, original)
		setBody(digest, forged)
		sum := sha256.Sum256(forged)
		digest.Header.Set("Digest", "SHA-256="+base64.StdEncoding.EncodeToString(sum[:]))
		path := ada.Signed(http.MethodPost, "https://oak.example/u/ada/inbox", original)
		path.URL.Path = "/inbox"
		for _, c := range []struct {
			name string
			req  *http.Request
			want string
		}{
			{"another body", body, "Unauthorized: digest_mismatch"},
			{"another body under a digest of its own", digest, "Unauthorized: bad_signature"},
			{"what another host was sent", another, "Unauthorized: bad_signature"},
			{"what another host was sent, under its name", asElm, "Unauthorized: wrong_host"},
			{"what another inbox was sent", path, "Unauthorized: bad_signature"},
		} {
			d.answers(c.name, ada.Server.Do(c.req), c.want)
		}
		d.holds("forged")
	})
}

// CVE-2026-96625 (Fedify): a key's own word for its owner was believed.
func TestCVE_2026_96625_AKeyIsNobodysWhoDoesNotListIt(t *testing.T) {
	eachDoor(t, func(d *door) {
		ada, evil := d.member(d.far("far.example"), "ann"), d.far("evil.example")
		eve, create := evil.Person("eve"), d.writes(ada)
		claimed := map[string]any{"id": evil.URL + "/key", "type": "Key", "owner": ada.ID, "publicKeyPem": fedtest.PublicPEM(&eve.Key.PublicKey)}
		evil.Serve("/key", claimed)
		eve.KeyID = evil.URL + "/key"
		d.answers("a key that says it is hers", eve.Send(d.inbox, create), "Unauthorized: unknown_key")
		d.holds("forged")
	})
}

// GHSA-8863-8468-7hq7 (Fedify): an actor's address that another actor answers at
// was taken for proof.
func TestGHSA_8863_8468_7hq7_AnActorIsFoundUnderItsOwnIDAlone(t *testing.T) {
	eachDoor(t, func(d *door) {
		for _, way := range []string{"redirect", "served"} {
			far, evil := d.far(way+".example"), d.far("evil-"+way+".example")
			ada, eve := d.member(far, "ann"), evil.Person("eve")
			answer := fedtest.Redirect(eve.ID)
			if way == "served" {
				answer = func(w http.ResponseWriter, r *http.Request) {
					fedtest.Body("application/activity+json", eve.Get(eve.ID).Body)(w, r)
				}
			}
			far.Handle("/open", answer)
			eve.Edit(func(document map[string]any) {
				document["publicKey"] = map[string]any{"id": evil.URL + "/key", "owner": far.URL + "/open", "publicKeyPem": fedtest.PublicPEM(&eve.Key.PublicKey)}
			})
			evil.Serve("/key", map[string]any{"id": evil.URL + "/key", "type": "Key", "owner": far.URL + "/open", "publicKeyPem": fedtest.PublicPEM(&eve.Key.PublicKey)})
			eve.KeyID = evil.URL + "/key"
			create := d.writes(ada)
			create["actor"], noteIn(create)["attributedTo"] = far.URL+"/open", far.URL+"/open"
			d.answers(way, eve.Send(d.inbox, create), "Unauthorized: unknown_key")
			d.holds(way)
			d.clock.pass(10 * time.Minute) // its source is believed again
		}
	})
}

// GHSA-4qhx-hhwf-8685 (Fedify): an activity's id of another origin took the place
// of the genuine one, which was then a duplicate.
func TestGHSA_4qhx_hhwf_8685_NobodyTakesTheIDOfAnothersActivity(t *testing.T) {
	eachDoor(t, func(d *door) {
		ada, eve := d.member(d.far("far.example"), "ann"), d.member(d.far("evil.example"), "eve")
		genuine := d.writes(ada)
		forged := with(d.writes(eve), map[string]any{"id": genuine["id"]})
		d.answers("forged", eve.Send(d.inbox, forged), "Forbidden: id_of_another_origin")
		d.ends("forged", genuine, "")
		d.answers("genuine", ada.Send(d.inbox, genuine), "Accepted")
		d.ends("genuine", genuine, "finished accepted")
		d.holds("genuine", noteIn(genuine)["id"].(string))
	})
}

// CVE-2024-52591, CVE-2025-25306 (Misskey): ids, authors and addresses of posts
// were of hosts that their sender does not speak for.
func TestCVE_2024_52591_APostIsOfItsSendersOriginAndHand(t *testing.T) {
	eachDoor(t, func(d *door) {
		far := d.far("far.example")
		ada, bo, elm := d.member(far, "ann"), d.member(far, "bo"), d.far("elm.example")
		for name, changes := range map[string]map[string]any{
			"another's id":          {"id": elm.URL + "/p/1"},
			"another's author":      {"attributedTo": elm.URL + "/u/moe"},
			"a neighbour as author": {"attributedTo": bo.ID},
			"ours as id":            {"id": "https://oak.example/p/new"},
			"ours as author":        {"attributedTo": "https://oak.example/u/ada"},
		} {
			create := d.writes(ada)
			create["object"] = with(noteIn(create), changes)
			d.answers(name, ada.Send(d.inbox, create), "Accepted")
			d.ends(name, create, "finished refused not_author")
		}
		d.holds("forged")
		d.untouched("forged", elm)
		create := d.writes(ada, map[string]any{"url": "https://elm.example/sign-in"})
		d.answers("an address elsewhere", ada.Send(d.inbox, create), "Accepted")
		d.holds("an address elsewhere", noteIn(create)["id"].(string))
		if got := storagetest.Strings(t, d.db, "SELECT url FROM posts WHERE verified <> 'local'"); got[0] != noteIn(create)["id"] {
			t.Errorf("the post is said to stand at %s, want its id", got[0])
		}
	})
}

// VulnCheck, 2026 (NodeBB): a number for an author was taken for a local one's.
func TestNodeBB_2026_AnAuthorIsNamedByTheIRIOfTheSender(t *testing.T) {
	eachDoor(t, func(d *door) {
		ada := d.member(d.far("far.example"), "ann")
		for name, author := range map[string]any{
			"a number": 1, "a number as words": "1", "a name": "ada", "a path": "/u/ada", "nobody": nil, "a list of numbers": []any{1},
			"true": true, "a thing without id": map[string]any{"type": "Person"}, "an empty list": []any{}, "a list of lists": []any{[]any{1}},
			"ours": "https://oak.example/u/ada", "ours, embedded": map[string]any{"type": "Person", "id": "https://oak.example/u/ada"},
			"ours among others": []any{"https://oak.example/u/ada", ada.ID},
		} {
			create := d.writes(ada)
			create["object"] = with(noteIn(create), map[string]any{"attributedTo": author})
			d.answers(name, ada.Send(d.inbox, create), "Accepted")
			if got := d.became(create["id"].(string)); !strings.HasPrefix(got, "finished refused") {
				t.Errorf("%s: became %q, want it refused", name, got)
			}
			actor := with(d.writes(ada), map[string]any{"actor": author})
			if got := ada.Send(d.inbox, actor); got.Status != http.StatusBadRequest && got.Status != http.StatusForbidden {
				t.Errorf("%s as the actor: answered %q, want it refused", name, word(got))
			}
		}
		d.holds("forged")
	})
}

// CVE-2022-24307 (Mastodon): what bore a Linked Data signature was believed
// whoever delivered it.
func TestCVE_2022_24307_ALinkedDataSignatureSaysNothing(t *testing.T) {
	eachDoor(t, func(d *door) {
		ada, eve := d.member(d.far("far.example"), "ann"), d.far("evil.example").Person("eve")
		signature := map[string]any{"type": "RsaSignature2017", "creator": ada.KeyID, "created": "2026-03-04T12:00:00Z", "signatureValue": "AAAA"}
		create := with(d.writes(ada), map[string]any{"signature": signature})
		d.answers("passed on", eve.Send(d.inbox, create), "Forbidden: signer_is_not_actor")
		aliased := with(create, map[string]any{"@context": []any{"https://www.w3.org/ns/activitystreams", map[string]any{"who": "as:actor"}}, "who": ada.ID, "actor": eve.ID, "id": eve.Server.URL + "/x/1"})
		noteIn(aliased)["attributedTo"] = ada.ID
		d.answers("under another word for actor", eve.Send(d.inbox, aliased), "Accepted")
		d.ends("under another word for actor", aliased, "finished refused not_author")
		full := map[string]any{"https://www.w3.org/ns/activitystreams#actor": []any{map[string]any{"@id": ada.ID}}, "@type": []any{"https://www.w3.org/ns/activitystreams#Create"}, "@id": ada.Server.URL + "/x/9"}
		d.answers("expanded", eve.Send(d.inbox, full), "Bad Request: expanded")
		d.holds("forged")
	})
}

// CVE-2026-46349 (Mastodon), CVE-2026-42462 (Fedify), CVE-2026-46713 (Misskey):
// statements were moved about by JSON-LD's keywords.
func TestCVE_2026_46349_NothingIsMovedAboutInADocument(t *testing.T) {
	eachDoor(t, func(d *door) {
		ada := d.member(d.far("far.example"), "ann")
		for _, keyword := range []string{"@graph", "@included", "@reverse"} {
			inner := d.writes(ada)
			inner["object"] = with(noteIn(inner), map[string]any{"tag": []any{map[string]any{keyword: map[string]any{}}}})
			aliased := d.writes(ada)
			aliased["@context"] = []any{"https://www.w3.org/ns/activitystreams", map[string]any{"elsewhere": keyword}}
			escaped := strings.Replace(mustJSON(with(d.writes(ada), map[string]any{"@x": 1})), `"@x"`, `"\u0040`+keyword[1:]+`"`, 1)
			for name, sent := range map[string]any{
				"at the root": with(d.writes(ada), map[string]any{keyword: []any{}}), "inside": inner, "by another name": aliased, "escaped": []byte(escaped),
			} {
				d.answers(keyword+" "+name, ada.Send(d.inbox, sent), "Bad Request: forbidden_keyword")
			}
		}
		d.holds("moved about")
	})
}

// CVE-2026-23961 (Mastodon): what was refused came in as a boost.
func TestCVE_2026_23961_WhatIsRefusedDoesNotComeInByAnother(t *testing.T) {
	eachDoor(t, func(d *door) {
		refusedServer, elm := d.far("refused.example"), d.far("elm.example")
		d.refuse("refused.example")
		group, eve := elm.ActorAt("Group", d.quiet.URI), refusedServer.Person("eve")
		create := eve.Activity("Create", eve.Note(d.quiet.URI, "<p>smuggled</p>"))
		hidden := with(create, map[string]any{"actor": "https://elm.example/u/moe"})
		for name, carried := range map[string]any{
			"an activity": create, "a post": create["object"], "its address": noteIn(create)["id"], "under another's name": hidden, "in a list": []any{create, create},
		} {
			announce := group.Activity("Announce", carried)
			d.answers(name, group.Send(d.inbox, announce), "Accepted")
			d.ends(name, announce, "finished refused inner_policy")
		}
		d.answers("by itself", eve.Send(d.inbox, create), "Forbidden: policy")
		d.holds("refused")
		d.untouched("refused", refusedServer)
	})
}

// CVE-2025-30741 (Pixelfed): what was for followers was shown to everybody of a
// server with one.
func TestCVE_2025_30741_WhatIsNotForEverybodyIsForMembersAlone(t *testing.T) {
	eachDoor(t, func(d *door) {
		elm := d.far("elm.example")
		group := elm.ActorAt("Group", d.quiet.URI)
		moe := elm.Person("mo")
		private := map[string]any{"to": []any{d.quiet.URI, d.quiet.URI + "/followers"}, "cc": []any{}}
		note := moe.Note(d.quiet.URI, "<p>for us alone</p>", private)
		d.answers("for members", group.Send(d.inbox, group.Activity("Announce", moe.Activity("Create", note, private), private)), "Accepted")
		d.holds("for members", note["id"].(string))
		got := storagetest.Strings(t, d.db, "SELECT id || ' ' || readers FROM posts WHERE verified <> 'local'")
		id, readers, _ := strings.Cut(got[0], " ")
		if readers != "members" {
			t.Errorf("it is for %s, want members", readers)
		}
		far := d.far("far.example")
		for _, actor := range []*fedtest.Actor{moe, group, far.Person("kim")} {
			if answer := actor.Get("https://oak.example/p/" + id); answer.Status != http.StatusNotFound {
				t.Errorf("%s reads %d %s, want 404", actor.ID, answer.Status, answer.Body)
			}
		}
	})
}
