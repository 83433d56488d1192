package main

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"hearth/community"
	"hearth/community/policy"
	"hearth/storage/storagetest"
	"hearth/web"
)

// pair is two hearths that run, on one engine, with somebody from each.
type pair struct {
	*testing.T
	ctx         context.Context
	oak, elm    *demoHearth
	rowan, maya *guest
	admin       *guest // of oak
	carers      community.Group
}

func eachPair(t *testing.T, fn func(p *pair)) {
	t.Run("sqlite", func(t *testing.T) { fn(newPair(t, "", "")) })
	t.Run("postgres", func(t *testing.T) { fn(newPair(t, storagetest.PostgresDatabase(t), storagetest.PostgresDatabase(t))) })
}

func newPair(t *testing.T, oakData, elmData string) *pair {
	t.Helper()
	p := strangers(t, oakData, elmData)
	p.must(fillDemo(p.ctx, p.oak, p.elm))
	p.settles()
	words, err := web.NewCatalogue(true)
	p.must(err)
	p.rowan, p.maya = p.guest(p.oak, "rowan-in", words), p.guest(p.elm, "maya-in", words)
	p.admin = p.guest(p.oak, "oak-admin", words)
	p.carers, err = p.oak.node.house.store.GroupByName(p.ctx, "", "carers-at-night")
	p.must(err)
	return p
}

// strangers is a pair that knows nothing of each other yet, with nobody in either.
func strangers(t *testing.T, oakData, elmData string) *pair {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	p := &pair{T: t, ctx: ctx}
	folder := t.TempDir()
	p.oak = p.hearth(demoAt{folder: folder, name: "oak", database: oakData, measured: true})
	p.elm = p.hearth(demoAt{folder: folder, name: "elm", database: elmData, measured: true})
	for _, d := range []*demoHearth{p.oak, p.elm} {
		ended := make(chan error, 1)
		go func() { ended <- d.node.run(ctx, d.listener) }()
		t.Cleanup(func() {
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
	return p
}

// settles waits until what was written before somebody followed has been fetched:
// after that nobody asks for anything in the background.
func (p *pair) settles() {
	p.Helper()
	for _, d := range []*demoHearth{p.oak, p.elm} {
		groups, err := d.node.house.store.StaleGroups(p.ctx, time.Now().Add(time.Hour), "", 100)
		p.must(err)
		for _, g := range groups {
			p.must(until(p.ctx, d.name+" knows the past of "+g.Name, func() (bool, error) {
				j, err := d.node.house.store.LastJob(p.ctx, community.JobBackfill, g.ID)
				if errors.Is(err, community.NotFound) {
					return true, nil // its server has not said yes
				}
				return err == nil && !j.IsOpen(), err
			}))
		}
	}
}

func (p *pair) hearth(at demoAt) *demoHearth {
	p.Helper()
	d, err := newDemoHearth(p.ctx, at, zerolog.Nop())
	p.must(err)
	return d
}

func (p *pair) guest(d *demoHearth, login string, words *web.Catalogue) *guest {
	p.Helper()
	in, err := d.node.house.service.SignIn(p.ctx, community.Try{Login: login, Password: demoPassword, Device: "test", Source: "test"})
	p.must(err)
	g, err := d.guest(p.ctx, in.ID, words)
	p.must(err)
	return g
}

func (p *pair) must(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

// sees waits until a post is known at a hearth and is as it should be.
func (p *pair) sees(d *demoHearth, uri, what string, is func(community.Post) bool) community.Post {
	p.Helper()
	var post community.Post
	p.must(until(p.ctx, d.name+" sees "+what, func() (bool, error) {
		var err error
		post, err = d.node.house.store.PostByURI(p.ctx, uri)
		if errors.Is(err, community.NotFound) {
			return false, nil
		}
		return err == nil && is(post), err
	}))
	return post
}

func published(p community.Post) bool { return p.State == community.PostPublished }

// mayaWrites is a thread of somebody elsewhere in oak's group, seen by both.
func (p *pair) mayaWrites(text string) (atElm, atOak community.Post) {
	p.Helper()
	copied, err := p.elm.node.house.store.ActorByURI(p.ctx, p.carers.URI)
	p.must(err)
	atElm, err = p.maya.write(p.ctx, community.Draft{GroupID: copied.ID, Title: "From elm", Text: text, Language: "en"})
	p.must(err)
	return atElm, p.sees(p.oak, atElm.URI, "a thread from elm", published)
}

// hears waits until somebody has a notice of a kind.
func (p *pair) hears(g *guest, kind string) {
	p.Helper()
	p.must(until(p.ctx, g.name+" hears "+kind, func() (bool, error) {
		page, err := g.node.house.service.Notices(p.ctx, g.Viewer, community.Paging{})
		return slices.ContainsFunc(page.Items, func(n community.NoticeView) bool { return n.Kind == kind }), err
	}))
}

func TestTwoHearthsFollowEditAndDelete(t *testing.T) {
	eachPair(t, func(p *pair) {
		atElm, _ := p.mayaWrites("first words")
		p.must(until(p.ctx, "elm hears that it is shown", func() (bool, error) {
			view, err := p.elm.node.house.service.Thread(p.ctx, p.maya.Viewer, atElm.ID, community.Paging{}, false)
			return err == nil && view.Posts[0].Standing.State() == community.StandingShown, err
		}))
		_, err := p.elm.node.house.service.EditPost(p.ctx, p.maya.Viewer, atElm.ID, community.Draft{Title: "From elm", Text: "second words", Language: "en", Version: 1})
		p.must(err)
		edited := p.sees(p.oak, atElm.URI, "the edit", func(post community.Post) bool { return post.Version == 2 })
		if want := "<p>second words</p>"; edited.HTML != want+"\n" && edited.HTML != want {
			p.Errorf("the edit at oak: got %q, want %q", edited.HTML, want)
		}
		_, err = p.elm.node.house.service.DeletePost(p.ctx, p.maya.Viewer, atElm.ID)
		p.must(err)
		gone := p.sees(p.oak, atElm.URI, "the deletion", func(post community.Post) bool { return post.State == community.PostDeleted })
		if gone.HTML != "" || gone.Source != "" {
			p.Errorf("words are left at oak after the deletion: %q", gone.HTML)
		}
	})
}

func TestLeavingIsToldToTheGroupsOwnServer(t *testing.T) {
	eachPair(t, func(p *pair) {
		copied, err := p.elm.node.house.store.ActorByURI(p.ctx, p.carers.URI)
		p.must(err)
		guest, err := p.oak.node.house.store.ActorByURI(p.ctx, p.maya.Accounts[0].URI)
		p.must(err)
		p.must(p.elm.node.house.service.LeaveGroup(p.ctx, p.maya.Viewer, copied.ID))
		p.must(until(p.ctx, "oak hears that maya left", func() (bool, error) {
			m, err := p.oak.node.house.store.Membership(p.ctx, p.carers.ID, guest.ID)
			return m.State == community.MemberLeft, err
		}))
	})
}

func TestEachHearthModeratesForItself(t *testing.T) {
	eachPair(t, func(p *pair) {
		atElm, atOak := p.mayaWrites("words that oak hides")
		_, err := p.oak.node.house.service.ModeratePost(p.ctx, p.admin.Viewer, atOak.ID, community.Measure{Kind: community.MeasureHide, Reason: "Please leave out the dose.", Version: 1})
		p.must(err)
		p.sees(p.elm, atElm.URI, "that oak hid it", func(post community.Post) bool { return post.State == community.PostHidden })
		_, err = p.elm.node.house.service.EditPost(p.ctx, p.maya.Viewer, atElm.ID, community.Draft{Title: "From elm", Text: "words without it", Language: "en", Version: 1})
		p.must(err)
		p.sees(p.oak, atElm.URI, "the edit of what it hid", func(post community.Post) bool { return post.Version == 2 && post.State == community.PostHidden })
		_, err = p.oak.node.house.service.ModeratePost(p.ctx, p.admin.Viewer, atOak.ID, community.Measure{Kind: community.MeasureShow, Version: 2})
		p.must(err)
		p.sees(p.elm, atElm.URI, "that oak shows it again", published)
		p.hears(p.maya, community.NoticeShownThere)
		p.hears(p.maya, community.NoticeHiddenThere)
		rows, err := p.oak.node.house.store.Severances(p.ctx, "elm.localhost", 10)
		if err != nil || len(rows) != 0 {
			p.Errorf("hiding a post cut ties: %v, %v", rows, err)
		}
		p.readsFirst()
	})
}

// readsFirst has oak read what comes from elm first: it is announced once it was, and
// once.
func (p *pair) readsFirst() {
	p.Helper()
	oak := p.oak.node.house
	_, err := oak.service.SetPolicy(p.ctx, p.admin.Viewer, community.PolicyDraft{Domain: "elm.localhost", Severity: policy.Hold})
	p.must(err)
	copied, err := p.elm.node.house.store.ActorByURI(p.ctx, p.carers.URI)
	p.must(err)
	atElm, err := p.maya.write(p.ctx, community.Draft{GroupID: copied.ID, Title: "From elm", Text: "words that are read first", Language: "en"})
	p.must(err)
	atOak := p.sees(p.oak, atElm.URI, "what waits to be read", func(post community.Post) bool { return post.State == community.PostHeld })
	announced := func() (n int) {
		n, err := count(storagetest.SQL(p.T, p.oak.database), "SELECT count(*) FROM activities WHERE direction = 'out' AND object_uri = '"+atElm.URI+"'")
		p.must(err)
		return n
	}
	p.quiet(p.oak)
	if n := announced(); n != 0 {
		p.Errorf("oak says %d things of what nobody read", n)
	}
	waits, err := oak.service.HeldWords(p.ctx, p.admin.Viewer, "", false, community.Paging{})
	p.must(err)
	if len(waits.Items) != 1 || waits.Items[0].PostID != atOak.ID {
		p.Fatalf("to be read is %+v", waits.Items)
	}
	done, err := oak.service.DecideHeld(p.ctx, p.admin.Viewer, []community.HeldChoice{waits.Items[0].Choice()}, true, "")
	p.must(err)
	if done.Decided != 1 {
		p.Fatalf("it was not approved: %+v", done)
	}
	p.must(until(p.ctx, "elm hears that it is shown", func() (bool, error) {
		view, err := p.elm.node.house.service.Thread(p.ctx, p.maya.Viewer, atElm.ID, community.Paging{}, false)
		return err == nil && view.Posts[0].Standing.State() == community.StandingShown, err
	}))
	p.quiet(p.oak)
	if n := announced(); n != 1 {
		p.Errorf("oak announced it %d times, want once", n)
	}
	_, err = oak.service.SetPolicy(p.ctx, p.admin.Viewer, community.PolicyDraft{Domain: "elm.localhost", Severity: policy.Allow})
	p.must(err)
}

func TestARefusedHearthIsNotHeard(t *testing.T) {
	eachPair(t, func(p *pair) {
		_, err := p.oak.node.house.service.SetPolicy(p.ctx, p.admin.Viewer, community.PolicyDraft{Domain: "elm.localhost", Severity: policy.Suspend})
		p.must(err)
		copied, err := p.elm.node.house.store.ActorByURI(p.ctx, p.carers.URI)
		p.must(err)
		post, err := p.maya.write(p.ctx, community.Draft{GroupID: copied.ID, Title: "Not heard", Text: "words", Language: "en"})
		p.must(err)
		p.must(until(p.ctx, "elm hears that it is refused", func() (bool, error) {
			known, err := p.elm.node.house.store.Standings(p.ctx, []string{post.ID}, copied.Domain)
			return known[post.ID].State() == community.StandingRefused, err
		}))
		if _, err := p.oak.node.house.store.PostByURI(p.ctx, post.URI); !errors.Is(err, community.NotFound) {
			p.Errorf("a refused server's post at oak: got %v, want NotFound", err)
		}
		p.must(p.oak.node.house.service.LiftPolicy(p.ctx, p.admin.Viewer, "elm.localhost"))
		m, err := p.elm.node.house.store.Membership(p.ctx, copied.ID, p.maya.ActingID())
		if err != nil || !m.IsActive() {
			p.Errorf("what elm thinks after oak took it back: %s, %v; want that nothing was cut", m.State, err)
		}
	})
}
