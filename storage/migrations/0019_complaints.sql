-- Complaints to the house, about a decision of the register (domain/fairness/automated.py) or anything else. `person` is
-- NULL and the words are empty once they were erased. `subject`: the restriction or project it is about, 0 for neither.
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

-- Since when, and until when, a machine asked somebody later (kind later) or watched them (checks: more check questions,
-- held: not pushed to either) in a project.
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
-- An admin said that the machine is wrong here: no soft measures for this worker in this project.
ALTER TABLE enrolments ADD COLUMN spared BIGINT NOT NULL DEFAULT 0 CHECK (spared IN (0, 1));
CREATE INDEX enrolments_watched ON enrolments (project, worker) WHERE watch > 0;
