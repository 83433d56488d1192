DROP INDEX blocks_what;
DROP INDEX notices_actor;
DROP INDEX supports_account;
ALTER TABLE memberships DROP COLUMN before_away;
ALTER TABLE posts DROP COLUMN before_away;
ALTER TABLE actors DROP COLUMN away_at;
DROP TABLE former_names;
DROP TABLE farewells;
DROP TABLE departures;
