-- What became of another decision about servers is counted over the facts of 30 days:
-- see docs/decisions/0041-rehearsed-over-facts.md.

-- What kind of message it was, as policies know kinds: words, follow, report, other,
-- or unread. Empty for what is of here, and for what came before this was kept.
ALTER TABLE activities ADD COLUMN kind TEXT NOT NULL DEFAULT '';
CREATE INDEX activities_sender ON activities (domain, received_at) WHERE state = 'finished' AND direction = 'in';
CREATE INDEX activities_about ON activities (about_domain, received_at) WHERE about_domain <> '';
