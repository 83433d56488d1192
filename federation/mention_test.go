package federation_test

import (
	"fmt"
	"testing"
)

// tooted is a Note as Mastodon writes one: the group in cc and among the mentions,
// no audience and no title; an answer names whom it answers, and no group.
func (k *talk) tooted(author, uri, parent, html string) string {
	inReplyTo, cc, mention := "null", fmt.Sprintf(",%q", k.carers.URI), fmt.Sprintf(`"href":%q,"name":"@carers@oak.example"`, k.carers.URI)
	if parent != "" {
		inReplyTo, cc, mention = fmt.Sprintf("%q", parent), "", `"href":"https://oak.example/u/ada","name":"@ada@oak.example"`
	}
	return k.arrives("Create", author, uri, fmt.Sprintf(`{"id":%q,"type":"Note","summary":null,"inReplyTo":%s,"published":"2026-03-04T05:06:07Z","attributedTo":%q,
		"to":["https://www.w3.org/ns/activitystreams#Public"],"cc":[%q%s],"sensitive":false,"content":%q,"contentMap":{"en":%[6]q},"attachment":[],"tag":[{"type":"Mention",%[7]s}]}`,
		uri, inReplyTo, author, author+"/followers", cc, html, mention))
}

// namesCarers is how Mastodon writes a mention.
const namesCarers = `<span class='h-card' translate='no'><a href='https://oak.example/g/carers' class='u-url mention'>@<span>carers</span></a></span>`

func TestANoteThatNamesAGroupBeginsAThreadOfWhoMayWriteThere(t *testing.T) {
	eachTalk(t, func(k *talk) {
		for i, c := range []struct{ name, html, title string }{
			{"the group first", "<p>" + namesCarers + " How do you sleep?</p><p>I do not.</p>", "How do you sleep?"},
			{"the group alone in its line", "<p>" + namesCarers + "</p><p>How do you rest?</p>", "How do you rest?"},
			{"the group last", "<p>How do you wake?</p><p>" + namesCarers + "</p>", "How do you wake?"},
			{"a handle in full", "<p>@carers@oak.example Good night</p>", "Good night"},
		} {
			uri := fmt.Sprintf("https://far.example/p/note-%d", i)
			k.becomes(c.name, k.tooted(kim, uri, "", c.html), "accepted ")
			post, err := k.store.PostByURI(t.Context(), uri)
			if k.must(err); post.Title != c.title || post.IsReply() || post.GroupID != k.carers.ID {
				t.Errorf("%s: got the title %q in %s, reply %v; want a thread called %q", c.name, post.Title, post.GroupID, post.IsReply(), c.title)
			}
		}
		const thread, answer = "https://far.example/p/note-0", "https://elm.example/p/answer"
		k.becomes("an answer that names its parent alone", k.tooted(moe, answer, thread, "<p>Late.</p>"), "accepted ")
		root, err := k.store.PostByURI(t.Context(), thread)
		k.must(err)
		reply, err := k.store.PostByURI(t.Context(), answer)
		if k.must(err); reply.ThreadID != root.ID || reply.GroupID != k.carers.ID {
			t.Errorf("the answer stands in %s of %s, want in the thread %s", reply.ThreadID, reply.GroupID, root.ID)
		}

		// Whoever is not in the group is told nothing of it, and the refusal is a fact.
		k.becomes("somebody who does not follow", k.tooted(outsider, "https://far.example/p/outside", "", "<p>"+namesCarers+" Hello</p>"), "refused not_member")
		k.becomes("their answer", k.tooted(outsider, "https://far.example/p/outside-answer", thread, "<p>Hello</p>"), "refused not_member")
		k.exec("UPDATE groups SET state = 'closed' WHERE actor_id = 'carers'")
		k.becomes("a closed group", k.tooted(kim, "https://far.example/p/late", "", "<p>"+namesCarers+" Hello?</p>"), "refused group_closed")
	})
}
