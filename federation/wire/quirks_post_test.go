package wire

var postQuirks = []quirk{
	{"peertube/06-authors-typed", post, facts{
		"Author": "https://peertube.example.com/accounts/rui", "GroupIDs[0]": "https://peertube.example.com/video-channels/calm", "GroupIDs[1]": "",
	}},
	{"lemmy/16-tombstone", post, facts{"Type": "Tombstone", "FormerType": "Note", "Deleted": "2026-04-05T06:07:08Z", "Author": ""}},
	{"nodebb/17-nulls", post, facts{
		"ID": "https://nodebb.example.net/post/17", "Summary": "", "Name": "", "Content": "", "InReplyTo": "", "Updated": "",
		"Source.Content": "", "URL": "", "Audience[0]": "", "Tags[0].Type": "", "Attachments[0].URL": "",
	}},
	{"mastodon/18-content-note", post, facts{"Summary": "food", "Sensitive": "true", "ContentNote": "food"}},
	{"nodebb/18-excerpt", post, facts{"Summary": "<p>This is about</p>", "ContentNote": ""}},
	{"mbin/18-title-again", post, facts{"Summary": "Soup #kitchen", "Sensitive": "true", "ContentNote": ""}},
	{"pleroma/19-sensitive-null", post, facts{"Sensitive": "", "Summary": "", "ContentNote": "", "Content": "plain"}},
	{"lemmy/20-source-object", post, facts{"Source.Content": "*yes*", "Source.MediaType": "text/markdown", "MediaType": "text/html"}},
	{"pleroma/20-source-string", post, facts{"Source.Content": "yes", "Source.MediaType": ""}},
	{"mbin/20-source-url", post, facts{
		"Source.Content": "https://example.com/article", "Source.MediaType": "", "Content": "",
		"Attachments[0].Type": "Link", "Attachments[0].URL": "https://example.com/article",
	}},
	{"friendica/21-map-differs", post, facts{
		"Content": `<span class="h-card">@<span>kim</span></span> Hallo`, "Language": "de",
	}},
	{"wordpress/21-maps-only", post, facts{
		"Name": "Le jardin", "Content": "<p>Bonjour</p>", "Summary": "Un extrait", "Language": "fr", "ContentNote": "",
	}},
	{"mbin/21-map-of-null", post, facts{"Name": "Only a title", "Content": "", "Language": ""}},
	{"lemmy/22-language-object", post, facts{"Language": "fr"}},
	{"mobilizon/22-in-language", post, facts{"Language": "en-GB"}},
	{"gotosocial/23-tag-alone", post, facts{
		"Tags[0].Type": "Emoji", "Tags[0].Name": ":wave:", "Tags[0].ID": "", "Tags[0].Icon.URL": "https://gotosocial.example.net/emoji/wave.png",
	}},
	{"lemmy/23-tags-unknown", post, facts{
		"Tags[0].Type": "CommunityPostTag", "Tags[0].Name": "swap", "Tags[0].ID": "https://lemmy.example.org/c/garden/tag/swap",
		"Tags[1].Type": "Hashtag", "Tags[1].Name": "#garden", "Tags[2].Type": "Infohash",
	}},
	{"nodebb/24-mentions", post, facts{
		"Tags[0].Href": "https://hearth.example/u/1", "Tags[0].Name": "@kim@hearth.example", "Tags[1].Name": "lee@hearth.example",
		"Tags[2].Href": "https://hearth.example/u/3", "Tags[2].Name": "", "Tags[3].Href": "", "Tags[3].Name": "@nobody",
	}},
	{"gotosocial/25-attachment-alone", post, facts{
		"Attachments[0].Type": "Document", "Attachments[0].URL": "https://files.example.net/25.jpg", "Attachments[0].MediaType": "image/jpeg",
		"Attachments[0].Name": "a <b>cat</b> & a #hat", "Attachments[1].URL": "",
	}},
	{"lemmy/25-attachment-kinds", post, facts{
		"Attachments[0].Type": "Link", "Attachments[0].URL": "https://example.com/a", "Attachments[0].MediaType": "text/html",
		"Attachments[1].Type": "Image", "Attachments[1].Name": "a bee", "Attachments[1].Width": "640", "Attachments[1].Height": "480",
		"Attachments[2].Type": "Document", "Attachments[2].URL": "https://example.com/c.pdf",
		"Attachments[3].Type": "PropertyValue", "Attachments[3].Name": "Pronouns", "Attachments[3].Value": "they",
		"Attachments[4].Type": "", "Attachments[4].URL": "https://example.com/untyped",
		"Attachments[5].URL": "https://example.com/bare", "Attachments[6].Type": "",
	}},
	{"friendica/25-attachments-none", post, facts{"Attachments[0].URL": "", "Content": "x"}},
	{"peertube/27-url-links", post, facts{
		"URL": "https://peertube.example.com/w/27", "Links[0].MediaType": "application/x-mpegurl", "Links[2].Href": "https://peertube.example.com/s/27.mp4",
	}},
	{"gotosocial/27-url-mixed", post, facts{
		"URL": "https://peertube.example.com/videos/watch/28", "Links[1].MediaType": "video/mp4",
	}},
	{"mobilizon/28-published-forms", collection, facts{
		"Items[0].Published": "2026-01-02T03:04:05Z", "Items[1].Published": "2026-01-02T03:04:05.678901Z",
		"Items[2].Published": "2026-01-02T03:04:05.678Z", "Items[3].Published": "2026-01-02T03:04:05Z",
		"Items[4].Published": "2026-01-02T03:04:05Z", "Items[5].Published": "2026-01-02T03:04:05Z",
		"Items[6].Published": "", "Items[7].Published": "", "Items[8].Published": "", "Items[9].Published": "9999-12-31T23:59:59Z",
	}},
	{"friendica/30-context-with-terms", post, facts{"Content": "terms", "To[0]": Public}},
	{"fedify/31-expanded", post, facts{refusal: Expanded}},
	{"fedify/31-array-root", post, facts{refusal: NotAnObject}},
	{"fedify/32-type-array", post, facts{"Type": "Note", "Content": "two types"}},
	{"nodebb/36-article", post, facts{
		"Type": "Article", "Name": "Respite", "Content": "<p>An excerpt and more</p>", "ContentNote": "",
		"Context": "https://nodebb.example.net/topic/36", "Audience[0]": "https://nodebb.example.net/category/3",
	}},
	{"mobilizon/36-event", post, facts{
		"Type": "Event", "Author": "https://mobilizon.example.net/@walkers", "StartTime": "2026-12-11T19:00:00Z", "EndTime": "2026-12-11T21:00:00Z",
		"CommentsEnabled": "true",
	}},
	{"peertube/36-video", post, facts{
		"Type": "Video", "URL": "https://peertube.example.com/w/36", "Author": "https://peertube.example.com/accounts/rui",
		"Image.URL": "https://peertube.example.com/t/36.jpg", "Replies.ID": "https://peertube.example.com/videos/watch/36/comments",
	}},
	{"piefed/36-question", post, facts{
		"Type": "Question", "MultipleChoice": "true", "Options[0].Name": "Monday", "Options[0].Votes": "3",
		"Options[1].Name": "Friday", "Options[1].Votes": "4", "EndTime": "2026-12-31T00:00:00Z",
	}},
	{"piefed/36-link", post, facts{"Type": "Link", "Name": "Worth a read", "URL": "https://example.com/read"}},
	{"mastodon/37-root-without-name", post, facts{
		"Type": "Note", "Name": "", "InReplyTo": "", "Language": "en", "URL": "https://mastodon.example.com/@ines/37", "CC[1]": ourGroup,
	}},
	{"friendica/41-replies-collection", post, facts{
		"Replies.ID": "https://friendica.example.net/objects/41/replies", "Replies.TotalItems": "2",
		"Replies.Items[0]": "https://friendica.example.net/objects/42", "Replies.Items[1]": "https://friendica.example.net/objects/43",
	}},
	{"nodebb/41-replies-address", post, facts{"Replies.ID": "https://nodebb.example.net/post/41/replies", "Replies.Items[0]": ""}},
	{"piefed/41-replies-array", post, facts{
		"Replies.ID": "", "Replies.Items[0].ID": "https://piefed.example.org/comment/1", "Replies.Items[0].Content": "<p>one</p>",
	}},
	{"smithereen/42-first-inline", collection, facts{
		"ID": "https://smithereen.example.org/posts/42/replies", "Items[0]": "",
		"First.Items[0]": "https://smithereen.example.org/posts/43", "First.Next": "https://smithereen.example.org/posts/42/replies?page=2",
	}},
	{"gotosocial/42-first-address", collection, facts{
		"First": "https://gotosocial.example.net/users/ola/outbox?limit=40", "TotalItems": "397", "HasTotal": "true",
	}},
	{"gotosocial/42-items-alone", collection, facts{
		"ID": "", "Items[0]": "https://gotosocial.example.net/users/uli", "PartOf": "https://gotosocial.example.net/users/ola/followers",
	}},
	{"discourse/42-conversation", collection, facts{
		"Type": "Conversation", "Items[0]": "https://discourse.example.org/ap/object/8", "AttributedTo": "https://discourse.example.org/ap/actor/beef",
	}},
	{"lemmy/43-moderators", collection, facts{
		"Items[0]": "https://lemmy.example.org/u/mod", "Items[1]": "https://lemmy.example.org/u/wren", "HasTotal": "",
	}},
	{"gotosocial/48-interaction-policy", post, facts{"Type": "Note", "Content": "hey"}},
	{"mobilizon/51-large-numbers", collection, facts{
		"TotalItems": "1000", "Items[0].Options[0].Votes": "9007199254740993", "Items[0].Options[1].Votes": "",
		"Items[0].Options[1].Name": "b", "Items[0].Options[2].Votes": "", "Items[0].Options[3].Votes": "12",
	}},
	{"mastodon/53-marks-and-newlines", post, facts{
		"Content": "<p>1 &lt; 2 &amp; \u200b\u202etfel</p>", "Summary": "ab", "ContentNote": "ab",
	}},
	{"friendica/53-invalid-utf8", post, facts{refusal: NotUTF8}},
}
