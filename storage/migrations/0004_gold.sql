-- Gold made in chat, gold on trial; what speaks against a worker, and what was done about it.

-- The overlap a launched task had before it became gold in chat: what it goes back to when that gold is overturned.
ALTER TABLE tasks ADD COLUMN asked BIGINT;
-- How closely a worker is looked at in a project: 1 meets more gold, 2 is not pushed to either.
ALTER TABLE enrolments ADD COLUMN watch BIGINT NOT NULL DEFAULT 0 CHECK (watch IN (0, 1, 2));
ALTER TABLE enrolments ADD COLUMN restricted_until BIGINT;

-- Tasks whose requester said: what everybody answered is not gold.
CREATE TABLE gold_refusals (
  task BIGINT PRIMARY KEY REFERENCES tasks (id),
  refused_at BIGINT NOT NULL
);

-- Whether a gold answer is right is asked of its requester until a date. While quarantined it counts for nobody.
CREATE TABLE trials (
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
CREATE UNIQUE INDEX trials_one_open ON trials (task) WHERE state = 'open';
CREATE INDEX trials_due ON trials (due_at) WHERE state = 'open';
CREATE INDEX trials_by_task ON trials (task);

CREATE TABLE contests (
  submission BIGINT PRIMARY KEY REFERENCES submissions (id),
  trial BIGINT NOT NULL REFERENCES trials (id),
  made_at BIGINT NOT NULL
);
CREATE INDEX contests_by_trial ON contests (trial);

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

-- Up to which submission a project's evidence was last computed.
CREATE TABLE examinations (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  last_submission BIGINT NOT NULL
);

-- No offers in one project until a date. `notice` is the key of the letter that said so.
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
