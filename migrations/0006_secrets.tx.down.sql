DROP TABLE secrets_fingerprint;
