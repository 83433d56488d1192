-- Words that the group's server said no to, in words of its own: see
-- docs/decisions/0017-words-that-were-not-taken.md.

-- When a group turned a post of ours down, and what it said of why.
ALTER TABLE reach ADD COLUMN rejected_at {{.Time}};
ALTER TABLE reach ADD COLUMN rejection TEXT NOT NULL DEFAULT '';
