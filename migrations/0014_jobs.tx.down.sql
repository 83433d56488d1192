ALTER TABLE posts DROP COLUMN backfilled;
DROP INDEX jobs_host;
DROP INDEX jobs_about;
DROP INDEX jobs_open;
ALTER TABLE jobs DROP COLUMN attempts;
ALTER TABLE jobs DROP COLUMN host;
