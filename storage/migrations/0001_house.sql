-- The first house. Written as PostgreSQL; storage/dialects.py turns the four types into SQLite's.

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- who takes part --------------------------------------------------------------------------------

CREATE TABLE people (
  id BIGSERIAL PRIMARY KEY,
  telegram_id BIGINT UNIQUE,
  username TEXT,
  name TEXT NOT NULL DEFAULT '',
  language TEXT NOT NULL,
  consented_at BIGINT,
  requester BIGINT NOT NULL DEFAULT 0 CHECK (requester IN (0, 1)),
  paused BIGINT NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
  reachable BIGINT NOT NULL DEFAULT 1 CHECK (reachable IN (0, 1)),
  unanswered BIGINT NOT NULL DEFAULT 0 CHECK (unanswered >= 0),
  -- 0 not to be pushed to, 1 waiting for a push, 2 parked: nothing was there for them last time
  idle BIGINT NOT NULL DEFAULT 0 CHECK (idle IN (0, 1, 2)),
  served_at BIGINT NOT NULL DEFAULT 0,
  joined_at BIGINT NOT NULL,
  CHECK (idle = 0 OR (consented_at IS NOT NULL AND paused = 0 AND reachable = 1))
);
CREATE INDEX people_by_username ON people (lower(username));
CREATE INDEX people_waiting ON people (served_at, id) WHERE idle = 1;
CREATE INDEX people_parked ON people (served_at, id) WHERE idle = 2;

CREATE TABLE drafts (
  person BIGINT PRIMARY KEY REFERENCES people (id),
  journey TEXT NOT NULL,
  data TEXT NOT NULL,
  updated_at BIGINT NOT NULL
);

-- what is asked ---------------------------------------------------------------------------------

CREATE TABLE projects (
  id BIGSERIAL PRIMARY KEY,
  requester BIGINT NOT NULL REFERENCES people (id),
  title TEXT NOT NULL,
  instructions TEXT NOT NULL,
  kind TEXT NOT NULL,
  options TEXT NOT NULL,
  template TEXT NOT NULL,
  columns TEXT NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  pay BIGINT NOT NULL CHECK (pay > 0),
  fee BIGINT NOT NULL CHECK (fee >= 0),
  overlap BIGINT NOT NULL CHECK (overlap >= 1),
  max_overlap BIGINT NOT NULL,
  confidence DOUBLE PRECISION CHECK (confidence >= 0.5 AND confidence < 1),
  accept TEXT NOT NULL CHECK (accept IN ('auto', 'review')),
  minutes BIGINT NOT NULL CHECK (minutes >= 1),
  purpose TEXT NOT NULL,
  languages TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'running', 'stopped', 'complete')),
  created_at BIGINT NOT NULL,
  launched_at BIGINT,
  ended_at BIGINT,
  CHECK (max_overlap >= overlap),
  CHECK ((state = 'draft') = (launched_at IS NULL))
);
CREATE INDEX projects_by_requester ON projects (requester, id);
CREATE INDEX projects_running ON projects (launched_at, id) WHERE state = 'running';

CREATE TABLE batches (
  id BIGSERIAL PRIMARY KEY,
  project BIGINT NOT NULL REFERENCES projects (id),
  requester BIGINT NOT NULL REFERENCES people (id),
  fingerprint TEXT NOT NULL,
  file_name TEXT NOT NULL,
  tasks BIGINT NOT NULL,
  imported_at BIGINT NOT NULL,
  UNIQUE (requester, fingerprint)
);

CREATE TABLE tasks (
  id BIGSERIAL PRIMARY KEY,
  project BIGINT NOT NULL REFERENCES projects (id),
  batch BIGINT NOT NULL REFERENCES batches (id),
  position BIGINT NOT NULL,
  key TEXT NOT NULL,
  content TEXT NOT NULL,
  gold TEXT,
  reason TEXT,
  overlap BIGINT NOT NULL CHECK (overlap >= 1),
  state TEXT NOT NULL CHECK (state IN ('draft', 'open', 'closed', 'stopped')),
  received BIGINT NOT NULL DEFAULT 0 CHECK (received >= 0),
  consensus TEXT,
  confidence DOUBLE PRECISION,
  UNIQUE (project, position),
  UNIQUE (project, key)
);
CREATE INDEX tasks_draft ON tasks (project) WHERE state = 'draft';
CREATE INDEX tasks_unfinished ON tasks (project) WHERE state = 'open' AND gold IS NULL;

-- What can be given out now, and nothing else: a row leaves when its last place is taken or its task closes.
CREATE TABLE openings (
  project BIGINT NOT NULL,
  gold BIGINT NOT NULL CHECK (gold IN (0, 1)),
  position BIGINT NOT NULL,
  task BIGINT NOT NULL UNIQUE,
  free BIGINT NOT NULL CHECK (free > 0),
  PRIMARY KEY (project, gold, position)
);

-- who answers -----------------------------------------------------------------------------------

CREATE TABLE enrolments (
  worker BIGINT NOT NULL REFERENCES people (id),
  project BIGINT NOT NULL REFERENCES projects (id),
  consented_at BIGINT,
  declined BIGINT NOT NULL DEFAULT 0 CHECK (declined IN (0, 1)),
  qualified BIGINT NOT NULL DEFAULT 0 CHECK (qualified IN (0, 1)),
  cursor BIGINT NOT NULL DEFAULT 0,
  gold_cursor BIGINT NOT NULL DEFAULT 0,
  answered BIGINT NOT NULL DEFAULT 0,
  gold_seen BIGINT NOT NULL DEFAULT 0,
  gold_right BIGINT NOT NULL DEFAULT 0 CHECK (gold_right <= gold_seen),
  PRIMARY KEY (worker, project)
);
CREATE INDEX enrolments_by_project ON enrolments (project);

CREATE TABLE assignments (
  id BIGSERIAL PRIMARY KEY,
  project BIGINT NOT NULL REFERENCES projects (id),
  task BIGINT NOT NULL REFERENCES tasks (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  state TEXT NOT NULL CHECK (state IN ('active', 'submitted', 'skipped', 'expired', 'returned')),
  offered_at BIGINT NOT NULL,
  deadline BIGINT NOT NULL CHECK (deadline > offered_at),
  UNIQUE (task, worker)
);
CREATE UNIQUE INDEX assignments_one_active ON assignments (worker) WHERE state = 'active';
CREATE INDEX assignments_due ON assignments (deadline) WHERE state = 'active';
CREATE INDEX assignments_live ON assignments (project) WHERE state = 'active';

CREATE TABLE submissions (
  id BIGSERIAL PRIMARY KEY,
  assignment BIGINT NOT NULL UNIQUE REFERENCES assignments (id),
  project BIGINT NOT NULL REFERENCES projects (id),
  task BIGINT NOT NULL REFERENCES tasks (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  answer TEXT,
  gold BIGINT CHECK (gold IN (0, 1)),
  milliseconds BIGINT NOT NULL CHECK (milliseconds >= 0),
  state TEXT NOT NULL CHECK (state IN ('submitted', 'accepted', 'rejected')),
  held_until BIGINT,
  submitted_at BIGINT NOT NULL,
  UNIQUE (task, worker)
);
CREATE INDEX submissions_by_project ON submissions (project, id);
CREATE INDEX submissions_by_worker ON submissions (worker, id);
CREATE INDEX submissions_held ON submissions (held_until) WHERE held_until IS NOT NULL;

-- the book --------------------------------------------------------------------------------------

CREATE TABLE accounts (
  id BIGSERIAL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  balance BIGINT NOT NULL DEFAULT 0,
  version BIGINT NOT NULL DEFAULT 0,
  overdraft BIGINT NOT NULL DEFAULT 0 CHECK (overdraft IN (0, 1)),
  CHECK (balance >= 0 OR overdraft = 1),
  CHECK (overdraft = 0 OR name LIKE 'external:%'),
  UNIQUE (id, currency)
);

CREATE TABLE transfers (
  id BIGSERIAL PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  debit BIGINT NOT NULL,
  credit BIGINT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL,
  project BIGINT REFERENCES projects (id),
  submission BIGINT REFERENCES submissions (id),
  reverses BIGINT UNIQUE REFERENCES transfers (id),
  memo TEXT NOT NULL DEFAULT '',
  made_at BIGINT NOT NULL,
  CHECK (debit <> credit),
  FOREIGN KEY (debit, currency) REFERENCES accounts (id, currency),
  FOREIGN KEY (credit, currency) REFERENCES accounts (id, currency)
);
CREATE INDEX transfers_by_submission ON transfers (submission) WHERE submission IS NOT NULL;
CREATE INDEX transfers_by_project ON transfers (project, kind) WHERE project IS NOT NULL;

-- Written by the trigger of transfers alone: two lines a transfer, each with the balance after it.
CREATE TABLE entries (
  account BIGINT NOT NULL REFERENCES accounts (id),
  version BIGINT NOT NULL CHECK (version >= 1),
  transfer BIGINT NOT NULL REFERENCES transfers (id),
  amount BIGINT NOT NULL CHECK (amount <> 0),
  balance BIGINT NOT NULL,
  PRIMARY KEY (account, version)
);
CREATE UNIQUE INDEX entries_by_transfer ON entries (transfer, account);

-- what comes in and goes out --------------------------------------------------------------------

CREATE TABLE inbox (
  update_id BIGINT PRIMARY KEY,
  person BIGINT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'ignored', 'dead')),
  tries BIGINT NOT NULL DEFAULT 0,
  reason TEXT,
  received_at BIGINT NOT NULL,
  ended_at BIGINT,
  CHECK ((state = 'waiting') = (ended_at IS NULL))
);
CREATE INDEX inbox_waiting ON inbox (update_id) WHERE state = 'waiting';
CREATE INDEX inbox_ended ON inbox (ended_at) WHERE state <> 'waiting';

CREATE TABLE outbox (
  id BIGSERIAL PRIMARY KEY,
  person BIGINT NOT NULL REFERENCES people (id),
  lane BIGINT NOT NULL CHECK (lane IN (0, 1, 2, 3)),
  class TEXT NOT NULL CHECK (class IN ('sure', 'push', 'nudge')),
  screen TEXT NOT NULL,
  facts TEXT NOT NULL,
  key TEXT UNIQUE,
  live TEXT,
  edits BIGINT,
  assignment BIGINT,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dropped')),
  tries BIGINT NOT NULL DEFAULT 0,
  due_at BIGINT NOT NULL,
  expires_at BIGINT,
  written_at BIGINT NOT NULL,
  ended_at BIGINT,
  message_id BIGINT,
  reason TEXT,
  CHECK ((state = 'waiting') = (ended_at IS NULL))
);
CREATE INDEX outbox_waiting ON outbox (lane, id) WHERE state = 'waiting';
CREATE INDEX outbox_ended ON outbox (ended_at) WHERE state <> 'waiting';
CREATE UNIQUE INDEX outbox_one_live ON outbox (person, live) WHERE state = 'waiting' AND live IS NOT NULL;

-- A message that is edited in place: which one it is in this person's chat.
CREATE TABLE live_messages (
  person BIGINT NOT NULL REFERENCES people (id),
  name TEXT NOT NULL,
  message_id BIGINT NOT NULL,
  told BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (person, name)
);

-- who did what, and who works now ---------------------------------------------------------------

CREATE TABLE audit (
  id BIGSERIAL PRIMARY KEY,
  actor BIGINT REFERENCES people (id),
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  facts TEXT NOT NULL,
  at BIGINT NOT NULL
);

CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  until BIGINT NOT NULL
);
