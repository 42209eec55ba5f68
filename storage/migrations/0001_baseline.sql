-- The schema of release 1.0.0, by area. Written as PostgreSQL; storage/drivers/sqlite.py turns its three types into
-- SQLite's. Moments are milliseconds since 1970 in UTC, amounts are millionths, flags are 0 or 1. Triggers are in
-- 0001_baseline.sqlite.sql and 0001_baseline.postgresql.sql, in the words of each database.

-- installation -----------------------------------------------------------------------------------

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

-- people -----------------------------------------------------------------------------------------

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
  -- Whom an admin has taken the requester's role from: they have none either where everybody else may open projects.
  barred BIGINT NOT NULL DEFAULT 0 CHECK (barred IN (0, 1)),
  -- Which version of the house's terms somebody agreed to, and which version of a project's card; NULL before versions
  -- were noted.
  terms TEXT,
  -- 1 while a stop of theirs is in force: no tasks, no projects; their money stays theirs.
  suspended BIGINT NOT NULL DEFAULT 0 CHECK (suspended IN (0, 1)),
  -- The team that a person acts for; NULL for themselves.
  acts_for BIGINT REFERENCES people (id),
  -- The running project an invitation leads to, until the person's next task was looked for there: it comes with their
  -- next answer, whatever they are at.
  called_to BIGINT,
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
  -- Session mode: 1 where the message of an answered task becomes the next one.
  in_place BIGINT NOT NULL DEFAULT 0 CHECK (in_place IN (0, 1)),
  -- The hour of the board's digest, -1 for none, and the moment the next one is due.
  board_hour BIGINT NOT NULL DEFAULT -1 CHECK (board_hour BETWEEN -1 AND 23),
  digest_at BIGINT NOT NULL DEFAULT 0,
  -- Whether somebody exchanges contacts at all.
  contacts BIGINT NOT NULL DEFAULT 1 CHECK (contacts IN (0, 1)),
  -- Two letters; empty: never asked, '-': asked and not told.
  country TEXT NOT NULL DEFAULT '',
  CHECK (goal_tasks = 0 OR goal_money = 0)
);
CREATE INDEX preferences_digest_waiting ON preferences (digest_at) WHERE board_hour >= 0;

-- A conversation under way: what was said so far, one each.
CREATE TABLE drafts (
  person BIGINT PRIMARY KEY REFERENCES people (id),
  journey TEXT NOT NULL,
  data TEXT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX drafts_by_journey ON drafts (journey, updated_at);

-- API keys of requesters: the hash of each, and its last characters so that its owner recognises it.
CREATE TABLE api_keys (
  person BIGINT NOT NULL REFERENCES people (id),
  number BIGINT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  hint TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  revoked_at BIGINT,
  -- What a key may do, what it may spend and has spent (millionths), when it was last used; and its Amazon pair: the
  -- id, and the secret, encrypted under SECRETS_KEY.
  scope TEXT NOT NULL DEFAULT 'spend',
  budget BIGINT,
  spent BIGINT NOT NULL DEFAULT 0,
  used_at BIGINT,
  access_id TEXT,
  sealed TEXT,
  -- The member who made a team's key.
  member BIGINT REFERENCES people (id),
  PRIMARY KEY (person, number)
);
CREATE UNIQUE INDEX api_keys_access_id ON api_keys (access_id);
CREATE INDEX api_keys_of_members ON api_keys (member) WHERE member IS NOT NULL;

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

-- Requests of programs that were done: the same Idempotency-Key answers the same, for ever.
CREATE TABLE api_requests (
  person BIGINT NOT NULL REFERENCES people (id),
  name TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  status BIGINT NOT NULL,
  answer TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (person, name)
);

-- Addresses that requesters want to be called at; the secret is encrypted under SECRETS_KEY. No kinds: all of them.
CREATE TABLE webhooks (
  person BIGINT NOT NULL REFERENCES people (id),
  number BIGINT NOT NULL,
  url TEXT NOT NULL,
  kinds TEXT NOT NULL,
  sealed TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  removed_at BIGINT,
  PRIMARY KEY (person, number)
);
CREATE INDEX webhooks_working ON webhooks (person) WHERE removed_at IS NULL;

-- Calls: the same `name` however often one is tried. A call is given up at `until`.
CREATE TABLE webhook_calls (
  id BIGSERIAL PRIMARY KEY,
  person BIGINT NOT NULL,
  number BIGINT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
  attempts BIGINT NOT NULL DEFAULT 0,
  made_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  until BIGINT NOT NULL,
  answer TEXT,
  FOREIGN KEY (person, number) REFERENCES webhooks (person, number)
);
CREATE INDEX webhook_calls_due ON webhook_calls (person, number, due_at) WHERE state = 'waiting';
CREATE INDEX webhook_calls_of ON webhook_calls (person, number, state, id);
CREATE INDEX webhook_calls_old ON webhook_calls (made_at) WHERE state <> 'waiting';

-- Workers to whom a requester offers nothing any more; the worker is told the reason.
CREATE TABLE worker_blocks (
  requester BIGINT NOT NULL REFERENCES people (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  reason TEXT NOT NULL,
  blocked_at BIGINT NOT NULL,
  PRIMARY KEY (requester, worker)
);
CREATE INDEX worker_blocks_of ON worker_blocks (worker);

-- What a requester may ask of workers: granted by hand, by themselves or by a test. No retry_seconds: asked for once.
CREATE TABLE qualification_types (
  id BIGSERIAL PRIMARY KEY,
  requester BIGINT NOT NULL REFERENCES people (id),
  name TEXT NOT NULL,
  plain TEXT NOT NULL,
  description TEXT NOT NULL,
  keywords TEXT NOT NULL DEFAULT '',
  active BIGINT NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  retry_seconds BIGINT CHECK (retry_seconds >= 0),
  test TEXT,
  test_seconds BIGINT CHECK (test_seconds > 0),
  answer_key TEXT,
  granted_by_itself BIGINT,
  made_at BIGINT NOT NULL,
  deleted_at BIGINT
);
CREATE UNIQUE INDEX qualification_types_named ON qualification_types (requester, plain) WHERE deleted_at IS NULL;
CREATE INDEX qualification_types_of ON qualification_types (requester, id) WHERE deleted_at IS NULL;

-- What a worker has, or had: `granted` 0 is revoked.
CREATE TABLE qualifications (
  type BIGINT NOT NULL REFERENCES qualification_types (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  value BIGINT NOT NULL,
  granted BIGINT NOT NULL DEFAULT 1 CHECK (granted IN (0, 1)),
  changed_at BIGINT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (type, worker)
);
CREATE INDEX qualifications_of ON qualifications (worker, type);

-- A worker is offered a qualification, takes its test, or waits for its requester: one open one of each type.
CREATE TABLE qualification_requests (
  id BIGSERIAL PRIMARY KEY,
  type BIGINT NOT NULL REFERENCES qualification_types (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  state TEXT NOT NULL CHECK (state IN ('offered', 'testing', 'waiting', 'granted', 'rejected', 'declined')),
  test TEXT,
  answers TEXT,
  made_at BIGINT NOT NULL,
  decided_at BIGINT,
  reason TEXT NOT NULL DEFAULT '',
  -- The key of a test as it was when the test was begun; one that is being taken keeps that of its type, if it is the
  -- same.
  answer_key TEXT
);
CREATE UNIQUE INDEX qualification_requests_open ON qualification_requests (type, worker)
WHERE state IN ('offered', 'testing', 'waiting');
CREATE INDEX qualification_requests_of ON qualification_requests (worker, type, id);
CREATE INDEX qualification_requests_waiting ON qualification_requests (type, id) WHERE state = 'waiting';

-- Screening questions: one of a text and its options, whoever asks it.
CREATE TABLE screening_questions (
  id BIGSERIAL PRIMARY KEY,
  words TEXT NOT NULL,
  options TEXT NOT NULL,
  plain TEXT NOT NULL UNIQUE,
  made_at BIGINT NOT NULL
);

-- What workers say of themselves, apart from all else: asked once; no answer is “rather not say”, or deleted.
CREATE TABLE screening_answers (
  worker BIGINT NOT NULL REFERENCES people (id),
  question BIGINT NOT NULL REFERENCES screening_questions (id),
  answer TEXT,
  asked_at BIGINT NOT NULL,
  answered_at BIGINT,
  PRIMARY KEY (worker, question),
  CHECK (answer IS NULL OR answered_at IS NOT NULL)
);

-- Organisations that ask for work together. A team is an account of its own, a row of people with a negative id: it has
-- projects and money, and no chat.
CREATE TABLE teams (
  id BIGINT PRIMARY KEY REFERENCES people (id) CHECK (id < 0),
  made_at BIGINT NOT NULL,
  closed_at BIGINT
);

-- Who acts for a team. `cap`: the most a member may set aside in a month; NULL is no limit.
CREATE TABLE team_members (
  team BIGINT NOT NULL REFERENCES teams (id),
  member BIGINT NOT NULL REFERENCES people (id) CHECK (member > 0),
  role TEXT NOT NULL CHECK (role IN ('owner', 'spender', 'viewer')),
  cap BIGINT CHECK (cap >= 0),
  currency TEXT NOT NULL,
  hears TEXT NOT NULL CHECK (hears IN ('all', 'own', 'none')),
  joined_at BIGINT NOT NULL,
  left_at BIGINT,
  PRIMARY KEY (team, member)
);
CREATE UNIQUE INDEX team_members_owner ON team_members (team) WHERE role = 'owner' AND left_at IS NULL;
CREATE INDEX team_members_of ON team_members (member, team);

-- Links that make one person each a member; the token is kept as its hash.
CREATE TABLE team_invitations (
  id BIGSERIAL PRIMARY KEY,
  team BIGINT NOT NULL REFERENCES teams (id),
  hash TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('spender', 'viewer')),
  cap BIGINT CHECK (cap >= 0),
  currency TEXT NOT NULL,
  made_by BIGINT NOT NULL REFERENCES people (id),
  made_at BIGINT NOT NULL,
  until BIGINT NOT NULL,
  used_by BIGINT REFERENCES people (id),
  ended_at BIGINT
);
CREATE INDEX team_invitations_open ON team_invitations (team) WHERE used_by IS NULL AND ended_at IS NULL;
CREATE INDEX team_invitations_made ON team_invitations (made_by);
CREATE INDEX team_invitations_used ON team_invitations (used_by) WHERE used_by IS NOT NULL;

-- What members set aside of a team's money. `after` and `up_to` are versions of its account: the entries between them
-- are this amount. `cap` is the one it was measured against.
CREATE TABLE team_spending (
  id BIGSERIAL PRIMARY KEY,
  team BIGINT NOT NULL REFERENCES teams (id),
  member BIGINT NOT NULL REFERENCES people (id),
  month TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL,
  cap BIGINT,
  after BIGINT NOT NULL,
  up_to BIGINT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX team_spending_of ON team_spending (team, month, member);
CREATE INDEX team_spending_by_member ON team_spending (member);

-- People who are to have a qualification once they come and want it: a keyed hash of their @name or number at Telegram.
CREATE TABLE awaited_names (
  type BIGINT NOT NULL REFERENCES qualification_types (id),
  mark TEXT NOT NULL,
  value BIGINT NOT NULL,
  added_at BIGINT NOT NULL,
  PRIMARY KEY (type, mark)
);
CREATE INDEX awaited_names_of ON awaited_names (mark);

-- What a member has for a team beside the membership; it ends with it. Addresses they had called, in the team's name.
CREATE TABLE team_webhooks (
  team BIGINT NOT NULL REFERENCES teams (id),
  number BIGINT NOT NULL,
  member BIGINT NOT NULL REFERENCES people (id),
  PRIMARY KEY (team, number)
);
CREATE INDEX team_webhooks_by_member ON team_webhooks (member, team);

-- Who has switched the team's daily digest off.
CREATE TABLE team_undigested (
  team BIGINT NOT NULL REFERENCES teams (id),
  member BIGINT NOT NULL REFERENCES people (id),
  PRIMARY KEY (team, member)
);
CREATE INDEX team_undigested_by_member ON team_undigested (member);

-- Tests of qualifications whose attempt is paid, once a person: pay x places is set aside when the test is made.
CREATE TABLE paid_tests (
  type BIGINT PRIMARY KEY REFERENCES qualification_types (id),
  pay BIGINT NOT NULL CHECK (pay > 0),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  places BIGINT NOT NULL CHECK (places > 0),
  ended_at BIGINT
);

-- Who began one: the place is theirs, and paid once it is handed in.
CREATE TABLE test_attempts (
  type BIGINT NOT NULL REFERENCES paid_tests (type),
  worker BIGINT NOT NULL REFERENCES people (id),
  begun_at BIGINT NOT NULL,
  paid_at BIGINT,
  PRIMARY KEY (type, worker)
);
CREATE INDEX test_attempts_of ON test_attempts (worker);

-- projects ---------------------------------------------------------------------------------------

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
  -- The models of a project, in the order of its columns; and whether they may decide alone where gold has shown it
  -- safe.
  models TEXT NOT NULL DEFAULT '[]',
  ai_decides BIGINT NOT NULL DEFAULT 0 CHECK (ai_decides IN (0, 1)),
  -- What workers are warned of before their first task: kinds of content, as JSON.
  content TEXT NOT NULL DEFAULT '[]',
  -- Who is asked beside languages: conditions, as JSON.
  who TEXT NOT NULL DEFAULT '[]',
  -- Whether what is compared stands in another order for each worker. Projects from before keep theirs.
  shuffled BIGINT NOT NULL DEFAULT 0 CHECK (shuffled IN (0, 1)),
  -- What photos and voice messages are looked at for before they count: everything, where nothing is said.
  checks TEXT NOT NULL DEFAULT '[]',
  -- The newest version, and what stands beside its instructions: pictures, and worked examples.
  version BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1),
  pictures TEXT NOT NULL DEFAULT '[]',
  examples TEXT NOT NULL DEFAULT '[]',
  -- Whether a project's confidence is the one that is usual beside models, as its form named none. Which it was is no
  -- longer known of older projects: of those that have the usual one it is assumed, as before.
  usual_confidence BIGINT NOT NULL DEFAULT 0 CHECK (usual_confidence IN (0, 1)),
  CHECK (max_overlap >= overlap),
  CHECK ((state = 'draft') = (launched_at IS NULL))
);
CREATE INDEX projects_by_requester ON projects (requester, id);
CREATE INDEX projects_running ON projects (launched_at, id) WHERE state = 'running';
CREATE INDEX projects_content_running ON projects (launched_at, id) WHERE state = 'running' AND content <> '[]';
CREATE INDEX projects_who_running ON projects (launched_at, id) WHERE state = 'running' AND who <> '[]';

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
  -- A draft's file without a row of names that anybody would know: how it is found again where its first row is a task
  -- (JSON), so that it need not be sent again.
  first_row TEXT,
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
  -- Answers of models that come with the tasks: [[model, answer, confidence], …]; never shown to workers.
  ai TEXT,
  -- How many of a task's answers are counted in its scores: those that say something, were neither rejected nor taken
  -- back, and come from workers who are heard. Who was not heard is found again by the next refit.
  scored BIGINT NOT NULL DEFAULT 0 CHECK (scored >= 0),
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

-- Projects a sweep may have something to do for: `answers` counts what came since the row was made, and the sweep looks
-- when they are `check_at`. Whatever else may give it something to do sets `check_at` to 0. Work refit, evidence,
-- progress (the live message) and rest (money of an ended project that goes back).
CREATE TABLE changed_projects (
  work TEXT NOT NULL CHECK (work IN ('refit', 'evidence', 'progress', 'rest')),
  project BIGINT NOT NULL REFERENCES projects (id),
  answers BIGINT NOT NULL DEFAULT 0 CHECK (answers >= 0),
  check_at BIGINT NOT NULL DEFAULT 0 CHECK (check_at >= 0),
  PRIMARY KEY (work, project)
);
CREATE INDEX changed_projects_due ON changed_projects (work, project) WHERE answers >= check_at;

-- What happened in projects whose requester wants to be called, written with it; soon a call for each address.
CREATE TABLE webhook_events (
  id BIGSERIAL PRIMARY KEY,
  project BIGINT NOT NULL REFERENCES projects (id),
  kind TEXT NOT NULL,
  subject BIGINT NOT NULL
);

-- Links by which people come to a project; `opened` counts how often one was used.
CREATE TABLE invitations (
  token TEXT PRIMARY KEY,
  project BIGINT NOT NULL REFERENCES projects (id),
  made_at BIGINT NOT NULL,
  ended_at BIGINT,
  opened BIGINT NOT NULL DEFAULT 0 CHECK (opened >= 0)
);
CREATE INDEX invitations_by_project ON invitations (project);
CREATE UNIQUE INDEX invitations_open ON invitations (project) WHERE ended_at IS NULL;

-- Who came by one.
CREATE TABLE invited (
  worker BIGINT NOT NULL REFERENCES people (id),
  project BIGINT NOT NULL REFERENCES projects (id),
  token TEXT NOT NULL REFERENCES invitations (token),
  invited_at BIGINT NOT NULL,
  PRIMARY KEY (worker, project)
);
CREATE INDEX invited_by_project ON invited (project);

-- Media that came in a ZIP beside a table. `content` is the hash of the bytes with the end of the name; `body` is a
-- piece of them in Base64.
CREATE TABLE media (
  content TEXT NOT NULL,
  part BIGINT NOT NULL,
  body TEXT NOT NULL,
  stored_at BIGINT NOT NULL,
  PRIMARY KEY (content, part)
);
CREATE INDEX media_old ON media (stored_at) WHERE part = 0;

-- Which project shows them: until it has ended, or its draft is gone.
CREATE TABLE project_media (
  project BIGINT NOT NULL REFERENCES projects (id),
  content TEXT NOT NULL,
  size BIGINT NOT NULL,
  linked_at BIGINT NOT NULL,
  PRIMARY KEY (project, content)
);
CREATE INDEX project_media_content ON project_media (content);
CREATE INDEX project_media_old ON project_media (linked_at);

-- Projects of which a few tasks were launched first: up to which position, and when their requester was told of them.
CREATE TABLE pilots (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  last BIGINT NOT NULL,
  begun_at BIGINT NOT NULL,
  told_at BIGINT
);
CREATE INDEX pilots_waiting ON pilots (project) WHERE told_at IS NULL;

-- Launches that a program asked its owner for, because its key may not spend so much: decided by a button in the chat.
CREATE TABLE launch_requests (
  id BIGSERIAL PRIMARY KEY,
  person BIGINT NOT NULL REFERENCES people (id),
  api_key BIGINT NOT NULL,
  project BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  price BIGINT NOT NULL CHECK (price >= 0),
  asked_at BIGINT NOT NULL,
  until BIGINT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'launched', 'refused', 'replaced')),
  decided_at BIGINT,
  FOREIGN KEY (person, api_key) REFERENCES api_keys (person, number)
);
CREATE UNIQUE INDEX launch_requests_waiting ON launch_requests (project) WHERE state = 'waiting';
CREATE INDEX launch_requests_of ON launch_requests (person, asked_at);

-- What a requester has said of a project that is not made yet. Another question of the bot's does not take its place.
CREATE TABLE project_forms (
  person BIGINT PRIMARY KEY REFERENCES people (id),
  data TEXT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX project_forms_old ON project_forms (updated_at);

-- When a requester hears next how their projects went, once a day; `seen` is the last answer they heard of.
CREATE TABLE requester_digests (
  person BIGINT PRIMARY KEY REFERENCES people (id),
  off BIGINT NOT NULL DEFAULT 0,
  next_at BIGINT NOT NULL,
  seen BIGINT NOT NULL
);
CREATE INDEX requester_digests_due ON requester_digests (next_at) WHERE off = 0;

-- Results that are being pushed to a hub of data sets. The requester's token is encrypted; the row goes when it ended.
CREATE TABLE hub_pushes (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  requester BIGINT NOT NULL REFERENCES people (id),
  name TEXT NOT NULL,
  public BIGINT NOT NULL CHECK (public IN (0, 1)),
  token TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  tries BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX hub_pushes_of_requester ON hub_pushes (requester);

-- The member who made a team's project, or launched it last.
CREATE TABLE team_projects (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  member BIGINT NOT NULL REFERENCES people (id)
);
CREATE INDEX team_projects_by_member ON team_projects (member);

-- What workers read of a project, edition by edition: none before its first edit, then all of them, the first one too.
-- Triggers: project_versions_* (append-only).
CREATE TABLE project_versions (
  project BIGINT NOT NULL REFERENCES projects (id),
  number BIGINT NOT NULL CHECK (number >= 1),
  title TEXT NOT NULL,
  instructions TEXT NOT NULL,
  pictures TEXT NOT NULL,
  examples TEXT NOT NULL,
  made_by BIGINT NOT NULL REFERENCES people (id),
  made_at BIGINT NOT NULL,
  PRIMARY KEY (project, number)
);

-- Results they have pushed to the hub, with a token of theirs.
CREATE TABLE team_pushes (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  member BIGINT NOT NULL REFERENCES people (id)
);
CREATE INDEX team_pushes_by_member ON team_pushes (member);

-- The most that each project may take of its requester's money: the sum of what cards, offers and replies stated before
-- anything was held. What was held until now had been stated.
CREATE TABLE stated_costs (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  amount BIGINT NOT NULL CHECK (amount >= 0)
);

-- work -------------------------------------------------------------------------------------------

-- What can be given out now: a row leaves when its last place is taken or its task closes.
CREATE TABLE openings (
  project BIGINT NOT NULL,
  gold BIGINT NOT NULL CHECK (gold IN (0, 1)),
  shuffle_key BIGINT NOT NULL,
  task BIGINT NOT NULL UNIQUE,
  free BIGINT NOT NULL CHECK (free > 0),
  -- The number under which its place came back (`returned_places`); 0 where it has been there since its launch.
  back BIGINT NOT NULL DEFAULT 0 CHECK (back >= 0),
  PRIMARY KEY (project, gold, shuffle_key)
);
CREATE INDEX openings_back ON openings (project, gold, back) WHERE back > 0;

-- Numbers the places that come back. The newest row stays, so that no number is used twice: a backup holds rows, not
-- sequences. The first row is no place.
CREATE TABLE returned_places (
  id BIGSERIAL PRIMARY KEY,
  task BIGINT NOT NULL
);

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
  terms TEXT,
  -- 1 where the worker took their answers back: no file and no result counts them. What erased people pressed still
  -- counts: it names nobody.
  taken_back BIGINT NOT NULL DEFAULT 0 CHECK (taken_back IN (0, 1)),
  -- An admin said that the machine is wrong here: no soft measures for this worker in this project.
  spared BIGINT NOT NULL DEFAULT 0 CHECK (spared IN (0, 1)),
  blocked BIGINT NOT NULL DEFAULT 0 CHECK (blocked IN (0, 1)),
  version BIGINT NOT NULL DEFAULT 1,
  -- How many tasks of the project this worker was offered: draws go by it. How many they skipped on a day (its number
  -- since 1970).
  offered BIGINT NOT NULL DEFAULT 0 CHECK (offered >= 0),
  skipped BIGINT NOT NULL DEFAULT 0 CHECK (skipped >= 0),
  skipped_on BIGINT NOT NULL DEFAULT 0 CHECK (skipped_on >= 0),
  PRIMARY KEY (worker, project)
);
CREATE INDEX enrolments_by_project ON enrolments (project);
CREATE INDEX enrolments_later ON enrolments (project, worker) WHERE later > 0;
-- Where a worker tells more than others do: their turn there may come before that of a project that waited longer.
CREATE INDEX enrolments_telling ON enrolments (worker, project) WHERE worth > 1;
CREATE INDEX enrolments_declined ON enrolments (project) WHERE declined = 1;
CREATE INDEX enrolments_taken_back ON enrolments (project, worker) WHERE taken_back = 1;
CREATE INDEX enrolments_watched ON enrolments (project, worker) WHERE watch > 0;

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
  -- The version a task was given out under, an answer was made under, and the one a worker has read last.
  version BIGINT NOT NULL DEFAULT 1,
  -- The first sign that a worker is at a task: of a task that was pushed, its time counts from then.
  begun_at BIGINT,
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
  version BIGINT NOT NULL DEFAULT 1,
  -- Working time of an answer, pauses excluded (domain/work/submissions.py). What was pushed before had none: its
  -- requester's estimate is the best there is.
  worked BIGINT NOT NULL DEFAULT 0 CHECK (worked >= 0),
  -- What its worker's time counted for when it was measured: 1 independent of the requester, 2 related to them, 0
  -- unknown.
  standing BIGINT NOT NULL DEFAULT 0 CHECK (standing IN (0, 1, 2)),
  UNIQUE (task, worker)
);
CREATE INDEX submissions_by_project ON submissions (project, id);
CREATE INDEX submissions_by_worker ON submissions (worker, id);
CREATE INDEX submissions_held ON submissions (held_until) WHERE held_until IS NOT NULL;
CREATE INDEX submissions_undecided ON submissions (project, id) WHERE held_until IS NOT NULL;
CREATE INDEX submissions_missed ON submissions (project, task) WHERE gold = 0;
CREATE INDEX submissions_unmeasured ON submissions (project, id) WHERE measured_in IS NULL;
CREATE INDEX submissions_measured ON submissions (project, measured_in) WHERE measured_in > 0;
CREATE INDEX submissions_not_accepted ON submissions (worker, state) WHERE state <> 'accepted';
-- The answers to one task, in the order in which they came.
CREATE INDEX submissions_by_task ON submissions (task, id);
-- The latest answers to check questions of a project, read for a launch card and its progress. By the tasks they would
-- be looked for among all check questions, answered or not.
CREATE INDEX submissions_on_gold ON submissions (project, id) WHERE gold IS NOT NULL;

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

-- Projects that may have a place to give out, in the order of their turn, by the languages they ask for. `answered_at`
-- is at most the moment of the last answer, or of the launch; reading a row corrects it, and deletes one that has no
-- place. Triggers: openings_turn (a new opening of an ordinary task brings its project here).
CREATE TABLE project_turns (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  languages TEXT NOT NULL,
  answered_at BIGINT NOT NULL
);
CREATE INDEX project_turns_by_wait ON project_turns (languages, answered_at, project);

-- What left a project towards its requester, a row a day, kind and format, up to a submission: so that whoever takes
-- their answers back is told where these are.
CREATE TABLE deliveries (
  project BIGINT NOT NULL REFERENCES projects (id),
  what TEXT NOT NULL,
  format TEXT NOT NULL,
  day BIGINT NOT NULL,
  times BIGINT NOT NULL DEFAULT 1 CHECK (times >= 1),
  last_at BIGINT NOT NULL,
  up_to BIGINT NOT NULL,
  PRIMARY KEY (project, day, what, format)
);

-- What a worker who was warned made of it.
CREATE TABLE content_choices (
  worker BIGINT NOT NULL REFERENCES people (id),
  project BIGINT NOT NULL REFERENCES projects (id),
  choice TEXT NOT NULL CHECK (choice IN ('shown', 'agreed', 'refused')),
  PRIMARY KEY (worker, project)
);

-- Answers whose workers say that they used a tool. Paid as usual; their requester is told how many.
CREATE TABLE tool_uses (
  project BIGINT NOT NULL REFERENCES projects (id),
  submission BIGINT NOT NULL REFERENCES submissions (id),
  told_at BIGINT NOT NULL,
  PRIMARY KEY (project, submission)
);

-- Answers that their requester asks for once more, paid again: at most once each. The pay is held until it is done,
-- declined, or too late.
CREATE TABLE redos (
  submission BIGINT PRIMARY KEY REFERENCES submissions (id),
  project BIGINT NOT NULL REFERENCES projects (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  words TEXT NOT NULL,
  pay BIGINT NOT NULL CHECK (pay > 0),
  state TEXT NOT NULL CHECK (state IN ('asked', 'done', 'declined', 'late')),
  asked_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  ended_at BIGINT,
  CHECK ((state = 'asked') = (ended_at IS NULL))
);
CREATE INDEX redos_open ON redos (until_at) WHERE state = 'asked';
CREATE INDEX redos_of ON redos (worker);
CREATE INDEX redos_held ON redos (project) WHERE state = 'asked';

-- A photo or a voice message that waits for its sender's word: another one, or this one. One question an assignment;
-- `kept`: they said that it is what they meant, and are asked no more in this project.
CREATE TABLE retakes (
  assignment BIGINT PRIMARY KEY REFERENCES assignments (id),
  project BIGINT NOT NULL REFERENCES projects (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  handed_in TEXT NOT NULL,
  album TEXT NOT NULL,
  print TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  kept BIGINT NOT NULL DEFAULT 0 CHECK (kept IN (0, 1))
);
CREATE INDEX retakes_waiting ON retakes (asked_at) WHERE handed_in <> '';
CREATE INDEX retakes_of_worker ON retakes (worker, project);

-- Perceptual hashes of photos that were handed in, in bands: two that are nearly the same share one.
CREATE TABLE picture_prints (
  project BIGINT NOT NULL REFERENCES projects (id),
  band BIGINT NOT NULL,
  assignment BIGINT NOT NULL REFERENCES assignments (id),
  print TEXT NOT NULL,
  PRIMARY KEY (project, band, assignment)
);
CREATE INDEX picture_prints_of_assignment ON picture_prints (assignment);

-- quality ----------------------------------------------------------------------------------------

-- The model of a project's last refit, and how much it had read.
CREATE TABLE project_models (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  model TEXT NOT NULL,
  answers BIGINT NOT NULL,
  last_submission BIGINT NOT NULL,
  fitted_at BIGINT NOT NULL,
  -- Agreement, results against gold and what gold changed, by a project's last refit. Read only where they are shown.
  figures TEXT
);

-- The model of one worker in one project, by its last refit.
CREATE TABLE worker_models (
  project BIGINT NOT NULL REFERENCES projects (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  model TEXT NOT NULL,
  PRIMARY KEY (project, worker)
);

-- Tasks whose consensus held words or places of an erased person: emptied at once, aggregated again without them.
CREATE TABLE redraws (
  task BIGINT PRIMARY KEY REFERENCES tasks (id)
);

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
  -- A restriction stands only if a human confirms it by `confirm_by`; else it lapses. `remind_at`: when admins hear of
  -- it, NULL once they need not. `words`: why the admin confirmed it.
  confirm_by BIGINT NOT NULL DEFAULT 0,
  remind_at BIGINT,
  lapsed BIGINT NOT NULL DEFAULT 0 CHECK (lapsed IN (0, 1)),
  words TEXT,
  CHECK ((appeal IS NULL) = (appealed_at IS NULL)),
  CHECK ((appeal IS NULL) = (appeal_due IS NULL))
);
CREATE UNIQUE INDEX restrictions_one_standing ON restrictions (worker, project) WHERE state = 'standing';
CREATE INDEX restrictions_ending ON restrictions (ends_at) WHERE state = 'standing';
CREATE INDEX restrictions_appealed ON restrictions (appeal_due) WHERE appeal = 'open';
CREATE INDEX restrictions_waiting ON restrictions (confirm_by) WHERE state = 'standing' AND decided_by IS NULL;
CREATE INDEX restrictions_waiting_reminder ON restrictions (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX restrictions_by_worker ON restrictions (worker, imposed_at);

-- Since when, and until when, a machine asked somebody later (kind later) or watched them (checks: more check
-- questions, held: not pushed to either) in a project.
CREATE TABLE soft_measures (
  id BIGSERIAL PRIMARY KEY,
  worker BIGINT NOT NULL REFERENCES people (id),
  project BIGINT NOT NULL REFERENCES projects (id),
  kind TEXT NOT NULL CHECK (kind IN ('later', 'checks', 'held')),
  since BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE UNIQUE INDEX soft_measures_running ON soft_measures (project, worker, kind) WHERE ended_at IS NULL;
CREATE INDEX soft_measures_by_worker ON soft_measures (worker, since);

-- money ------------------------------------------------------------------------------------------

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
  -- The way money goes out: SEPA to an IBAN, or through Wise to an e-mail address, where `iban` holds the address and
  -- `target` the currency that arrives. A bank file is of one way.
  channel TEXT NOT NULL DEFAULT 'sepa' CHECK (channel IN ('sepa', 'wise')),
  target TEXT NOT NULL DEFAULT '',
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
  id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  payer_name TEXT NOT NULL CHECK (payer_name <> ''),
  payer_iban TEXT NOT NULL CHECK (payer_iban <> ''),
  payer_bic TEXT NOT NULL CHECK (payer_bic <> ''),
  made_by BIGINT NOT NULL REFERENCES people (id),
  made_at BIGINT NOT NULL,
  -- A bank file's payouts are asked for as instant credit transfers (SCT Inst), or not: the file is the same each time.
  instant BIGINT NOT NULL DEFAULT 0 CHECK (instant IN (0, 1)),
  channel TEXT NOT NULL DEFAULT 'sepa' CHECK (channel IN ('sepa', 'wise'))
);

-- Money leaving to a worker's bank. Triggers: payouts_* (amounts, payee and bank file stay; failed is the end, and
-- after paid only failed may come).
CREATE TABLE payouts (
  id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
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
  -- Only what was called off before it was sent has ended without a bank file.
  CHECK (state = 'failed' OR (state = 'requested') = (file IS NULL)),
  CHECK ((state IN ('paid', 'failed')) = (decided_at IS NOT NULL)),
  CHECK (state <> 'failed' OR reason <> ''),
  UNIQUE (worker, number)
);
CREATE INDEX payouts_requested ON payouts (currency, id) WHERE state = 'requested';
CREATE INDEX payouts_by_file ON payouts (file, id) WHERE file IS NOT NULL;
CREATE INDEX payouts_open ON payouts (file) WHERE state IN ('sent', 'unknown');

-- When an outside authority saw a day's head (RFC 3161): its answer (DER) and the root certificate it was checked
-- against, both in base64; `stamped_at` is its clock. Without an answer yet: how often it was tried, when next, and why
-- not the last time.
CREATE TABLE head_timestamps (
  day TEXT PRIMARY KEY REFERENCES chain_heads (day),
  tries BIGINT NOT NULL DEFAULT 0 CHECK (tries >= 0),
  try_at BIGINT NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  answer TEXT,
  root TEXT,
  stamped_at BIGINT,
  CHECK ((answer IS NULL) = (stamped_at IS NULL)),
  CHECK ((answer IS NULL) = (root IS NULL))
);

-- The tax form of DAC7: when a person was asked, and their answers, encrypted under SECRETS_KEY. `key_print` names the
-- key, so that a new one finds what is left under an older. `keep_until`: of a person who was erased.
CREATE TABLE tax_forms (
  person BIGINT PRIMARY KEY REFERENCES people (id),
  asked_at BIGINT NOT NULL,
  reminders BIGINT NOT NULL DEFAULT 0 CHECK (reminders BETWEEN 0 AND 2),
  remind_at BIGINT,
  sealed TEXT,
  key_print TEXT,
  given_at BIGINT,
  changed_at BIGINT,
  keep_until BIGINT,
  CHECK ((sealed IS NULL) = (given_at IS NULL) AND (sealed IS NULL) = (key_print IS NULL)),
  CHECK (sealed IS NULL OR remind_at IS NULL)
);
CREATE INDEX tax_forms_reminding ON tax_forms (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX tax_forms_sealed ON tax_forms (key_print) WHERE sealed IS NOT NULL;
CREATE INDEX tax_forms_kept ON tax_forms (keep_until) WHERE keep_until IS NOT NULL;

-- What was filed under DAC7: messages, and in each the documents of sellers and of the operator (without a person). The
-- quarters' bounds stay with the message, so that what it tells can be recomputed from the ledger.
CREATE TABLE tax_messages (
  id BIGSERIAL PRIMARY KEY,
  year BIGINT NOT NULL,
  form TEXT NOT NULL CHECK (form IN ('dpi', 'fr')),
  reference TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('DPI401', 'DPI402', 'DPI403')),
  begins BIGINT NOT NULL,
  ends BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  keep_until BIGINT NOT NULL
);
CREATE INDEX tax_messages_of ON tax_messages (year, form);
CREATE INDEX tax_messages_kept ON tax_messages (keep_until);

-- `digest` is a keyed hash of all the document tells; `sealed` are the answers as they were filed.
CREATE TABLE tax_documents (
  message BIGINT NOT NULL REFERENCES tax_messages (id),
  person BIGINT REFERENCES people (id),
  currency TEXT NOT NULL,
  indicator TEXT NOT NULL CHECK (indicator IN ('OECD1', 'OECD2', 'OECD3')),
  reference TEXT NOT NULL UNIQUE,
  corrects TEXT REFERENCES tax_documents (reference),
  digest TEXT NOT NULL,
  sealed TEXT,
  key_print TEXT,
  consideration BIGINT NOT NULL,
  fees BIGINT NOT NULL,
  withheld BIGINT NOT NULL,
  activities BIGINT NOT NULL,
  -- The copy that each seller gets of what was filed: the quarters as they were told, and when it was sent.
  quarters TEXT NOT NULL DEFAULT '[]',
  told_at BIGINT,
  PRIMARY KEY (message, reference),
  CHECK ((indicator = 'OECD1') = (corrects IS NULL)),
  CHECK ((sealed IS NULL) = (key_print IS NULL))
);
CREATE INDEX tax_documents_of ON tax_documents (person, message);
CREATE INDEX tax_documents_sealed ON tax_documents (key_print) WHERE sealed IS NOT NULL;
CREATE INDEX tax_documents_corrects ON tax_documents (corrects) WHERE corrects IS NOT NULL;
CREATE INDEX tax_documents_waiting ON tax_documents (reference) WHERE told_at IS NULL AND person IS NOT NULL;

-- Social contributions of French micro-entrepreneurs. Who was asked for a SIRET, and gave one.
CREATE TABLE contributors (
  person BIGINT PRIMARY KEY REFERENCES people (id),
  siret TEXT,
  asked_at BIGINT NOT NULL,
  given_at BIGINT,
  CHECK ((siret IS NULL) = (given_at IS NULL)),
  CHECK (siret IS NULL OR length(siret) = 14)
);

-- Rates as they were read in, hundredths of a percent; the newest of a month counts.
CREATE TABLE contribution_rates (
  siret TEXT NOT NULL,
  month TEXT NOT NULL CHECK (length(month) = 7),
  rate BIGINT NOT NULL CHECK (rate BETWEEN 0 AND 5000),
  read_at BIGINT NOT NULL,
  PRIMARY KEY (siret, month, read_at)
);

-- What was withheld of a payout, by which rate of which month.
CREATE TABLE contributions (
  payout BIGINT PRIMARY KEY REFERENCES payouts (id),
  siret TEXT NOT NULL,
  month TEXT NOT NULL,
  rate_month TEXT NOT NULL,
  rate BIGINT NOT NULL,
  gross BIGINT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount >= 0)
);

-- Declarations, and their lines: a payout once it is paid, and taken back (below zero) if it came back afterwards.
CREATE TABLE contribution_declarations (
  id BIGSERIAL PRIMARY KEY,
  made_at BIGINT NOT NULL,
  total BIGINT NOT NULL CHECK (total >= 0),
  transfer BIGINT REFERENCES transfers (id),
  paid_at BIGINT,
  CHECK ((transfer IS NULL) = (paid_at IS NULL))
);

CREATE TABLE contribution_lines (
  declaration BIGINT NOT NULL REFERENCES contribution_declarations (id),
  payout BIGINT NOT NULL REFERENCES contributions (payout),
  amount BIGINT NOT NULL,
  PRIMARY KEY (declaration, payout)
);
CREATE INDEX contribution_lines_of ON contribution_lines (payout);

-- Whom a requester's invoices name. Without an answer (`buyer` is NULL) they were asked; `looked_until` is the end of
-- the last month that was looked at.
CREATE TABLE buyers (
  person BIGINT PRIMARY KEY REFERENCES people (id),
  buyer TEXT,
  asked_at BIGINT NOT NULL,
  given_at BIGINT,
  looked_until BIGINT NOT NULL DEFAULT 0,
  CHECK ((buyer IS NULL) = (given_at IS NULL))
);
CREATE INDEX buyers_looked ON buyers (looked_until) WHERE buyer IS NOT NULL;

-- Invoices for fees, and credit notes: numbered without a gap by operator and year. What is printed stays as it was
-- issued; `fees` are exact, the rest is in whole cents. A credit note names the invoice it corrects.
CREATE TABLE invoices (
  id BIGSERIAL PRIMARY KEY,
  series TEXT NOT NULL,
  year BIGINT NOT NULL,
  number BIGINT NOT NULL CHECK (number > 0),
  person BIGINT NOT NULL REFERENCES people (id),
  corrects BIGINT REFERENCES invoices (id),
  currency TEXT NOT NULL,
  begins BIGINT NOT NULL,
  ends BIGINT NOT NULL,
  rule TEXT NOT NULL CHECK (rule IN ('standard', 'franchise', 'reverse', 'outside')),
  rate BIGINT NOT NULL CHECK (rate BETWEEN 0 AND 5000),
  fees BIGINT NOT NULL CHECK (fees > 0),
  net BIGINT NOT NULL CHECK (net >= 0),
  vat BIGINT NOT NULL CHECK (vat >= 0),
  gross BIGINT NOT NULL CHECK (gross > 0),
  seller TEXT NOT NULL,
  buyer TEXT NOT NULL,
  lines TEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  UNIQUE (series, year, number),
  CHECK (net + vat = gross),
  CHECK ((rule = 'standard') = (rate > 0)),
  CHECK (rate > 0 OR vat = 0),
  CHECK (begins < ends)
);
CREATE INDEX invoices_of ON invoices (person, currency, ends);
CREATE INDEX invoices_corrects ON invoices (corrects) WHERE corrects IS NOT NULL;

-- Every booked movement of the house's bank account that a statement, an advice or a table told of, once by its key.
CREATE TABLE bank_lines (
  id BIGSERIAL PRIMARY KEY,
  key TEXT NOT NULL UNIQUE CHECK (key <> ''),
  view TEXT NOT NULL CHECK (view IN ('statement', 'advice', 'table')),
  -- A key of the bank's reference of the whole entry; empty without one.
  entry TEXT NOT NULL,
  debit BIGINT NOT NULL CHECK (debit IN (0, 1)),
  -- 0 where the bank's words (`written`) are no amount.
  amount BIGINT NOT NULL CHECK (amount >= 0),
  currency TEXT NOT NULL,
  written TEXT NOT NULL,
  booked_on TEXT NOT NULL,
  reference TEXT NOT NULL,
  payout BIGINT REFERENCES payouts (id),
  file BIGINT REFERENCES bank_files (id),
  person BIGINT REFERENCES people (id),
  -- Who paid or was paid, and for what, as the bank says it: only while the line waits, and nobody here is known by it.
  party TEXT NOT NULL,
  -- matched: in the book as what it is. waiting: a person has to say what it is. explained: somebody has.
  state TEXT NOT NULL CHECK (state IN ('matched', 'waiting', 'explained')),
  -- Why it waits, or what it was explained as; empty where it was matched.
  why TEXT NOT NULL CHECK (state = 'matched' OR why <> ''),
  -- The same movement as the bank told of it in another view.
  twin BIGINT UNIQUE REFERENCES bank_lines (id),
  -- The movement from or to external:unexplained while it is not explained; then the one that took it back.
  suspense BIGINT REFERENCES transfers (id),
  undone BIGINT REFERENCES transfers (id),
  -- The movement that it is, where one was made or recorded for it alone.
  transfer BIGINT UNIQUE REFERENCES transfers (id),
  told_at BIGINT NOT NULL,
  decided_by BIGINT REFERENCES people (id),
  decided_at BIGINT,
  CHECK (undone IS NULL OR suspense IS NOT NULL),
  CHECK ((state = 'explained') = (decided_at IS NOT NULL)),
  CHECK (state = 'waiting' OR party = '')
);
CREATE INDEX bank_lines_of_payout ON bank_lines (payout, debit) WHERE payout IS NOT NULL;
CREATE INDEX bank_lines_of_file ON bank_lines (file) WHERE file IS NOT NULL;
CREATE INDEX bank_lines_of_entry ON bank_lines (entry) WHERE entry <> '';
CREATE INDEX bank_lines_waiting ON bank_lines (id) WHERE state = 'waiting';

-- fairness ---------------------------------------------------------------------------------------

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

-- `day` is its first moment: no hour is kept. `settled`: rewritten by a sweep, together with all others that waited, so
-- that it no longer shares a transaction with the person who wrote it.
-- Triggers: board_posts_* (never deleted; only the text and the salt may go, and the state change).
CREATE TABLE board_posts (
  id BIGSERIAL PRIMARY KEY,
  board BIGINT NOT NULL,
  reply_to BIGINT REFERENCES board_posts (id),
  author TEXT NOT NULL,
  month BIGINT NOT NULL,
  body TEXT NOT NULL,
  salt TEXT NOT NULL,
  digest TEXT NOT NULL,
  day BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('shown', 'hidden', 'withdrawn')),
  threshold BIGINT NOT NULL DEFAULT 0 CHECK (threshold >= 0),
  settled BIGINT NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)),
  CHECK (state = 'shown' OR body = '')
);
CREATE INDEX board_posts_by_board ON board_posts (board, id);
CREATE INDEX board_posts_by_thread ON board_posts (reply_to, id) WHERE reply_to IS NOT NULL;
CREATE INDEX board_posts_by_author ON board_posts (author, day);
CREATE INDEX board_posts_waiting ON board_posts (id) WHERE settled = 0;
CREATE INDEX board_posts_by_day ON board_posts (day, id);

-- What was done on the boards, each line sealed together with all before it.
-- Triggers: board_log_* (append-only; a line is sealed once).
CREATE TABLE board_log (
  position BIGINT PRIMARY KEY,
  post BIGINT NOT NULL REFERENCES board_posts (id),
  kind TEXT NOT NULL
    CHECK (kind IN ('posted', 'hidden', 'withdrawn', 'reached', 'answered', 'unanswered', 'lapsed', 'contested',
    'restored', 'upheld', 'undecided')),
  person BIGINT REFERENCES people (id),
  rule BIGINT NOT NULL DEFAULT 0,
  day BIGINT NOT NULL,
  digest TEXT NOT NULL,
  hash TEXT
);
CREATE INDEX board_log_by_post ON board_log (post, kind);
CREATE INDEX board_log_waiting ON board_log (position) WHERE hash IS NULL;

-- Where the log stood when a day of the ledger's chain ended. Triggers: board_heads_* (append-only).
CREATE TABLE board_heads (
  day TEXT PRIMARY KEY REFERENCES chain_heads (day),
  position BIGINT NOT NULL,
  hash TEXT NOT NULL
);

-- How far somebody has read, and the month of the last pen they took there.
CREATE TABLE board_readers (
  person BIGINT NOT NULL REFERENCES people (id),
  board BIGINT NOT NULL,
  read_to BIGINT NOT NULL DEFAULT 0,
  pen_month BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (person, board)
);

-- How many pens of a board were handed over in a month: no more of them may have written or signed.
CREATE TABLE board_pens (
  board BIGINT NOT NULL,
  month BIGINT NOT NULL,
  taken BIGINT NOT NULL,
  PRIMARY KEY (board, month)
);

CREATE TABLE board_petitions (
  post BIGINT PRIMARY KEY REFERENCES board_posts (id),
  board BIGINT NOT NULL,
  voices BIGINT NOT NULL DEFAULT 0,
  closes BIGINT NOT NULL,
  due BIGINT,
  answer TEXT,
  answered_on BIGINT,
  state TEXT NOT NULL CHECK (state IN ('open', 'lapsed', 'asked', 'answered', 'unanswered')),
  CHECK ((state IN ('asked', 'answered', 'unanswered')) = (due IS NOT NULL)),
  CHECK (state <> 'answered' OR answer IS NOT NULL)
);
CREATE INDEX board_petitions_running ON board_petitions (post) WHERE state IN ('open', 'asked');

-- One voice a pen; `signer` is its hash, as an author's.
CREATE TABLE board_signatures (
  post BIGINT NOT NULL REFERENCES board_petitions (post),
  signer TEXT NOT NULL,
  month BIGINT NOT NULL,
  settled BIGINT NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)),
  PRIMARY KEY (post, signer)
);
CREATE INDEX board_signatures_waiting ON board_signatures (post) WHERE settled = 0;

-- Who would like to exchange @usernames with the author of a post; deleted when answered, or after two weeks.
CREATE TABLE board_wishes (
  post BIGINT NOT NULL REFERENCES board_posts (id),
  person BIGINT NOT NULL REFERENCES people (id),
  day BIGINT NOT NULL,
  PRIMARY KEY (post, person)
);
CREATE INDEX board_wishes_by_person ON board_wishes (person);
CREATE INDEX board_wishes_by_day ON board_wishes (day);

-- Questions of workers to the requester of a project, about a task they were given. `asker` is NULL and `words` are
-- empty once the asker was erased. `late`: unanswered past `due_at`, so nothing of the project is offered.
CREATE TABLE questions (
  id BIGSERIAL PRIMARY KEY,
  project BIGINT NOT NULL REFERENCES projects (id),
  task BIGINT NOT NULL REFERENCES tasks (id),
  asker BIGINT REFERENCES people (id),
  words TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'dismissed', 'withdrawn')),
  asked_at BIGINT NOT NULL,
  -- When its requester is reminded; NULL once they were.
  remind_at BIGINT,
  due_at BIGINT NOT NULL CHECK (due_at > asked_at),
  late BIGINT NOT NULL DEFAULT 0 CHECK (late IN (0, 1)),
  -- Its requester called it abuse: `report` says what an admin made of it.
  report TEXT CHECK (report IN ('open', 'upheld', 'refused')),
  answer TEXT,
  -- Its number in the project's FAQ; NULL where it is not answered, or by the entry of another question (`same_as`).
  entry BIGINT CHECK (entry >= 1),
  same_as BIGINT REFERENCES questions (id),
  ended_at BIGINT,
  ended_by BIGINT REFERENCES people (id),
  CHECK ((state = 'open') = (ended_at IS NULL)),
  CHECK ((state = 'answered') = (answer IS NOT NULL OR same_as IS NOT NULL)),
  CHECK ((answer IS NULL) = (entry IS NULL)),
  CHECK (asker IS NOT NULL OR (words = '' AND state <> 'open'))
);
CREATE UNIQUE INDEX questions_faq ON questions (project, entry) WHERE entry IS NOT NULL;
CREATE INDEX questions_by_asker ON questions (asker, asked_at) WHERE asker IS NOT NULL;
CREATE INDEX questions_waiting ON questions (project, id) WHERE state = 'open';
CREATE INDEX questions_waiting_reminder ON questions (remind_at) WHERE state = 'open' AND remind_at IS NOT NULL;
CREATE INDEX questions_waiting_due ON questions (due_at) WHERE state = 'open' AND late = 0;

-- How far the workers of a project were told of its FAQ: up to entry `told`; of those up to `telling` the workers up to
-- `worker`. `open`: there is more to tell.
CREATE TABLE faq_rounds (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  told BIGINT NOT NULL DEFAULT 0,
  telling BIGINT NOT NULL DEFAULT 0 CHECK (telling >= told),
  worker BIGINT NOT NULL DEFAULT 0,
  open BIGINT NOT NULL DEFAULT 1 CHECK (open IN (0, 1))
);
CREATE INDEX faq_rounds_waiting ON faq_rounds (project) WHERE open = 1;

-- The pay at which a worker would accept a project's tasks: one voice a worker and project. `made_at` is their first.
CREATE TABLE counter_offers (
  project BIGINT NOT NULL REFERENCES projects (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  asked BIGINT NOT NULL CHECK (asked > 0),
  made_at BIGINT NOT NULL,
  PRIMARY KEY (project, worker)
);
CREATE INDEX counter_offers_by_worker ON counter_offers (worker);

-- Reports of workers about a task: at one of the last two kinds, or at three of any, its project rests until an admin
-- has looked. `reporter` is NULL once they were erased. `upheld`: the project was ended for it.
CREATE TABLE reports (
  id BIGSERIAL PRIMARY KEY,
  project BIGINT NOT NULL REFERENCES projects (id),
  task BIGINT NOT NULL REFERENCES tasks (id),
  reporter BIGINT REFERENCES people (id),
  kind TEXT NOT NULL CHECK (kind IN ('broken', 'private', 'disturbing', 'illegal', 'scam')),
  state TEXT NOT NULL CHECK (state IN ('open', 'upheld', 'dismissed')),
  made_at BIGINT NOT NULL,
  ended_at BIGINT,
  ended_by BIGINT REFERENCES people (id),
  CHECK ((state = 'open') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX reports_one_waiting ON reports (project, reporter) WHERE state = 'open';
CREATE INDEX reports_by_reporter ON reports (reporter, made_at) WHERE reporter IS NOT NULL;

-- Workers elect stewards, who keep the link of the workers' group. A ballot is kept under the hash of a random number
-- that only its voter's message holds, as a post is.
CREATE TABLE elections (
  id BIGSERIAL PRIMARY KEY,
  opened BIGINT NOT NULL,
  votes_from BIGINT NOT NULL,
  closes BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  papers BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX elections_running ON elections (state) WHERE state = 'open';

CREATE TABLE election_candidates (
  election BIGINT NOT NULL REFERENCES elections (id),
  person BIGINT NOT NULL REFERENCES people (id),
  votes BIGINT NOT NULL DEFAULT 0,
  elected BIGINT NOT NULL DEFAULT 0 CHECK (elected IN (0, 1)),
  PRIMARY KEY (election, person)
);

-- Who has taken a ballot paper; deleted when the election closes, `papers` stays.
CREATE TABLE election_voters (
  election BIGINT NOT NULL REFERENCES elections (id),
  person BIGINT NOT NULL REFERENCES people (id),
  PRIMARY KEY (election, person)
);

CREATE TABLE election_ballots (
  election BIGINT NOT NULL REFERENCES elections (id),
  voter TEXT NOT NULL,
  candidate BIGINT NOT NULL,
  settled BIGINT NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)),
  PRIMARY KEY (election, voter),
  FOREIGN KEY (election, candidate) REFERENCES election_candidates (election, person)
);
CREATE INDEX election_ballots_waiting ON election_ballots (election) WHERE settled = 0;

-- The link of the workers' group; one row.
CREATE TABLE worker_group (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  link TEXT NOT NULL
);

-- Marks from 1 to 5 that workers give a requester. `counted`: part of the figures shown; `changed`: not as it is there.
CREATE TABLE ratings (
  requester BIGINT NOT NULL REFERENCES people (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  pay BIGINT NOT NULL CHECK (pay >= 1 AND pay <= 5),
  fairness BIGINT NOT NULL CHECK (fairness >= 1 AND fairness <= 5),
  clarity BIGINT NOT NULL CHECK (clarity >= 1 AND clarity <= 5),
  speed BIGINT NOT NULL CHECK (speed >= 1 AND speed <= 5),
  counted BIGINT NOT NULL DEFAULT 0 CHECK (counted IN (0, 1)),
  changed BIGINT NOT NULL DEFAULT 1 CHECK (changed IN (0, 1)),
  PRIMARY KEY (requester, worker),
  CHECK (requester <> worker),
  CHECK (counted = 1 OR changed = 1)
);
CREATE INDEX ratings_by_worker ON ratings (worker);
CREATE INDEX ratings_waiting ON ratings (requester) WHERE changed = 1;

-- Sums of a requester's ratings: of those there are, and of the figures shown (`shown` ratings, 0 none). `gone`:
-- ratings in the figures shown that were deleted since. `reply`: the requester's one reply.
CREATE TABLE rating_sums (
  requester BIGINT PRIMARY KEY REFERENCES people (id),
  ratings BIGINT NOT NULL DEFAULT 0 CHECK (ratings >= 0),
  pay BIGINT NOT NULL DEFAULT 0,
  fairness BIGINT NOT NULL DEFAULT 0,
  clarity BIGINT NOT NULL DEFAULT 0,
  speed BIGINT NOT NULL DEFAULT 0,
  gone BIGINT NOT NULL DEFAULT 0 CHECK (gone >= 0 AND gone <= shown),
  shown BIGINT NOT NULL DEFAULT 0 CHECK (shown = 0 OR shown >= 5),
  shown_pay BIGINT NOT NULL DEFAULT 0,
  shown_fairness BIGINT NOT NULL DEFAULT 0,
  shown_clarity BIGINT NOT NULL DEFAULT 0,
  shown_speed BIGINT NOT NULL DEFAULT 0,
  reply TEXT CHECK (length(reply) >= 1)
);

-- Workers to be asked for a rating, once for each requester: at `due_at`, NULL once that was done.
CREATE TABLE rating_asks (
  requester BIGINT NOT NULL REFERENCES people (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  project BIGINT NOT NULL REFERENCES projects (id),
  due_at BIGINT,
  PRIMARY KEY (requester, worker)
);
CREATE INDEX rating_asks_by_worker ON rating_asks (worker);
CREATE INDEX rating_asks_waiting ON rating_asks (due_at) WHERE due_at IS NOT NULL;

-- Ended projects whose workers are still to be asked from `due_at` on; those up to `worker` are on the list.
CREATE TABLE rating_rounds (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  due_at BIGINT NOT NULL,
  worker BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX rating_rounds_waiting ON rating_rounds (due_at);

-- Projects of requesters of whom none was approved or completed: each waits for an admin. `seen` is a fingerprint of
-- what the admins are shown, `version` counts its changes.
CREATE TABLE first_looks (
  project BIGINT PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'refused')),
  seen TEXT NOT NULL,
  version BIGINT NOT NULL CHECK (version >= 1),
  asked_at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  ended_by BIGINT REFERENCES people (id),
  ended_at BIGINT,
  -- The key of the program that asked for the launch, one of the project's requester, NULL where a person did; and what
  -- it cost then, NULL where nobody noted it.
  api_key BIGINT,
  price BIGINT,
  CHECK (state <> 'refused' OR reason <> ''),
  CHECK (state = 'waiting' OR ended_by IS NOT NULL)
);
CREATE INDEX first_looks_waiting ON first_looks (asked_at) WHERE state = 'waiting';

-- Complaints to the house, about a decision of the register (domain/fairness/automated.py) or anything else. `person`
-- is NULL and the words are empty once they were erased. `subject`: the restriction or project it is about, 0 for
-- neither.
CREATE TABLE complaints (
  id BIGSERIAL PRIMARY KEY,
  person BIGINT REFERENCES people (id),
  about TEXT NOT NULL,
  subject BIGINT NOT NULL DEFAULT 0,
  words TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'withdrawn')),
  made_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL CHECK (due_at > made_at),
  remind_at BIGINT,
  reminded BIGINT NOT NULL DEFAULT 0,
  answer TEXT,
  answered_at BIGINT,
  answered_by BIGINT REFERENCES people (id),
  CHECK ((state = 'answered') = (answer IS NOT NULL)),
  CHECK ((state = 'answered') = (answered_at IS NOT NULL)),
  CHECK (person IS NOT NULL OR (words = '' AND state <> 'open'))
);
CREATE INDEX complaints_by_person ON complaints (person, made_at) WHERE person IS NOT NULL;
CREATE INDEX complaints_waiting ON complaints (due_at) WHERE state = 'open';
CREATE INDEX complaints_waiting_reminder ON complaints (remind_at) WHERE state = 'open' AND remind_at IS NOT NULL;

-- Stops of a project (`person` is its requester) or, where `project` is NULL, of a person, by an admin. An appeal is to
-- be answered until `due_at`; silence grants it. `ruled_by` is NULL where silence did.
CREATE TABLE stops (
  id BIGSERIAL PRIMARY KEY,
  project BIGINT REFERENCES projects (id),
  person BIGINT NOT NULL REFERENCES people (id),
  reason TEXT NOT NULL CHECK (reason <> ''),
  made_by BIGINT NOT NULL REFERENCES people (id),
  made_at BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('standing', 'appealed', 'upheld', 'lifted')),
  words TEXT NOT NULL,
  due_at BIGINT,
  ruling TEXT NOT NULL,
  ruled_by BIGINT REFERENCES people (id),
  ruled_at BIGINT,
  CHECK ((state = 'appealed') = (due_at IS NOT NULL)),
  CHECK (state <> 'upheld' OR (ruled_by IS NOT NULL AND ruling <> '')),
  CHECK ((state IN ('upheld', 'lifted')) = (ruled_at IS NOT NULL))
);
CREATE UNIQUE INDEX stops_of_person ON stops (person) WHERE project IS NULL AND state <> 'lifted';
CREATE UNIQUE INDEX stops_of_project ON stops (project) WHERE project IS NOT NULL AND state <> 'lifted';
CREATE INDEX stops_waiting ON stops (due_at) WHERE state = 'appealed';
CREATE INDEX stops_by_person ON stops (person, id);

-- A post that an admin hid, contested by whoever holds its pen: the text, sent again and checked against the digest,
-- until an admin has decided. `due` is the last day for that; `again` is the post as which it is shown again. Nothing
-- leads to a person. `settled` as in board_posts.
CREATE TABLE board_contests (
  post BIGINT PRIMARY KEY REFERENCES board_posts (id),
  body TEXT NOT NULL,
  due BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'restored', 'upheld', 'unanswered')),
  reason TEXT NOT NULL DEFAULT '',
  again BIGINT REFERENCES board_posts (id),
  settled BIGINT NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)),
  CHECK ((state = 'waiting') = (body <> '')),
  CHECK ((state = 'restored') = (again IS NOT NULL)),
  CHECK (state <> 'upheld' OR reason <> '')
);
CREATE INDEX board_contests_due ON board_contests (due) WHERE state = 'waiting';
CREATE INDEX board_contests_waiting ON board_contests (post) WHERE settled = 0;
CREATE INDEX board_contests_again ON board_contests (again) WHERE again IS NOT NULL;

-- A post of a board that readers reported, until an admin has decided about it, once. Who reported it is not kept, nor
-- when. `settled` as in board_posts.
CREATE TABLE board_reports (
  post BIGINT PRIMARY KEY REFERENCES board_posts (id),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'left', 'hidden', 'withdrawn')),
  settled BIGINT NOT NULL DEFAULT 0 CHECK (settled IN (0, 1))
);
CREATE INDEX board_reports_waiting ON board_reports (post) WHERE state = 'waiting';
CREATE INDEX board_reports_unsettled_waiting ON board_reports (post) WHERE settled = 0;

-- mturk ------------------------------------------------------------------------------------------

-- HIT types of the Mechanical Turk door: the same values are the same type. Its HITs are the tasks of one project, of
-- the newest where an earlier one was stopped. `reward` is in millionths, `duration` and `approval` in seconds.
CREATE TABLE turk_hit_types (
  id BIGSERIAL PRIMARY KEY,
  requester BIGINT NOT NULL REFERENCES people (id),
  fingerprint TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  keywords TEXT NOT NULL,
  reward BIGINT NOT NULL CHECK (reward >= 0),
  duration BIGINT NOT NULL CHECK (duration > 0),
  approval BIGINT NOT NULL CHECK (approval >= 0),
  requirements TEXT NOT NULL DEFAULT '[]',
  project BIGINT REFERENCES projects (id),
  created_at BIGINT NOT NULL,
  UNIQUE (requester, fingerprint)
);

-- HITs. `task` is where it is asked now (another one after a change of its type). While `open` its places may be given
-- out; `disposed_at`: its requester deleted it. Policies are JSON.
CREATE TABLE turk_hits (
  id BIGSERIAL PRIMARY KEY,
  requester BIGINT NOT NULL REFERENCES people (id),
  type BIGINT NOT NULL REFERENCES turk_hit_types (id),
  task BIGINT NOT NULL UNIQUE REFERENCES tasks (id),
  question TEXT NOT NULL,
  annotation TEXT,
  layout BIGINT,
  assignment_policy TEXT,
  hit_policy TEXT,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  open BIGINT NOT NULL DEFAULT 1 CHECK (open IN (0, 1)),
  reviewing BIGINT NOT NULL DEFAULT 0 CHECK (reviewing IN (0, 1)),
  disposed_at BIGINT
);
CREATE INDEX turk_hits_by_requester ON turk_hits (requester, id) WHERE disposed_at IS NULL;
CREATE INDEX turk_hits_by_type ON turk_hits (type, id);
CREATE INDEX turk_hits_due ON turk_hits (expires_at) WHERE open = 1;
-- HITs by their end, for those that are disposed of 120 days later.
CREATE INDEX turk_hits_kept ON turk_hits (expires_at) WHERE disposed_at IS NULL AND open = 0;

-- Every task a HIT was asked by, the present one last.
CREATE TABLE turk_tasks (
  task BIGINT PRIMARY KEY REFERENCES tasks (id),
  hit BIGINT NOT NULL REFERENCES turk_hits (id)
);
CREATE INDEX turk_tasks_by_hit ON turk_tasks (hit, task);

-- What a UniqueRequestToken stands for, for ever: the number of what was made.
CREATE TABLE turk_tokens (
  requester BIGINT NOT NULL REFERENCES people (id),
  operation TEXT NOT NULL,
  token TEXT NOT NULL,
  made BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (requester, operation, token)
);

-- What a requester's program decided about an answer, and its words.
CREATE TABLE turk_decisions (
  submission BIGINT PRIMARY KEY REFERENCES submissions (id),
  feedback TEXT,
  at BIGINT NOT NULL
);

-- Bonuses of programs, for their lists.
CREATE TABLE turk_bonuses (
  id BIGSERIAL PRIMARY KEY,
  requester BIGINT NOT NULL REFERENCES people (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  submission BIGINT NOT NULL REFERENCES submissions (id),
  hit BIGINT NOT NULL REFERENCES turk_hits (id),
  amount BIGINT NOT NULL CHECK (amount > 0),
  reason TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX turk_bonuses_by_hit ON turk_bonuses (hit, id);
CREATE INDEX turk_bonuses_by_submission ON turk_bonuses (submission, id);

-- Where a HIT type's events are told: an address (a webhook of its requester), or, without one, the requester's chat.
CREATE TABLE turk_notifications (
  type BIGINT PRIMARY KEY REFERENCES turk_hit_types (id),
  transport TEXT NOT NULL CHECK (transport IN ('Email', 'SQS', 'SNS')),
  version TEXT NOT NULL,
  events TEXT NOT NULL,
  webhook BIGINT,
  active BIGINT NOT NULL CHECK (active IN (0, 1))
);

-- What happened to HITs that have notifications or review policies, until a sweep has dealt with it.
CREATE TABLE turk_events (
  id BIGSERIAL PRIMARY KEY,
  hit BIGINT NOT NULL REFERENCES turk_hits (id),
  assignment BIGINT REFERENCES assignments (id),
  kind TEXT NOT NULL,
  at BIGINT NOT NULL
);

-- How many assignments a HIT had when it was Reviewable, which is told and reviewed once.
CREATE TABLE turk_reviewable (
  hit BIGINT NOT NULL REFERENCES turk_hits (id),
  assignments BIGINT NOT NULL,
  PRIMARY KEY (hit, assignments)
);

-- What review policies found and did. The subject is the HIT, or an answer of it.
CREATE TABLE turk_review_actions (
  id BIGSERIAL PRIMARY KEY,
  hit BIGINT NOT NULL REFERENCES turk_hits (id),
  level TEXT NOT NULL CHECK (level IN ('Assignment', 'HIT')),
  name TEXT NOT NULL,
  assignment BIGINT REFERENCES assignments (id),
  status TEXT NOT NULL,
  at BIGINT NOT NULL,
  result TEXT NOT NULL DEFAULT ''
);
CREATE INDEX turk_review_actions_of ON turk_review_actions (hit, level, id);
CREATE INDEX turk_review_actions_intended ON turk_review_actions (id) WHERE status = 'Intended';

CREATE TABLE turk_review_results (
  id BIGSERIAL PRIMARY KEY,
  hit BIGINT NOT NULL REFERENCES turk_hits (id),
  level TEXT NOT NULL CHECK (level IN ('Assignment', 'HIT')),
  assignment BIGINT REFERENCES assignments (id),
  question TEXT,
  name TEXT NOT NULL,
  value TEXT NOT NULL
);
CREATE INDEX turk_review_results_of ON turk_review_results (hit, level, id);

-- Layouts that a requester brought: a question with placeholders; `amazon` is the id it had there, or its file's name.
CREATE TABLE turk_layouts (
  id BIGSERIAL PRIMARY KEY,
  requester BIGINT NOT NULL REFERENCES people (id),
  amazon TEXT NOT NULL,
  question TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  UNIQUE (requester, amazon)
);

-- Qualification types by the ids they had at Amazon, which programs have in their text.
CREATE TABLE turk_known_types (
  requester BIGINT NOT NULL REFERENCES people (id),
  amazon TEXT NOT NULL,
  type BIGINT NOT NULL REFERENCES qualification_types (id),
  PRIMARY KEY (requester, amazon)
);

-- Values of workers of Amazon's, by a hash of their ids there: each can be claimed once.
CREATE TABLE turk_former_values (
  type BIGINT NOT NULL REFERENCES qualification_types (id),
  hash TEXT NOT NULL,
  value BIGINT NOT NULL,
  claimed_at BIGINT,
  PRIMARY KEY (type, hash)
);

-- What pages of a requester's HITs keep in a worker's browser (localStorage and cookies), which pages without an origin
-- cannot: one JSON document for each requester and worker.
CREATE TABLE turk_page_storage (
  requester BIGINT NOT NULL REFERENCES people (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  content TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (requester, worker)
);
CREATE INDEX turk_page_storage_by_worker ON turk_page_storage (worker);
CREATE INDEX turk_page_storage_by_age ON turk_page_storage (changed_at);

-- boxes ------------------------------------------------------------------------------------------

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
CREATE INDEX outbox_edits ON outbox (person, edits) WHERE state = 'waiting' AND edits IS NOT NULL;
-- Letters of the board that have ended are deleted within minutes.
CREATE INDEX outbox_of_board_running ON outbox (ended_at)
  WHERE state <> 'waiting' AND screen >= 'fairness.Board' AND screen < 'fairness.Boare';
CREATE INDEX outbox_said ON outbox (person, screen)
  WHERE state = 'waiting' AND coalesce(key, live) IS NULL AND edits IS NULL;

-- A message that is edited in place: which one it is in this person's chat.
CREATE TABLE live_messages (
  person BIGINT NOT NULL REFERENCES people (id),
  name TEXT NOT NULL,
  message_id BIGINT NOT NULL,
  told BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (person, name)
);
CREATE INDEX live_messages_watched ON live_messages (name, person) WHERE name LIKE 'project:%';

-- Pictures and files that Telegram has already, sent again by their id. `content` is a hash, of bytes or of an address.
CREATE TABLE uploaded_files (
  content TEXT PRIMARY KEY,
  file_id TEXT NOT NULL,
  uploaded_at BIGINT NOT NULL
);
CREATE INDEX uploaded_files_old ON uploaded_files (uploaded_at);

-- cluster ----------------------------------------------------------------------------------------

-- Which process has which role, until when.
CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  until BIGINT NOT NULL
);

-- rows that are always there ---------------------------------------------------------------------

INSERT INTO progress_counted (name, up_to) VALUES ('submissions', 0), ('changed', 0);
INSERT INTO returned_places (id, task) VALUES (1, 0);
