-- What the authority of a group elsewhere decides about it: see
-- docs/decisions/0028-authority-elsewhere.md.

-- Since when, until when (null: no end is known) and why an account here may not
-- write in a group elsewhere, as its own server says.
ALTER TABLE memberships ADD COLUMN barred_at {{.Time}};
ALTER TABLE memberships ADD COLUMN barred_until {{.Time}};
ALTER TABLE memberships ADD COLUMN barred_why TEXT NOT NULL DEFAULT '';

-- Who looks after a group elsewhere, as its own server says, in its order. They
-- need not be known here.
CREATE TABLE group_moderators (
  group_id TEXT NOT NULL REFERENCES groups (actor_id),
  actor_uri TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (group_id, actor_uri)
);

-- What a group elsewhere said of why it hid a post of ours: for its author alone.
ALTER TABLE reach ADD COLUMN hidden_why TEXT NOT NULL DEFAULT '';
