package federation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation/wire"
	"hearth/storage/storagetest"
)

func eachTalk(t *testing.T, fn func(k *talk)) {
	t.Helper()
	storagetest.EachMigrated(t, func(t *testing.T, address string) { fn(newTalk(t, address, nil)) })
}

// exec changes the database behind everybody's back.
func (k *talk) exec(statement string) {
	k.t.Helper()
	_, err := k.db.Exec(statement)
	k.must(err)
}

// becomes handles what waits, and wants an activity to become what is said of it.
func (k *talk) becomes(when, uri, want string) {
	k.t.Helper()
	k.must(k.HandleDue(k.t.Context()))
	got := storagetest.Strings(k.t, k.db, "SELECT outcome || ' ' || reason FROM activities WHERE uri = '"+uri+"'")
	if !slices.Equal(got, []string{want}) {
		k.t.Errorf("%s: got %q, want %q", when, got, want)
	}
}

// says wants a post to have these words.
func (k *talk) says(when, uri, want string) {
	k.t.Helper()
	post, err := k.store.PostByURI(k.t.Context(), uri)
	if k.must(err); !strings.Contains(post.HTML, want) {
		k.t.Errorf("%s: %s says %q, want %q", when, uri, post.HTML, want)
	}
}

// edits has an author say by themselves that a post says something else now.
func (k *talk) edits(author, uri string, group community.Group, words string) string {
	return k.arrives("Update", author, uri, postDocument(uri, author, group.URI, "", words))
}

// announces has quiet pass something on that is about one of its posts.
func (k *talk) announces(kind, author, uri, object string) string {
	inner := fmt.Sprintf(`{"id":"https://%s/x/inner-%d","type":%q,"actor":%q,"object":%s}`, hostOf(author), k.serial, kind, author, object)
	return k.arrives("Announce", k.quiet.URI, uri, inner)
}

const (
	kimsPost = "https://far.example/p/kims"
	moesPost = "https://elm.example/p/moes"
)

// Whoever may not write here now does not do it by an edit either, as with
// members of this server.
func TestAnEditIsTakenOnlyFromWhoMayStillWrite(t *testing.T) {
	eachTalk(t, func(k *talk) {
		k.becomes("written", k.posts(kim, kimsPost, ""), "accepted ")
		for _, c := range []struct{ name, before, after, want string }{
			{"removed", "UPDATE memberships SET state = 'removed' WHERE account_id = 'kim'", "UPDATE memberships SET state = 'active' WHERE account_id = 'kim'", "refused removed"},
			{"left", "UPDATE memberships SET state = 'left' WHERE account_id = 'kim'", "UPDATE memberships SET state = 'active' WHERE account_id = 'kim'", "refused not_member"},
			{"suspended", "UPDATE accounts SET suspended_at = '2026-01-01 00:00:00+00:00' WHERE actor_id = 'kim'", "UPDATE accounts SET suspended_at = NULL WHERE actor_id = 'kim'", "refused suspended"},
			{"closed", "UPDATE groups SET state = 'closed' WHERE actor_id = 'carers'", "UPDATE groups SET state = 'active' WHERE actor_id = 'carers'", "refused group_closed"},
			{"stays here", "UPDATE groups SET reach = 'nowhere' WHERE actor_id = 'carers'", "UPDATE groups SET reach = 'anywhere' WHERE actor_id = 'carers'", "refused group_stays_here"},
			{"not named", "UPDATE groups SET reach = 'named' WHERE actor_id = 'carers'", "UPDATE groups SET reach = 'anywhere' WHERE actor_id = 'carers'", "refused not_named"},
		} {
			k.exec(c.before)
			k.becomes(c.name, k.edits(kim, kimsPost, k.carers, "smuggled"), c.want)
			k.says(c.name, kimsPost, "words of")
			k.exec(c.after)
		}
		k.wantEvents("nothing of it was passed on", "post_written")
		k.exec("UPDATE groups SET reach = 'named' WHERE actor_id = 'carers'")
		k.exec("INSERT INTO group_servers (group_id, domain) VALUES ('carers', 'far.example')")
		k.exec("UPDATE posts SET locked_at = published_at WHERE uri = '" + kimsPost + "'")
		k.becomes("named, in a locked thread", k.edits(kim, kimsPost, k.carers, "mended"), "accepted ")
		k.says("named, in a locked thread", kimsPost, "mended")
		k.wantEvents("a change that was taken", "post_edited", "post_written")
	})
}

func (k *talk) wantEvents(when string, want ...string) {
	k.t.Helper()
	if got := storagetest.Strings(k.t, k.db, "SELECT kind FROM events ORDER BY kind"); !slices.Equal(got, want) {
		k.t.Errorf("%s: got events %q, want %q", when, got, want)
	}
}

// What stands in a group elsewhere changes as its group says, never past it.
func TestAnAuthorChangesAPostInAGroupElsewhereThroughItsGroupAlone(t *testing.T) {
	eachTalk(t, func(k *talk) {
		k.becomes("passed on", k.passesOn(moe, moesPost, ""), "accepted ")
		k.becomes("by its author", k.edits(moe, moesPost, k.quiet, "never passed on"), "ignored not_announced")
		k.says("by its author", moesPost, "words of")
		k.becomes("by its group", k.announces("Update", moe, moesPost, postDocument(moesPost, moe, k.quiet.URI, "", "passed on")), "accepted ")
		k.says("by its group", moesPost, "passed on")
		k.becomes("its deletion, by its author", k.arrives("Delete", moe, moesPost, fmt.Sprintf("%q", moesPost)), "accepted ")
		k.says("its deletion, by its author", moesPost, "")
	})
}

// Nothing that a suspended account writes is taken, whoever passes it on; what it
// wrote before stays, as it does with an account of this server, and may go.
func TestNothingIsTakenFromASuspendedAccountInAGroupElsewhere(t *testing.T) {
	eachTalk(t, func(k *talk) {
		k.stranger("https://elm.example/u/noa")
		k.becomes("before", k.passesOn(moe, moesPost, ""), "accepted ")
		k.exec("UPDATE accounts SET suspended_at = '2026-01-01 00:00:00+00:00' WHERE actor_id = 'moe'")
		k.becomes("a thread", k.passesOn(moe, "https://elm.example/p/more", ""), "refused suspended")
		k.becomes("an answer", k.passesOn(moe, "https://elm.example/p/answer", moesPost), "refused suspended")
		k.becomes("an edit", k.announces("Update", moe, moesPost, postDocument(moesPost, moe, k.quiet.URI, "", "smuggled")), "refused suspended")
		k.says("an edit", moesPost, "words of")
		k.becomes("somebody else", k.passesOn("https://elm.example/u/noa", "https://elm.example/p/noas", moesPost), "accepted ")
		k.becomes("a deletion", k.announces("Delete", moe, moesPost, fmt.Sprintf("%q", moesPost)), "accepted ")
		k.exec("UPDATE accounts SET suspended_until = '2026-01-02 00:00:00+00:00' WHERE actor_id = 'moe'")
		k.becomes("afterwards", k.passesOn(moe, "https://elm.example/p/later", ""), "accepted ")
	})
}

// naming is a post that mentions actors.
func naming(uri, author string, group community.Group, parent string, hrefs ...string) string {
	tags := make([]string, len(hrefs))
	for i, href := range hrefs {
		tags[i] = fmt.Sprintf(`{"type":"Mention","href":%q,"name":"@somebody"}`, href)
	}
	return strings.TrimSuffix(postDocument(uri, author, group.URI, parent, "words for "+fmt.Sprint(hrefs)), "}") + `,"tag":[` + strings.Join(tags, ",") + `]}`
}

// citizen is somebody of here with whom notices can be left.
func (k *talk) citizen(id string, groups ...community.Group) (uri string) {
	k.t.Helper()
	a := k.person(k.t, id)
	k.must(k.store.InsertUser(k.t.Context(), community.User{ID: "user-" + id, Login: "login-" + id, Role: community.RoleMember, State: community.UserActive, HomeOrder: community.HomeByActivity, CreatedAt: noon}))
	k.must(k.store.InsertAccountOwner(k.t.Context(), id, "user-"+id, true, noon))
	for _, g := range groups {
		k.join(g, id)
	}
	return a.URI
}

// heard wants these notices since it was asked last.
func (k *talk) heard(when string, want ...string) {
	k.t.Helper()
	got := storagetest.Strings(k.t, k.db, "SELECT user_id || ' ' || kind || ' ' || (SELECT p.uri FROM posts AS p WHERE p.id = post_id) FROM notices ORDER BY user_id, kind")
	if !slices.Equal(got, want) {
		k.t.Errorf("%s: got %q, want %q", when, got, want)
	}
}

func TestSomebodyNamedFromElsewhereHearsOfItOnce(t *testing.T) {
	eachTalk(t, func(k *talk) {
		const adas, one = "https://oak.example/u/ada", "https://far.example/p/one"
		bela, cora := k.citizen("bela", k.carers), k.citizen("cora")
		k.must(k.store.InsertBlock(k.t.Context(), community.Block{UserID: "user-bela", Kind: community.BlockServer, What: "elm.example", Since: noon}))
		names := func(author, uri, parent string, hrefs ...string) string {
			return k.arrives("Create", author, uri, naming(uri, author, k.carers, parent, hrefs...))
		}
		renames := func(uri, parent string, hrefs ...string) string {
			return k.arrives("Update", kim, uri, naming(uri, kim, k.carers, parent, hrefs...))
		}
		k.becomes("an answer that names whom it answers, another and nobody", names(kim, one, "https://oak.example/p/ada",
			adas, bela, bela, "https://oak.example/u/nobody", "https://far.example/u/lee", "https://oak.example.evil/u/cora", k.carers.URI, "not an address"), "accepted ")
		toAda, toBela := "user-ada reply "+one, "user-bela mention "+one
		k.heard("named", toAda, toBela)
		k.becomes("an edit that names all again", renames(one, "https://oak.example/p/ada", adas, bela), "accepted ")
		k.heard("edited", toAda, toBela)
		k.becomes("an edit that names one more", renames(one, "https://oak.example/p/ada", adas, bela, cora), "accepted ")
		k.heard("one more", toAda, toBela, "user-cora mention "+one)
		k.exec("DELETE FROM notices")
		k.becomes("somebody blocked", names(moe, "https://elm.example/p/blocked", "", bela), "accepted ")
		k.exec("UPDATE groups SET readers = 'members' WHERE actor_id = 'carers'")
		k.becomes("somebody who may not read it", names(kim, "https://far.example/p/inner", "", cora), "accepted ")
		k.becomes("the same, edited", renames("https://far.example/p/inner", "", cora, "https://far.example/u/lee"), "accepted ")
		k.exec("UPDATE posts SET state = 'hidden' WHERE uri = '" + one + "'")
		k.becomes("hidden, edited", renames(one, "https://oak.example/p/ada", bela), "accepted ")
		k.heard("blocked, unreadable, hidden")
		k.becomes("passed on", k.arrives("Announce", k.quiet.URI, moesPost, fmt.Sprintf(`{"id":"https://elm.example/x/named","type":"Create","actor":%q,"object":%s}`, moe, naming(moesPost, moe, k.quiet, "", adas))), "accepted ")
		k.heard("passed on", "user-ada mention "+moesPost)
	})
}

func TestOnePostCallsNoMoreThanTwentyByName(t *testing.T) {
	eachTalk(t, func(k *talk) {
		var hrefs []string
		for i := range 25 {
			hrefs = append(hrefs, k.citizen(fmt.Sprintf("crowd%02d", i), k.carers))
		}
		k.becomes("a crowd", k.arrives("Create", kim, kimsPost, naming(kimsPost, kim, k.carers, "", hrefs...)), "accepted ")
		if n := len(storagetest.Strings(t, k.db, "SELECT id FROM notices")); n != 20 {
			k.t.Errorf("%d people hear of one post, want 20", n)
		}
	})
}

// batch has quiet announce several activities at once (PieFed).
func (k *talk) batch(inner ...string) string {
	return k.arrives("Announce", k.quiet.URI, k.quiet.URI, "["+strings.Join(inner, ",")+"]")
}

// created is a Create that quiet took.
func (k *talk) created(author, uri, parent string) string {
	return fmt.Sprintf(`{"id":"%s#create","type":"Create","actor":%q,"object":%s}`, uri, author, postDocument(uri, author, k.quiet.URI, parent, "words of "+uri))
}

func TestANoToOneOfABatchIsNothingToTheOthers(t *testing.T) {
	eachTalk(t, func(k *talk) {
		const first, second, late = "https://elm.example/p/first", "https://elm.example/p/second", "https://elm.example/p/late"
		k.becomes("a thread", k.passesOn(moe, moesPost, ""), "accepted ")
		_, err := k.service.SetPolicyAsOperator(k.t.Context(), community.PolicyDraft{Domain: "bad.example", Severity: policy.Suspend})
		k.must(err)
		update := fmt.Sprintf(`{"id":"https://elm.example/x/update","type":"Update","actor":%q,"object":%s}`, moe, postDocument(moesPost, moe, k.quiet.URI, "", "changed in a batch"))
		uri := k.batch(
			`{"id":"https://elm.example/x/like","type":"Like","actor":"`+moe+`","object":"`+moesPost+`"}`,
			k.created(moe, "https://elsewhere.example/p/forged", ""), k.created("https://bad.example/u/eve", "https://bad.example/p/1", ""),
			k.created(moe, first, ""), `{"id":"https://elm.example/x/lock","type":"Lock","actor":"`+moe+`","object":"`+late+`"}`, update, k.created(moe, second, ""))
		k.becomes("with one that waits for what it is about", uri, " unknown")
		for _, post := range []string{first, second} {
			k.says("of a batch", post, "words of "+post)
		}
		k.says("of a batch", moesPost, "changed in a batch")
		k.wantRaw("what waits is left", uri, late)
		k.becomes("changed again", k.announces("Update", moe, moesPost, postDocument(moesPost, moe, k.quiet.URI, "", "changed since")), "accepted ")
		k.becomes("what it is about", k.passesOn(moe, late, ""), "accepted ")
		k.clock.pass(20 * time.Minute)
		k.becomes("again", uri, "accepted ")
		if n := len(storagetest.Strings(k.t, k.db, "SELECT id FROM posts WHERE uri = '"+late+"' AND locked_at IS NOT NULL")); n != 1 {
			k.t.Error("what waited was not done again: the thread is open")
		}
		k.says("nothing was done twice", moesPost, "changed since")
		if n := len(storagetest.Strings(k.t, k.db, "SELECT id FROM posts WHERE uri LIKE 'https://bad.example/%' OR uri LIKE 'https://elsewhere.example/%'")); n != 0 {
			k.t.Errorf("%d posts came from a refused server or under another's address", n)
		}
		whole := k.batch(k.created(moe, "https://elm.example/p/a", ""), k.created(moe, "https://elm.example/p/b", ""))
		k.becomes("all of a batch", whole, "accepted ")
		k.wantRaw("no words stay", whole)
		k.becomes("none of it", k.batch(k.created("https://bad.example/u/eve", "https://bad.example/p/2", ""), k.created("https://bad.example/u/eve", "https://bad.example/p/3", "")), "refused inner_policy")
	})
}

// wantRaw wants the kept bytes of an activity to be about these posts and no
// others; none wants no bytes at all.
func (k *talk) wantRaw(when, uri string, posts ...string) {
	k.t.Helper()
	var raw []byte
	k.must(k.db.QueryRow("SELECT raw FROM activities WHERE uri = '" + uri + "'").Scan(&raw))
	if len(posts) == 0 {
		if raw != nil {
			k.t.Errorf("%s: got %s, want no bytes", when, raw)
		}
		return
	}
	act, err := wire.Decode(raw)
	k.must(err)
	var about []string
	for _, ref := range act.Object.All() {
		inner, err := ref.Activity()
		k.must(err)
		about = append(about, inner.Object.ID)
	}
	if !slices.Equal(about, posts) {
		k.t.Errorf("%s: the bytes are about %q, want %q", when, about, posts)
	}
}

// hung is a post with things beside its words.
func hung(uri, author string, group community.Group, words, attachments string) string {
	return strings.TrimSuffix(postDocument(uri, author, group.URI, "", words), "}") + `,"attachment":` + attachments + `}`
}

func TestWhatHangsOnAPostIsALinkBesideItsWordsAlsoAfterAnEdit(t *testing.T) {
	eachTalk(t, func(k *talk) {
		const link, picture = `{"type":"Link","href":"https://news.example/story"}`, `{"type":"Image","url":"https://far.example/b.webp","name":"a bee on a rose"}`
		k.becomes("a link post", k.arrives("Create", kim, kimsPost, hung(kimsPost, kim, k.carers, "", "["+link+","+picture+"]")), "accepted ")
		k.says("a link post", kimsPost, `<a href="https://news.example/story" rel="nofollow noreferrer noopener">story (news.example)</a>`)
		k.says("its picture", kimsPost, `<a href="https://far.example/b.webp" rel="nofollow noreferrer noopener">a bee on a rose (far.example)</a>`)
		edit := hung(kimsPost, kim, k.carers, "", `{"type":"Document","url":"https://far.example/leaflet.pdf"}`)
		k.becomes("another instead", k.arrives("Update", kim, kimsPost, edit), "accepted ")
		k.says("another instead", kimsPost, ">leaflet.pdf (far.example)</a>")
		post, err := k.store.PostByURI(t.Context(), kimsPost)
		k.must(err)
		versions, err := k.store.PostVersions(t.Context(), post.ID)
		k.must(err)
		if strings.Contains(post.HTML, "news.example") || post.Link != "" || len(versions) != 1 || !strings.Contains(versions[0].HTML, "news.example/story") {
			k.t.Errorf("after the edit: got %s, link %q, before it %v; want the old things in the version before alone", post.HTML, post.Link, versions)
		}
		video := fmt.Sprintf(`{"id":%q,"type":"Video","attributedTo":%q,"name":"Stretching","url":[{"type":"Link","mediaType":"text/html","href":"https://elm.example/w/36"}],
			"to":["https://www.w3.org/ns/activitystreams#Public"],"audience":%q}`, moesPost, moe, k.quiet.URI)
		k.becomes("a video", k.announces("Create", moe, moesPost, video), "accepted ")
		k.says("a video", moesPost, ">Stretching (elm.example)</a>")
	})
}
