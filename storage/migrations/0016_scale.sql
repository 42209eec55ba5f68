-- Files, launches and ends of any size: what is written, opened or closed a little at a time; counts that move along.

-- 1 while the project's first file is still on its way in: nobody sees it before all of it is there.
ALTER TABLE projects ADD COLUMN arriving BIGINT NOT NULL DEFAULT 0 CHECK (arriving IN (0, 1));

-- 1 while rows are still being written; `imported_at` is then the moment of the last step.
ALTER TABLE batches ADD COLUMN arriving BIGINT NOT NULL DEFAULT 0 CHECK (arriving IN (0, 1));
-- The place of its first row, and how many rows are written.
ALTER TABLE batches ADD COLUMN start BIGINT NOT NULL DEFAULT 1 CHECK (start >= 1);
ALTER TABLE batches ADD COLUMN staged BIGINT NOT NULL DEFAULT 0 CHECK (staged >= 0 AND staged <= tasks);
-- What it asks for: ordinary tasks, gold ones, all answers that can be wanted. As each task was opened, once it is.
ALTER TABLE batches ADD COLUMN ordinary BIGINT NOT NULL DEFAULT 0 CHECK (ordinary >= 0);
ALTER TABLE batches ADD COLUMN gold BIGINT NOT NULL DEFAULT 0 CHECK (gold >= 0);
ALTER TABLE batches ADD COLUMN asked BIGINT NOT NULL DEFAULT 0 CHECK (asked >= 0);
ALTER TABLE batches ADD COLUMN launched BIGINT NOT NULL DEFAULT 0 CHECK (launched IN (0, 1));
CREATE INDEX batches_by_project ON batches (project, id);
CREATE INDEX batches_arriving ON batches (imported_at) WHERE arriving = 1;

UPDATE batches SET start = f.start, staged = tasks, ordinary = f.ordinary, gold = f.gold, asked = f.asked,
  launched = f.launched
FROM (
  SELECT t.batch, min(t.position) AS start, count(*) FILTER (WHERE t.gold IS NULL) AS ordinary,
    count(*) FILTER (WHERE t.gold IS NOT NULL) AS gold,
    sum(CASE WHEN t.gold IS NULL AND p.confidence IS NOT NULL AND p.max_overlap > t.overlap THEN p.max_overlap
      ELSE t.overlap END) AS asked,
    max(CASE WHEN t.state = 'draft' THEN 0 ELSE 1 END) AS launched
  FROM tasks t JOIN projects p ON p.id = t.project GROUP BY t.batch
) AS f WHERE f.batch = batches.id;

-- Places that came back, in the order in which they did: 0 has been there since its launch. Each worker looks at each
-- such place once, as each looks once at each position: `back` is how far.
ALTER TABLE openings ADD COLUMN back BIGINT NOT NULL DEFAULT 0 CHECK (back >= 0);
CREATE INDEX openings_back ON openings (project, gold, back) WHERE back > 0;
ALTER TABLE enrolments ADD COLUMN back BIGINT NOT NULL DEFAULT 0;
ALTER TABLE enrolments ADD COLUMN gold_back BIGINT NOT NULL DEFAULT 0;
-- Numbers places that come back; the newest row is kept, so that no number comes twice.
CREATE TABLE returns (
  id BIGSERIAL PRIMARY KEY,
  task BIGINT NOT NULL
);
-- Whatever somebody has passed is looked at once more by everybody.
UPDATE openings SET back = position
FROM (SELECT project, max(cursor) AS far, max(gold_cursor) AS gold_far FROM enrolments GROUP BY project) AS f
WHERE f.project = openings.project AND position <= CASE openings.gold WHEN 0 THEN f.far ELSE f.gold_far END;

-- What waits for a launch is known by its batch.
DROP INDEX tasks_draft;

-- The message that carried an assignment; the messages that tell a project's progress.
CREATE INDEX outbox_by_assignment ON outbox (assignment) WHERE assignment IS NOT NULL;
CREATE INDEX live_messages_watched ON live_messages (person, name) WHERE name LIKE 'project:%';

-- Known answers that were missed.
CREATE INDEX submissions_missed ON submissions (project, task) WHERE gold = 0;
-- What was rejected and may still be paid.
CREATE INDEX rejections_undecided ON rejections (project) WHERE state IN ('standing', 'appealed');

-- A launch or an end of many tasks, or many workers to be told: done up to here, a little at a time.
CREATE TABLE strides (
  project BIGINT NOT NULL REFERENCES projects (id),
  work TEXT NOT NULL CHECK (work IN ('open', 'close', 'wake')),
  position BIGINT NOT NULL,
  last BIGINT NOT NULL,
  served_at BIGINT NOT NULL DEFAULT -1,
  PRIMARY KEY (project, work)
);

-- Counts of a project up to a moment; what moved since is read beside them. No answer writes here.
CREATE TABLE tallies (
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

-- Tasks that closed, opened again, became gold or ceased to be, not counted yet. Written by the trigger of tasks.
CREATE TABLE tally_moves (
  id BIGSERIAL PRIMARY KEY,
  project BIGINT NOT NULL,
  tasks BIGINT NOT NULL,
  gold BIGINT NOT NULL,
  closed BIGINT NOT NULL
);
CREATE INDEX tally_moves_by_project ON tally_moves (project);

-- Up to which submission the tallies count.
CREATE TABLE tallied (
  name TEXT PRIMARY KEY,
  up_to BIGINT NOT NULL
);

INSERT INTO tallied (name, up_to) SELECT 'submissions', coalesce(max(id), 0) FROM submissions;
INSERT INTO tallies (project, closed, begun, answers, workers, gold_seen, gold_right)
SELECT p.id, coalesce(t.closed, 0), CASE WHEN p.state = 'stopped' THEN coalesce(t.begun, 0) ELSE 0 END,
  coalesce(t.answers, 0), coalesce(e.workers, 0), coalesce(e.gold_seen, 0), coalesce(e.gold_right, 0)
FROM projects p
LEFT JOIN (
  SELECT project, count(*) FILTER (WHERE gold IS NULL AND state = 'closed') AS closed,
    count(*) FILTER (WHERE gold IS NULL AND state <> 'closed' AND received > 0) AS begun, sum(received) AS answers
  FROM tasks GROUP BY project
) AS t ON t.project = p.id
LEFT JOIN (
  SELECT project, count(*) FILTER (WHERE answered > 0) AS workers, sum(gold_seen) AS gold_seen,
    sum(gold_right) AS gold_right FROM enrolments GROUP BY project
) AS e ON e.project = p.id;
