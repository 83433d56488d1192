ALTER TABLE reach DROP COLUMN hidden_why;
DROP TABLE group_moderators;
ALTER TABLE memberships DROP COLUMN barred_why;
ALTER TABLE memberships DROP COLUMN barred_until;
ALTER TABLE memberships DROP COLUMN barred_at;
