package federation_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/storage/storagetest"
)

// What a group elsewhere takes away nobody reads any more who reads first, and nobody
// approves; what waits for a group of here is not that group's to take away.
func TestR34WhatItsGroupTookAwayWaitsNoMore(t *testing.T) {
	const root, below, mine = "https://far.example/p/root", "https://far.example/p/below", "https://far.example/p/mine"
	eachOrigins(t, func(o *origins) {
		o.becomes("what they answer", o.passesOn(lee, root, ""), "accepted ")
		o.decides("far.example", policy.Hold)
		o.becomes("for a group of here", o.posts(kim, mine, ""), "held read_first")
		waits := func(thread string) {
			t.Helper()
			o.becomes("a thread", o.passesOn(kim, thread, ""), "held read_first")
			o.becomes("a reply", o.passesOn(kim, below+thread[len("https://"):], root), "held read_first")
		}
		waits(firstPost)
		o.becomes("below it", o.passesOn(lee, secondPost, below+firstPost[len("https://"):]), "held orphan")
		o.becomes("a removal", o.announces("Delete", moe, root, quoted(root)+`,"summary":"astray","withReplies":true`), "accepted ")
		if uris, _ := o.unread(o.warden()); !slices.Equal(uris, []string{mine, firstPost}) {
			t.Errorf("once all below the root was removed %q waits", uris)
		}
		o.stands("below what was removed", secondPost)
		o.becomes("a bar", o.announces("Block", moe, kim, quoted(kim)+`,"target":`+quoted(o.quiet.URI)+`,"removeData":true`), "accepted ")
		if uris, _ := o.unread(o.warden()); !slices.Equal(uris, []string{mine}) {
			t.Errorf("once all of kim's was removed %q waits", uris)
		}
		o.stands("of whom was barred", firstPost)
		if n := o.count("notices"); n != "0" {
			t.Errorf("%s notices tell of it", n)
		}
	})
}

// What hangs below what waits does not end before it, however far below; what answers
// itself in a circle does.
func TestR34OrphansFarBelowWhatWaitsWaitToo(t *testing.T) {
	const answer, further, this, that = "https://elm.example/p/answer", "https://elm.example/p/further", "https://elm.example/p/this", "https://elm.example/p/that"
	eachOrigins(t, func(o *origins) {
		o.decides("far.example", policy.Hold)
		o.becomes("a reply", o.posts(kim, firstPost, "https://oak.example/p/ada"), "held read_first")
		o.becomes("an answer", o.posts(moe, answer, firstPost), "held orphan")
		o.becomes("one to that", o.posts(moe, further, answer), "held orphan")
		o.becomes("a circle", o.posts(moe, this, that), "held orphan")
		o.becomes("which closes", o.posts(moe, that, this), "held orphan")
		o.clock.pass(5 * 24 * time.Hour)
		if n, err := o.service.EndOrphans(t.Context()); err != nil || n != 2 {
			t.Errorf("%d ended, %v, want the circle", n, err)
		}
		o.stands("of the circle", this)
		o.reads(o.warden(), true)
		for _, uri := range []string{firstPost, answer, further} {
			o.stands("approved", uri, "carers published signed")
		}
	})
}

// A reply that was changed while it waited is passed on as it was read, however long it
// waited for its parent and for its reader.
func TestR34BytesOfAChangedReplyAreKeptWhileItWaits(t *testing.T) {
	eachOrigins(t, func(o *origins) {
		o.decides("far.example", policy.Hold)
		o.becomes("a thread's reply", o.posts(kim, firstPost, "https://oak.example/p/ada"), "held read_first")
		o.becomes("an orphan", o.posts(lee, secondPost, firstPost), "held orphan")
		o.becomes("changed", o.arrives("Update", lee, secondPost, postDocument(secondPost, lee, o.carers.URI, firstPost, "mended")), "accepted noted")
		kept := func(when string, want string) {
			t.Helper()
			_, err := o.store.TidyQueues(t.Context(), o.clock.Now().Add(40*24*time.Hour), 100)
			o.must(err)
			if n := o.count("activities WHERE object_uri = '" + secondPost + "' AND type = 'Update' AND raw IS NOT NULL"); n != want {
				t.Errorf("%s: the bytes of %s edits are kept, want %s", when, n, want)
			}
		}
		kept("while its parent waits", "1")
		o.reads(o.warden(), true)
		o.stands("once its parent is read", secondPost, "carers held signed")
		kept("while it waits itself", "1")
		o.reads(o.warden(), true)
		o.stands("approved", secondPost, "carers published signed")
		kept("and no longer", "0")
	})
}

// The bound of what waits of a server in a group holds for edits, and for what is to be
// read once it joins; an edit in the place of one that waits takes no more room.
func TestR34EditsAndWhatJoinsKeepTheBoundOfWhatWaits(t *testing.T) {
	const waits, own, parent, full = "https://far.example/p/waits", "https://far.example/p/own", "https://elm.example/p/parent", 500
	eachOrigins(t, func(o *origins) {
		ctx := t.Context()
		for _, uri := range []string{waits, own} {
			o.becomes("before", o.posts(kim, uri, ""), "accepted ")
		}
		o.becomes("an orphan", o.posts(lee, secondPost, parent), "held orphan")
		o.decides("far.example", policy.Hold)
		o.becomes("an edit", o.edits(kim, waits, o.carers, "mended"), "held read_first")
		like, err := o.store.PostByURI(ctx, own)
		o.must(err)
		var posts []community.Post
		var held []community.Held
		for i := 1; i < full; i++ {
			p := like
			p.ID, p.URI, p.State = fmt.Sprintf("crowd-%d", i), fmt.Sprintf("https://far.example/p/crowd-%d", i), community.PostHeld
			p.ThreadID = p.ID
			posts, held = append(posts, p), append(held, community.Held{PostID: p.ID, GroupID: p.GroupID, AuthorID: p.AuthorID, Host: "far.example", Version: 1, HeldAt: noon})
		}
		o.must(o.store.InsertPosts(ctx, posts))
		o.must(o.store.InsertHeld(ctx, held))
		o.becomes("one more edit", o.edits(kim, own, o.carers, "mended"), "refused too_many_unread")
		o.becomes("in the place of one", o.edits(kim, waits, o.carers, "mended again"), "held read_first")
		o.becomes("a parent", o.posts(moe, parent, ""), "accepted ")
		o.stands("what joins it", secondPost)
		if n := o.count("held_words"); n != fmt.Sprint(full) {
			t.Errorf("%s wait, want %d", n, full)
		}
	})
}

// What a group says stays marked as that while what its author's server says waits.
func TestR34WhatTheOriginSaysOtherwiseWaitsAndTheMarkStays(t *testing.T) {
	const uri = "https://far.example/p/other"
	eachOrigins(t, func(o *origins) {
		o.far.Person("kim")
		o.at(uri, o.answered(uri, "words of", "true words of"))
		o.passed(uri)
		said := func() string {
			return storagetest.Strings(t, o.db, "SELECT coalesce('' || said_at, '') FROM posts WHERE uri = '"+uri+"'")[0]
		}
		before := said()
		o.decides("far.example", policy.Hold)
		o.inquires(within)
		if n := o.count("held_words"); n != "1" {
			t.Fatalf("%s edits wait, want what the origin says", n)
		}
		o.stands("while it waits", uri, "quiet published group")
		if words := o.wordsOf(uri); strings.Contains(words, "true") || said() != before {
			t.Errorf("while it waits: the words are %q, said at %s", words, said())
		}
		o.reads(o.warden(), true)
		o.stands("approved", uri, "quiet published origin")
		if words := o.wordsOf(uri); !strings.Contains(words, "true words of") {
			t.Errorf("approved: the words are %q", words)
		}
	})
}

// replacing is a store in which a new edit takes the place of a refused one just before
// that is held.
type replacing struct {
	community.Store
	by community.Held
}

func (r replacing) InTx(ctx context.Context, fn func(tx community.Store) error) error {
	return r.Store.InTx(ctx, func(tx community.Store) error { return fn(replacing{tx, r.by}) })
}

func (r replacing) RefusedBefore(ctx context.Context, before time.Time, limit int) ([]string, error) {
	ids, err := r.Store.RefusedBefore(ctx, before, limit)
	if err == nil {
		err = r.SaveHeld(ctx, r.by)
	}
	return ids, err
}

// An edit that takes the place of a refused one while that ends is not dropped unread.
func TestR34EditInThePlaceOfARefusedOneIsRead(t *testing.T) {
	const own = "https://far.example/p/own"
	eachOrigins(t, func(o *origins) {
		ctx := t.Context()
		o.becomes("before", o.posts(kim, own, ""), "accepted ")
		o.decides("far.example", policy.Hold)
		o.becomes("an edit", o.edits(kim, own, o.carers, "refused"), "held read_first")
		post, err := o.store.PostByURI(ctx, own)
		o.must(err)
		held, err := o.store.HeldOf(ctx, []string{post.ID})
		o.must(err)
		o.reads(o.warden(), false)
		o.clock.pass(31 * 24 * time.Hour)
		next := held[post.ID]
		next.Version, next.HeldAt = 2, o.clock.Now()
		service := community.NewService(replacing{o.store, next}, community.WithClock(o.clock.Now))
		if n, err := service.EndRefused(ctx); err != nil || n != 0 {
			t.Errorf("%d ended, %v", n, err)
		}
		if uris, _ := o.unread(o.warden()); !slices.Equal(uris, []string{own}) {
			t.Errorf("%q waits, want the new edit", uris)
		}
	})
}
