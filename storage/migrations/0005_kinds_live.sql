-- What the live engine said of a task while it was asked, beside what all answers of the project said at its end.

ALTER TABLE tasks ADD COLUMN live TEXT;
ALTER TABLE tasks ADD COLUMN live_confidence DOUBLE PRECISION;
UPDATE tasks SET live = consensus, live_confidence = confidence
WHERE gold IS NULL AND project IN (SELECT id FROM projects WHERE state = 'running');
