DROP INDEX orphans_activity;
DROP TABLE held_words;
