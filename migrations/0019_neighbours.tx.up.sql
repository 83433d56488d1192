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

-- What a server failed at too often is found by it.
CREATE INDEX deliveries_set_aside ON deliveries (host, seq) WHERE state = 'set_aside';
