package federation

import (
	"context"
	"encoding/json"

	"hearth/community"
	"hearth/federation/wire"
)

// GroupFollowers says how many are in a group, in a band, and of a sensitive one
// not even that. Nobody is named (safety.md R14).
func (f *Federation) GroupFollowers(ctx context.Context, v community.Viewer, id string) (json.RawMessage, error) {
	g, err := f.service.SharedWithin(ctx, v, id)
	if err != nil {
		return nil, err
	}
	followers := wire.Followers{ID: g.URI + followersPath}
	if total := int64(g.Members); !g.Sensitive {
		followers.Total = &total
	}
	return wire.Encode(followers)
}

// GroupModerators are the moderators that others may hear of, inline.
func (f *Federation) GroupModerators(ctx context.Context, v community.Viewer, id string) (json.RawMessage, error) {
	g, err := f.service.SharedWithin(ctx, v, id)
	if err != nil {
		return nil, err
	}
	moderators, err := f.service.SharedModerators(ctx, g)
	if err != nil {
		return nil, err
	}
	uris := make([]string, len(moderators))
	for i, a := range moderators {
		uris[i] = a.URI
	}
	return wire.Encode(wire.Moderators(g.URI+moderatorsPath, uris))
}

// GroupFeatured is a group's pinned threads, whole where they were written here.
func (f *Federation) GroupFeatured(ctx context.Context, v community.Viewer, id string) (json.RawMessage, error) {
	g, err := f.service.SharedWithin(ctx, v, id)
	if err != nil {
		return nil, err
	}
	page, err := f.service.SharedThreads(ctx, v, g, true, community.Cursor{})
	if err != nil {
		return nil, err
	}
	items, _, err := f.written(ctx, g, page, wholePost)
	if err == nil {
		err = f.took(ctx, v, saidBy(page.Items[:len(items)])...)
	}
	if err != nil {
		return nil, err
	}
	total := int64(len(items))
	return wire.Encode(wire.OrderedCollection{ID: g.URI + featuredPath, Total: &total, Items: items})
}

// GroupOutbox is a group's newest threads as it announced them (FEP-1b12): the
// collection with the first fifty inline where from is empty, and else the page
// that from names, as the collection's own addresses do.
func (f *Federation) GroupOutbox(ctx context.Context, v community.Viewer, id, from string) (json.RawMessage, error) {
	after, err := placeOf(from)
	if err != nil {
		return nil, err
	}
	g, err := f.service.SharedWithin(ctx, v, id)
	if err != nil {
		return nil, err
	}
	page, err := f.service.SharedThreads(ctx, v, g, false, after)
	if err != nil {
		return nil, err
	}
	items, next, err := f.written(ctx, g, page, announcedPost)
	if err == nil {
		err = f.took(ctx, v, saidBy(page.Items[:len(items)])...)
	}
	if err != nil {
		return nil, err
	}
	return wire.Encode(listing{base: g.URI + outboxPath, from: from, items: items, next: next}.document())
}

// PersonOutbox is empty: what somebody wrote stands in groups, and nobody learns
// from here in which (safety.md 3.3).
func (f *Federation) PersonOutbox(ctx context.Context, _ community.Viewer, id string) (json.RawMessage, error) {
	a, err := f.service.SharedAccount(ctx, id)
	if err != nil {
		return goneActor(a.Actor, err)
	}
	return emptyCollection(a.URI + outboxPath)
}

// InstanceOutbox is empty as well.
func (f *Federation) InstanceOutbox(ctx context.Context) (json.RawMessage, error) {
	site, err := f.service.Site(ctx)
	if err != nil {
		return nil, err
	}
	return emptyCollection(instanceURI(site) + outboxPath)
}

func emptyCollection(id string) (json.RawMessage, error) {
	none := int64(0)
	return wire.Encode(wire.OrderedCollection{ID: id, Total: &none})
}

// PostContext is the ids of a thread's posts in the order they were written,
// owned by its group (FEP-7888).
func (f *Federation) PostContext(ctx context.Context, v community.Viewer, id, from string) (json.RawMessage, error) {
	after, err := placeOf(from)
	if err != nil {
		return nil, err
	}
	page, g, err := f.service.SharedThread(ctx, v, id, after)
	if err != nil {
		return nil, err
	}
	base := f.postURI(id) + contextPath
	return wire.Encode(listing{base: base, from: from, owner: g.URI, items: urisOf(page.Items), next: page.Older}.document())
}

// PostReplies is the ids of the direct answers to a post.
func (f *Federation) PostReplies(ctx context.Context, v community.Viewer, id, from string) (json.RawMessage, error) {
	after, err := placeOf(from)
	if err != nil {
		return nil, err
	}
	page, err := f.service.SharedReplies(ctx, v, id, after)
	if err != nil {
		return nil, err
	}
	base := f.postURI(id) + repliesPath
	return wire.Encode(listing{base: base, from: from, items: urisOf(page.Items), next: page.Older}.document())
}

func (f *Federation) postURI(id string) string {
	return f.config.Scheme + "://" + f.config.Host + "/p/" + id
}

func urisOf(posts []community.SharedPost) []wire.Document {
	ids := make([]string, len(posts))
	for i, p := range posts {
		ids[i] = p.URI
	}
	return wire.URIs(ids)
}

// placeOf reads the last part of a page's address; NotFound for what none of
// ours ends in.
func placeOf(from string) (community.Cursor, error) {
	if from == "" || "/"+from == firstPage {
		return community.Cursor{}, nil
	}
	at := community.ParseCursor(from)
	if at.IsZero() {
		return at, community.NotFound
	}
	return at, nil
}

// listing is one page of a collection, or the collection with its first page
// inline.
type listing struct {
	base, from, owner string
	items             []wire.Document
	next              community.Cursor
}

// document says how many there are only where all of them are in it.
func (l listing) document() wire.Document {
	next := ""
	if !l.next.IsZero() {
		next = l.base + "/" + l.next.String()
	}
	if l.from != "" {
		return wire.OrderedCollectionPage{ID: l.base + "/" + l.from, PartOf: l.base, Next: next, Items: l.items}
	}
	c := wire.OrderedCollection{ID: l.base, AttributedTo: l.owner, First: l.base + firstPage, Items: l.items}
	if total := int64(len(l.items)); next == "" {
		c.Total = &total
	}
	return c
}

// pageBytes bounds the posts of one page, whatever they say: a document past
// wire.MaxBytes is not sent.
const pageBytes = wire.MaxBytes * 3 / 4

// item is a document of a list and how many bytes it will be.
type item struct {
	wire.Document
	size int
}

type writer func(community.SharedGroup, community.SharedPost, wire.Document) (item, error)

// written is a page's posts as documents, as many as fit, and where the next
// page begins. A post from elsewhere is named only: its own server has the words.
func (f *Federation) written(ctx context.Context, g community.SharedGroup, page community.Page[community.SharedPost], write writer) (items []wire.Document, next community.Cursor, err error) {
	mentions, err := f.service.SharedMentions(ctx, page.Items...)
	if err != nil {
		return nil, next, err
	}
	size := 0
	for i, p := range page.Items {
		doc := wire.Document(wire.URI(p.URI))
		if p.Verified == community.VerifiedLocal {
			doc = postDocument(p, g.Group, mentions[p.ID])
		}
		one, err := write(g, p, doc)
		if err != nil {
			return nil, next, err
		}
		if size += one.size; size > pageBytes && i > 0 {
			last := page.Items[i-1]
			return items, community.Cursor{At: last.PublishedAt, ID: last.ID}, nil
		}
		items = append(items, one.Document)
	}
	return items, page.Older, nil
}

// saidBy are the ids of those posts whose words such a list has.
func saidBy(posts []community.SharedPost) (ids []string) {
	for _, p := range posts {
		if p.Verified == community.VerifiedLocal {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

func wholePost(_ community.SharedGroup, _ community.SharedPost, doc wire.Document) (item, error) {
	raw, err := wire.Encode(doc)
	return item{doc, len(raw)}, err
}

// announcedPost is a post as a group's outbox has it. The ids of these
// activities lead to the things they are about: the ones that travelled had
// others, and receivers know the post by its own.
func announcedPost(g community.SharedGroup, p community.SharedPost, doc wire.Document) (item, error) {
	to, cc := audienceOf(g.Group, p.Post)
	e := wire.Envelope{ID: g.URI + outboxPath + "#" + p.ID, Actor: g.URI, To: to, CC: cc, Published: p.ReceivedAt}
	if uri, ok := doc.(wire.URI); ok {
		return item{wire.AnnounceURI(e, string(uri)), len(uri)}, nil
	}
	create, err := wire.Encode(wire.Create(wire.Envelope{
		ID: p.URI + "#create", Actor: p.Author.URI, To: to, CC: cc, Audience: g.URI, Published: p.PublishedAt,
	}, doc))
	return item{wire.Announce(e, create), len(create)}, err
}
