DROP INDEX invitations_group;
DROP INDEX users_refused;
ALTER TABLE applications DROP COLUMN group_id;
