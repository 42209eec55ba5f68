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

-- The answers to one task, in the order in which they came.
CREATE INDEX submissions_by_task ON submissions (task, id);
