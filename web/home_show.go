package web

import "hearth/community"

func (s *Server) homeRoutes() {
	s.get("/home", s.showHome)
	s.post("/home/order", s.doHomeOrder).on("/home")
}

// homePage is the threads of the groups that the reader is in.
type homePage struct {
	Threads     []ThreadCard
	Pager       Pager
	Empty       Empty
	FirstUnread string
	Order       Action // to the other order
	OrderNow    string
	Words       string // where words wait that were written before signing in
}

func (s *Server) showHome(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	ask := v.paging()
	page, err := s.service.Home(v.ctx(), v.viewer, ask)
	if err != nil {
		return err
	}
	if !ask.Before.IsZero() && page.Newer.IsZero() {
		return v.redirect("/home")
	}
	for _, t := range page.Items {
		v.exit = v.exit || t.Sensitive
	}
	p := homePage{
		Threads: v.threadCards(page.Items, true), FirstUnread: firstUnread(page.Items),
		Pager: pagerOf("/home?", page.Newer, page.Older), Order: v.orderAction(), OrderNow: v.t("home.by." + v.homeOrder()),
	}
	if len(p.Threads) == 0 {
		if p.Empty, err = s.emptyHome(v); err != nil {
			return err
		}
	}
	p.Pager.OlderText = v.t("thread.older_threads")
	if kept, ok := v.words(); ok {
		p.Words = kept.Path
	}
	return v.page("home_show", v.t("home.title"), p)
}

// emptyHome is what to do next where there is nothing to read.
func (s *Server) emptyHome(v *visit) (Empty, error) {
	if !v.viewer.IsMember(s.service.Now()) {
		return Empty{Title: v.t("write.paused"), Text: v.t("home.paused_text"), Actions: []Action{{Text: v.t("nav.notices"), URL: "/notices", Kind: "second"}}}, nil
	}
	toGroups := Action{Text: v.t("home.to_groups"), URL: "/groups"}
	in, err := s.service.IsInGroups(v.ctx(), v.viewer)
	if !in || err != nil {
		return Empty{Title: v.t("home.empty"), Text: v.t("home.empty_text"), Actions: []Action{toGroups}}, err
	}
	toGroups.Kind = "second"
	return Empty{Title: v.t("home.quiet"), Text: v.t("home.quiet_text"), Actions: []Action{{Text: v.t("group_page.write"), URL: "/talk"}, toGroups}}, nil
}

func (v *visit) homeOrder() string {
	if v.viewer.User.HomeOrder == community.HomeByNewest {
		return community.HomeByNewest
	}
	return community.HomeByActivity
}

// orderAction is the button to the order that is not chosen.
func (v *visit) orderAction() Action {
	other := community.HomeByNewest
	if v.homeOrder() == other {
		other = community.HomeByActivity
	}
	return Action{Text: v.t("home.show_by." + other), URL: "/home/order", Kind: "quiet", Post: true, Name: "order", Value: other}
}

// doHomeOrder remembers the order, on every device.
func (s *Server) doHomeOrder(v *visit) error {
	if err := v.signedIn(); err != nil {
		return err
	}
	if err := s.service.ChooseHomeOrder(v.ctx(), v.viewer, v.input("order")); err != nil {
		return err
	}
	return v.redirect("/home")
}
