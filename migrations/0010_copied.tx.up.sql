-- Whether a host took a copy of a post by asking for it, whatever was sent there:
-- it hears of its deletion. See docs/decisions/0013-leaving.md.
ALTER TABLE reach ADD COLUMN copied BOOLEAN NOT NULL DEFAULT {{.False}};
