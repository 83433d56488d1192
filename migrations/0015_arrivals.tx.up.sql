-- When the words that a post says were written, as its author's server says; never
-- later than when they came. NULL for what is of here, and for what came before this
-- was kept. See docs/decisions/0033-which-words-are-newer.md.
ALTER TABLE posts ADD COLUMN said_at {{.Time}};

-- Posts that their own servers are to be asked for, once for each group that wants to
-- know, and whether the answer shows one again. It stands in the place of inquiries,
-- which the binary before this one goes on with.
CREATE TABLE group_inquiries (
  id TEXT PRIMARY KEY,
  uri TEXT NOT NULL,
  group_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  host TEXT NOT NULL,
  depth INTEGER NOT NULL,
  shows BOOLEAN NOT NULL DEFAULT {{.False}},
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at {{.Time}} NOT NULL,
  next_at {{.Time}} NOT NULL,
  lease_token TEXT,
  leased_until {{.Time}},
  UNIQUE (uri, group_id, kind)
);
CREATE INDEX group_inquiries_next ON group_inquiries (next_at);
CREATE INDEX group_inquiries_asked ON group_inquiries (host) WHERE lease_token IS NOT NULL;
INSERT INTO group_inquiries (id, uri, group_id, kind, host, depth, attempts, created_at, next_at)
  SELECT uri, uri, group_id, kind, host, depth, attempts, created_at, next_at FROM inquiries;

-- Who said of a post that it was deleted before it came: its author, or the group that
-- it would stand in. Nobody else's word keeps a post away. See
-- docs/decisions/0005-deletions-that-come-first.md.
CREATE TABLE withdrawals (
  uri TEXT NOT NULL,
  by_uri TEXT NOT NULL,
  at {{.Time}} NOT NULL,
  PRIMARY KEY (uri, by_uri)
);
CREATE INDEX withdrawals_at ON withdrawals (at);
