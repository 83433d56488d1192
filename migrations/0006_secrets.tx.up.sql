-- Which secrets file belongs to this database: see docs/decisions/0015-whose-secrets.md.
-- A fingerprint alone; nothing of the secrets can be found from it.
CREATE TABLE secrets_fingerprint (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  fingerprint TEXT NOT NULL
);
