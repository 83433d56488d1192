DROP INDEX activities_about;
DROP INDEX activities_sender;
ALTER TABLE activities DROP COLUMN kind;
