-- What the queues of federation are found by.

-- Whose a stranger's key is: its actor need not be known here.
ALTER TABLE actor_keys ADD COLUMN owner_uri TEXT NOT NULL DEFAULT '';
CREATE INDEX actor_keys_pool ON actor_keys (created_at) WHERE actor_id IS NULL AND private_key IS NOT NULL;
CREATE INDEX actor_keys_remote ON actor_keys (fetched_at) WHERE private_key IS NULL;

-- Until when a host's Retry-After wants to be left alone.
ALTER TABLE lanes ADD COLUMN asked_until {{.Time}};
CREATE INDEX lanes_due ON lanes (next_at) WHERE next_at IS NOT NULL;

-- What was never tried is found by its host, what waits for another try by its
-- order key, which it holds back.
CREATE INDEX deliveries_fresh ON deliveries (host, seq) WHERE state = 'waiting' AND next_at IS NULL;
CREATE INDEX deliveries_later ON deliveries (host, order_key, seq) WHERE state = 'waiting' AND next_at IS NOT NULL;
CREATE INDEX deliveries_finished ON deliveries (finished_at) WHERE finished_at IS NOT NULL;
DROP INDEX deliveries_waiting;

CREATE INDEX activities_fresh ON activities (domain, seq) WHERE state = 'waiting' AND next_at IS NULL;
CREATE INDEX activities_later ON activities (domain, order_key, seq) WHERE state = 'waiting' AND next_at IS NOT NULL;
CREATE INDEX activities_bytes ON activities (received_at) WHERE raw IS NOT NULL;
DROP INDEX activities_waiting;
CREATE INDEX events_done ON events (done_at) WHERE done_at IS NOT NULL;
