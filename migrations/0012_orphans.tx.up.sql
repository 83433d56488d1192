-- Replies that came before what they answer, as long as they wait for it: the post
-- itself stands in posts, as an orphan. See docs/decisions/0027-what-came-without-its-parent.md.
CREATE TABLE orphans (
  post_id TEXT PRIMARY KEY REFERENCES posts (id),
  group_id TEXT NOT NULL,
  host TEXT NOT NULL,
  activity_id TEXT NOT NULL,
  mentioned TEXT NOT NULL,
  came_at {{.Time}} NOT NULL
);
CREATE INDEX orphans_group ON orphans (group_id);
CREATE INDEX orphans_host ON orphans (host);
CREATE INDEX orphans_came ON orphans (came_at);

-- Posts that their own servers are to be asked for: parents that are missing, and
-- what only its group says.
CREATE TABLE inquiries (
  uri TEXT PRIMARY KEY,
  host TEXT NOT NULL,
  kind TEXT NOT NULL,
  group_id TEXT NOT NULL,
  depth INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at {{.Time}} NOT NULL,
  next_at {{.Time}} NOT NULL,
  lease_token TEXT,
  leased_until {{.Time}}
);
CREATE INDEX inquiries_next ON inquiries (next_at);
CREATE INDEX inquiries_asked ON inquiries (host) WHERE lease_token IS NOT NULL;
