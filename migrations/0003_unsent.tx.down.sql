DROP INDEX reach_unsent;
ALTER TABLE reach DROP COLUMN ask_after;
ALTER TABLE reach DROP COLUMN unsent;
DROP INDEX deliveries_ask;
ALTER TABLE deliveries DROP COLUMN ask_after;
