ALTER TABLE activities DROP COLUMN severity;
DROP INDEX orphans_activity;
DROP TABLE held_words;
