package federation

import (
	"context"
	"errors"
	"slices"
	"strings"

	"hearth/community"
	"hearth/community/markup"
	"hearth/federation/wire"
)

// arrival is a post that an activity brings to a group.
type arrival struct {
	post     *wire.Post
	group    community.Group
	verified string
	isProven bool // by a proof, and no signature
}

// handleCreate takes a post that its author's own server sent to a group of
// ours.
func (f *Federation) handleCreate(ctx context.Context, in incoming) (Outcome, error) {
	a, out, err := f.created(ctx, in)
	if err != nil || a.post == nil {
		return out, err
	}
	return f.takePost(ctx, in, a)
}

// created is what a Create brings, or what became of it. To a group elsewhere it
// comes by that group's Announce alone.
func (f *Federation) created(ctx context.Context, in incoming) (arrival, Outcome, error) {
	if out, err := f.message(ctx, in); err != nil || out.Outcome != "" {
		return arrival{}, out, err
	}
	post, err := f.ownPost(in.act)
	if err != nil {
		return arrival{}, Outcome{}, err
	}
	group, err := f.groupOf(ctx, in)
	if err != nil {
		out, err := outside(err)
		return arrival{}, out, err
	}
	if !group.IsLocal() {
		return arrival{}, ignored("not_announced"), nil
	}
	return arrival{post: post, group: group, verified: community.VerifiedSigned}, Outcome{}, nil
}

// ownPost is the post that an activity carries, if it is its actor's: one
// origin, one author (FEP-fe34).
func (f *Federation) ownPost(act *wire.Activity) (*wire.Post, error) {
	post, err := act.Object.Post()
	if err != nil {
		return nil, err
	}
	if post.Author != act.Actor || !wire.SameOrigin(post.ID, act.Actor) {
		return nil, &community.Error{Kind: community.Forbidden, Key: "receive.not_author"}
	}
	return post, nil
}

// groupOf finds the one group that an activity is about, by the order of
// wire.GroupCandidates: the first that is a group, or a post in one.
func (f *Federation) groupOf(ctx context.Context, in incoming) (community.Group, error) {
	for _, uri := range wire.GroupCandidates(in.act) {
		actor, err := in.known.ActorByURI(ctx, uri)
		if err == nil && actor.Type == community.ActorGroup {
			return in.known.Group(ctx, actor.ID)
		}
		if err != nil && !errors.Is(err, community.NotFound) {
			return community.Group{}, err
		}
		post, err := in.known.PostByURI(ctx, uri)
		if err == nil {
			return in.known.Group(ctx, post.GroupID)
		}
		if !errors.Is(err, community.NotFound) {
			return community.Group{}, err
		}
	}
	return community.Group{}, &community.Error{Kind: community.Forbidden, Key: "receive.no_group"}
}

// takePost stores a post in a group.
func (f *Federation) takePost(ctx context.Context, in incoming, a arrival) (Outcome, error) {
	if err := a.spendOnDoubt(ctx); err != nil {
		return Outcome{}, err
	}
	author, err := f.account(ctx, a.post.Author)
	if err != nil {
		return Outcome{}, err
	}
	stored, err := f.service.ReceivePost(ctx, f.inbound(in, a, author.ID))
	return f.taken(stored), err
}

// readFirst is why something is held that nobody sees before a moderator read it.
const readFirst = "read_first"

// taken is the outcome of a post that is stored: what waits to be read is held, and so
// is what waits for its parent, which is asked for.
func (f *Federation) taken(post community.Post) Outcome {
	out := Outcome{Outcome: Accepted, GroupID: post.GroupID, PostID: post.ID}
	if post.State == community.PostOrphan {
		signal(f.inquiring)
		out.Outcome, out.Reason = Held, "orphan"
	}
	if post.State == community.PostHeld {
		out.Outcome, out.Reason = Held, readFirst
	}
	return out
}

// inbound is what an activity brings as the community takes it.
func (f *Federation) inbound(in incoming, a arrival, authorID string) community.Inbound {
	inbound := inboundOf(a.post)
	inbound.Mentioned = f.mentionedHere(a.post)
	inbound.GroupID, inbound.AuthorID, inbound.Verified, inbound.IsProven = a.group.ID, authorID, a.verified, a.isProven
	inbound.ActivityID, inbound.Epoch, inbound.Policies = in.ID, in.epoch, in.policies
	inbound.Private = !isPublic(a.post, in.act)
	return inbound
}

// isPublic says whether a post is addressed to everybody. One that is addressed to
// nobody at all is as its activity is.
func isPublic(post *wire.Post, act *wire.Activity) bool {
	if len(post.To)+len(post.CC) == 0 {
		return wire.IsPublic(act.To, act.CC)
	}
	return post.IsPublic()
}

// inboundOf makes a post from elsewhere safe: its HTML narrowed, its title and
// notes plain text.
func inboundOf(post *wire.Post) community.Inbound {
	in := community.Inbound{
		URI: post.ID, URL: pageOf(post.ID, post.URL), InReplyToURI: post.InReplyTo, Language: post.Language, Published: post.Published, Updated: post.Updated,
		Title: markup.Excerpt(post.Name, 200), NoteText: markup.Excerpt(post.ContentNote(), 200), HTML: markup.Sanitize(post.Content),
	}
	if post.MediaType == "text/markdown" {
		in.HTML = markup.Render(post.Content)
	}
	if post.Source.MediaType == "text/markdown" {
		in.Source = post.Source.Content
	}
	for _, a := range post.Attachments {
		if a.Type == "Link" && in.Link == "" {
			in.Link = a.URL
		}
	}
	in.HTML += besideWords(post)
	things, links := thingsOf(post)
	in.Bare, in.HasFiles = in.HTML+markup.ThingList(links), len(links) < len(things)
	in.HTML += markup.ThingList(things)
	if in.Title == "" {
		in.Title = markup.FirstLine(in.HTML, 100)
	}
	return in
}

// mentionedHere are the accounts of this server that a post names by their ids
// (ActivityStreams Vocabulary, Mention), each once. Whether anybody has such an
// id, and may hear of it, is judged where they are told.
func (f *Federation) mentionedHere(post *wire.Post) (ids []string) {
	for _, uri := range post.Mentions() {
		path, ours := strings.CutPrefix(uri, f.config.Scheme+"://"+f.config.Host)
		if where := addressOf(path); ours && where.kind == "person" && !slices.Contains(ids, where.what) {
			ids = append(ids, where.what)
		}
	}
	return ids
}

// thingsOf are what hangs on a post: its link, its pictures and files, and where
// the post is itself such a thing, what it is about. links are those that are neither
// pictures nor files.
func thingsOf(post *wire.Post) (things, links []markup.Thing) {
	add := func(kind, mediaType string, thing markup.Thing) {
		things = append(things, thing)
		if !isFile(kind, mediaType, thing.URL) {
			links = append(links, thing)
		}
	}
	switch post.Type {
	case "Video", "Audio", "Image", "Document", "Link":
		add(post.Type, "", markup.Thing{Name: post.Name, URL: post.URL})
	}
	for _, a := range post.Attachments {
		add(a.Type, a.MediaType, markup.Thing{Name: a.Name, URL: a.URL})
	}
	return things, links
}

// isFile says whether what hangs on a post is a picture, a recording or a file, and not
// the address of a page.
func isFile(kind, mediaType, address string) bool {
	main, _, _ := strings.Cut(mediaType, "/")
	return slices.Contains([]string{"Video", "Audio", "Image", "Document"}, kind) || slices.Contains([]string{"image", "video", "audio"}, main) || markup.IsFile(address)
}

// handleUpdate follows an author's edit of a post in a group of ours, or what
// an actor says about themselves.
func (f *Federation) handleUpdate(ctx context.Context, in incoming) (Outcome, error) {
	if wire.IsActorType(in.act.Object.Type()) {
		return f.updateActor(ctx, in)
	}
	post, err := f.ownPost(in.act)
	if err != nil {
		return Outcome{}, err
	}
	if elsewhere, err := f.standsElsewhere(ctx, post.ID); err != nil || elsewhere {
		return ignored("not_announced"), err
	}
	out, err := f.takeEdit(ctx, in, arrival{post: post, verified: community.VerifiedSigned})
	if errors.Is(err, community.NotFound) {
		// Few servers send in order: it came before its Create, and says all of it.
		return f.handleCreate(ctx, in)
	}
	return out, err
}

// standsElsewhere says whether a post is known and its group is not of here: what
// it says changes by that group's Announce alone, as it began.
func (f *Federation) standsElsewhere(ctx context.Context, uri string) (bool, error) {
	post, err := f.store.PostByURI(ctx, uri)
	if errors.Is(err, community.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	group, err := f.store.Group(ctx, post.GroupID)
	return err == nil && !group.IsLocal(), err
}

// takeEdit changes what a post says, as far as it is verified. Its group is the one
// that it stands in.
func (f *Federation) takeEdit(ctx context.Context, in incoming, a arrival) (Outcome, error) {
	if err := a.spendOnDoubt(ctx); err != nil {
		return Outcome{}, err
	}
	author, err := f.account(ctx, a.post.Author)
	if err != nil {
		return Outcome{}, err
	}
	stored, isHeld, err := f.service.ReceiveEdit(ctx, f.inbound(in, a, author.ID))
	out := Outcome{Outcome: Accepted, PostID: stored.ID, GroupID: stored.GroupID}
	if isHeld {
		out.Outcome, out.Reason = Held, readFirst
	}
	return out, err
}
