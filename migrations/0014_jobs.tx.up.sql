-- Long work, and what it brings of the past: see
-- docs/decisions/0029-a-group-followed-has-a-past.md.

-- The server that a job asks, empty for none: jobs that ask one server come one
-- after the other. And how often in a row it was tried in vain.
ALTER TABLE jobs ADD COLUMN host TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX jobs_open ON jobs (kind, about_id) WHERE state = 'waiting';
CREATE INDEX jobs_about ON jobs (kind, about_id, id);
CREATE INDEX jobs_host ON jobs (host, id) WHERE state = 'waiting';

-- A post that was fetched because its group was followed after it was written. It
-- is news to nobody: received_at is when it was published.
ALTER TABLE posts ADD COLUMN backfilled BOOLEAN NOT NULL DEFAULT {{.False}};
