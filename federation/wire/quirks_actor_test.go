package wire

var actorQuirks = []quirk{
	{"peertube/06-moderators-typed", actor, facts{
		"Type": "Group", "Moderators": "", "ModeratorIDs[0]": "https://peertube.example.com/accounts/rui",
	}},
	{"lemmy/07-moderators-collection", actor, facts{
		"Type": "Group", "PreferredUsername": "garden", "Name": "The garden", "Summary": "<p>Plants and patience.</p>\n",
		"Source.Content": "Plants and patience.", "Source.MediaType": "text/markdown", "PostingRestrictedToMods": "true",
		"Moderators": "https://lemmy.example.org/c/garden/moderators", "Featured": "https://lemmy.example.org/c/garden/featured",
		"Inbox": "https://lemmy.example.org/c/garden/inbox", "SharedInbox": "https://lemmy.example.org/inbox",
		"Keys[0].ID": "https://lemmy.example.org/c/garden#main-key", "Keys[0].Owner": "https://lemmy.example.org/c/garden",
		"Discoverable": "", "Published": "2025-02-03T04:05:06.789012Z",
	}},
	{"lemmy/22-language-list", actor, facts{
		"Languages[0].Identifier": "fr", "Languages[0].Name": "Français", "Languages[1].Identifier": "de", "Languages[2].Identifier": "",
	}},
	{"peertube/26-icon-sizes", actor, facts{
		"Icon.URL": "https://peertube.example.com/a/120.png", "Image.URL": "https://peertube.example.com/a/banner.jpg",
	}},
	{"nodebb/26-icon-null", actor, facts{"Icon.URL": "", "Image.URL": "", "Keys[0].ID": "https://nodebb.example.net/uid/4#key"}},
	{"fedify/33-prefixed-types", actor, facts{
		"Type": "Person", "SharedInbox": "https://fedify.example.com/inbox", "Keys[0].ID": "https://fedify.example.com/u/ada#main-key",
		"Multikeys[0].ID": "https://fedify.example.com/u/ada#ed25519-key", "Multikeys[0].Controller": "https://fedify.example.com/u/ada",
	}},
	{"discourse/34-shared-inbox-beside", actor, facts{
		"Type": "Group", "SharedInbox": "https://discourse.example.org/ap/users/inbox", "URL": "https://discourse.example.org/c/care",
	}},
	{"nodebb/35-bare-group", actor, facts{
		"Type": "Group", "Followers": "", "Featured": "", "Moderators": "", "ModeratorIDs[0]": "", "SharedInbox": "https://nodebb.example.net/inbox",
		"Icon.URL": "https://nodebb.example.net/assets/3.png",
	}},
	{"friendica/40-organization", actor, facts{"Type": "Organization", "PreferredUsername": "shelter"}},
	{"mastodon/40-service", actor, facts{
		"Type": "Service", "Discoverable": "true", "Indexable": "true",
		"MovedTo": "https://mastodon.example.com/users/bot2", "AlsoKnownAs[0]": "https://mastodon.example.com/users/bot0",
	}},
	{"lemmy/44-double-slash", actor, facts{"Featured": "https://lemmy.example.org/c/garden//featured"}},
	{"piefed/54-name-in-capitals", actor, facts{
		"PreferredUsername": "Zoë.M", "ID": "https://piefed.example.org/u/zoë.m", "Inbox": "https://piefed.example.org/u/zoë.m/inbox",
	}},
}
