package community_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/secret"
)

// posts writes a thread as somebody.
func (h *parlour) posts(v community.Viewer, g community.Group) community.Post {
	h.Helper()
	p, err := h.service.WritePost(h.ctx, v, community.Draft{GroupID: g.ID, Title: "A title", Text: "Words."})
	h.must(err)
	return p
}

// events are the kinds of what the world has not been told about a post.
func (h *parlour) events(postID string) []string {
	h.Helper()
	return h.column("SELECT kind FROM events WHERE post_id = '" + postID + "' ORDER BY seq")
}

func reaching(reach string) func(*community.GroupDraft) {
	return func(d *community.GroupDraft) { d.Reach = reach }
}

func TestHidingAndShowingTellTheWorldOnlyWhereItMayHear(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		author := h.person("rowan")
		for name, c := range map[string]struct {
			reach string
			want  []string
		}{
			"stays-here": {community.ReachNowhere, nil},
			"goes-out":   {community.ReachAnywhere, []string{community.EventPostWritten, community.EventPostHidden, community.EventPostWritten, community.EventPostShown}},
		} {
			g := h.group(name, reaching(c.reach))
			_, err := h.service.JoinGroup(h.ctx, author, name, community.JoinRequest{RulesVersion: g.RulesVersion,
				Consents: append([]community.GivenConsent{{Scope: community.ConsentFederate, Text: "Copies may leave."}}, takePart...)})
			h.must(err)
			post := h.posts(h.viewer("sign-in-rowan"), g)
			_, err = h.service.ModeratePost(h.ctx, h.admin, post.ID, community.Measure{Kind: community.MeasureHide, Reason: "Because.", Version: 1})
			h.must(err)
			_, err = h.service.ModeratePost(h.ctx, h.admin, post.ID, community.Measure{Kind: community.MeasureShow, Version: 1})
			h.must(err)
			if got := h.events(post.ID); !slices.Equal(got, c.want) {
				h.Errorf("%s: got events %v, want %v", name, got, c.want)
			}
		}
	})
}

// Copies elsewhere show again what they have: what was mended goes before.
func TestMendedWordsAreToldBeforeTheyAreShownAgain(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		h.person("rowan")
		g := h.group("goes-out", reaching(community.ReachAnywhere))
		author := h.viewer("sign-in-rowan")
		_, err := h.service.JoinGroup(h.ctx, author, g.ID, community.JoinRequest{RulesVersion: g.RulesVersion,
			Consents: append([]community.GivenConsent{{Scope: community.ConsentFederate, Text: "Copies may leave."}}, takePart...)})
		h.must(err)
		author = h.viewer("sign-in-rowan")
		for _, c := range []struct {
			name, verified string
			want           []string
		}{
			{"by somebody of here", community.VerifiedLocal,
				[]string{community.EventPostWritten, community.EventPostHidden, community.EventPostWritten, community.EventPostEdited, community.EventPostShown}},
			{"by somebody of elsewhere", community.VerifiedSigned, []string{community.EventPostWritten, community.EventPostHidden, community.EventPostEdited, community.EventPostShown}},
		} {
			post := h.posts(author, g)
			_, err := h.service.ModeratePost(h.ctx, h.admin, post.ID, community.Measure{Kind: community.MeasureHide, Reason: "Because.", Version: 1})
			h.must(err)
			h.now = h.now.Add(time.Minute)
			_, err = h.service.EditPost(h.ctx, author, post.ID, community.Draft{Title: "A title", Text: "Mended.", Version: 1})
			h.must(err)
			mended, err := h.store.Post(h.ctx, post.ID)
			h.must(err)
			mended.Verified = c.verified
			h.must(h.store.UpdatePost(h.ctx, mended))
			_, err = h.service.ModeratePost(h.ctx, h.admin, post.ID, community.Measure{Kind: community.MeasureShow, Version: 2})
			h.must(err)
			if got := h.events(post.ID); !slices.Equal(got, c.want) {
				h.Errorf("%s: got events %v, want %v", c.name, got, c.want)
			}
		}
	})
}

func TestShowingUndoesTheDecisionThatHid(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		author := h.person("rowan")
		g := h.group("carers")
		h.join(author, "carers")
		post := h.posts(author, g)
		hid, err := h.service.ModeratePost(h.ctx, h.admin, post.ID, community.Measure{Kind: community.MeasureHide, Reason: "Because.", Version: 1})
		h.must(err)
		_, err = h.service.ModeratePost(h.ctx, h.admin, post.ID, community.Measure{Kind: community.MeasureHide, Reason: "Because.", Version: 1})
		h.wants("hiding what is hidden", err, community.Conflict)
		showed, err := h.service.ModeratePost(h.ctx, h.admin, post.ID, community.Measure{Kind: community.MeasureShow, Version: 1})
		h.must(err)
		if showed.Undoes == nil || *showed.Undoes != hid.ID {
			h.Errorf("showing undoes %v, want %s", showed.Undoes, hid.ID)
		}
		if _, err := h.service.ModeratePost(h.ctx, author, post.ID, community.Measure{Kind: community.MeasureHide, Reason: "Because.", Version: 1}); err == nil {
			h.Error("an author hid their own post as a moderator")
		}
	})
}

func TestARemovalHoldsForEveryNameOfThePersonWithoutAWord(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan := h.person("rowan")
		g := h.group("carers")
		h.join(rowan, "carers")
		_, err := h.service.ModerateMember(h.ctx, h.admin, "carers", rowan.Acting.ID, community.Measure{Kind: community.MeasureRemove, Reason: "Because."})
		h.must(err)
		persona := h.persona(rowan, "river")
		_, err = h.service.JoinGroup(h.ctx, persona, "carers", community.JoinRequest{RulesVersion: g.RulesVersion, Consents: takePart})
		h.wants("joining by another name", err, community.Forbidden)
		if got := h.view(persona, "carers"); got.MayAsk || got.MayWrite {
			h.Errorf("another name may ask %v, may write %v; want neither", got.MayAsk, got.MayWrite)
		}
		if got := h.column("SELECT account_id FROM decisions WHERE account_id = '" + persona.Acting.ID + "'"); len(got) > 0 {
			h.Error("the record names the other name")
		}
		h.now = h.now.Add(time.Minute)
		_, err = h.service.ModerateMember(h.ctx, h.admin, "carers", rowan.Acting.ID, community.Measure{Kind: community.MeasureReadmit})
		h.must(err)
		h.join(persona, "carers")
	})
}

func TestASuspensionIsDecidedOnTheAccountAndHoldsForThePerson(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan := h.person("rowan")
		h.group("carers")
		persona := h.persona(rowan, "river")
		h.join(rowan, "carers")
		d, err := h.service.ModerateAccount(h.ctx, h.admin, persona.Acting.ID, community.Measure{Kind: community.MeasureSuspend, Reason: "Because."})
		h.must(err)
		if d.SubjectKind != community.SubjectAccount || d.SubjectID != persona.Acting.ID {
			h.Errorf("decided on %s %s, want the account", d.SubjectKind, d.SubjectID)
		}
		rowan = h.viewer("sign-in-rowan")
		if h.view(rowan, "carers").MayWrite {
			h.Error("the person writes on by their main name")
		}
		if rowan.Accounts[0].SuspendedAt != nil {
			h.Error("the main account says that it is suspended, so that both names can be matched")
		}
		_, err = h.service.ModerateAccount(h.ctx, h.admin, persona.Acting.ID, community.Measure{Kind: community.MeasureLift})
		h.must(err)
		if rowan = h.viewer("sign-in-rowan"); !h.view(rowan, "carers").MayWrite {
			h.Error("the person does not write after the suspension was lifted")
		}
	})
}

func TestAnotherNameOfAnAdminIsSuspendedAlone(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		persona := h.persona(h.admin, "river")
		_, err := h.service.AddUser(h.ctx, "sign-in-staff", "otter", "meadow orchard cloud", community.RoleModerator)
		h.must(err)
		_, err = h.service.ModerateAccount(h.ctx, h.viewer("sign-in-staff"), persona.Acting.ID, community.Measure{Kind: community.MeasureSuspend, Reason: "Because."})
		h.must(err)
		if admin := h.viewer("warden"); !admin.IsAdmin() {
			h.Error("the admin was suspended by way of another name")
		}
	})
}

func TestTheOperatorSuspendsAndLiftsByTheSignInName(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan := h.person("rowan")
		_, err := h.service.SuspendAsOperator(h.ctx, "warden", community.Measure{Reason: "Because."})
		h.wants("the last admin", err, community.Forbidden)
		d, err := h.service.SuspendAsOperator(h.ctx, " Sign-In-Rowan ", community.Measure{Reason: "Because."})
		h.must(err)
		if d.DecidedBy != community.OperatorName || d.SubjectID != rowan.Acting.ID {
			h.Errorf("decided by %q about %s, want the command line about the main account", d.DecidedBy, d.SubjectID)
		}
		if rowan = h.viewer("sign-in-rowan"); rowan.IsMember(h.now) {
			h.Error("the person may write")
		}
		h.must(h.service.LiftAsOperator(h.ctx, "sign-in-rowan", community.Measure{}))
		if rowan = h.viewer("sign-in-rowan"); !rowan.IsMember(h.now) {
			h.Error("the person may not write after it was lifted")
		}
		h.wants("lifting twice", h.service.LiftAsOperator(h.ctx, "sign-in-rowan", community.Measure{}), community.Conflict)
		_, err = h.service.AddUser(h.ctx, "second", "otter", "meadow orchard cloud", community.RoleAdmin)
		h.must(err)
		_, err = h.service.SuspendAsOperator(h.ctx, "warden", community.Measure{Reason: "Because."})
		h.must(err)
	})
}

func TestR28TheWholeRecordIsCheckedAndABreakIsFound(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		h.person("rowan")
		g := h.group("carers")
		h.must(h.service.LockThread(h.ctx, h.admin, h.posts(h.admin, g).ID, "Because."))
		broken := func() (places []string) {
			checks, err := h.service.VerifyRecords(h.ctx)
			h.must(err)
			for _, c := range checks {
				for _, b := range c.Broken {
					places = append(places, c.Scope+" "+string(b.Fit))
				}
			}
			return places
		}
		if got := broken(); len(got) > 0 {
			h.Fatalf("an untouched record: got %v, want no break", got)
		}
		_, err := h.db.Exec("UPDATE decisions SET rule = 'another' WHERE scope = '' AND seq = 1")
		h.must(err)
		_, err = h.db.Exec("UPDATE decision_payloads SET payload = '{}' WHERE decision_id = (SELECT max(id) FROM decisions WHERE scope = '" + g.ID + "')")
		h.must(err)
		if got, want := broken(), []string{" changed", g.ID + " words"}; !slices.Equal(got, want) {
			h.Errorf("got breaks %q, want %q", got, want)
		}
	})
}

func TestAReportOfARemoteAccountAndItsRemovalTellsItsServer(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		g := h.group("carers", reaching(community.ReachAnywhere))
		far := community.Account{Actor: community.Actor{ID: secret.NewActorID(), URI: "https://elm.example/u/1", Type: community.ActorPerson, Domain: "elm.example", Name: "far", Title: "far", CreatedAt: h.now}}
		h.must(h.store.InsertAccount(h.ctx, far))
		h.must(h.store.InsertMembership(h.ctx, community.Membership{ID: secret.NewID(h.now), GroupID: g.ID, AccountID: far.ID, Role: community.GroupMember,
			State: community.MemberActive, FollowURI: "https://elm.example/follows/1", CreatedAt: h.now, ChangedAt: h.now}))
		_, err := h.service.ModerateMember(h.ctx, h.admin, "carers", far.ID, community.Measure{Kind: community.MeasureRemove, Reason: "Because of the words."})
		h.must(err)
		if got := h.column("SELECT kind FROM events WHERE account_id = '" + far.ID + "'"); !slices.Equal(got, []string{community.EventFollowAnswered}) {
			h.Errorf("got events %v, want that the follow is answered", got)
		}
		_, err = h.service.ModerateAccount(h.ctx, h.admin, far.ID, community.Measure{Kind: community.MeasureSuspend, Reason: "Because of the words."})
		h.must(err)
	})
}

// reported is a report about a post, as somebody sent it.
func (h *parlour) reported(v community.Viewer, post community.Post) string {
	h.Helper()
	_, err := h.service.SendReport(h.ctx, v, community.ReportDraft{PostID: post.ID, Reason: community.ReasonUnkind})
	h.must(err)
	return h.column("SELECT max(id) FROM reports WHERE post_id = '" + post.ID + "'")[0]
}

func TestOfTwoWhoDecideAtOnceOneIsFirst(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan, ash := h.person("rowan"), h.person("ash")
		for kind, decided := range map[string]string{community.MeasureHide: community.DecidedHide, community.MeasureLeave: community.DecidedReport} {
			g := h.group("carers-" + kind)
			h.join(rowan, g.Name)
			report := h.reported(ash, h.posts(rowan, g))
			errs := make([]error, 4)
			var wg sync.WaitGroup
			for i := range errs {
				wg.Go(func() {
					_, errs[i] = h.service.DecideReport(h.ctx, h.admin, report, community.Measure{Kind: kind, Reason: "Because.", Version: 1})
				})
			}
			wg.Wait()
			first := 0
			for _, err := range errs {
				if err == nil {
					first++
					continue
				}
				h.wants("whoever was second", err, community.Conflict)
			}
			got := slices.DeleteFunc(h.decided(g.ID), func(kind string) bool { return kind != decided })
			if first != 1 || len(got) != 1 {
				h.Errorf("%s: %d were first and the record has %v, want one decision", kind, first, got)
			}
		}
	})
}

func TestAReportSentTwiceAtOnceIsOne(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		rowan, ash := h.person("rowan"), h.person("ash")
		g := h.group("carers")
		h.join(rowan, "carers")
		post := h.posts(rowan, g)
		errs := make([]error, 4)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = h.service.SendReport(h.ctx, ash, community.ReportDraft{PostID: post.ID, Reason: community.ReasonUnkind, Words: "Words."})
			})
		}
		wg.Wait()
		h.must(errors.Join(errs...))
		if got := h.column("SELECT id FROM reports WHERE post_id = '" + post.ID + "'"); len(got) != 1 {
			h.Errorf("got %d reports, want 1", len(got))
		}
	})
}

func TestAModeratorFindsNothingInTheRecordOfAReportAboutThemselves(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		maya, ash := h.person("maya"), h.person("ash")
		g := h.group("carers")
		h.join(maya, "carers")
		_, err := h.db.Exec("UPDATE memberships SET role = 'moderator' WHERE account_id = '" + maya.Acting.ID + "'")
		h.must(err)
		post := h.posts(maya, g)
		_, err = h.service.DecideReport(h.ctx, h.admin, h.reported(ash, post), community.Measure{Kind: community.MeasureLeave, Note: "About maya."})
		h.must(err)
		if got := h.decided(g.ID); slices.Contains(got, community.DecidedReport) {
			h.Errorf("the group's record has %v, want no word of the report", got)
		}
		_, err = h.service.ModeratePost(h.ctx, h.admin, post.ID, community.Measure{Kind: community.MeasureHide, Reason: "Because.", Version: 1})
		h.must(err)
		rec, err := h.service.Record(h.ctx, h.viewer("sign-in-maya"), "carers", 0)
		h.must(err)
		if e := rec.Entries[0]; e.Kind != community.DecidedHide || e.By != "" || e.DecidedBy != "" {
			h.Errorf("the entry about them is %s by %q (%q), want no name", e.Kind, e.By, e.DecidedBy)
		}
	})
}

// A group elsewhere has no moderators here but the instance's: what they hid they
// show again, what its own server hid they do not.
func TestTheInstanceShowsAgainWhatItHidInAGroupElsewhere(t *testing.T) {
	eachParlour(t, func(h *parlour) {
		far := community.Group{Actor: community.Actor{ID: secret.NewActorID(), URI: "https://elm.example/g/1", Type: community.ActorGroup, Domain: "elm.example", Name: "quiet", CreatedAt: h.now},
			State: community.GroupActive, Joining: community.JoiningOpen, Readers: community.ReadersAnyone, Reach: community.ReachAnywhere, LastActivityAt: h.now}
		h.must(h.store.InsertGroup(h.ctx, far))
		author := h.person("rowan")
		post := community.Post{ID: secret.NewID(h.now), URI: "https://oak.example/p/1", GroupID: far.ID, AuthorID: author.Acting.ID, State: community.PostPublished, Version: 1,
			Readers: community.ReadersAnyone, Reach: community.ReachAnywhere, Verified: community.VerifiedLocal, PublishedAt: h.now, ReceivedAt: h.now, LastActivityAt: h.now}
		post.ThreadID = post.ID
		h.must(h.store.InsertPost(h.ctx, post))
		show := func() error {
			_, err := h.service.ModeratePost(h.ctx, h.admin, post.ID, community.Measure{Kind: community.MeasureShow, Version: 1})
			return err
		}
		_, err := h.service.ModeratePost(h.ctx, h.admin, post.ID, community.Measure{Kind: community.MeasureHide, Reason: "Because.", Version: 1})
		h.must(err)
		h.now = h.now.Add(time.Minute)
		h.must(show())
		_, err = h.service.ReceiveDelete(h.ctx, community.Deletion{URI: post.URI, ActorURI: far.URI, ByGroup: true, Epoch: h.epoch()})
		h.must(err)
		h.wants("showing what its own server hid", show(), community.NotFound)
	})
}

func (h *parlour) epoch() int64 {
	h.Helper()
	epoch, err := h.store.PolicyEpoch(h.ctx)
	h.must(err)
	return epoch
}
