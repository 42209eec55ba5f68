-- Projects a sweep may have something to do for: `answers` counts what came since the row was made, and the sweep looks
-- when they are `check_at`. Whatever else may give it something to do sets `check_at` to 0. Work refit, evidence, progress
-- (the live message) and rest (money of an ended project that goes back).
CREATE TABLE changed_projects (
  work TEXT NOT NULL CHECK (work IN ('refit', 'evidence', 'progress', 'rest')),
  project BIGINT NOT NULL REFERENCES projects (id),
  answers BIGINT NOT NULL DEFAULT 0 CHECK (answers >= 0),
  check_at BIGINT NOT NULL DEFAULT 0 CHECK (check_at >= 0),
  PRIMARY KEY (work, project)
);
CREATE INDEX changed_projects_due ON changed_projects (work, project) WHERE answers >= check_at;
INSERT INTO changed_projects (work, project)
SELECT w.work, p.id FROM projects p CROSS JOIN (
  SELECT 'refit' AS work UNION ALL SELECT 'evidence' UNION ALL SELECT 'progress' UNION ALL SELECT 'rest') AS w
WHERE p.state <> 'draft';
-- The last submission they count.
INSERT INTO progress_counted (name, up_to) SELECT 'changed', coalesce(max(id), 0) FROM submissions;

DROP INDEX live_messages_watched;
CREATE INDEX live_messages_watched ON live_messages (name, person) WHERE name LIKE 'project:%';
