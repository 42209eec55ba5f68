-- The schema of the first release, by wing. Written as PostgreSQL; storage/drivers/dialects.py turns its three types
-- into SQLite's. Moments are milliseconds since 1970 in UTC, amounts are millionths, flags are 0 or 1. Triggers are
-- named here beside their table; each database has them in its own words: 0001_schema.sqlite.sql and
-- 0001_schema.postgresql.sql.

-- installation ----------------------------------------------------------------------------------

-- What this installation remembers about itself, the schema's version (`schema`) included.
CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- Keys that this installation makes for itself when they are first needed.
CREATE TABLE secrets (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  made_at BIGINT NOT NULL
);

-- people ----------------------------------------------------------------------------------------

-- Everybody who takes part, in whatever role.
CREATE TABLE people (
  id BIGSERIAL PRIMARY KEY,
  telegram_id BIGINT UNIQUE,
  username TEXT,
  name TEXT NOT NULL DEFAULT '',
  language TEXT NOT NULL,
  joined_at BIGINT NOT NULL,
  consented_at BIGINT,
  requester BIGINT NOT NULL DEFAULT 0 CHECK (requester IN (0, 1)),
  -- 1 where there is a row in preferences, so that the default costs no look at that table.
  choosy BIGINT NOT NULL DEFAULT 0 CHECK (choosy IN (0, 1)),
  paused BIGINT NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
  reachable BIGINT NOT NULL DEFAULT 1 CHECK (reachable IN (0, 1)),
  unanswered BIGINT NOT NULL DEFAULT 0 CHECK (unanswered >= 0),
  -- 0 not to be pushed to, 1 waiting for a push, 2 parked: there was no task for them last time.
  idle BIGINT NOT NULL DEFAULT 0 CHECK (idle IN (0, 1, 2)),
  served_at BIGINT NOT NULL DEFAULT 0,
  -- Of an idle person (1, 2) the end of their hours, of one who rests (0) when they wait again; NULL where neither.
  push_changes_at BIGINT,
  -- Withheld from each payout for the authorities, in basis points; set by an admin.
  withholding BIGINT NOT NULL DEFAULT 0 CHECK (withholding BETWEEN 0 AND 5000),
  -- Erasure: first no offers any more, then all that names the person is emptied.
  leaving_at BIGINT,
  erased_at BIGINT,
  CHECK (idle = 0 OR (consented_at IS NOT NULL AND paused = 0 AND reachable = 1))
);
CREATE INDEX people_by_username ON people (lower(username));
CREATE INDEX people_waiting ON people (served_at, id) WHERE idle = 1;
CREATE INDEX people_parked ON people (served_at, id) WHERE idle = 2;
CREATE INDEX people_push_changes ON people (push_changes_at, served_at) WHERE push_changes_at IS NOT NULL;
CREATE INDEX people_leaving ON people (leaving_at) WHERE leaving_at IS NOT NULL AND erased_at IS NULL;

-- A worker's settings. Without a row: every day from 8 to 22, as tasks come, of every kind.
CREATE TABLE preferences (
  person BIGINT PRIMARY KEY REFERENCES people (id),
  days BIGINT NOT NULL CHECK (days BETWEEN 1 AND 127),
  begin_hour BIGINT NOT NULL CHECK (begin_hour BETWEEN 0 AND 23),
  end_hour BIGINT NOT NULL CHECK (end_hour BETWEEN 0 AND 23),
  zone TEXT NOT NULL,
  gap BIGINT NOT NULL CHECK (gap >= 0),
  goal_tasks BIGINT NOT NULL CHECK (goal_tasks >= 0),
  goal_money BIGINT NOT NULL CHECK (goal_money >= 0),
  currency TEXT NOT NULL,
  unwanted TEXT NOT NULL,
  languages TEXT NOT NULL,
  pushed_at BIGINT NOT NULL,
  reached_on BIGINT NOT NULL,
  CHECK (goal_tasks = 0 OR goal_money = 0)
);

-- A conversation under way: what was said so far, one each.
CREATE TABLE drafts (
  person BIGINT PRIMARY KEY REFERENCES people (id),
  journey TEXT NOT NULL,
  data TEXT NOT NULL,
  updated_at BIGINT NOT NULL
);

-- API keys of requesters: the hash of each, and its last characters so that its owner recognises it.
CREATE TABLE api_keys (
  person BIGINT NOT NULL REFERENCES people (id),
  number BIGINT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  hint TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  revoked_at BIGINT,
  PRIMARY KEY (person, number)
);

-- Who did what. Triggers: audit_* (append-only).
CREATE TABLE audit (
  id BIGSERIAL PRIMARY KEY,
  actor BIGINT REFERENCES people (id),
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  facts TEXT NOT NULL,
  at BIGINT NOT NULL
);

-- Erased people by a keyed hash (`trace`) of their Telegram id, so that leaving does not end restrictions or repeat
-- tasks. `person` is the nameless row that these belong to.
CREATE TABLE remembered (
  person BIGINT PRIMARY KEY REFERENCES people (id),
  trace TEXT NOT NULL
);
CREATE INDEX remembered_by_trace ON remembered (trace);

-- projects --------------------------------------------------------------------------------------

-- What a requester asks for. Triggers: projects_only_up (pay never falls once launched).
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
  -- How long an answer takes by the requester's word.
  seconds BIGINT CHECK (seconds >= 1),
  purpose TEXT NOT NULL,
  languages TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'running', 'stopped', 'complete')),
  -- Why nothing of a running project is offered now: reasons, joined by spaces; empty where it is offered.
  paused TEXT NOT NULL DEFAULT '',
  -- 1 while its first file is still being written: hidden until all of it is there.
  arriving BIGINT NOT NULL DEFAULT 0 CHECK (arriving IN (0, 1)),
  created_at BIGINT NOT NULL,
  launched_at BIGINT,
  ended_at BIGINT,
  CHECK (max_overlap >= overlap),
  CHECK ((state = 'draft') = (launched_at IS NULL))
);
CREATE INDEX projects_by_requester ON projects (requester, id);
CREATE INDEX projects_running ON projects (launched_at, id) WHERE state = 'running';

-- Tasks imported together from one file. A fingerprint makes the same file recognised when it is sent twice.
CREATE TABLE batches (
  id BIGSERIAL PRIMARY KEY,
  project BIGINT NOT NULL REFERENCES projects (id),
  requester BIGINT NOT NULL REFERENCES people (id),
  fingerprint TEXT NOT NULL,
  file_name TEXT NOT NULL,
  -- The message the file came with, in its sender's chat: an edited caption is about this draft.
  message BIGINT,
  -- How many rows the file has, the position of its first, how many are written, and their size in bytes of JSON.
  tasks BIGINT NOT NULL,
  start BIGINT NOT NULL DEFAULT 1 CHECK (start >= 1),
  staged BIGINT NOT NULL DEFAULT 0 CHECK (staged >= 0 AND staged <= tasks),
  bytes BIGINT NOT NULL DEFAULT 0 CHECK (bytes >= 0),
  -- Its ordinary tasks, its gold, all answers that can be wanted; once launched, as each task was opened.
  ordinary BIGINT NOT NULL DEFAULT 0 CHECK (ordinary >= 0),
  gold BIGINT NOT NULL DEFAULT 0 CHECK (gold >= 0),
  asked BIGINT NOT NULL DEFAULT 0 CHECK (asked >= 0),
  -- 1 while rows are being written; `imported_at` is then the moment of the last step.
  arriving BIGINT NOT NULL DEFAULT 0 CHECK (arriving IN (0, 1)),
  launched BIGINT NOT NULL DEFAULT 0 CHECK (launched IN (0, 1)),
  imported_at BIGINT NOT NULL,
  UNIQUE (requester, fingerprint)
);
CREATE INDEX batches_by_project ON batches (project, id);
CREATE INDEX batches_by_message ON batches (requester, message) WHERE message IS NOT NULL;
CREATE INDEX batches_arriving ON batches (imported_at) WHERE arriving = 1;
CREATE INDEX batches_unlaunched ON batches (requester) WHERE launched = 0;
CREATE INDEX batches_old ON batches (imported_at) WHERE launched = 0 AND arriving = 0;

-- One item to be answered. Triggers: tasks_tally (notes what moves the project's counts).
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
  -- The overlap before it became gold in chat: restored when that gold is overturned.
  asked BIGINT,
  state TEXT NOT NULL CHECK (state IN ('draft', 'open', 'closed', 'stopped')),
  received BIGINT NOT NULL DEFAULT 0 CHECK (received >= 0),
  -- By all answers of the project, at its end.
  consensus TEXT,
  confidence DOUBLE PRECISION,
  -- By the live engine, while it is asked.
  live TEXT,
  live_confidence DOUBLE PRECISION,
  scores TEXT,
  UNIQUE (project, position),
  UNIQUE (project, key)
);
CREATE INDEX tasks_unfinished ON tasks (project) WHERE state = 'open' AND gold IS NULL;
CREATE INDEX tasks_gold ON tasks (project) WHERE gold IS NOT NULL;

-- Each raise of a project's pay. Answers up to `after_submission` were paid what was before, or what an earlier raise
-- says; `held` was added to the budget. Triggers: pay_raises_* (append-only).
CREATE TABLE pay_raises (
  project BIGINT NOT NULL REFERENCES projects (id),
  number BIGINT NOT NULL CHECK (number >= 1),
  pay_before BIGINT NOT NULL,
  fee_before BIGINT NOT NULL,
  pay BIGINT NOT NULL CHECK (pay > pay_before),
  fee BIGINT NOT NULL CHECK (fee >= fee_before),
  held BIGINT NOT NULL CHECK (held >= 0),
  after_submission BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (project, number)
);

-- A launch or an end of many tasks, or many workers to be told: done up to `position`, a few at a time.
CREATE TABLE bulk_updates (
  project BIGINT NOT NULL REFERENCES projects (id),
  work TEXT NOT NULL CHECK (work IN ('open', 'close', 'wake')),
  position BIGINT NOT NULL,
  last BIGINT NOT NULL,
  served_at BIGINT NOT NULL DEFAULT -1,
  PRIMARY KEY (project, work)
);

-- A project's counts up to a moment; what moved since is read beside them, so that no answer writes here.
CREATE TABLE progress_counts (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  tasks BIGINT NOT NULL DEFAULT 0,
  gold BIGINT NOT NULL DEFAULT 0,
  closed BIGINT NOT NULL DEFAULT 0,
  begun BIGINT NOT NULL DEFAULT 0,
  answers BIGINT NOT NULL DEFAULT 0,
  workers BIGINT NOT NULL DEFAULT 0,
  gold_seen BIGINT NOT NULL DEFAULT 0,
  gold_right BIGINT NOT NULL DEFAULT 0
);

-- Tasks that closed, opened again, became gold or ceased to be gold, not counted yet. Written by tasks_tally.
CREATE TABLE progress_moves (
  id BIGSERIAL PRIMARY KEY,
  project BIGINT NOT NULL,
  tasks BIGINT NOT NULL,
  gold BIGINT NOT NULL,
  closed BIGINT NOT NULL
);
CREATE INDEX progress_moves_by_project ON progress_moves (project);

-- The last submission that the counts include.
CREATE TABLE progress_counted (
  name TEXT PRIMARY KEY,
  up_to BIGINT NOT NULL
);
INSERT INTO progress_counted (name, up_to) VALUES ('submissions', 0);

-- work ------------------------------------------------------------------------------------------

-- What can be given out now: a row leaves when its last place is taken or its task closes.
CREATE TABLE openings (
  project BIGINT NOT NULL,
  gold BIGINT NOT NULL CHECK (gold IN (0, 1)),
  position BIGINT NOT NULL,
  task BIGINT NOT NULL UNIQUE,
  free BIGINT NOT NULL CHECK (free > 0),
  -- The number under which its place came back (`returned_places`); 0 where it has been there since its launch.
  back BIGINT NOT NULL DEFAULT 0 CHECK (back >= 0),
  PRIMARY KEY (project, gold, position)
);
CREATE INDEX openings_back ON openings (project, gold, back) WHERE back > 0;

-- Numbers the places that come back. The newest row stays, so that no number is used twice: a backup holds rows, not
-- sequences. The first row is no place.
CREATE TABLE returned_places (
  id BIGSERIAL PRIMARY KEY,
  task BIGINT NOT NULL
);
INSERT INTO returned_places (id, task) VALUES (1, 0);

-- One worker in one project.
CREATE TABLE enrolments (
  worker BIGINT NOT NULL REFERENCES people (id),
  project BIGINT NOT NULL REFERENCES projects (id),
  consented_at BIGINT,
  declined BIGINT NOT NULL DEFAULT 0 CHECK (declined IN (0, 1)),
  -- Consent was taken back: the answers leave every export.
  withdrawn_at BIGINT,
  qualified BIGINT NOT NULL DEFAULT 0 CHECK (qualified IN (0, 1)),
  -- How far this worker has looked, by position and by number of return, at ordinary tasks and at gold.
  cursor BIGINT NOT NULL DEFAULT 0,
  gold_cursor BIGINT NOT NULL DEFAULT 0,
  back BIGINT NOT NULL DEFAULT 0,
  gold_back BIGINT NOT NULL DEFAULT 0,
  answered BIGINT NOT NULL DEFAULT 0,
  gold_seen BIGINT NOT NULL DEFAULT 0,
  gold_right BIGINT NOT NULL DEFAULT 0 CHECK (gold_right <= gold_seen),
  -- What one answer tells, as a share of the project's average; NULL before the first refit.
  worth DOUBLE PRECISION CHECK (worth >= 0),
  -- 0 asked like everybody, 1 later: by the answers here, 2 later: by other projects, until answers here tell.
  later BIGINT NOT NULL DEFAULT 0 CHECK (later IN (0, 1, 2)),
  -- How closely the worker is checked: 1 gets more gold, 2 gets no pushes either.
  watch BIGINT NOT NULL DEFAULT 0 CHECK (watch IN (0, 1, 2)),
  restricted_until BIGINT,
  -- The last assignment before it was known that the worker shares a bank account with the project's requester.
  barred BIGINT,
  PRIMARY KEY (worker, project)
);
CREATE INDEX enrolments_by_project ON enrolments (project);
CREATE INDEX enrolments_later ON enrolments (project, worker) WHERE later > 0;

-- One task given to one worker until a deadline.
CREATE TABLE assignments (
  id BIGSERIAL PRIMARY KEY,
  project BIGINT NOT NULL REFERENCES projects (id),
  task BIGINT NOT NULL REFERENCES tasks (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  state TEXT NOT NULL CHECK (state IN ('active', 'submitted', 'skipped', 'expired', 'returned')),
  -- 1 where the task was pushed: the time it lay there does not measure the work.
  pushed BIGINT NOT NULL DEFAULT 0 CHECK (pushed IN (0, 1)),
  -- Options pressed so far, as numbers, where an answer takes several presses.
  draft TEXT,
  offered_at BIGINT NOT NULL,
  deadline BIGINT NOT NULL CHECK (deadline > offered_at),
  UNIQUE (task, worker)
);
CREATE UNIQUE INDEX assignments_one_active ON assignments (worker) WHERE state = 'active';
CREATE INDEX assignments_due ON assignments (deadline) WHERE state = 'active';
CREATE INDEX assignments_live ON assignments (project) WHERE state = 'active';
CREATE INDEX assignments_expired ON assignments (worker, id) WHERE state = 'expired';

-- What a worker handed in for an assignment.
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
  pay BIGINT NOT NULL DEFAULT 0 CHECK (pay >= 0),
  fee BIGINT NOT NULL DEFAULT 0 CHECK (fee >= 0),
  -- When silence pays; NULL once decided.
  held_until BIGINT,
  -- The project's window it was measured in (`topups`): 1, 2, …; 0 before the floor was set; NULL not yet.
  measured_in BIGINT CHECK (measured_in >= 0),
  submitted_at BIGINT NOT NULL,
  UNIQUE (task, worker)
);
CREATE INDEX submissions_by_project ON submissions (project, id);
CREATE INDEX submissions_by_worker ON submissions (worker, id);
CREATE INDEX submissions_held ON submissions (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX submissions_undecided ON submissions (project, id) WHERE held_until IS NOT NULL;
CREATE INDEX submissions_missed ON submissions (project, task) WHERE gold = 0;
CREATE INDEX submissions_unmeasured ON submissions (project, id) WHERE measured_in IS NULL;
CREATE INDEX submissions_measured ON submissions (project, measured_in) WHERE measured_in > 0;

-- Photos and voice messages that answer a task: each counts once in a project, and one of an album, the first to come.
CREATE TABLE answer_files (
  project BIGINT NOT NULL REFERENCES projects (id),
  unique_id TEXT NOT NULL,
  worker BIGINT NOT NULL REFERENCES people (id),
  assignment BIGINT NOT NULL UNIQUE REFERENCES assignments (id),
  file_id TEXT NOT NULL,
  album TEXT,
  PRIMARY KEY (project, unique_id)
);
CREATE UNIQUE INDEX answer_files_one_an_album ON answer_files (worker, album) WHERE album IS NOT NULL;

-- What an answer had been, each time it was replaced within its minute. A missed gold answer is never replaced.
-- Triggers: corrections_* (append-only, but words may be erased).
CREATE TABLE corrections (
  submission BIGINT NOT NULL REFERENCES submissions (id),
  number BIGINT NOT NULL CHECK (number >= 1),
  answer TEXT,
  gold BIGINT CHECK (gold = 1),
  made_at BIGINT NOT NULL,
  PRIMARY KEY (submission, number)
);
CREATE INDEX corrections_made ON corrections (made_at);

-- The answer a worker is choosing anew, one each. `message` shows it; `draft` is what was pressed so far.
CREATE TABLE open_corrections (
  worker BIGINT PRIMARY KEY REFERENCES people (id),
  submission BIGINT NOT NULL REFERENCES submissions (id),
  opened_at BIGINT NOT NULL,
  message BIGINT,
  draft TEXT
);

-- Young answers that their requester was shown to decide about: they stay as they were seen.
CREATE TABLE shown_for_review (
  submission BIGINT PRIMARY KEY REFERENCES submissions (id),
  at BIGINT NOT NULL
);

-- Tasks whose message Telegram refused, or whose picture it could not load. `linked`: shown all the same, with a link
-- in the picture's place. `seen`: its requester has decided about it.
CREATE TABLE undelivered (
  task BIGINT PRIMARY KEY REFERENCES tasks (id),
  project BIGINT NOT NULL REFERENCES projects (id),
  linked BIGINT NOT NULL CHECK (linked IN (0, 1)),
  seen BIGINT NOT NULL DEFAULT 0 CHECK (seen IN (0, 1)),
  noted_at BIGINT NOT NULL
);
CREATE INDEX undelivered_of ON undelivered (project);

-- quality ---------------------------------------------------------------------------------------

-- The model of a project's last refit, and how much it had read.
CREATE TABLE project_models (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  model TEXT NOT NULL,
  answers BIGINT NOT NULL,
  last_submission BIGINT NOT NULL,
  fitted_at BIGINT NOT NULL
);

-- The model of one worker in one project, by its last refit.
CREATE TABLE worker_models (
  project BIGINT NOT NULL REFERENCES projects (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  model TEXT NOT NULL,
  PRIMARY KEY (project, worker)
);

-- Tasks whose consensus held words or places of an erased person: emptied at once, aggregated again without them.
CREATE TABLE redraws (task BIGINT PRIMARY KEY REFERENCES tasks (id));

-- Tasks whose requester declined to make gold of what everybody answered.
CREATE TABLE gold_refusals (
  task BIGINT PRIMARY KEY REFERENCES tasks (id),
  refused_at BIGINT NOT NULL
);

-- Challenged gold: whether its answer is right is asked of its requester until a date. Quarantined gold counts for
-- nobody.
CREATE TABLE gold_challenges (
  id BIGSERIAL PRIMARY KEY,
  project BIGINT NOT NULL REFERENCES projects (id),
  task BIGINT NOT NULL REFERENCES tasks (id),
  gold TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'kept', 'overturned')),
  quarantined BIGINT NOT NULL DEFAULT 0 CHECK (quarantined IN (0, 1)),
  opened_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL CHECK (due_at > opened_at),
  decided_at BIGINT,
  decided_by BIGINT REFERENCES people (id),
  CHECK ((state = 'open') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX gold_challenges_one_open ON gold_challenges (task) WHERE state = 'open';
CREATE INDEX gold_challenges_due ON gold_challenges (due_at) WHERE state = 'open';
CREATE INDEX gold_challenges_by_task ON gold_challenges (task);

-- Which workers contest which challenged gold: each by the answer that missed it.
CREATE TABLE contests (
  submission BIGINT PRIMARY KEY REFERENCES submissions (id),
  challenge BIGINT NOT NULL REFERENCES gold_challenges (id),
  made_at BIGINT NOT NULL
);
CREATE INDEX contests_by_challenge ON contests (challenge);

-- What speaks against a worker in a project, one row a suspicion.
CREATE TABLE evidence (
  project BIGINT NOT NULL REFERENCES projects (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  suspicion TEXT NOT NULL,
  nats DOUBLE PRECISION NOT NULL,
  answers BIGINT NOT NULL,
  gold BIGINT NOT NULL,
  expected DOUBLE PRECISION NOT NULL,
  observed DOUBLE PRECISION NOT NULL,
  found_at BIGINT NOT NULL,
  PRIMARY KEY (worker, project, suspicion)
);
CREATE INDEX evidence_by_project ON evidence (project);

-- The last submission that a project's evidence was computed from.
CREATE TABLE examinations (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  last_submission BIGINT NOT NULL
);

-- No offers in one project until a date. `notice` is the key of the message that said so.
CREATE TABLE restrictions (
  id BIGSERIAL PRIMARY KEY,
  worker BIGINT NOT NULL REFERENCES people (id),
  project BIGINT NOT NULL REFERENCES projects (id),
  reason TEXT NOT NULL,
  evidence TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('standing', 'lifted', 'ended')),
  imposed_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL CHECK (ends_at > imposed_at),
  notice TEXT NOT NULL,
  appeal_until BIGINT NOT NULL,
  appeal TEXT CHECK (appeal IN ('open', 'granted', 'refused')),
  appealed_at BIGINT,
  appeal_due BIGINT,
  decided_at BIGINT,
  decided_by BIGINT REFERENCES people (id),
  CHECK ((appeal IS NULL) = (appealed_at IS NULL)),
  CHECK ((appeal IS NULL) = (appeal_due IS NULL))
);
CREATE UNIQUE INDEX restrictions_one_standing ON restrictions (worker, project) WHERE state = 'standing';
CREATE INDEX restrictions_ending ON restrictions (ends_at) WHERE state = 'standing';
CREATE INDEX restrictions_appealed ON restrictions (appeal_due) WHERE appeal = 'open';

-- money -----------------------------------------------------------------------------------------

-- An account is a name in a currency. Triggers: accounts_* (its balance moves by one entry at a time; it is never
-- deleted, and its name changes once at most, to one that names nobody).
CREATE TABLE accounts (
  id BIGSERIAL PRIMARY KEY,
  name TEXT NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  balance BIGINT NOT NULL DEFAULT 0,
  version BIGINT NOT NULL DEFAULT 0,
  overdraft BIGINT NOT NULL DEFAULT 0 CHECK (overdraft IN (0, 1)),
  CHECK (balance >= 0 OR overdraft = 1),
  CHECK (overdraft = 0 OR name LIKE 'external:%'),
  UNIQUE (name, currency),
  UNIQUE (id, currency)
);

-- A positive amount moved from one account to another. `digest` is the SHA-256 of what was asked under `key`
-- (Transfer.digest in domain/money/ledger.py). Triggers: transfers_* (append-only; transfers_post writes the entries).
CREATE TABLE transfers (
  id BIGSERIAL PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  digest TEXT NOT NULL DEFAULT '',
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

-- Two a transfer, each with the balance after it. Triggers: entries_* (append-only; only transfers_post writes them).
CREATE TABLE entries (
  account BIGINT NOT NULL REFERENCES accounts (id),
  version BIGINT NOT NULL CHECK (version >= 1),
  transfer BIGINT NOT NULL REFERENCES transfers (id),
  amount BIGINT NOT NULL CHECK (amount <> 0),
  balance BIGINT NOT NULL,
  PRIMARY KEY (account, version)
);
CREATE UNIQUE INDEX entries_by_transfer ON entries (transfer, account);

-- The hash chain: each hash covers the one before it and one transfer with its two entries
-- (storage/money/hash_chain.py). Triggers: hash_chain_* (append-only, each follows the last).
CREATE TABLE hash_chain (
  position BIGINT PRIMARY KEY CHECK (position >= 1),
  transfer BIGINT NOT NULL UNIQUE REFERENCES transfers (id),
  hash TEXT NOT NULL CHECK (length(hash) = 64)
);

-- Where the chain stood at the end of a day (UTC): what others may keep, and compare with later.
-- Triggers: chain_heads_* (append-only, one a day).
CREATE TABLE chain_heads (
  day TEXT PRIMARY KEY CHECK (length(day) = 10),
  position BIGINT NOT NULL REFERENCES hash_chain (position),
  hash TEXT NOT NULL
);

-- What a launch promised: the floor per hour, the expected milliseconds of one submission, and of these the part
-- (`base`) that stands by the estimate or the requester's word alone. `waiting` submissions are not measured yet.
CREATE TABLE floors (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  floor BIGINT NOT NULL CHECK (floor > 0),
  expected BIGINT NOT NULL CHECK (expected > 0),
  base BIGINT NOT NULL DEFAULT 1 CHECK (base >= 1),
  windows BIGINT NOT NULL DEFAULT 0 CHECK (windows >= 0),
  waiting BIGINT NOT NULL DEFAULT 0 CHECK (waiting >= 0)
);
CREATE INDEX floors_waiting ON floors (project) WHERE waiting > 0;

-- A window's measure against what was promised: how long one submission took, what each is owed on top, and was paid.
-- `whole` 0 is what was left when the project ended, measured together with the answers before it.
CREATE TABLE topups (
  project BIGINT NOT NULL REFERENCES projects (id),
  number BIGINT NOT NULL CHECK (number >= 1),
  submissions BIGINT NOT NULL CHECK (submissions >= 0),
  workers BIGINT NOT NULL CHECK (workers >= 0),
  milliseconds BIGINT NOT NULL CHECK (milliseconds >= 0),
  floor BIGINT NOT NULL CHECK (floor > 0),
  expected BIGINT NOT NULL CHECK (expected > 0),
  whole BIGINT NOT NULL CHECK (whole IN (0, 1)),
  each_owed BIGINT NOT NULL CHECK (each_owed >= 0),
  each_paid BIGINT NOT NULL DEFAULT 0 CHECK (each_paid >= 0 AND each_paid <= each_owed),
  measured_at BIGINT NOT NULL,
  PRIMARY KEY (project, number),
  CHECK (submissions > 0 OR each_owed = 0)
);
CREATE INDEX topups_owed ON topups (project, number) WHERE each_paid < each_owed;

-- Bank accounts of workers: the one place where an IBAN is kept. Another account is another row, so that payouts go on
-- naming the one they were asked for.
CREATE TABLE payees (
  id BIGSERIAL PRIMARY KEY,
  person BIGINT NOT NULL REFERENCES people (id),
  iban TEXT NOT NULL,
  holder TEXT NOT NULL,
  -- The IBAN under a key of this installation: equal for equal accounts, and of no use elsewhere.
  fingerprint TEXT NOT NULL,
  given_at BIGINT NOT NULL,
  usable_at BIGINT NOT NULL,
  -- Given up for another one before it was ever used.
  replaced_at BIGINT,
  CHECK (usable_at >= given_at)
);
CREATE INDEX payees_by_person ON payees (person, id);
CREATE INDEX payees_by_account ON payees (fingerprint);

-- Two people with one bank account, both ways round. `after_assignment` is the last assignment before that was known.
CREATE TABLE payee_mates (
  person BIGINT NOT NULL REFERENCES people (id),
  mate BIGINT NOT NULL REFERENCES people (id),
  after_assignment BIGINT NOT NULL,
  known_at BIGINT NOT NULL,
  PRIMARY KEY (person, mate),
  CHECK (person <> mate)
);

-- Bank files that were made, each with the account it pays from.
CREATE TABLE bank_files (
  id BIGSERIAL PRIMARY KEY,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  payer_name TEXT NOT NULL CHECK (payer_name <> ''),
  payer_iban TEXT NOT NULL CHECK (payer_iban <> ''),
  payer_bic TEXT NOT NULL CHECK (payer_bic <> ''),
  made_by BIGINT NOT NULL REFERENCES people (id),
  made_at BIGINT NOT NULL
);

-- Money leaving to a worker's bank. Triggers: payouts_* (amounts, payee and bank file stay; failed is the end, and
-- after paid only failed may come).
CREATE TABLE payouts (
  id BIGSERIAL PRIMARY KEY,
  worker BIGINT NOT NULL REFERENCES people (id),
  -- Which of this worker's payouts it is: a button pressed twice asks for one.
  number BIGINT NOT NULL CHECK (number >= 1),
  payee BIGINT NOT NULL REFERENCES payees (id),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  gross BIGINT NOT NULL CHECK (gross > 0),
  withheld BIGINT NOT NULL CHECK (withheld >= 0),
  fee BIGINT NOT NULL DEFAULT 0 CHECK (fee >= 0),
  net BIGINT NOT NULL CHECK (net > 0 AND net % 10000 = 0),
  state TEXT NOT NULL CHECK (state IN ('requested', 'sent', 'paid', 'failed', 'unknown')),
  -- Set once: what went into a bank file never goes into another.
  file BIGINT REFERENCES bank_files (id),
  reason TEXT NOT NULL DEFAULT '',
  requested_at BIGINT NOT NULL,
  decided_at BIGINT,
  CHECK (gross = net + withheld + fee),
  CHECK ((state = 'requested') = (file IS NULL)),
  CHECK ((state IN ('paid', 'failed')) = (decided_at IS NOT NULL)),
  CHECK (state <> 'failed' OR reason <> ''),
  UNIQUE (worker, number)
);
CREATE INDEX payouts_requested ON payouts (currency, id) WHERE state = 'requested';
CREATE INDEX payouts_by_file ON payouts (file, id) WHERE file IS NOT NULL;
CREATE INDEX payouts_open ON payouts (file) WHERE state IN ('sent', 'unknown');

-- fairness --------------------------------------------------------------------------------------

-- A requester's no, with the line of the instructions it cites. Triggers: rejections_* (what was said stays).
CREATE TABLE rejections (
  submission BIGINT PRIMARY KEY REFERENCES submissions (id),
  project BIGINT NOT NULL REFERENCES projects (id),
  line BIGINT NOT NULL CHECK (line >= 1),
  clause TEXT NOT NULL CHECK (length(clause) > 0),
  reason TEXT NOT NULL CHECK (length(reason) >= 15 AND length(reason) <= 500),
  state TEXT NOT NULL CHECK (state IN ('standing', 'appealed', 'overturned', 'final')),
  -- What its requester set aside for judges.
  staked BIGINT NOT NULL DEFAULT 0 CHECK (staked >= 0),
  notice TEXT NOT NULL,
  rejected_by BIGINT NOT NULL REFERENCES people (id),
  rejected_at BIGINT NOT NULL,
  appeal_until BIGINT NOT NULL CHECK (appeal_until > rejected_at),
  decided_at BIGINT,
  CHECK ((state IN ('standing', 'appealed')) = (decided_at IS NULL))
);
CREATE INDEX rejections_by_project ON rejections (project);
CREATE INDEX rejections_closing ON rejections (appeal_until) WHERE state = 'standing';
CREATE INDEX rejections_undecided ON rejections (project) WHERE state IN ('standing', 'appealed');

-- A worker's challenge of a rejection. `places` are judges still to be found; `funded` 1 once their pay was set aside.
CREATE TABLE appeals (
  id BIGSERIAL PRIMARY KEY,
  submission BIGINT NOT NULL UNIQUE REFERENCES rejections (submission),
  words TEXT,
  state TEXT NOT NULL CHECK (state IN ('open', 'won', 'lost')),
  funded BIGINT NOT NULL CHECK (funded IN (0, 1)),
  places BIGINT NOT NULL CHECK (places >= 0),
  -- What the fees gave back to a requester who was right.
  given_back BIGINT NOT NULL DEFAULT 0 CHECK (given_back >= 0),
  -- The admin who decided where there were too few judges.
  ruled_by BIGINT REFERENCES people (id),
  opened_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL CHECK (due_at > opened_at),
  decided_at BIGINT,
  CHECK ((state = 'open') = (decided_at IS NULL))
);
CREATE INDEX appeals_waiting ON appeals (due_at) WHERE state = 'open';

-- The judges drawn for an appeal, in the order of the lot; `called` 1 once they may judge.
CREATE TABLE juries (
  appeal BIGINT NOT NULL REFERENCES appeals (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  seat BIGINT NOT NULL CHECK (seat >= 0),
  called BIGINT NOT NULL DEFAULT 0 CHECK (called IN (0, 1)),
  PRIMARY KEY (appeal, worker),
  UNIQUE (appeal, seat)
);
CREATE INDEX juries_by_worker ON juries (worker);
CREATE INDEX juries_uncalled ON juries (appeal, seat) WHERE called = 0;

-- An appeal in one judge's hands, and their verdict. Triggers: judgements_* (what was given stays).
CREATE TABLE judgements (
  appeal BIGINT NOT NULL REFERENCES appeals (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  state TEXT NOT NULL CHECK (state IN ('active', 'given', 'skipped', 'expired')),
  verdict TEXT CHECK (verdict IN ('worker', 'requester')),
  offered_at BIGINT NOT NULL,
  deadline BIGINT NOT NULL CHECK (deadline > offered_at),
  decided_at BIGINT,
  PRIMARY KEY (appeal, worker),
  CHECK ((state = 'given') = (verdict IS NOT NULL)),
  CHECK ((state = 'given') = (decided_at IS NOT NULL))
);
CREATE UNIQUE INDEX judgements_one_active ON judgements (worker) WHERE state = 'active';

-- Projects that rejected too much: the counts then, and what a human said. What was looked at is not counted again.
CREATE TABLE pauses (
  id BIGSERIAL PRIMARY KEY,
  project BIGINT NOT NULL REFERENCES projects (id),
  rejected BIGINT NOT NULL,
  decided BIGINT NOT NULL,
  paused_at BIGINT NOT NULL,
  outcome TEXT CHECK (outcome IN ('resumed', 'stopped')),
  ended_at BIGINT,
  ended_by BIGINT REFERENCES people (id),
  CHECK ((outcome IS NULL) = (ended_at IS NULL)),
  CHECK ((outcome IS NULL) = (ended_by IS NULL))
);
CREATE UNIQUE INDEX pauses_one_open ON pauses (project) WHERE outcome IS NULL;
CREATE INDEX pauses_by_project ON pauses (project, id);

-- Public figures, kept for as long as computing them is worth: that took `took` milliseconds.
CREATE TABLE figures (
  name TEXT PRIMARY KEY,
  facts TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  took BIGINT NOT NULL CHECK (took >= 0)
);

-- boxes -----------------------------------------------------------------------------------------

-- Updates from Telegram, stored before they are acknowledged.
CREATE TABLE inbox (
  update_id BIGINT PRIMARY KEY,
  person BIGINT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'ignored', 'dead')),
  -- The process that handles it.
  holder TEXT NOT NULL DEFAULT 'nobody',
  tries BIGINT NOT NULL DEFAULT 0,
  -- How often a process ended while this update was under way.
  begun BIGINT NOT NULL DEFAULT 0 CHECK (begun >= 0),
  reason TEXT,
  received_at BIGINT NOT NULL,
  ended_at BIGINT,
  CHECK ((state = 'waiting') = (ended_at IS NULL))
);
CREATE INDEX inbox_held ON inbox (holder, update_id) WHERE state = 'waiting';
CREATE INDEX inbox_lane ON inbox (person, update_id) WHERE state = 'waiting';
CREATE INDEX inbox_ended ON inbox (ended_at) WHERE state <> 'waiting';

-- Which updates were received: runs of numbers without a gap, a new one every day. Telegram forgets what was
-- confirmed to it, so the inbox must have all of them.
CREATE TABLE received_updates (
  first_update BIGINT PRIMARY KEY,
  last_update BIGINT NOT NULL CHECK (last_update >= first_update),
  started_at BIGINT NOT NULL
);
CREATE INDEX received_updates_by_last ON received_updates (last_update);

-- Messages to people, committed with the state they speak of. `facts` is emptied once a message has ended.
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
  -- 1: arrives without a sound, outside its reader's hours and not in answer to what they did.
  quiet BIGINT NOT NULL DEFAULT 0 CHECK (quiet IN (0, 1)),
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
CREATE INDEX outbox_by_assignment ON outbox (assignment) WHERE assignment IS NOT NULL;
CREATE UNIQUE INDEX outbox_one_live ON outbox (person, live) WHERE state = 'waiting' AND live IS NOT NULL;
-- What waits for one person: said once, however often it is asked for in a burst.
CREATE INDEX outbox_said ON outbox (person, screen)
  WHERE state = 'waiting' AND key IS NULL AND live IS NULL AND edits IS NULL;
CREATE INDEX outbox_edits ON outbox (person, edits) WHERE state = 'waiting' AND edits IS NOT NULL;

-- A message that is edited in place: which one it is in this person's chat.
CREATE TABLE live_messages (
  person BIGINT NOT NULL REFERENCES people (id),
  name TEXT NOT NULL,
  message_id BIGINT NOT NULL,
  told BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (person, name)
);
CREATE INDEX live_messages_watched ON live_messages (person, name) WHERE name LIKE 'project:%';

-- Pictures and files that Telegram has already, sent again by their id. `content` is a hash, of bytes or of an address.
CREATE TABLE uploaded_files (
  content TEXT PRIMARY KEY,
  file_id TEXT NOT NULL,
  uploaded_at BIGINT NOT NULL
);
CREATE INDEX uploaded_files_old ON uploaded_files (uploaded_at);

-- cluster ---------------------------------------------------------------------------------------

-- Which process has which role, until when.
CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  until BIGINT NOT NULL
);
