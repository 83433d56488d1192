package federation

import (
	"cmp"
	"slices"
	"strings"

	"hearth/community"
	"hearth/community/markup"
	"hearth/federation/wire"
)

// postDocument is a post of this server as others read it: a Page where it
// begins a thread, a Note where it answers. mentioned are the actors that its
// words name, of whom those that others may hear of are told.
func postDocument(p community.SharedPost, g community.Group, mentioned []community.Actor) wire.Document {
	w := writing(p, g)
	if !p.IsReply() {
		w.Tags = tagsFor(g, mentioned)
		w.CC = appendNew(w.CC, idsOf(mentioned)...)
		return wire.Page{Writing: w, Name: titleOf(p.Post), Locked: p.LockedAt != nil}
	}
	if isKnownAbroad(p.Parent) {
		mentioned = withActor(mentioned, p.Parent)
	}
	w.Tags = tagsFor(g, mentioned)
	w.CC = appendNew(w.CC, idsOf(mentioned)...)
	return wire.Note{Writing: w, InReplyTo: p.InReplyToURI}
}

// writing is what a Page and a Note have in common. updated is only written
// after an edit: peers take it for one.
func writing(p community.SharedPost, g community.Group) wire.Writing {
	to, cc := audienceOf(g, p.Post)
	w := wire.Writing{
		ID: p.URI, URL: p.URL, Author: p.Author.URI,
		Content: p.HTML, Source: p.Source, ContentNote: contentNote(p.Post), Sensitive: g.Sensitive,
		Language: languageOf(p.Language), To: to, CC: cc, Audience: g.URI,
		Replies: p.URI + repliesPath, Published: p.PublishedAt,
	}
	if p.IsThreadLocal() {
		w.Context = p.ThreadURI + contextPath
	}
	if p.Link != "" {
		w.Attachments = []wire.Attachment{{Type: "Link", URL: p.Link}}
	}
	if p.EditedAt != nil {
		w.Updated = *p.EditedAt
	}
	return w
}

// audienceOf is whom a post is addressed to: its group, and Public only where
// everyone may read it everywhere. The narrower of the post's and its group's
// counts (R15).
func audienceOf(g community.Group, p community.Post) (to, cc []string) {
	followers := g.FollowersURI
	if g.IsLocal() {
		followers = g.URI + followersPath
	}
	to = []string{g.URI}
	if isForEveryone(g, p) {
		to = append(to, wire.Public)
	}
	if followers != "" {
		cc = []string{followers}
	}
	return to, cc
}

func isForEveryone(g community.Group, p community.Post) bool {
	return community.NarrowerReaders(g.Readers, p.Readers) == community.ReadersAnyone &&
		community.NarrowerReach(g.Reach, p.Reach) == community.ReachAnywhere
}

// contentNote is a post's content note in one line: the names of its topics,
// then its own words.
func contentNote(p community.Post) string {
	topics := strings.ReplaceAll(strings.Join(p.Topics(), ", "), "_", " ")
	if topics == "" || p.NoteText == "" {
		return topics + p.NoteText
	}
	return topics + ": " + p.NoteText
}

// titleOf is a root's title, or its first words: a Page must have one.
func titleOf(p community.Post) string {
	return cmp.Or(p.Title, markup.FirstLine(p.HTML, 100), p.ID)
}

// tagsFor mentions whom the words name, and the group, since microblogs address
// an answer to whoever is mentioned.
func tagsFor(g community.Group, mentioned []community.Actor) []wire.Tag {
	tags := make([]wire.Tag, 0, len(mentioned)+1)
	for _, a := range withActor(mentioned, g.Actor) {
		tags = append(tags, wire.Tag{Type: "Mention", Href: a.URI, Name: "@" + a.Name + "@" + domainOf(a)})
	}
	return tags
}

// domainOf is an actor's domain, also where it is this server's own.
func domainOf(a community.Actor) string {
	if !a.IsLocal() {
		return a.Domain
	}
	origin, err := wire.ParseIRI(a.URI, anyName)
	if err != nil {
		return ""
	}
	return origin.Domain()
}

func isKnownAbroad(a community.Actor) bool {
	return a.URI != "" && a.GoneAt == nil && a.AwayAt == nil && (!a.IsLocal() || a.DisclosedAt != nil)
}

func withActor(all []community.Actor, one community.Actor) []community.Actor {
	if slices.ContainsFunc(all, func(a community.Actor) bool { return a.URI == one.URI }) {
		return all
	}
	return append(slices.Clip(all), one)
}

func idsOf(actors []community.Actor) []string {
	ids := make([]string, len(actors))
	for i, a := range actors {
		ids[i] = a.URI
	}
	return ids
}

func appendNew(all []string, more ...string) []string {
	for _, id := range more {
		if !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

// tombstone is what is left of a post: nothing but that it was there.
func tombstone(p community.Post) wire.Tombstone {
	t := wire.Tombstone{ID: p.URI, FormerType: "Page"}
	if p.IsReply() {
		t.FormerType = "Note"
	}
	if p.DeletedAt != nil {
		t.Deleted = *p.DeletedAt
	}
	return t
}
