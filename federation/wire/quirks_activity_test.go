package wire

const ourGroup = "https://hearth.example/g/5l4kqz3v7yhn2w6tgd4m3rbpxa"

var activityQuirks = []quirk{
	{"lotide/01-addressed-by-string", activity, facts{
		"ID": "https://lotide.example.org/posts/7/create", "Type": "Create", "Actor": "https://lotide.example.org/users/2",
		"To[0]": "https://lotide.example.org/communities/3", "To[1]": "", "CC[0]": Public,
		"Object.Type": "Page", "Object.To[0]": "https://lotide.example.org/communities/3", "Object.CC[0]": Public,
	}},
	{"lemmy/02-like-without-address", activity, facts{
		"Type": "Like", "To[0]": "", "CC[0]": "", "Audience[0]": ourGroup, "Object": ourGroup + "/p/1",
	}},
	{"lotide/02-delete-without-address", activity, facts{
		"Type": "Delete", "To[0]": "", "CC[0]": "", "Object": "https://lotide.example.org/comments/9", "IsNameless": "",
	}},
	{"fedify/03-public-short", activity, facts{"To[0]": Public, "CC[0]": Public}},
	{"fedify/03-public-full", activity, facts{"To[0]": Public, "CC[0]": Public, "CC[1]": ""}},
	{"mastodon/04-group-by-mention-only", activity, facts{
		"Audience[0]": "", "Object.Audience[0]": "", "Object.Tags[0].Type": "Mention", "Object.Tags[0].Href": ourGroup,
	}},
	{"pleroma/04-group-in-cc", activity, facts{"Audience[0]": "", "CC[1]": ourGroup, "Object.CC[1]": ourGroup}},
	{"lemmy/05-audience-of-somebody-else", activity, facts{
		"Type": "Block", "Audience[0]": "https://lemmy.example.org/u/main", "Target": "https://lemmy.example.org/c/garden",
		"CC[0]": "https://lemmy.example.org/c/garden", "RemoveData": "true", "Summary": "spam",
	}},
	{"discourse/08-actor-embedded", activity, facts{
		"Actor": "https://discourse.example.org/ap/actor/c0ffee", "Audience[0]": ourGroup,
		"Object.ID": "https://discourse.example.org/ap/object/8", "Object.Author": "https://discourse.example.org/ap/actor/c0ffee",
	}},
	{"mitra/09-accept-of-uri", activity, facts{"Type": "Accept", "Object": "https://hearth.example/x/9", "Object.Type": ""}},
	{"mbin/09-boost-by-uri", activity, facts{
		"Type": "Announce", "Object": "https://mbin.example.org/m/teapot/t/9/title", "Published": "2026-01-02T03:04:05Z",
	}},
	{"mastodon/10-flag-of-several", activity, facts{
		"Type": "Flag", "Content": "please look", "HasSummary": "", "To[0]": "https://hearth.example/u/10", "Object": "",
		"Object[0]": "https://hearth.example/u/10", "Object[1]": "https://hearth.example/p/10", "Object[2]": "https://hearth.example/p/11",
	}},
	{"gotosocial/10-votes", activity, facts{
		"Object[0].Name": "tea", "Object[1].Name": "rain", "Object[1].InReplyTo": "https://hearth.example/p/10",
		"Object[0].Content": "", "Object[0].ContentNote": "",
	}},
	{"piefed/10-announce-batch", activity, facts{
		"Type": "Announce", "Object[0].Type": "Like", "Object[0].Actor": "https://piefed.example.org/u/ash", "Object[1].Actor": "https://piefed.example.org/u/bo",
	}},
	{"piefed/10-announce-collection", activity, facts{
		"Object.Type": "OrderedCollection", "Object.Items[0].Type": "Like", "Object.Items[1].Actor": "https://piefed.example.org/u/bo",
	}},
	{"nodebb/11-announce-like-embedded-note", activity, facts{
		"Type": "Announce", "Object.Type": "Like", "Object.Actor": "https://lemmy.example.org/u/wren",
		"Object.Object.Type": "Note", "Object.Object.ID": "https://nodebb.example.net/post/11", "Object.Object.InReplyTo": "",
	}},
	{"nodebb/12-announce-object", activity, facts{
		"Type": "Announce", "Object.Type": "Note", "Object.ID": "https://nodebb.example.net/post/12", "Object.Name": "Twelve",
	}},
	{"nodebb/12-announce-create", activity, facts{
		"Type": "Announce", "Object.Type": "Create", "Object.Object.ID": "https://nodebb.example.net/post/12", "Object.Object.Name": "Twelve",
	}},
	{"wordpress/13-announce-update", activity, facts{
		"ID": "https://wordpress.example.com/why-we-rest/#activity#activity", "Updated": "2026-05-06T08:20:33Z",
		"Object.Type": "Update", "Object.ID": "https://wordpress.example.com/why-we-rest/#activity",
		"Object.Object.ID": "https://wordpress.example.com/why-we-rest/", "Object.Object.Type": "Article", "Object.Object.Language": "en",
	}},
	{"nodebb/14-url-inside-id", activity, facts{
		"ID":     "https://nodebb.example.net/uid/1#activity/follow/https%3A%2F%2Fhearth.example%2Fg%2F5l4kqz3v7yhn2w6tgd4m3rbpxa/1767225600000",
		"Object": ourGroup,
	}},
	{"lemmy/15-undo-regenerated", activity, facts{
		"Type": "Undo", "Object.Type": "Like", "Object.ID": "https://lemmy.example.org/activities/like/made-again",
		"Object.Actor": "https://lemmy.example.org/u/wren", "Object.Object": "https://hearth.example/p/15",
	}},
	{"mitra/15-undo-of-uri", activity, facts{"Type": "Undo", "Object": "https://mitra.example.net/activities/announce/15"}},
	{"lotide/16-delete-by-uri", activity, facts{"Object": "https://lotide.example.org/posts/16", "HasSummary": ""}},
	{"mastodon/16-delete-tombstone", activity, facts{
		"Object.ID": "https://mastodon.example.com/users/ines/statuses/16", "Object.Type": "Tombstone", "HasSummary": "",
	}},
	{"lemmy/16-removal", activity, facts{"Object": "https://hearth.example/p/16", "HasSummary": "true", "Summary": ""}},
	{"mbin/16-removal-blank", activity, facts{"Object.Type": "Tombstone", "HasSummary": "true", "Summary": " "}},
	{"gotosocial/16-delete-without-id", activity, facts{
		"IsNameless": "true", "Object": "https://gotosocial.example.net/users/ola/statuses/16",
		"ID": "https://gotosocial.example.net/users/ola#delete-23bd8a27b4d58d789a1907ce2f7da2b280a085df760b16a4b189642d3187b1a7",
	}},
	{"mbin/17-expires-null", activity, facts{"Type": "Block", "Expires": "", "EndTime": "", "Summary": "off topic"}},
	{"piefed/17-follow-to-null", activity, facts{
		"Type": "Accept", "Object.Type": "Follow", "Object.ID": "https://hearth.example/x/17", "Object.To[0]": "",
		"Object.Object": "https://piefed.example.org/c/meta",
	}},
	{"lemmy/18-reason", activity, facts{"Type": "Block", "Summary": "third warning", "HasSummary": "true"}},
	{"lemmy/29-ban-end-time", activity, facts{"EndTime": "2026-11-01T12:23:50.151874Z", "Expires": "", "RemoveData": ""}},
	{"mbin/29-ban-expires", activity, facts{"EndTime": "", "Expires": "2026-11-01T12:23:50Z"}},
	{"lemmy/30-context-missing", activity, facts{"Type": "Follow", "Object": "https://lemmy.example.org/c/garden"}},
	{"lemmy/30-context-in-inner", activity, facts{
		"Type": "Announce", "Object.Type": "Like", "Object.Actor": "https://piefed.example.org/u/ash",
	}},
	{"mastodon/38-reply-to-author-only", activity, facts{
		"Object.InReplyTo": "https://mastodon.example.com/users/uma/statuses/3", "Object.CC[0]": Public,
		"Object.CC[1]": "https://mastodon.example.com/users/uma", "Object.Tags[0].Name": "@uma",
	}},
	{"pleroma/39-chat-message", activity, facts{"Object.Type": "ChatMessage", "Object.Direct": "true", "Object.To[0]": "https://hearth.example/u/39"}},
	{"lemmy/39-private-note", activity, facts{"Object.Type": "Note", "Object.Direct": "", "To[0]": "https://hearth.example/u/39", "To[1]": "", "CC[0]": ""}},
	{"pleroma/39-direct-message", activity, facts{"Direct": "true", "Object.Direct": "true"}},
	{"lemmy/45-http-ids", activity, facts{"ID": "http://lemmy.example.org/activities/follow/45", "Actor": "http://lemmy.example.org/u/wren"}},
	{"mbin/46-id-placeholder", activity, facts{refusal: BadID}},
	{"fep/46-id-without-scheme", activity, facts{refusal: BadID}},
	{"gotosocial/46-id-blank", activity, facts{refusal: BadID}},
	{"lotide/46-object-relative", activity, facts{refusal: BadObject}},
	{"mobilizon/46-unicode-host", activity, facts{"ID": "https://bücher.example/follows/46", "Actor": "https://bücher.example/@zoë"}},
	{"friendica/47-signature", activity, facts{"Type": "Delete", "Object.Type": "Tombstone", "HasProof": ""}},
	{"mitra/47-proof", activity, facts{"HasProof": "true", "Object.HasProof": "", "Object.Audience[0]": ourGroup}},
	{"gotosocial/48-reply-request", activity, facts{"Type": "ReplyRequest", "Object": "https://hearth.example/p/48"}},
	{"pleroma/49-emoji-react", activity, facts{"Type": "EmojiReact", "Content": "🔥", "Object": "https://hearth.example/p/49"}},
	{"misskey/49-like-with-reaction", activity, facts{"Type": "Like", "Content": ":hug:"}},
	{"lemmy/50-warn", activity, facts{"Type": "Warn", "Summary": "please mind rule 2", "Object": "https://hearth.example/p/50"}},
	{"lemmy/50-resolve", activity, facts{
		"Type": "Resolve", "Object.Type": "Flag", "Object.ID": "https://hearth.example/x/50", "Object.Object": "https://lemmy.example.org/post/50",
	}},
	{"piefed/50-poll-vote", activity, facts{"Type": "PollVote", "Audience[0]": ourGroup}},
	{"piefed/50-feed-add", activity, facts{
		"Object.Type": "Add", "Object.Object.ID": ourGroup, "Object.Target.ID": "https://piefed.example.org/f/calm/following",
	}},
	{"nodebb/50-add-to-context", activity, facts{
		"Type": "Add", "Object": "https://nodebb.example.net/post/50", "Target.ID": "https://nodebb.example.net/topic/50",
		"Target.AttributedTo": "https://nodebb.example.net/category/3",
	}},
	{"nodebb/50-move-topic", activity, facts{
		"Type": "Move", "Origin": "https://nodebb.example.net/category/3", "Target": "https://nodebb.example.net/category/5",
	}},
	{"guppe/50-update-collection", activity, facts{
		"Type": "Update", "Object.Type": "OrderedCollection", "Object.TotalItems": "7",
	}},
	{"activitypub-testsuite/50-unknown-type", activity, facts{"Type": "test:Game"}},
	{"mastodon/51-bto-and-bcc", activity, facts{
		"ID": "https://mastodon.example.com/51", "Object.Content": "a <b> &", "Object.To[0]": Public,
	}},
	{"lemmy/52-direct", activity, facts{"ID": "https://lemmy.example.org/activities/create/52", "Object.ID": "https://lemmy.example.org/post/52"}},
	{"lemmy/52-announced", activity, facts{
		"Object.ID": "https://lemmy.example.org/activities/create/52", "Object.Object.ID": "https://lemmy.example.org/post/52",
	}},
	{"lemmy/52-other-body", activity, facts{"ID": "https://lemmy.example.org/activities/create/52", "Object.Name": "Twice, but other"}},
}
