DROP TABLE withdrawals;
DROP TABLE group_inquiries;
ALTER TABLE posts DROP COLUMN said_at;
