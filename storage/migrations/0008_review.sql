-- Rejections with what they cite, appeals with their judges, and projects that were stopped to be looked at.

CREATE TABLE rejections (
  submission BIGINT PRIMARY KEY REFERENCES submissions (id),
  project BIGINT NOT NULL REFERENCES projects (id),
  line BIGINT NOT NULL CHECK (line >= 1),
  clause TEXT NOT NULL CHECK (length(clause) > 0),
  reason TEXT NOT NULL CHECK (length(reason) >= 15 AND length(reason) <= 500),
  state TEXT NOT NULL CHECK (state IN ('standing', 'appealed', 'overturned', 'final')),
  rejected_by BIGINT NOT NULL REFERENCES people (id),
  rejected_at BIGINT NOT NULL,
  notice TEXT NOT NULL,
  appeal_until BIGINT NOT NULL CHECK (appeal_until > rejected_at),
  decided_at BIGINT,
  CHECK ((state IN ('standing', 'appealed')) = (decided_at IS NULL))
);
CREATE INDEX rejections_by_project ON rejections (project);
CREATE INDEX rejections_closing ON rejections (appeal_until) WHERE state = 'standing';

-- `places` are judges still to be found; `funded` 1 while, and after, their pay was set aside.
CREATE TABLE appeals (
  id BIGSERIAL PRIMARY KEY,
  submission BIGINT NOT NULL UNIQUE REFERENCES rejections (submission),
  words TEXT,
  state TEXT NOT NULL CHECK (state IN ('open', 'won', 'lost')),
  funded BIGINT NOT NULL CHECK (funded IN (0, 1)),
  places BIGINT NOT NULL CHECK (places >= 0),
  opened_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL CHECK (due_at > opened_at),
  decided_at BIGINT,
  CHECK ((state = 'open') = (decided_at IS NULL))
);
CREATE INDEX appeals_waiting ON appeals (due_at) WHERE state = 'open';

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

-- A project that rejected too much, the counts then, and what a human said. What was looked at is not counted again.
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

-- What waits for a human's word, in the order it came.
CREATE INDEX submissions_undecided ON submissions (project, id) WHERE held_until IS NOT NULL;
