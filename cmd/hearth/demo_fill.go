package main

import (
	"context"
	"errors"
	"fmt"

	"hearth/community"
	"hearth/federation"
	"hearth/web"
)

// Who and what is in the demo. The names are of nobody.
var (
	demoPlaces = map[string]community.Setup{
		"oak": {Name: "Oak House", Purpose: "A quiet place for people who look after somebody.", Rules: "Listen first.\nKeep other people private.", Contact: "hello@oak.example"},
		"elm": {Name: "Elm Yard", Purpose: "For people who live with a long illness, and those close to them.", Rules: "No doses, no methods.\nDisagree gently.", Contact: "hello@elm.example"},
	}
	demoAdmins = map[string]string{"oak": "steady-heron", "elm": "early-lantern"}
	demoGroups = map[string]community.GroupDraft{
		"oak": {Name: "carers-at-night", Rules: []string{"Listen first.", "No doses, no methods.", "Keep other people private."}, GroupTexts: community.GroupTexts{
			Title: "Carers at night", Purpose: "For people looking after someone, and awake. Share what tonight is like. Advice only when somebody asks for it.",
			ForWhom: "People who look after somebody.", Situation: community.SituationCaring, Language: "en", Joining: community.JoiningOpen}},
		"elm": {Name: "long-illness", Rules: []string{"No advice unless somebody asks.", "Disagree gently."}, GroupTexts: community.GroupTexts{
			Title: "Living with long illness", Purpose: "Flares, appointments, small wins.",
			ForWhom: "People with an illness that stays.", Situation: community.SituationIllness, Language: "en", Joining: community.JoiningOpen}},
	}
)

// guest is somebody in the demo, signed in, as the Service knows them.
type guest struct {
	*demoHearth
	community.Viewer
	words *web.Catalogue
}

// fillDemo lets people of two hearths meet: they come in, make a group, follow
// one of the other's, write and answer.
func fillDemo(ctx context.Context, oak, elm *demoHearth) error {
	catalogue, err := web.NewCatalogue(true)
	if err != nil {
		return err
	}
	var guests []*guest
	for _, who := range []struct {
		at          *demoHearth
		login, name string
	}{{oak, "rowan-in", "still-lake"}, {elm, "maya-in", "soft-orchard"}} {
		g, err := who.at.arrive(ctx, who.login, who.name, catalogue)
		if err != nil {
			return err
		}
		guests = append(guests, g)
	}
	rowan, maya := guests[0], guests[1]
	carers, err := oak.makeGroup(ctx, catalogue)
	if err != nil {
		return err
	}
	illness, err := elm.makeGroup(ctx, catalogue)
	if err != nil {
		return err
	}
	for _, join := range []struct {
		who *guest
		ref string
	}{{rowan, carers.ID}, {maya, illness.ID}} {
		if err := join.who.join(ctx, join.ref); err != nil {
			return err
		}
	}
	if err := maya.follow(ctx, "!carers-at-night@"+oak.node.house.host); err != nil {
		return err
	}
	if err := rowan.follow(ctx, "!long-illness@"+elm.node.house.host); err != nil {
		return err
	}
	return talk(ctx, rowan, maya, carers, illness)
}

// talk has them write in both groups, each from their own server.
func talk(ctx context.Context, rowan, maya *guest, carers, illness community.Group) error {
	asked, err := rowan.write(ctx, community.Draft{
		GroupID: carers.ID, Title: "He asked who I was again", NoteTopics: []string{"illness"}, NoteText: "dementia", Wants: community.WantsHeard, Language: "en",
		Text: "Thirty-one years. He looked at me over the tea and asked, very politely, whether I worked here.\n\nI said yes. I do not know why I said yes. He seemed glad that somebody did.",
	})
	if err != nil {
		return err
	}
	copied, err := maya.comes(ctx, asked.URI)
	if err != nil {
		return err
	}
	answer, err := maya.write(ctx, community.Draft{GroupID: copied.GroupID, ParentID: copied.ID, Language: "en",
		Text: "You said yes because he needed somebody to. That was kind, and it must have cost you."})
	if err != nil {
		return err
	}
	arrived, err := rowan.comes(ctx, answer.URI)
	if err != nil {
		return err
	}
	thanks, err := rowan.write(ctx, community.Draft{GroupID: carers.ID, ParentID: arrived.ID, Language: "en", Text: "I have been crying since I read this. The good sort, mostly."})
	if err != nil {
		return err
	}
	if _, err := maya.comes(ctx, thanks.URI); err != nil {
		return err
	}
	small, err := maya.write(ctx, community.Draft{GroupID: illness.ID, Title: "Small win: the stairs", Wants: community.WantsHeard, Language: "en", Text: "All fourteen of them, and back down. Tomorrow is for sitting."})
	if err != nil {
		return err
	}
	_, err = rowan.comes(ctx, small.URI)
	return err
}

// arrive is somebody new who comes in by the open door.
func (d *demoHearth) arrive(ctx context.Context, login, name string, words *web.Catalogue) (*guest, error) {
	admission, err := d.node.house.service.Join(ctx, community.Arrival{
		Newcomer: community.Newcomer{Login: login, PublicName: name, Password: demoPassword}, OldEnough: true, Device: "hearth demo",
	})
	if err != nil {
		return nil, inWords(err)
	}
	d.people = append(d.people, demoPerson{d.name, login, demoPassword, name, community.RoleMember})
	return d.guest(ctx, admission.SignIn.ID, words)
}

func (d *demoHearth) guest(ctx context.Context, signIn string, words *web.Catalogue) (*guest, error) {
	v, err := d.node.house.service.Viewer(ctx, signIn, "")
	return &guest{d, v, words}, err
}

// makeGroup is the admin making the hearth's group, open to other servers.
func (d *demoHearth) makeGroup(ctx context.Context, words *web.Catalogue) (community.Group, error) {
	service := d.node.house.service
	in, err := service.SignIn(ctx, community.Try{Login: d.name + "-admin", Password: demoPassword, Device: "hearth demo", Source: "demo"})
	if err != nil {
		return community.Group{}, inWords(err)
	}
	admin, err := d.guest(ctx, in.ID, words)
	if err != nil {
		return community.Group{}, err
	}
	draft := demoGroups[d.name]
	draft.Audience = community.Audience{Readers: community.ReadersAnyone, Reach: community.ReachAnywhere, Listed: true}
	draft.Consents = admin.consents("take_part_founder", community.Group{Readers: community.ReadersAnyone, Reach: community.ReachAnywhere})
	group, err := service.MakeGroup(ctx, admin.Viewer, draft)
	return group, inWords(err)
}

// consents are both, in the sentences that the pages show.
func (g *guest) consents(founder string, group community.Group) []community.GivenConsent {
	say := func(key string, args map[string]any) string { return g.words.T("en", key, args) }
	who := say("group.reads."+group.Readers, nil)
	return []community.GivenConsent{
		{Scope: community.ConsentTakePart, Text: say("group_consent."+founder, map[string]any{"Instance": demoPlaces[g.name].Name, "Who": who})},
		{Scope: community.ConsentFederate, Text: say("group_consent.federate."+group.Reach, nil)},
	}
}

// join goes into a group by its door.
func (g *guest) join(ctx context.Context, ref string) error {
	service := g.node.house.service
	view, err := service.GroupView(ctx, g.Viewer, ref)
	if err != nil {
		return err
	}
	_, err = service.JoinGroup(ctx, g.Viewer, view.Group.ID, community.JoinRequest{
		RulesVersion: view.Group.RulesVersion, Consents: g.consents("take_part", view.Group),
	})
	return inWords(err)
}

// follow finds a group elsewhere by its handle, asks to follow it, and waits for
// its server's yes.
func (g *guest) follow(ctx context.Context, handle string) error {
	var found federation.Found
	err := until(ctx, "finding "+handle, func() (bool, error) {
		var err error
		found, err = g.node.federation.Lookup(ctx, handle)
		if errors.Is(err, community.Unavailable) {
			return false, nil // the other one is still starting
		}
		return err == nil, inWords(err)
	})
	if err != nil {
		return err
	}
	if err := g.join(ctx, found.ID); err != nil {
		return fmt.Errorf("following %s: %w", handle, err)
	}
	return until(ctx, "following "+handle, func() (bool, error) {
		view, err := g.node.house.service.GroupView(ctx, g.Viewer, found.ID)
		return view.Membership.IsActive(), err
	})
}

func (g *guest) write(ctx context.Context, d community.Draft) (community.Post, error) {
	post, err := g.node.house.service.WritePost(ctx, g.Viewer, d)
	return post, inWords(err)
}

// comes waits until a post from the other server is here.
func (g *guest) comes(ctx context.Context, uri string) (post community.Post, err error) {
	err = until(ctx, "a copy of "+uri, func() (bool, error) {
		post, err = g.node.house.store.PostByURI(ctx, uri)
		if errors.Is(err, community.NotFound) {
			return false, nil
		}
		return err == nil, err
	})
	return post, err
}
