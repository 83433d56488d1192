package federation_test

import (
	"fmt"
	"slices"
	"testing"

	"hearth/community"
	"hearth/community/policy"
	"hearth/federation"
	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
)

// groupDecides keeps what a group decided about a server, and raises the epoch.
func groupDecides(t *testing.T, store community.Store, p policy.Policy) {
	t.Helper()
	p.CreatedAt, p.ChangedAt = noon, noon
	err := store.InTx(t.Context(), func(tx community.Store) error {
		if _, err := tx.RaisePolicyEpoch(t.Context()); err != nil {
			return err
		}
		return tx.SavePolicy(t.Context(), p)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestADeliveryOfAGroupDoesNotGoToAServerThatTheGroupRefusesMeanwhile(t *testing.T) {
	eachSender(t, func(t *testing.T, h *hearth) {
		far := fedtest.NewServer(t, "far.example", fedtest.In(h.world))
		carers, others, parcel := "carers", "others", federation.Parcel{At: h.clock.Now()}
		h.pack(&parcel, mail{host: far.Host, key: "a"}, "of carers")
		h.pack(&parcel, mail{host: far.Host, key: "a"}, "of others")
		h.pack(&parcel, mail{host: far.Host, key: "a"}, "of nobody")
		parcel.Activities[0].GroupID, parcel.Activities[1].GroupID = &carers, &others
		h.publish(t, parcel)
		groupDecides(t, h.store, policy.Policy{Domain: far.Host, GroupID: carers, Severity: policy.Suspend})
		h.workOnce(t)
		if n := len(far.Deliveries()); n != 2 {
			t.Errorf("it got %d deliveries, want that of another group and that of none", n)
		}
		if got := h.states(t); got[federation.DeliveryCancelled] != 1 || got[federation.DeliveryDone] != 2 {
			t.Errorf("got %v, want one cancelled and two done", got)
		}
	})
}

func TestAGroupAnswersNoFollowAndTakesNoReportFromAServerThatItRefuses(t *testing.T) {
	eachWriters(t, func(w *writers) {
		carers, others := w.ownGroup("carers"), w.ownGroup("others")
		post, other := w.writeIn(carers), w.writeIn(others)
		kim := w.far.Person("kim")
		for _, c := range []struct {
			name           string
			set            policy.Policy
			activity, what string
			want           string
		}{
			{"a report about its posts", policy.Policy{Severity: policy.Suspend}, "Flag", post.URI, "refused no_reports"},
			{"where it rejects reports alone", policy.Policy{Severity: policy.Allow, RejectReports: true}, "Flag", post.URI, "refused no_reports"},
			{"a report about posts of another group", policy.Policy{Severity: policy.Suspend}, "Flag", other.URI, "accepted "},
			{"a Follow", policy.Policy{Severity: policy.Suspend}, "Follow", carers.URI, "refused policy"},
			{"a Follow of another group", policy.Policy{Severity: policy.Suspend}, "Follow", others.URI, "accepted "},
		} {
			c.set.Domain, c.set.GroupID = w.far.Host, carers.ID
			groupDecides(w.T, w.store, c.set)
			out := w.Handled(w.Context(), w.incoming(kim.Activity(c.activity, c.what)))
			if got := out.Outcome + " " + out.Reason; got != c.want {
				t.Errorf("%s: got %q, want %q", c.name, got, c.want)
			}
		}
		if got := storagetest.Strings(w.T, w.db, "SELECT group_id FROM memberships WHERE account_id IN (SELECT id FROM actors WHERE domain = 'far.example')"); slices.Contains(got, carers.ID) {
			t.Error("somebody of there is in the group that refuses them")
		}
	})
}

// Whoever signs is told of a group that refuses them as of one that is not there.
func TestAGroupIsNotThereForAServerThatItRefuses(t *testing.T) {
	eachWriters(t, func(w *writers) {
		carers, others := w.ownGroup("carers"), w.ownGroup("others")
		post := w.writeIn(carers)
		groupDecides(w.T, w.store, policy.Policy{Domain: w.far.Host, GroupID: carers.ID, Severity: policy.Suspend})
		asker := community.Viewer{Domain: w.far.Host, Remote: w.far.Person("kim").ID}
		shown := func(v community.Viewer, groupID string) bool {
			_, err := w.service.SharedGroup(w.Context(), v, community.GroupRef{ID: groupID})
			return err == nil
		}
		if shown(asker, carers.ID) || !shown(asker, others.ID) || !shown(community.Viewer{Domain: "kind.example"}, carers.ID) {
			t.Error("want it gone for that server, and for no other; and no other group gone")
		}
		if _, _, err := w.service.SharedPost(w.Context(), asker, post.ID); err == nil {
			t.Error("its post is shown to them")
		}
		if _, _, err := w.service.SharedPost(w.Context(), community.Viewer{Domain: "kind.example"}, post.ID); err != nil {
			t.Errorf("its post is not shown to others: %v", err)
		}
	})
}

// What an author takes away goes, whoever refuses them: that is no contact, but its end.
func TestR34AGroupsOwnSeverityDecidesAboutWordsInItAndKeepsNobodyFromTakingTheirsAway(t *testing.T) {
	eachTalk(t, func(k *talk) {
		decide := func(severity string) {
			groupDecides(k.t, k.store, policy.Policy{Domain: "far.example", GroupID: k.carers.ID, Severity: severity})
		}
		before := "https://far.example/p/before"
		k.becomes("before it decided", k.posts(kim, before, ""), "accepted ")
		for _, c := range []struct{ severity, want string }{
			{policy.Watch, "accepted "}, {policy.Limit, "accepted "}, {policy.Hold, "held read_first"}, {policy.Suspend, "refused policy"},
		} {
			decide(c.severity)
			k.becomes(c.severity+" in the group", k.posts(kim, "https://far.example/p/own-"+c.severity, ""), c.want)
			k.becomes(c.severity+" in another one", k.passesOn(kim, "https://far.example/p/passed-"+c.severity, ""), "accepted ")
		}
		k.becomes("an edit", k.arrives("Update", kim, before, postDocument(before, kim, k.carers.URI, "", "other words")), "refused policy")
		k.becomes("a deletion", k.arrives("Delete", kim, before, fmt.Sprintf("%q", before)), "accepted ")
		if got := storagetest.Strings(k.t, k.db, "SELECT state FROM posts WHERE uri = '"+before+"'"); !slices.Equal(got, []string{community.PostDeleted}) {
			k.t.Errorf("what its author deleted is %q", got)
		}
	})
}

func TestWhatIsWrittenInAGroupIsNotMadeReadyForAServerThatTheGroupRefuses(t *testing.T) {
	eachWriters(t, func(w *writers) {
		for _, c := range []struct{ name, severity, want string }{{"carers", policy.Suspend, "0"}, {"others", policy.Hold, "1"}} {
			g := w.ownGroup(c.name)
			w.stranger("kim-of-"+c.name, g)
			groupDecides(w.T, w.store, policy.Policy{Domain: w.far.Host, GroupID: g.ID, Severity: c.severity})
			post := w.writeIn(g)
			w.must(w.PublishOnce(w.Context()))
			of := " WHERE host = '" + w.far.Host + "' AND post_id = '" + post.ID + "'"
			queued := storagetest.Strings(w.T, w.db, "SELECT '' || count(DISTINCT host) FROM deliveries"+of)
			reached := storagetest.Strings(w.T, w.db, "SELECT '' || count(*) FROM reach"+of)
			if queued[0] != c.want || reached[0] != c.want {
				w.Errorf("%s of a group: it is queued for %s hosts and reaches %s, want %s", c.severity, queued[0], reached[0], c.want)
			}
		}
	})
}
