-- Suspending a server can be taken back for 30 days: see
-- docs/decisions/0038-taken-back-for-thirty-days.md.

-- The state that a post comes back in that is out of sight because its server, or
-- its group's, is not talked with. Empty for all others.
ALTER TABLE posts ADD COLUMN before_freeze TEXT NOT NULL DEFAULT '';
CREATE INDEX posts_frozen_author ON posts (author_id, id) WHERE before_freeze <> '';
CREATE INDEX posts_frozen_group ON posts (group_id, id) WHERE before_freeze <> '';

-- Since when a domain is suspended, and when what it froze was deleted. Null also
-- where the binary before this one suspended it.
ALTER TABLE domain_policies ADD COLUMN suspended_at {{.Time}};
ALTER TABLE domain_policies ADD COLUMN purged_at {{.Time}};

-- When a server was told that a tie is no more, because it was not offered back.
ALTER TABLE severances ADD COLUMN told_at {{.Time}};
CREATE INDEX severances_membership ON severances (membership_id);
-- Whoever is talked with again was told by the binary before this one.
UPDATE severances SET told_at = cut_at WHERE restored_at IS NULL AND domain NOT IN
  (SELECT p.domain FROM domain_policies AS p WHERE p.group_id = '' AND p.severity = 'suspend');
