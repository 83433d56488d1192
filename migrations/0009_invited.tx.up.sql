-- Where somebody who applied was invited, so that they are led there once they are
-- let in. Blank again when the answer is erased.
ALTER TABLE applications ADD COLUMN group_id TEXT;

-- Who was refused and is not forgotten yet: see docs/decisions/0023-refused-and-invited.md.
CREATE INDEX users_refused ON users (id) WHERE state = 'refused' AND password_hash <> '';

-- The invitations into one group.
CREATE INDEX invitations_group ON invitations (group_id, id) WHERE group_id IS NOT NULL;
