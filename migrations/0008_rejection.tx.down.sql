ALTER TABLE reach DROP COLUMN rejection;
ALTER TABLE reach DROP COLUMN rejected_at;
