-- The wage floor while people work: what was promised, what was measured, what was paid on top; and projects that rest.

-- Why nothing of a running project is offered now: reasons, joined by spaces; empty where it is offered.
ALTER TABLE projects ADD COLUMN paused TEXT NOT NULL DEFAULT '';
-- 1 where the task came unasked: how long it lay there says nothing of the work.
ALTER TABLE assignments ADD COLUMN pushed BIGINT NOT NULL DEFAULT 0 CHECK (pushed IN (0, 1));

-- Which window of its project a submission was measured in: 1, 2, …; 0 is older than the floor; NULL not yet.
ALTER TABLE submissions ADD COLUMN measured_in BIGINT CHECK (measured_in >= 0);
CREATE INDEX submissions_unmeasured ON submissions (project, id) WHERE measured_in IS NULL;
CREATE INDEX submissions_measured ON submissions (project, measured_in) WHERE measured_in > 0;

-- What a launch promised: the floor per hour, the expected milliseconds of one submission. `waiting` are not measured yet.
CREATE TABLE floors (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  floor BIGINT NOT NULL CHECK (floor > 0),
  expected BIGINT NOT NULL CHECK (expected > 0),
  windows BIGINT NOT NULL DEFAULT 0 CHECK (windows >= 0),
  waiting BIGINT NOT NULL DEFAULT 0 CHECK (waiting >= 0)
);

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

-- Figures for everybody, kept for as long as working them out is worth: `took` milliseconds.
CREATE TABLE figures (
  name TEXT PRIMARY KEY,
  facts TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  took BIGINT NOT NULL CHECK (took >= 0)
);
