-- The house: see docs/decisions/0001-one-way-doors.md for what may not change.

-- One row: what this instance is. scheme and host are frozen at setup.
CREATE TABLE site (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  scheme TEXT NOT NULL,
  host TEXT NOT NULL,
  name TEXT NOT NULL,
  purpose TEXT NOT NULL,
  rules TEXT NOT NULL,
  contact TEXT NOT NULL,
  minimum_age INTEGER NOT NULL,
  registration TEXT NOT NULL,
  question TEXT NOT NULL,
  newcomers_per_day INTEGER NOT NULL,
  applications_waiting INTEGER NOT NULL,
  front_door TEXT NOT NULL,
  group_creation TEXT NOT NULL,
  country TEXT NOT NULL,
  language TEXT NOT NULL,
  zone TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  set_up_at {{.Time}} NOT NULL
);

-- One row, raised in the transaction of every change of policy.
CREATE TABLE policy_epoch (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  epoch BIGINT NOT NULL
);
INSERT INTO policy_epoch (id, epoch) VALUES (1, 1);

-- The one-time setup address, while there is no site row. Only its hash.
CREATE TABLE setup_tokens (
  token_hash TEXT PRIMARY KEY,
  created_at {{.Time}} NOT NULL
);

-- Anything that can act or be addressed. domain is empty for those of here.
CREATE TABLE actors (
  id TEXT PRIMARY KEY,
  uri TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  domain TEXT NOT NULL,
  name TEXT NOT NULL,
  title TEXT NOT NULL,
  url TEXT NOT NULL,
  inbox TEXT NOT NULL,
  shared_inbox TEXT NOT NULL,
  created_at {{.Time}} NOT NULL,
  fetched_at {{.Time}},
  disclosed_at {{.Time}},
  gone_at {{.Time}},
  moved_to TEXT NOT NULL DEFAULT '',
  UNIQUE (domain, name)
);

-- Keys hang on the actor, several each while rotating. actor_id is empty while
-- a key waits in the pool. private_key is sealed with the key in the secrets file.
CREATE TABLE actor_keys (
  id TEXT PRIMARY KEY,
  actor_id TEXT REFERENCES actors (id),
  uri TEXT UNIQUE,
  public_pem TEXT NOT NULL,
  private_key {{.Bytes}},
  created_at {{.Time}} NOT NULL,
  taken_at {{.Time}},
  retired_at {{.Time}},
  fetched_at {{.Time}}
);
CREATE INDEX actor_keys_actor ON actor_keys (actor_id, retired_at);

-- A person who signs in here.
CREATE TABLE users (
  id TEXT PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  email TEXT,
  role TEXT NOT NULL,
  state TEXT NOT NULL,
  suspended_until {{.Time}},
  language TEXT NOT NULL,
  zone TEXT NOT NULL,
  country TEXT NOT NULL,
  home_order TEXT NOT NULL,
  exit_everywhere BOOLEAN NOT NULL,
  discreet BOOLEAN NOT NULL,
  exit_explained_at {{.Time}},
  created_at {{.Time}} NOT NULL
);
CREATE INDEX users_created ON users (created_at, id);
CREATE INDEX users_role ON users (role, state);
CREATE INDEX users_suspended ON users (suspended_until) WHERE suspended_until IS NOT NULL;

-- A public face, here or elsewhere.
CREATE TABLE accounts (
  actor_id TEXT PRIMARY KEY REFERENCES actors (id),
  about TEXT NOT NULL,
  about_html TEXT NOT NULL,
  suspended_at {{.Time}},
  suspended_until {{.Time}},
  indexable BOOLEAN NOT NULL
);
CREATE INDEX accounts_suspended ON accounts (suspended_until) WHERE suspended_until IS NOT NULL;

-- Which person owns which account. One file reads it: storage/account_owner.go.
CREATE TABLE account_owner (
  account_id TEXT PRIMARY KEY REFERENCES accounts (actor_id),
  user_id TEXT NOT NULL REFERENCES users (id),
  main BOOLEAN NOT NULL,
  since {{.Time}} NOT NULL
);
CREATE INDEX account_owner_user ON account_owner (user_id);

-- Browser sessions (cookie's hash and its data), and the sign-ins that a person
-- can list and end.
CREATE TABLE browser_sessions (
  token_hash TEXT PRIMARY KEY,
  data {{.Bytes}} NOT NULL,
  expires_at {{.Time}} NOT NULL
);
CREATE INDEX browser_sessions_expiry ON browser_sessions (expires_at);

CREATE TABLE sign_ins (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  device TEXT NOT NULL,
  created_at {{.Time}} NOT NULL,
  seen_at {{.Time}} NOT NULL,
  ended_at {{.Time}}
);
CREATE INDEX sign_ins_user ON sign_ins (user_id, ended_at);
CREATE INDEX sign_ins_seen ON sign_ins (seen_at) WHERE ended_at IS NULL;
CREATE INDEX sign_ins_ended ON sign_ins (ended_at);

CREATE TABLE reset_links (
  token_hash TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  created_at {{.Time}} NOT NULL,
  expires_at {{.Time}} NOT NULL,
  used_at {{.Time}}
);
CREATE INDEX reset_links_user ON reset_links (user_id);
CREATE INDEX reset_links_expiry ON reset_links (expires_at);

-- Counted tries by a hashed key (sign-in name, address), shared by all nodes.
CREATE TABLE throttles (
  key TEXT PRIMARY KEY,
  tries INTEGER NOT NULL,
  since {{.Time}} NOT NULL
);
CREATE INDEX throttles_since ON throttles (since);

-- Somebody asked to join the instance; the answer is erased 30 days after the decision.
CREATE TABLE applications (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL UNIQUE REFERENCES users (id),
  code_hash TEXT NOT NULL UNIQUE,
  answer TEXT NOT NULL,
  doubtful BOOLEAN NOT NULL,
  state TEXT NOT NULL,
  reply TEXT NOT NULL,
  created_at {{.Time}} NOT NULL,
  decided_at {{.Time}},
  answer_erased_at {{.Time}}
);
CREATE INDEX applications_state ON applications (state, id);
CREATE INDEX applications_erase ON applications (decided_at) WHERE answer_erased_at IS NULL;

CREATE TABLE instances (
  domain TEXT PRIMARY KEY,
  software TEXT NOT NULL,
  version TEXT NOT NULL,
  first_seen_at {{.Time}} NOT NULL,
  last_heard_at {{.Time}},
  nodeinfo_at {{.Time}}
);

-- A moderated room, local or remote.
CREATE TABLE groups (
  actor_id TEXT PRIMARY KEY REFERENCES actors (id),
  state TEXT NOT NULL,
  asked_by TEXT REFERENCES accounts (actor_id),
  purpose TEXT NOT NULL,
  purpose_html TEXT NOT NULL,
  for_whom TEXT NOT NULL,
  not_for TEXT NOT NULL,
  situation TEXT NOT NULL,
  language TEXT NOT NULL,
  sensitive BOOLEAN NOT NULL,
  joining TEXT NOT NULL,
  question TEXT NOT NULL,
  readers TEXT NOT NULL,
  reach TEXT NOT NULL,
  listed BOOLEAN NOT NULL,
  rules_version INTEGER NOT NULL,
  followers_uri TEXT NOT NULL,
  moderators_uri TEXT NOT NULL,
  featured_uri TEXT NOT NULL,
  outbox_uri TEXT NOT NULL,
  microblogs BOOLEAN NOT NULL,
  offered_to TEXT REFERENCES accounts (actor_id),
  search_words TEXT NOT NULL,
  last_activity_at {{.Time}} NOT NULL
);
CREATE INDEX groups_asked_by ON groups (asked_by);
CREATE INDEX groups_state ON groups (state, listed, last_activity_at, actor_id);

CREATE TABLE group_rules (
  group_id TEXT NOT NULL REFERENCES groups (actor_id),
  version INTEGER NOT NULL,
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  since {{.Time}} NOT NULL,
  PRIMARY KEY (group_id, version, position)
);

-- The servers that a group with reach 'named' reaches.
CREATE TABLE group_servers (
  group_id TEXT NOT NULL REFERENCES groups (actor_id),
  domain TEXT NOT NULL,
  PRIMARY KEY (group_id, domain)
);

-- An account in a group. A remote Follow of a group is a membership too.
CREATE TABLE memberships (
  id TEXT PRIMARY KEY,
  group_id TEXT NOT NULL REFERENCES groups (actor_id),
  account_id TEXT NOT NULL REFERENCES accounts (actor_id),
  role TEXT NOT NULL,
  state TEXT NOT NULL,
  answer TEXT NOT NULL,
  rules_version INTEGER NOT NULL,
  follow_uri TEXT NOT NULL,
  removed_until {{.Time}},
  created_at {{.Time}} NOT NULL,
  changed_at {{.Time}} NOT NULL,
  UNIQUE (group_id, account_id)
);
CREATE INDEX memberships_follow ON memberships (follow_uri) WHERE follow_uri <> '';
CREATE INDEX memberships_account ON memberships (account_id, state);
CREATE INDEX memberships_group ON memberships (group_id, state, role);

-- Links that let people in. Only the code's hash is kept.
CREATE TABLE invitations (
  id TEXT PRIMARY KEY,
  code_hash TEXT NOT NULL UNIQUE,
  note TEXT NOT NULL,
  group_id TEXT REFERENCES groups (actor_id),
  made_by TEXT NOT NULL REFERENCES accounts (actor_id),
  uses INTEGER NOT NULL,
  uses_left INTEGER NOT NULL,
  created_at {{.Time}} NOT NULL,
  expires_at {{.Time}} NOT NULL,
  revoked_at {{.Time}}
);
CREATE INDEX invitations_created ON invitations (created_at, id);

-- Words in exactly one group; a reply is a post with a parent.
CREATE TABLE posts (
  id TEXT PRIMARY KEY,
  uri TEXT NOT NULL UNIQUE,
  url TEXT NOT NULL,
  link TEXT NOT NULL,
  group_id TEXT NOT NULL REFERENCES groups (actor_id),
  author_id TEXT NOT NULL REFERENCES accounts (actor_id),
  thread_id TEXT NOT NULL,
  parent_id TEXT,
  in_reply_to_uri TEXT NOT NULL,
  state TEXT NOT NULL,
  title TEXT NOT NULL,
  note_topics TEXT NOT NULL,
  note_text TEXT NOT NULL,
  wants TEXT NOT NULL,
  language TEXT NOT NULL,
  source TEXT NOT NULL,
  html TEXT NOT NULL,
  renderer INTEGER NOT NULL,
  version INTEGER NOT NULL,
  readers TEXT NOT NULL,
  reach TEXT NOT NULL,
  listed BOOLEAN NOT NULL,
  verified TEXT NOT NULL,
  replaces TEXT NOT NULL,
  published_at {{.Time}} NOT NULL,
  received_at {{.Time}} NOT NULL,
  edited_at {{.Time}},
  deleted_at {{.Time}},
  locked_at {{.Time}},
  pinned_at {{.Time}},
  replies INTEGER NOT NULL,
  last_activity_at {{.Time}} NOT NULL
);
CREATE INDEX posts_thread ON posts (thread_id, published_at, id);
CREATE INDEX posts_group_activity ON posts (group_id, last_activity_at, id) WHERE parent_id IS NULL AND in_reply_to_uri = '';
CREATE INDEX posts_group_newest ON posts (group_id, published_at, id) WHERE parent_id IS NULL AND in_reply_to_uri = '';
CREATE INDEX posts_author ON posts (author_id, state, published_at, id);
CREATE INDEX posts_drafts ON posts (published_at) WHERE state = 'draft';
CREATE INDEX posts_parent ON posts (parent_id);
CREATE INDEX posts_hidden ON posts (group_id, edited_at) WHERE state = 'hidden';
CREATE INDEX posts_orphans ON posts (in_reply_to_uri) WHERE state = 'orphan';

-- The URIs of posts that were deleted before they came; kept 30 days.
CREATE TABLE tombstones (
  uri TEXT PRIMARY KEY,
  at {{.Time}} NOT NULL
);
CREATE INDEX tombstones_at ON tombstones (at);

CREATE TABLE post_versions (
  post_id TEXT NOT NULL REFERENCES posts (id),
  version INTEGER NOT NULL,
  title TEXT NOT NULL,
  note_topics TEXT NOT NULL,
  note_text TEXT NOT NULL,
  source TEXT NOT NULL,
  html TEXT NOT NULL,
  written_at {{.Time}} NOT NULL,
  PRIMARY KEY (post_id, version)
);

CREATE TABLE attachments (
  id TEXT PRIMARY KEY,
  post_id TEXT NOT NULL REFERENCES posts (id),
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  url TEXT NOT NULL,
  file TEXT NOT NULL,
  media_type TEXT NOT NULL,
  alt TEXT NOT NULL,
  size BIGINT NOT NULL
);
CREATE INDEX attachments_post ON attachments (post_id, position);

-- A quiet reaction to a local post: seen by its author, never summed, never sent.
CREATE TABLE supports (
  post_id TEXT NOT NULL REFERENCES posts (id),
  account_id TEXT NOT NULL REFERENCES accounts (actor_id),
  kind TEXT NOT NULL,
  given_at {{.Time}} NOT NULL,
  PRIMARY KEY (post_id, account_id, kind)
);

CREATE TABLE notices (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  account_id TEXT,
  kind TEXT NOT NULL,
  post_id TEXT,
  group_id TEXT,
  about_id TEXT NOT NULL,
  actor_id TEXT,
  created_at {{.Time}} NOT NULL,
  read_at {{.Time}},
  UNIQUE (user_id, kind, about_id)
);
CREATE INDEX notices_user ON notices (user_id, created_at, id);

CREATE TABLE read_marks (
  user_id TEXT NOT NULL REFERENCES users (id),
  thread_id TEXT NOT NULL,
  read_until {{.Time}} NOT NULL,
  PRIMARY KEY (user_id, thread_id)
);

CREATE TABLE consents (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  account_id TEXT NOT NULL,
  group_id TEXT,
  scope TEXT NOT NULL,
  text_hash TEXT NOT NULL,
  text TEXT NOT NULL,
  given_at {{.Time}} NOT NULL,
  withdrawn_at {{.Time}}
);
CREATE INDEX consents_account ON consents (account_id, group_id, scope);
CREATE INDEX consents_user ON consents (user_id, given_at);

-- Somebody asks for help with a post or account. The snapshot is what they saw.
CREATE TABLE reports (
  id TEXT PRIMARY KEY,
  code_hash TEXT NOT NULL UNIQUE,
  reporter_id TEXT,
  reporter_domain TEXT NOT NULL,
  contact TEXT NOT NULL,
  group_id TEXT,
  post_id TEXT,
  account_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  words TEXT NOT NULL,
  snapshot TEXT NOT NULL,
  snapshot_version INTEGER NOT NULL,
  activity_uri TEXT NOT NULL,
  doubtful BOOLEAN NOT NULL,
  state TEXT NOT NULL,
  created_at {{.Time}} NOT NULL,
  resolved_at {{.Time}},
  resolved_by TEXT,
  decision_id TEXT
);
CREATE INDEX reports_state ON reports (state, created_at, id);
CREATE INDEX reports_group ON reports (group_id, state, created_at, id);
CREATE INDEX reports_reporter ON reports (reporter_id);
CREATE INDEX reports_account ON reports (account_id, group_id, id);
CREATE INDEX reports_post ON reports (post_id, state, id);
CREATE UNIQUE INDEX reports_once_post ON reports (reporter_id, post_id) WHERE state = 'open' AND reporter_id IS NOT NULL AND post_id IS NOT NULL;
CREATE UNIQUE INDEX reports_once_account ON reports (reporter_id, account_id) WHERE state = 'open' AND reporter_id IS NOT NULL AND post_id IS NULL;

-- What a moderator or admin did. Append-only; chained per scope ('' is the
-- instance, otherwise a group's id). What may be erased stands beside it.
CREATE TABLE decisions (
  id TEXT PRIMARY KEY,
  scope TEXT NOT NULL,
  seq BIGINT NOT NULL,
  kind TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  account_id TEXT,
  rule TEXT NOT NULL,
  until {{.Time}},
  undoes TEXT,
  previous_hash TEXT NOT NULL,
  payload_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  decided_at {{.Time}} NOT NULL,
  UNIQUE (scope, seq)
);
CREATE INDEX decisions_subject ON decisions (subject_kind, subject_id, decided_at);
CREATE INDEX decisions_account ON decisions (account_id, decided_at);
CREATE INDEX decisions_undoes ON decisions (undoes);

CREATE TABLE decision_payloads (
  decision_id TEXT PRIMARY KEY REFERENCES decisions (id),
  salt TEXT NOT NULL,
  payload TEXT NOT NULL
);

-- The verdict on a domain and its children. group_id is empty for the instance's.
CREATE TABLE domain_policies (
  domain TEXT NOT NULL,
  group_id TEXT NOT NULL DEFAULT '',
  severity TEXT NOT NULL,
  reject_media BOOLEAN NOT NULL,
  reject_reports BOOLEAN NOT NULL,
  no_new_follows BOOLEAN NOT NULL,
  public_reason TEXT NOT NULL,
  private_note TEXT NOT NULL,
  owner_id TEXT,
  created_at {{.Time}} NOT NULL,
  changed_at {{.Time}} NOT NULL,
  review_at {{.Time}},
  ends_at {{.Time}},
  lifts_itself BOOLEAN NOT NULL,
  PRIMARY KEY (domain, group_id)
);

-- A tie that a policy cut, kept so that lifting can offer it back.
CREATE TABLE severances (
  id TEXT PRIMARY KEY,
  decision_id TEXT NOT NULL,
  domain TEXT NOT NULL,
  membership_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  role TEXT NOT NULL,
  was TEXT NOT NULL,
  cut_at {{.Time}} NOT NULL,
  restored_at {{.Time}}
);
CREATE INDEX severances_domain ON severances (domain, restored_at);

-- A person's own blocks: of an account or of a whole server.
CREATE TABLE blocks (
  user_id TEXT NOT NULL REFERENCES users (id),
  kind TEXT NOT NULL,
  what TEXT NOT NULL,
  since {{.Time}} NOT NULL,
  PRIMARY KEY (user_id, kind, what)
);

-- "This changed here and the world has not been told": a reference, never a snapshot.
CREATE TABLE events (
  seq {{.Seq}},
  id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  order_key TEXT NOT NULL,
  group_id TEXT,
  post_id TEXT,
  account_id TEXT,
  about_id TEXT NOT NULL,
  created_at {{.Time}} NOT NULL,
  not_before {{.Time}},
  done_at {{.Time}},
  attempts INTEGER NOT NULL DEFAULT 0,
  lease_token TEXT,
  leased_until {{.Time}}
);
CREATE INDEX events_waiting ON events (seq) WHERE done_at IS NULL;
CREATE INDEX events_order ON events (order_key, seq) WHERE done_at IS NULL;

-- A message in or out: its bytes 7 days, its facts and its mark 30 days.
CREATE TABLE activities (
  seq {{.Seq}},
  id TEXT NOT NULL UNIQUE,
  uri TEXT NOT NULL UNIQUE,
  direction TEXT NOT NULL,
  type TEXT NOT NULL,
  actor_uri TEXT NOT NULL,
  domain TEXT NOT NULL,
  about_domain TEXT NOT NULL,
  object_uri TEXT NOT NULL,
  order_key TEXT NOT NULL,
  group_id TEXT,
  post_id TEXT,
  state TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  raw {{.Bytes}},
  size INTEGER NOT NULL,
  hash TEXT NOT NULL,
  received_at {{.Time}} NOT NULL,
  finished_at {{.Time}},
  next_at {{.Time}},
  attempts INTEGER NOT NULL DEFAULT 0,
  lease_token TEXT,
  leased_until {{.Time}}
);
CREATE INDEX activities_waiting ON activities (domain, seq) WHERE state = 'waiting';
CREATE INDEX activities_post ON activities (post_id);
CREATE INDEX activities_received ON activities (received_at);

-- The queue of one remote host, and one activity for one inbox there.
CREATE TABLE lanes (
  host TEXT PRIMARY KEY,
  next_at {{.Time}},
  lease_token TEXT,
  leased_until {{.Time}},
  inbound_token TEXT,
  inbound_until {{.Time}},
  failing_since {{.Time}},
  failing_days INTEGER NOT NULL DEFAULT 0,
  last_failed_on TEXT NOT NULL DEFAULT '',
  last_error TEXT NOT NULL DEFAULT '',
  paused_by TEXT,
  signature TEXT NOT NULL DEFAULT '',
  signature_until {{.Time}},
  send_window INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE deliveries (
  seq {{.Seq}},
  activity_id TEXT NOT NULL REFERENCES activities (id),
  actor_id TEXT NOT NULL,
  inbox TEXT NOT NULL,
  host TEXT NOT NULL,
  order_key TEXT NOT NULL,
  post_id TEXT,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  first_tried_at {{.Time}},
  next_at {{.Time}},
  status INTEGER NOT NULL DEFAULT 0,
  last_error TEXT NOT NULL DEFAULT '',
  finished_at {{.Time}},
  created_at {{.Time}} NOT NULL,
  UNIQUE (activity_id, inbox)
);
CREATE INDEX deliveries_waiting ON deliveries (host, seq) WHERE state = 'waiting';
CREATE INDEX deliveries_order ON deliveries (host, order_key, seq) WHERE state = 'waiting';
CREATE INDEX deliveries_post ON deliveries (post_id);

-- Which hosts ever got a copy of a post. Kept for the life of the post.
CREATE TABLE reach (
  post_id TEXT NOT NULL REFERENCES posts (id),
  host TEXT NOT NULL,
  sent_at {{.Time}},
  shown_at {{.Time}},
  refused TEXT NOT NULL DEFAULT '',
  delete_sent_at {{.Time}},
  delete_received_at {{.Time}},
  PRIMARY KEY (post_id, host)
);

-- Long work with a cursor and progress.
CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  about_id TEXT NOT NULL,
  cursor TEXT NOT NULL,
  done INTEGER NOT NULL,
  total INTEGER NOT NULL,
  state TEXT NOT NULL,
  error TEXT NOT NULL,
  created_at {{.Time}} NOT NULL,
  next_at {{.Time}} NOT NULL,
  finished_at {{.Time}},
  lease_token TEXT,
  leased_until {{.Time}}
);
CREATE INDEX jobs_waiting ON jobs (state, next_at);

-- The help lines that this instance has looked at itself.
CREATE TABLE help_line_checks (
  line_id TEXT PRIMARY KEY,
  checked_by TEXT NOT NULL,
  facts TEXT NOT NULL,
  checked_at {{.Time}} NOT NULL
);
