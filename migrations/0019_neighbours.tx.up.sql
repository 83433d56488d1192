-- How much passed between here and each server, by day: see
-- docs/decisions/0040-knowing-ones-neighbours.md. Counts alone, of days that are
-- over: deliveries are forgotten after 7 days, and facts are many. domain is empty
-- for those of whom nothing was ever verified, together.
CREATE TABLE traffic_days (
  day TEXT NOT NULL,
  direction TEXT NOT NULL,
  domain TEXT NOT NULL,
  group_id TEXT NOT NULL,
  type TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (day, direction, domain, group_id, type, outcome, reason)
);
CREATE INDEX traffic_days_domain ON traffic_days (domain, day);

-- The days that were counted.
CREATE TABLE traffic_counted (
  day TEXT PRIMARY KEY
);

-- How long the oldest of a queue waited at most on a day, and how much waited with
-- it at most.
CREATE TABLE queue_days (
  day TEXT NOT NULL,
  queue TEXT NOT NULL,
  oldest_seconds INTEGER NOT NULL,
  waiting INTEGER NOT NULL,
  PRIMARY KEY (day, queue)
);

-- The servers whose public groups stand in the directory here, and how asking them
-- for these goes. A neighbour is one only as long as the policies let it be one.
CREATE TABLE neighbours (
  domain TEXT PRIMARY KEY,
  named_by TEXT NOT NULL,
  named_at {{.Time}} NOT NULL,
  ask_at {{.Time}} NOT NULL,
  asked_at {{.Time}},
  answered_at {{.Time}},
  error TEXT NOT NULL
);
CREATE INDEX neighbours_ask ON neighbours (ask_at);

-- What a neighbour says of its groups, as it said last.
CREATE TABLE neighbour_groups (
  uri TEXT PRIMARY KEY,
  domain TEXT NOT NULL REFERENCES neighbours (domain) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  title TEXT NOT NULL,
  purpose TEXT NOT NULL,
  language TEXT NOT NULL,
  last_activity_at {{.Time}}
);
CREATE INDEX neighbour_groups_domain ON neighbour_groups (domain, position);

-- What a server failed at too often is found by it.
CREATE INDEX deliveries_set_aside ON deliveries (host, seq) WHERE state = 'set_aside';
