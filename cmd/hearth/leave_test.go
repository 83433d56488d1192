package main

import (
	"testing"

	"hearth/community"
	"hearth/storage/storagetest"
)

// leavesAtOnce has elm's maya leave for good, and elm's clock turn; the hours until
// other servers are told are skipped behind the Store.
func (p *pair) leavesAtOnce() {
	p.Helper()
	service := p.elm.node.house.service
	_, err := service.Leave(p.ctx, p.maya.Viewer, demoPassword)
	p.must(err)
	in, err := service.SignIn(p.ctx, community.Try{Login: "maya-in", Password: demoPassword, Device: "test", Source: "test"})
	p.must(err)
	p.must(service.LeaveForGood(p.ctx, in.ID))
	_, err = service.Tidy(p.ctx)
	p.must(err)
	_, err = storagetest.SQL(p.T, p.elm.database).ExecContext(p.ctx, "UPDATE events SET not_before = NULL WHERE done_at IS NULL")
	p.must(err)
	p.elm.node.federation.WakePublisher()
}

func TestR43WordsVanishAtTheOtherHearthWhenTheirAuthorLeaves(t *testing.T) {
	eachPair(t, func(p *pair) {
		_, atOak := p.mayaWrites("words of somebody who leaves")
		answer, err := p.rowan.write(p.ctx, community.Draft{GroupID: p.carers.ID, ParentID: atOak.ID, Text: "an answer that stays", Language: "en"})
		p.must(err)
		p.leavesAtOnce()
		gone := p.sees(p.oak, atOak.URI, "that the words are gone", func(post community.Post) bool { return post.State == community.PostDeleted })
		if gone.HTML != "" || gone.Source != "" || gone.Title != "" {
			p.Errorf("words are left at oak: %q", gone.Title+gone.HTML)
		}
		p.must(until(p.ctx, "oak knows that maya is no more", func() (bool, error) {
			maya, err := p.oak.node.house.store.ActorByURI(p.ctx, p.maya.Accounts[0].URI)
			return maya.GoneAt != nil, err
		}))
		view, err := p.oak.node.house.service.Thread(p.ctx, p.rowan.Viewer, atOak.ID, community.Paging{}, false)
		if err != nil || len(view.Posts) != 2 || view.Posts[1].ID != answer.ID {
			p.Errorf("the thread at oak has %d posts, %v; want the answer in it", len(view.Posts), err)
		}
		p.must(until(p.ctx, "elm notes that oak was told", func() (bool, error) {
			told, err := p.elm.node.house.store.Farewells(p.ctx, p.maya.User.ID)
			return len(told) == 1 && told[0].ReceivedAt != nil, err
		}))
	})
}
