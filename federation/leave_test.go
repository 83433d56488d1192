package federation_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/community"
	"hearth/community/secret"
	"hearth/federation/fedtest"
)

// leaves has ada leave by her password, and returns the code of her receipt.
func (w *writers) leaves() string {
	w.Helper()
	const password = "willow bench morning"
	hash, err := secret.NewTestPasswords().Hash(password)
	w.must(err)
	w.must(w.store.SetPasswordHash(w.Context(), w.ada.User.ID, hash))
	w.ada.User.PasswordHash = hash
	code, err := w.service.Leave(w.Context(), w.ada, password)
	w.must(err)
	return code
}

// turn is one turn of all that runs by itself, after some time.
func (w *writers) turn(after time.Duration) {
	w.Helper()
	w.clock.pass(after)
	_, err := w.service.Tidy(w.Context())
	w.must(err)
	w.must(w.PublishOnce(w.Context()))
	w.must(w.DeliverOnce(w.Context()))
}

func TestR43EveryServerThatKnowsAnAccountHearsThatItIsNoMore(t *testing.T) {
	eachWriters(t, func(w *writers) {
		ctx, ada := w.Context(), w.ada.Acting
		m, err := w.store.Membership(ctx, w.group.ID, ada.ID)
		w.must(err)
		m.FollowURI = "https://oak.example/x/" + secret.NewID(noon)
		w.must(w.store.UpdateMembership(ctx, m))
		post := w.write(w.ada, "", "first words")
		w.must(w.DeliverOnce(ctx))
		w.wantCame("Create first words")
		w.write(w.ada, "", "words that wait")

		code := w.leaves()
		w.must(w.PublishOnce(ctx))
		w.turn(time.Hour)
		w.wantCame("Create first words")
		for what, read := range map[string]func() error{
			"its document": func() error {
				_, err := w.PersonDocument(ctx, community.Viewer{Domain: w.far.Host}, ada.ID)
				return err
			},
			"WebFinger":  func() error { _, err := w.WebFinger(ctx, community.Viewer{}, "acct:ada@oak.example", nil); return err },
			"its outbox": func() error { _, err := w.PersonOutbox(ctx, community.Viewer{}, ada.ID); return err },
			"its post":   func() error { _, err := w.PostDocument(ctx, community.Viewer{Domain: w.far.Host}, post.ID); return err },
		} {
			if err := read(); !errors.Is(err, community.NotFound) {
				t.Errorf("while there is a way back %s is %v, want not found", what, err)
			}
		}

		w.turn(21 * 24 * time.Hour)
		w.wantCame("Create first words")
		receipt, err := w.service.LeaveReceipt(ctx, code)
		if err != nil || len(receipt.Servers) != 1 || receipt.Servers[0].State != community.FarewellWaits || receipt.Servers[0].Host != w.far.Host {
			t.Errorf("the receipt: %+v, %v; want that %s will be asked", receipt, err, w.far.Host)
		}
		if doc, err := w.PersonDocument(ctx, community.Viewer{}, ada.ID); !errors.Is(err, community.Gone) || !strings.Contains(string(doc), "Tombstone") || !strings.Contains(string(doc), ada.URI) {
			t.Errorf("its document is %s, %v; want a tombstone", doc, err)
		}
		if _, err := w.WebFinger(ctx, community.Viewer{}, "acct:ada@oak.example", nil); !errors.Is(err, community.NotFound) {
			t.Errorf("WebFinger: %v, want not found", err)
		}

		w.turn(72 * time.Hour)
		w.turn(0)
		var came []string
		for _, r := range w.far.Deliveries()[1:] {
			object := "a post"
			if r.Activity()["object"] == ada.URI && r.Activity()["actor"] == ada.URI {
				object = "the account itself"
			} else if inner, _ := r.Activity()["object"].(map[string]any); inner["type"] == "Follow" {
				object = "a follow"
			}
			came = append(came, r.Type()+" of "+object)
		}
		slices.Sort(came)
		if want := []string{"Delete of a post", "Delete of the account itself", "Undo of a follow"}; !slices.Equal(came, want) {
			t.Errorf("%s got %q, want %q", w.far.Host, came, want)
		}
		receipt, err = w.service.LeaveReceipt(ctx, code)
		if err != nil || len(receipt.Servers) != 1 || receipt.Servers[0].State != community.FarewellReceived || receipt.Servers[0].Deleted != receipt.Servers[0].Posts {
			t.Errorf("the receipt: %+v, %v; want that %s received all", receipt, err, w.far.Host)
		}
		if _, err := w.store.CurrentKey(ctx, ada.ID); err != nil {
			t.Errorf("the key is gone before its time: %v", err)
		}
		w.turn(31 * 24 * time.Hour)
		if _, err := w.store.CurrentKey(ctx, ada.ID); !errors.Is(err, community.NotFound) {
			t.Errorf("the key after all was told: %v, want none", err)
		}
	})
}

func TestR43WhoeverComesBackIsAskedAboutWordsThatDidNotGo(t *testing.T) {
	eachWriters(t, func(w *writers) {
		ctx := w.Context()
		went := w.write(w.ada, "", "went")
		w.must(w.DeliverOnce(ctx))
		queued := w.write(w.ada, "", "queued")
		answer := w.write(w.bela, queued.ID, "an answer")
		unmade, err := w.service.WritePost(ctx, w.ada, community.Draft{GroupID: w.group.ID, Text: "written a moment ago", Language: "en"})
		w.must(err)

		w.leaves()
		w.must(w.service.AskAuthors(ctx))
		w.turn(time.Hour)
		w.wants(answer, community.StandingBehind)
		w.wantCame("Create went")

		in, err := w.service.SignIn(ctx, community.Try{Login: w.ada.User.Login, Password: "willow bench morning", Source: "here"})
		w.must(err)
		w.must(w.service.ComeBack(ctx, in.ID))
		w.after(0)
		w.wants(went, community.StandingReceived)
		for _, post := range []community.Post{queued, unmade} {
			w.wants(post, community.StandingLeft)
		}
		asked := w.asked(w.ada)
		slices.Sort(asked)
		if want := []string{queued.ID, unmade.ID}; !slices.Equal(asked, want) {
			t.Errorf("asked about %v, want %v", asked, want)
		}
		w.wantCame("Create went")
		w.must(w.service.KeepUnsent(ctx, w.ada, unmade.ID))
		w.must(w.service.SendUnsent(ctx, w.ada, queued.ID))
		w.after(0)
		w.after(0)
		w.wants(queued, community.StandingReceived)
		w.wants(unmade, community.StandingKept)
		w.wantCame("Create went", "Create queued", "Create an answer")
	})
}

func TestR43WhoeverComesBackIsAskedAboutAChangeThatWasNotComposed(t *testing.T) {
	eachWriters(t, func(w *writers) {
		ctx := w.Context()
		went, edited := w.write(w.ada, "", "went"), w.write(w.ada, "", "old words")
		w.after(0)
		_, err := w.service.EditPost(ctx, w.ada, edited.ID, community.Draft{Text: "new words", Language: "en", Version: edited.Version})
		w.must(err)

		w.leaves()
		w.turn(time.Hour)
		in, err := w.service.SignIn(ctx, community.Try{Login: w.ada.User.Login, Password: "willow bench morning", Source: "here"})
		w.must(err)
		w.must(w.service.ComeBack(ctx, in.ID))
		w.after(0)
		w.wants(went, community.StandingReceived)
		w.wants(edited, community.StandingLeft)
		w.wantAsked(w.ada, edited)
		w.wantCame("Create went", "Create old words")
		w.must(w.service.SendUnsent(ctx, w.ada, edited.ID))
		w.after(0)
		w.wants(edited, community.StandingReceived)
		w.wantCame("Create went", "Create old words", "Update new words")
	})
}

// What is under way while its author leaves arrives all the same. Whether it was
// all that they said is another question.
func TestR43WhoeverComesBackIsAskedAboutAChangeOfWordsThatWereUnderWay(t *testing.T) {
	for name, c := range map[string]struct {
		before, during func(w *writers, post community.Post)
		state          string
		came           []string
	}{
		"nothing was changed": {state: community.StandingReceived, came: []string{"Create old words"}},
		"changed before it went": {
			before: func(w *writers, post community.Post) { w.changes(post, "new words") },
			state:  community.StandingReceived, came: []string{"Create new words"},
		},
		"changed, and nobody has looked at it": {
			during: func(w *writers, post community.Post) { w.changes(post, "new words") },
			state:  community.StandingLeft, came: []string{"Create old words", "Update new words"},
		},
		"changed, and it waits to be sent": {
			during: func(w *writers, post community.Post) {
				w.changes(post, "new words")
				w.must(w.PublishOnce(w.Context()))
			},
			state: community.StandingLeft, came: []string{"Create old words", "Update new words"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			eachWriters(t, func(w *writers) {
				ctx := w.Context()
				post, err := w.service.WritePost(ctx, w.ada, community.Draft{GroupID: w.group.ID, Text: "old words", Language: "en"})
				w.must(err)
				if c.before != nil {
					c.before(w, post)
				}
				w.clock.pass(time.Second)
				w.must(w.PublishOnce(ctx))
				w.whileUnderWay(func() {
					w.clock.pass(time.Second)
					if c.during != nil {
						c.during(w, post)
					}
					w.leaves()
				})
				w.turn(time.Hour)
				in, err := w.service.SignIn(ctx, community.Try{Login: w.ada.User.Login, Password: "willow bench morning", Source: "here"})
				w.must(err)
				w.must(w.service.ComeBack(ctx, in.ID))
				w.after(0)
				w.wants(post, c.state)
				w.wantCame(c.came[:1]...)
				if c.state == community.StandingLeft {
					w.wantAsked(w.ada, post)
					w.must(w.service.SendUnsent(ctx, w.ada, post.ID))
					w.after(0)
				}
				w.wants(post, community.StandingReceived)
				w.wantCame(c.came...)
			})
		})
	}
}

// changes is ada's change of what she wrote, which nobody has looked at yet.
func (w *writers) changes(post community.Post, text string) {
	w.Helper()
	w.clock.pass(time.Second)
	_, err := w.service.EditPost(w.Context(), w.ada, post.ID, community.Draft{Text: text, Language: "en", Version: post.Version})
	w.must(err)
}

// whileUnderWay does something while far.example has the first of what is due and
// has not answered.
func (w *writers) whileUnderWay(do func()) {
	w.Helper()
	came, answer := make(chan struct{}), make(chan struct{})
	once := sync.OnceFunc(func() { close(came) })
	w.far.AnswerDeliveries(func(http.ResponseWriter, *http.Request) { once(); <-answer })
	done := make(chan error, 1)
	go func() { done <- w.DeliverOnce(context.WithoutCancel(w.Context())) }()
	<-came
	func() {
		defer close(answer)
		do()
	}()
	w.must(<-done)
	w.far.AnswerDeliveries(fedtest.Status(202))
}
