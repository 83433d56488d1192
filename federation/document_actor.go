package federation

import (
	"html"
	"strconv"
	"strings"
	"time"

	"hearth/community"
	"hearth/community/markup"
	"hearth/federation/wire"
)

// groupDocument is a group of this server as others read it. Its purpose and
// its rules are one text, as Lemmy and PieFed show it beside the group. Lemmy
// knows a private group by that it approves its followers, and wants all its posts
// to be private then and all others to be public. So that is said of a group whose
// posts are not for everyone, and of no other, whether or not its moderators answer
// each Follow.
func groupDocument(g community.Group, rules []community.Rule, pem string) wire.GroupActor {
	return wire.GroupActor{
		ID: g.URI, URL: g.URL, Username: g.Name, Name: g.Title,
		Description: markup.FirstLine(g.PurposeHTML, 200),
		Summary:     g.PurposeHTML + rulesHTML(rules), Source: g.Purpose + rulesSource(rules),
		Inbox: g.Inbox, SharedInbox: g.SharedInbox, Outbox: g.URI + outboxPath,
		Followers: g.URI + followersPath, Featured: g.URI + featuredPath, Moderators: g.URI + moderatorsPath,
		Key:       publicKeyOf(g.Actor, pem),
		Sensitive: g.Sensitive, PostingRestrictedToMods: g.State == community.GroupClosed,
		ApprovesFollowers: !isForEveryone(g, community.Post{Readers: g.Readers, Reach: g.Reach}), Discoverable: g.Listed && g.Reach == community.ReachAnywhere,
		Languages: languagesOf(g.Language), Closed: closedSince(g), Published: g.CreatedAt,
	}
}

// closedSince is the zero time for a group in which people write.
func closedSince(g community.Group) time.Time {
	if g.State != community.GroupClosed || g.ClosedAt == nil {
		return time.Time{}
	}
	return *g.ClosedAt
}

func rulesHTML(rules []community.Rule) string {
	if len(rules) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("<ol>")
	for _, r := range rules {
		b.WriteString("<li>" + html.EscapeString(r.Text) + "</li>")
	}
	b.WriteString("</ol>")
	return b.String()
}

func rulesSource(rules []community.Rule) string {
	var b strings.Builder
	for i, r := range rules {
		if i == 0 {
			b.WriteString("\n")
		}
		b.WriteString("\n" + strconv.Itoa(i+1) + ". " + r.Text)
	}
	return b.String()
}

// personDocument is an account of this server as others read it (R10, R40). What
// somebody says of themselves is not in it: that is for members of this server,
// and what somebody agreed to send elsewhere is their words in a group and a name.
func personDocument(a community.Account, pem string) wire.PersonActor {
	return wire.PersonActor{
		ID: a.URI, URL: a.URL, Username: a.Name, Name: a.Title,
		Inbox: a.Inbox, SharedInbox: a.SharedInbox, Outbox: a.URI + outboxPath,
		Key: publicKeyOf(a.Actor, pem), Published: a.CreatedAt,
	}
}

// instanceDocument is the server itself, which signs what no person does.
func instanceDocument(site community.Site, pem string) wire.InstanceActor {
	uri, inbox := instanceURI(site), site.Base()+inboxPath
	return wire.InstanceActor{
		ID: uri, URL: site.Base() + "/about", Username: site.Host, Name: site.Name,
		Inbox: inbox, SharedInbox: inbox, Outbox: uri + outboxPath, Key: publicKeyOf(community.Actor{URI: uri}, pem),
	}
}

func instanceURI(site community.Site) string { return site.Base() + "/actor" }
