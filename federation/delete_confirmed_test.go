package federation_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"hearth/community"
	"hearth/federation/fedtest"
	"hearth/storage/storagetest"
)

// A server that had a post counts as having taken its deletion only where it said
// so: not for a no, and not for saying nothing, however long it is asked.
func TestDeletionIsConfirmedOnlyByTakingIt(t *testing.T) {
	eachWriters(t, func(w *writers) {
		for _, c := range []struct {
			name   string
			answer http.HandlerFunc
			want   string
		}{
			{"takes it", fedtest.Status(202), "confirmed"},
			{"says no", fedtest.Status(403), "not confirmed"},
			{"says nothing", fedtest.Status(503), "not confirmed"}, // the last: its lane rests from then on
		} {
			w.far.AnswerDeliveries(fedtest.Status(202))
			thread := w.write(w.ada, "", "a thread")
			w.after(0)
			reply := w.write(w.bela, thread.ID, "a reply")
			w.after(0)
			w.far.AnswerDeliveries(c.answer)
			for _, own := range []struct {
				author community.Viewer
				post   community.Post
			}{{w.bela, reply}, {w.ada, thread}} {
				_, err := w.service.DeletePost(w.Context(), own.author, own.post.ID)
				w.must(err)
				w.must(w.PublishOnce(w.Context()))
				w.after(48 * time.Hour)
				got := storagetest.Strings(t, w.db, `SELECT CASE WHEN sent_at IS NULL THEN 'not there'
					WHEN delete_received_at IS NULL THEN 'not confirmed' ELSE 'confirmed' END FROM reach WHERE post_id = '`+own.post.ID+`'`)
				if !slices.Equal(got, []string{c.want}) {
					t.Errorf("%s: %s is %q, want %q", c.name, own.post.Source, got, c.want)
				}
			}
		}
	})
}
