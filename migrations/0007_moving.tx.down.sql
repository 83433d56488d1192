DROP INDEX severances_account;
DROP INDEX invitations_made_by;
DROP INDEX groups_offered_to;
DROP INDEX notices_post;
DROP INDEX notices_account;
ALTER TABLE reach DROP COLUMN never_begun;
ALTER TABLE lanes DROP COLUMN begun_seq;
DROP INDEX departures_moving;
ALTER TABLE departures DROP COLUMN moving;
