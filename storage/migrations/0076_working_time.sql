-- The first sign that a worker is at a task: of a task that was pushed, its time counts from then.
ALTER TABLE assignments ADD COLUMN begun_at BIGINT;
-- Working time of an answer, pauses excluded (domain/work/submissions.py). What was pushed before had none: its requester's
-- estimate is the best there is.
ALTER TABLE submissions ADD COLUMN worked BIGINT NOT NULL DEFAULT 0 CHECK (worked >= 0);
UPDATE submissions SET worked = CASE WHEN NOT EXISTS (
  SELECT 1 FROM assignments a WHERE a.id = submissions.assignment AND a.pushed = 1) THEN milliseconds
  ELSE coalesce((
    SELECT CASE WHEN f.expected < submissions.milliseconds THEN f.expected ELSE submissions.milliseconds END
    FROM floors f WHERE f.project = submissions.project), 0) END;
-- What its worker's time counted for when it was measured: 1 independent of the requester, 2 related to them, 0 unknown.
ALTER TABLE submissions ADD COLUMN standing BIGINT NOT NULL DEFAULT 0 CHECK (standing IN (0, 1, 2));
