-- Leaving and coming back are work of many transactions: see docs/decisions/0013-leaving.md.

-- Which way what is theirs is still on its way: 'away', 'back', or empty once all
-- of it is there.
ALTER TABLE departures ADD COLUMN moving TEXT NOT NULL DEFAULT '';
CREATE INDEX departures_moving ON departures (left_at) WHERE moving <> '';

-- The last delivery of a lane that may have been begun by somebody who was killed
-- before they could say so.
ALTER TABLE lanes ADD COLUMN begun_seq BIGINT NOT NULL DEFAULT 0;

-- Whether what was to bring a post to a host was cancelled before it was begun: the
-- host has nothing of it, and does not hear of its deletion.
ALTER TABLE reach ADD COLUMN never_begun BOOLEAN NOT NULL DEFAULT {{.False}};

-- What an account or a post leaves behind is found without reading all there is.
CREATE INDEX notices_account ON notices (account_id);
CREATE INDEX notices_post ON notices (post_id);
CREATE INDEX groups_offered_to ON groups (offered_to) WHERE offered_to IS NOT NULL;
CREATE INDEX invitations_made_by ON invitations (made_by);
CREATE INDEX severances_account ON severances (account_id);
