-- Under which activity a group last announced a post by its address alone: what
-- takes that back has to name it, for as long as the post is there. See
-- docs/decisions/0026-in-each-ones-dialect.md.
CREATE TABLE boosts (
  post_id TEXT PRIMARY KEY REFERENCES posts (id),
  uri TEXT NOT NULL
);

-- To find whom to ask again what they run, and whom to forget.
CREATE INDEX instances_heard ON instances (last_heard_at);
