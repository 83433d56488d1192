ALTER TABLE groups DROP COLUMN closed_at;
DROP TABLE report_forwards;
