-- Words from elsewhere that nobody sees before a moderator read them: a new post, which
-- stands in posts as one that is held, or what an edit makes of one that is shown. See
-- docs/decisions/0037-words-that-are-read-first.md.
CREATE TABLE held_words (
  post_id TEXT PRIMARY KEY REFERENCES posts (id),
  group_id TEXT NOT NULL,
  author_id TEXT NOT NULL,
  host TEXT NOT NULL,
  activity_id TEXT NOT NULL,
  mentioned TEXT NOT NULL,
  version INTEGER NOT NULL,
  held_at {{.Time}} NOT NULL,
  refused_at {{.Time}},
  is_edit BOOLEAN NOT NULL,
  title TEXT NOT NULL,
  link TEXT NOT NULL,
  note_text TEXT NOT NULL,
  language TEXT NOT NULL,
  source TEXT NOT NULL,
  html TEXT NOT NULL,
  verified TEXT NOT NULL,
  said_at {{.Time}}
);
CREATE INDEX held_words_waiting ON held_words (held_at, post_id) WHERE refused_at IS NULL;
CREATE INDEX held_words_group ON held_words (group_id, host, held_at);
CREATE INDEX held_words_refused ON held_words (refused_at) WHERE refused_at IS NOT NULL;
CREATE INDEX held_words_activity ON held_words (activity_id);

-- What answers them waits for longer than bytes are kept: theirs are.
CREATE INDEX orphans_activity ON orphans (activity_id);
