-- Acts of moderation that cross servers: see docs/decisions/0014-moderation-across-servers.md.

-- A report that a moderator sent on to another server. The activity is made
-- later, under this id. What became of its delivery is kept here when the
-- delivery itself is forgotten.
CREATE TABLE report_forwards (
  report_id TEXT NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
  host TEXT NOT NULL,
  activity_id TEXT NOT NULL UNIQUE,
  decision_id TEXT NOT NULL,
  created_at {{.Time}} NOT NULL,
  outcome TEXT NOT NULL,
  PRIMARY KEY (report_id, host)
);

CREATE INDEX report_forwards_decision ON report_forwards (decision_id);

-- Since when nobody writes in a group, here or elsewhere.
ALTER TABLE groups ADD COLUMN closed_at {{.Time}};
