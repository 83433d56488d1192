-- Whether a host took a copy of a post by asking for it, whatever was sent there:
-- it hears of its deletion. See docs/decisions/0013-leaving.md.
ALTER TABLE reach ADD COLUMN copied BOOLEAN NOT NULL DEFAULT {{.False}};
-- Of those that nothing was sent to nobody knows any more: they are told.
UPDATE reach SET copied = TRUE WHERE sent_at IS NULL AND shown_at IS NULL AND NOT never_begun;
