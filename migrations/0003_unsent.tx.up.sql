-- What waited for a day is not sent without asking its author: see
-- docs/decisions/0009-words-that-waited.md.

-- From when on the author of a delivery's words is asked before it goes; null
-- for what nobody is asked about.
ALTER TABLE deliveries ADD COLUMN ask_after {{.Time}};
CREATE INDEX deliveries_ask ON deliveries (ask_after) WHERE state = 'waiting' AND ask_after IS NOT NULL;

-- Why a post's words are held back from a host, and since when.
ALTER TABLE reach ADD COLUMN unsent TEXT NOT NULL DEFAULT '';
ALTER TABLE reach ADD COLUMN ask_after {{.Time}};
CREATE INDEX reach_unsent ON reach (unsent) WHERE unsent <> '';
