package federation_test

import (
	"strings"
	"testing"

	"hearth/community"
	"hearth/community/secret"
	"hearth/federation"
	"hearth/federation/fedtest"
)

// sent is the id of the activity that brought a post's words to far.example.
func (w *writers) sent() string {
	w.Helper()
	all := w.far.Deliveries()
	id, _ := all[len(all)-1].Activity()["id"].(string)
	return id
}

// A group's no to words that its server took is read by their author, in whatever
// form the activity is named, with what the group says of why as text.
func TestAGroupsNoToWordsThatItsServerTookIsSaid(t *testing.T) {
	eachWriters(t, func(w *writers) {
		group := w.far.Group("quiet")
		for what, c := range map[string]struct {
			object func(id string) any
			more   map[string]any
			want   string
		}{
			"its id":     {func(id string) any { return id }, map[string]any{"summary": "Please <b>no</b> names.<script>x()</script>"}, "Please no names."},
			"in a list":  {func(id string) any { return []any{id} }, map[string]any{"content": "<p>Not here.</p>"}, "Not here."},
			"the object": {func(id string) any { return map[string]any{"id": id, "type": "Create", "actor": w.ada.Acting.URI} }, map[string]any{"summary": "One.", "content": "Two."}, "One."},
			"no words":   {func(id string) any { return id }, nil, ""},
			"too many":   {func(id string) any { return id }, map[string]any{"summary": strings.Repeat("words ", 200)}, strings.Repeat("words ", 200)[:298]},
		} {
			post := w.write(w.ada, "", "words")
			w.after(0)
			out := w.Handled(w.Context(), w.incoming(group.Activity("Reject", c.object(w.sent()), c.more)))
			if out.Outcome != federation.Accepted || out.PostID != post.ID || out.GroupID != w.group.ID {
				t.Errorf("%s: got %+v", what, out)
			}
			w.wants(post, community.StandingRefused)
			got := w.standing(post).Rejection
			if what == "too many" && len([]rune(got)) <= 300 && strings.HasPrefix(got, "words words ") && strings.HasSuffix(got, "…") {
				continue
			}
			if got != c.want {
				t.Errorf("%s: got %q, want %q", what, got, c.want)
			}
		}
	})
}

// Nobody but the group that it was sent to says no to a post.
func TestAForgedNoToWordsIsNothing(t *testing.T) {
	eachWriters(t, func(w *writers) {
		elsewhere := fedtest.NewServer(t, "elsewhere.example", fedtest.In(w.world))
		other := w.group
		other.ID, other.Name = secret.NewActorID(), "loud"
		loud := w.far.Group("loud")
		other.URI, other.Inbox = loud.ID, loud.Inbox
		w.must(w.store.InsertGroup(w.Context(), other))
		post := w.write(w.ada, "", "words")
		w.after(0)
		id := w.sent()
		for what, c := range map[string]struct {
			by     *fedtest.Actor
			object string
			want   string
		}{
			"another server":           {elsewhere.Group("quiet"), id, "not_author"},
			"another group there":      {loud, id, "not_author"},
			"a person there":           {w.far.Person("kim"), id, "not_author"},
			"the server itself":        {w.far.Instance(), id, "not_author"},
			"an unknown activity":      {w.far.Group("quiet"), id + "x", "no_such_follow"},
			"an activity of elsewhere": {w.far.Group("quiet"), strings.Replace(id, "oak.example", "elm.example", 1), "no_such_follow"},
			"the post":                 {w.far.Group("quiet"), post.URI, "no_such_follow"},
		} {
			out := w.Handled(w.Context(), w.incoming(c.by.Activity("Reject", c.object, map[string]any{"summary": "No."})))
			if out.Outcome != federation.Refused || out.Reason != c.want {
				t.Errorf("%s: got %+v, want it refused as %s", what, out, c.want)
			}
			w.wants(post, community.StandingReceived)
		}
	})
}

// A no is to what was sent, and goes with it.
func TestANoToWordsEndsWithThem(t *testing.T) {
	eachWriters(t, func(w *writers) {
		group := w.far.Group("quiet")
		refuse := func() {
			w.after(0)
			w.Handled(w.Context(), w.incoming(group.Activity("Reject", w.sent(), map[string]any{"summary": "No names."})))
		}
		edited := w.write(w.ada, "", "words")
		refuse()
		w.edit(w.ada, edited, "other words")
		w.after(0)
		w.wants(edited, community.StandingReceived)
		refuse() // of the change
		w.wants(edited, community.StandingRefused)
		w.must(w.service.NoteShown(w.Context(), edited.ID, w.far.Host))
		w.wants(edited, community.StandingShown)

		deleted := w.write(w.ada, "", "words")
		refuse()
		_, err := w.service.DeletePost(w.Context(), w.ada, deleted.ID)
		w.must(err)
		if why := w.standing(deleted).Rejection; why != "" {
			t.Errorf("what was said of a deleted post is kept: %q", why)
		}
		refused := w.incoming(group.Activity("Reject", w.sent(), map[string]any{"summary": "No names."}))
		w.Handled(w.Context(), refused)
		if why := w.standing(deleted).Rejection; why != "" {
			t.Errorf("what is said of a deleted post is kept: %q", why)
		}
	})
}
