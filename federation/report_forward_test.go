package federation_test

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/policy"
	"hearth/community/secret"
	"hearth/federation/fedtest"
)

// reported is a report of ada's about a post of somebody at near.example in the
// group at far.example, and who looks after it.
type reported struct {
	*writers
	near   *fedtest.Server
	author *fedtest.Actor
	post   community.Post
	mod    community.Viewer
	id     string
}

const reportersWords = "She told me at the bus stop, ask ada"

func eachReported(t *testing.T, fn func(r *reported)) {
	t.Helper()
	eachWriters(t, func(w *writers) {
		ctx := w.Context()
		r := &reported{writers: w, near: fedtest.NewServer(w.T, "near.example", fedtest.In(w.world))}
		r.author = r.near.Person("wren")
		wren := community.Account{Actor: community.Actor{ID: secret.NewActorID(), URI: r.author.ID, Type: community.ActorPerson, Domain: r.near.Host, Name: "wren", Title: "Wren",
			Inbox: r.author.Inbox, SharedInbox: r.near.URL + "/inbox", CreatedAt: noon, FetchedAt: &noon}}
		w.must(w.store.InsertAccount(ctx, wren))
		epoch, err := w.store.PolicyEpoch(ctx)
		w.must(err)
		r.post, err = w.service.ReceivePost(ctx, community.Inbound{URI: r.near.URL + "/p/1", GroupID: w.group.ID, AuthorID: wren.ID, Title: "Wren", HTML: "<p>words</p>", Verified: community.VerifiedGroup, Epoch: epoch})
		w.must(err)
		w.person(w.T, "warden")
		mod := community.User{ID: "user-warden", Login: "warden-in", Role: community.RoleModerator, State: community.UserActive, HomeOrder: community.HomeByActivity, CreatedAt: noon}
		w.must(w.store.InsertUser(ctx, mod))
		w.must(w.store.InsertAccountOwner(ctx, "warden", mod.ID, true, noon))
		account, err := w.store.Account(ctx, "warden")
		w.must(err)
		r.mod = community.Viewer{User: &mod, Accounts: []community.Account{account}, Acting: &account}
		r.id = r.report(w.ada, community.ReportDraft{PostID: r.post.ID, Reason: community.ReasonUnkind, Words: reportersWords, Contact: "ada@mail.example"})
		site, err := w.service.Site(ctx)
		w.must(err)
		w.world.Trust(site.Base()+"/actor#main-key", &fedtest.PrivateKey(0).PublicKey)
		fn(r)
	})
}

// report is somebody's, by the id under which a moderator finds it.
func (r *reported) report(v community.Viewer, d community.ReportDraft) string {
	r.Helper()
	_, err := r.service.SendReport(r.Context(), v, d)
	r.must(err)
	desk, err := r.service.ModDesk(r.Context(), r.mod, community.Paging{})
	r.must(err)
	return desk.Reports.Items[len(desk.Reports.Items)-1].ID
}

func (r *reported) forward(d community.ForwardDraft) error {
	_, err := r.service.ForwardReport(r.Context(), r.mod, r.id, d)
	return err
}

func (r *reported) works() {
	r.Helper()
	r.must(r.PublishOnce(r.Context()))
	r.must(r.DeliverOnce(r.Context()))
}

// wantsState is how a report stands with a server.
func (r *reported) wantsState(host, want string) {
	r.Helper()
	view, err := r.service.ReportView(r.Context(), r.mod, r.id)
	r.must(err)
	for _, f := range view.Sent {
		if f.Host == host {
			if f.State() != want {
				r.Errorf("%s: got %s, want %s", host, f.State(), want)
			}
			return
		}
	}
	r.Errorf("%s: it was not sent there", host)
}

func spam(hosts ...string) community.ForwardDraft {
	return community.ForwardDraft{Hosts: hosts, Category: community.ReasonSpam, Label: "It sells something.", Note: "Please look."}
}

func TestR19FlagCarriesIdsCategoryAndTheModeratorsWordsAlone(t *testing.T) {
	eachReported(t, func(r *reported) {
		r.works()
		if n := len(r.near.Deliveries()) + len(r.far.Deliveries()); n != 0 {
			r.Fatalf("a report left by itself: %d deliveries", n)
		}
		r.must(r.forward(spam(r.near.Host, r.far.Host)))
		r.wantsState(r.near.Host, community.ForwardSending)
		r.works()
		site, err := r.service.Site(r.Context())
		r.must(err)
		for server, to := range map[*fedtest.Server]string{r.near: r.author.ID, r.far: r.group.URI} {
			came := server.Deliveries()
			if len(came) != 1 || came[0].Path != "/inbox" {
				r.Fatalf("%s got %d deliveries, want one in its shared inbox", server.Host, len(came))
			}
			flag := came[0].Activity()
			keys := slices.Sorted(maps.Keys(flag))
			want := []string{"@context", "actor", "content", "id", "object", "summary", "to", "type"}
			if server == r.far {
				want = append([]string{"@context", "actor", "audience"}, want[2:]...)
			}
			if !slices.Equal(keys, want) {
				r.Errorf("%s: got members %q, want %q", server.Host, keys, want)
			}
			if flag["type"] != "Flag" || flag["actor"] != site.Base()+"/actor" || flag["content"] != "It sells something.\n\nPlease look." {
				r.Errorf("%s: got %v", server.Host, flag)
			}
			if got := flag["to"].([]any); len(got) != 1 || got[0] != to {
				r.Errorf("%s: it is for %v, want %s", server.Host, got, to)
			}
			if got := flag["object"].([]any); len(got) != 2 || got[0] != r.author.ID || got[1] != r.post.URI {
				r.Errorf("%s: it is about %v", server.Host, got)
			}
			for _, secret := range []string{"/u/ada", "user-ada", "bus stop", "mail.example", "warden", r.id, r.post.ID, community.ReasonUnkind} {
				if strings.Contains(string(came[0].Body), secret) {
					r.Errorf("%s reads %q: %s", server.Host, secret, came[0].Body)
				}
			}
			r.wantsState(server.Host, community.ForwardReceived)
		}
		if err := r.forward(spam(r.near.Host)); !errors.Is(err, community.Conflict) {
			r.Errorf("sent a second time: got %v, want Conflict", err)
		}
		past, err := r.store.RecordRows(r.Context(), r.group.ID, 0, 10)
		if err != nil || len(past) != 1 || past[0].Decision.Kind != community.DecidedForward {
			r.Errorf("the record has %v, %v; want that it was sent on", past, err)
		}
		r.clock.pass(8 * 24 * time.Hour)
		r.must(r.Tidy(r.Context())) // its delivery is forgotten, what became of it is not
		r.wantsState(r.near.Host, community.ForwardReceived)
	})
}

func TestR19NoteDoesNotRepeatWhoeverReported(t *testing.T) {
	eachReported(t, func(r *reported) {
		for name, c := range map[string]struct {
			draft community.ForwardDraft
			want  error
		}{
			"their words":    {community.ForwardDraft{Hosts: []string{r.near.Host}, Category: community.ReasonSpam, Note: "They say:  she told me at the BUS stop, ask\nada."}, community.Invalid},
			"their address":  {community.ForwardDraft{Hosts: []string{r.near.Host}, Category: community.ReasonSpam, Note: "Write to ada@mail.example"}, community.Invalid},
			"nothing at all": {community.ForwardDraft{Hosts: []string{r.near.Host}, Category: community.ReasonOther}, community.Invalid},
			"to nobody":      {spam(), community.Invalid},
			"to a third":     {spam("third.example"), community.Forbidden},
			"no category":    {community.ForwardDraft{Hosts: []string{r.near.Host}, Note: "Look."}, community.Invalid},
		} {
			if err := r.forward(c.draft); !errors.Is(err, c.want) {
				r.Errorf("%s: got %v, want %v", name, err, c.want)
			}
		}
		r.works()
		if n := len(r.near.Deliveries()) + len(r.far.Deliveries()); n != 0 {
			r.Errorf("%d deliveries of what was refused", n)
		}
	})
}

func TestR19OnlyWhoLooksAfterAReportSendsItOn(t *testing.T) {
	eachReported(t, func(r *reported) {
		for name, v := range map[string]community.Viewer{"who reported": r.ada, "a member": r.bela, "a visitor": {}, "a server": {Domain: r.near.Host}} {
			if _, err := r.service.ForwardReport(r.Context(), v, r.id, spam(r.near.Host)); !errors.Is(err, community.NotFound) {
				r.Errorf("%s: got %v, want NotFound", name, err)
			}
		}
		r.works()
		if n := len(r.near.Deliveries()); n != 0 {
			r.Errorf("it was sent %d times", n)
		}
	})
}

func TestR19ReportGoesToNoRefusedServer(t *testing.T) {
	eachReported(t, func(r *reported) {
		ctx := r.Context()
		r.must(r.forward(spam(r.near.Host, r.far.Host)))
		refuse := func(host string) {
			_, err := r.service.SetPolicyAsOperator(ctx, community.PolicyDraft{Domain: host, Severity: policy.Suspend})
			r.must(err)
		}
		refuse(r.near.Host) // before it was composed
		r.must(r.PublishOnce(ctx))
		refuse(r.far.Host) // and after
		r.must(r.DeliverOnce(ctx))
		if n := len(r.near.Deliveries()) + len(r.far.Deliveries()); n != 0 {
			r.Errorf("refused servers got %d deliveries", n)
		}
		r.wantsState(r.near.Host, community.ForwardStopped)
		r.wantsState(r.far.Host, community.ForwardStopped)
		r.exec("UPDATE posts SET state = 'published', before_freeze = ''") // as one that is in sight yet
		r.id = r.report(r.bela, community.ReportDraft{PostID: r.post.ID, Reason: community.ReasonSpam})
		view, err := r.service.ReportView(ctx, r.mod, r.id)
		if err != nil || len(view.Targets) != 0 {
			r.Errorf("refused servers are offered: %v, %v", view.Targets, err)
		}
		if err := r.forward(spam(r.near.Host)); !errors.Is(err, community.Forbidden) {
			r.Errorf("got %v, want Forbidden", err)
		}
	})
}

func TestR19ServerIsNotToldOfWordsThatItNeverGot(t *testing.T) {
	eachReported(t, func(r *reported) {
		r.far.AnswerDeliveries(fedtest.Status(http.StatusBadGateway))
		post := r.write(r.bela, "", "not yet there")
		r.must(r.DeliverOnce(r.Context()))
		r.id = r.report(r.ada, community.ReportDraft{PostID: post.ID, Reason: community.ReasonSpam})
		if err := r.forward(spam(r.far.Host)); !errors.Is(err, community.Forbidden) {
			r.Errorf("about words that did not arrive: got %v, want Forbidden", err)
		}
		r.far.AnswerDeliveries(fedtest.Status(http.StatusAccepted))
		r.clock.pass(time.Hour)
		r.must(r.DeliverOnce(r.Context()))
		r.must(r.forward(spam(r.far.Host)))
		r.far.AnswerDeliveries(fedtest.Status(http.StatusBadGateway))
		r.works()
		r.wantsState(r.far.Host, community.ForwardUnreachable)
		r.far.AnswerDeliveries(fedtest.Status(http.StatusForbidden))
		r.clock.pass(time.Hour)
		r.must(r.DeliverOnce(r.Context()))
		r.wantsState(r.far.Host, community.ForwardRefused)
	})
}
