-- People leave: see docs/decisions/0013-leaving.md.

-- Somebody who left, and may come back until ends_at. From begun_at on they are
-- being deleted; at ended_at nothing was left of them here.
CREATE TABLE departures (
  user_id TEXT PRIMARY KEY REFERENCES users (id),
  code_hash TEXT NOT NULL UNIQUE,
  left_at {{.Time}} NOT NULL,
  ends_at {{.Time}} NOT NULL,
  begun_at {{.Time}},
  ended_at {{.Time}}
);
CREATE INDEX departures_due ON departures (ends_at) WHERE ended_at IS NULL;
CREATE INDEX departures_ended ON departures (ended_at) WHERE ended_at IS NOT NULL;

-- The servers that are asked to forget an account, from tell_at on.
CREATE TABLE farewells (
  account_id TEXT NOT NULL REFERENCES accounts (actor_id),
  host TEXT NOT NULL,
  tell_at {{.Time}} NOT NULL,
  received_at {{.Time}},
  refused TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (account_id, host)
);

-- Names of people who are no more, hashed, so that nobody gets one again.
CREATE TABLE former_names (
  name_hash TEXT PRIMARY KEY
);

-- Since when the person behind an account here is away: they left, and may come
-- back. What they wrote and where they were waits in the state 'away'; before_away
-- is the state that it goes back to.
ALTER TABLE actors ADD COLUMN away_at {{.Time}};
ALTER TABLE posts ADD COLUMN before_away TEXT NOT NULL DEFAULT '';
ALTER TABLE memberships ADD COLUMN before_away TEXT NOT NULL DEFAULT '';

CREATE INDEX supports_account ON supports (account_id);
CREATE INDEX notices_actor ON notices (actor_id);
CREATE INDEX blocks_what ON blocks (what);
