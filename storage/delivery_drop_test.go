package storage_test

import (
	"testing"

	"hearth/storage"
	"hearth/storage/storagetest"
)

// What takes words back is never dropped, nor what is about no post.
func TestWordsAloneAreDropped(t *testing.T) {
	storagetest.EachMigrated(t, func(t *testing.T, address string) {
		store := storagetest.Open(t, address)
		db := storagetest.SQL(t, address)
		queueDeliveries(t, store, 1, 5)
		for _, statement := range []string{
			"INSERT INTO actors (id, uri, type, domain, name, title, url, inbox, shared_inbox, created_at) VALUES ('ada', 'ada', '', '', 'ada', '', '', '', '', '2026-01-01 00:00:00+00:00'), ('g', 'g', '', '', 'g', '', '', '', '', '2026-01-01 00:00:00+00:00')",
			"INSERT INTO accounts (actor_id, about, about_html, indexable) VALUES ('ada', '', '', FALSE)",
			`INSERT INTO groups (actor_id, state, purpose, purpose_html, for_whom, not_for, situation, language, sensitive, joining, question, readers, reach, listed, rules_version, followers_uri, moderators_uri, featured_uri, outbox_uri, microblogs, search_words, last_activity_at)
				VALUES ('g', '', '', '', '', '', '', '', FALSE, '', '', '', '', FALSE, 1, '', '', '', '', FALSE, '', '2026-01-01 00:00:00+00:00')`,
		} {
			exec(t, db, statement)
		}
		for id, state := range map[string]string{"new": "published", "changed": "published", "gone": "deleted"} {
			exec(t, db, `INSERT INTO posts (id, uri, url, link, group_id, author_id, thread_id, in_reply_to_uri, state, title, note_topics, note_text, wants, language, source, html, renderer, version, readers, reach, listed, verified, replaces, published_at, received_at, replies, last_activity_at)
				VALUES ('`+id+`', '`+id+`', '', '', 'g', 'ada', '`+id+`', '', '`+state+`', '', '', '', '', '', '', '', 1, 1, '', '', FALSE, '', '', '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00', 0, '2026-01-01 00:00:00+00:00')`)
		}
		exec(t, db, "INSERT INTO reach (post_id, host, sent_at) VALUES ('new', 'far0.example', NULL), ('changed', 'far0.example', '2026-01-01 00:00:00+00:00'), ('gone', 'far0.example', '2026-01-01 00:00:00+00:00')")
		numbered := "(SELECT count(*) FROM deliveries AS o WHERE o.seq < deliveries.seq)"
		exec(t, db, "UPDATE deliveries SET post_id = CASE "+numbered+" WHEN 0 THEN 'new' WHEN 1 THEN 'changed' WHEN 2 THEN 'gone' WHEN 3 THEN 'new' END")
		ofDelivery := "(SELECT o.n FROM (SELECT activity_id, row_number() OVER (ORDER BY seq) AS n FROM deliveries) AS o WHERE o.activity_id = activities.id)"
		exec(t, db, "UPDATE activities SET type = CASE "+ofDelivery+" WHEN 1 THEN 'Create' WHEN 2 THEN 'Update' WHEN 3 THEN 'Announce' WHEN 4 THEN 'Delete' ELSE 'Update' END")
		if n := drop(t, store, "elsewhere.example"); n != 0 {
			t.Errorf("dropped %d of another server", n)
		}
		if n := drop(t, store, "far0.example"); n != 2 {
			t.Errorf("dropped %d, want the new post and the change", n)
		}
		for what, of := range map[string][2]any{
			"still wait":                      {"SELECT count(*) FROM deliveries WHERE state = 'waiting'", 3},
			"is known as dropped":             {"SELECT count(*) FROM reach WHERE refused = 'dropped' AND post_id = 'new'", 1},
			"change is known as dropped":      {"SELECT count(*) FROM reach WHERE refused = 'dropped' AND post_id = 'changed'", 1},
			"of what is gone nothing is said": {"SELECT count(*) FROM reach WHERE refused = '' AND post_id = 'gone'", 1},
		} {
			if n := count(t, db, of[0].(string)); n != of[1].(int) {
				t.Errorf("%s: got %d, want %d", what, n, of[1])
			}
		}
	})
}

func drop(t *testing.T, store *storage.Store, host string) int {
	t.Helper()
	n, err := store.DropWords(t.Context(), host, noon)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
