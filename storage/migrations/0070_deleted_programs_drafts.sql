-- Drafts of programs that were deleted, or let go, could not be taken out, as HITs hang on their tasks, and nothing behind
-- them was. They stay unseen, with their HITs disposed of; their type begins another draft. One that has run since is
-- seen again.
UPDATE turk_hits SET disposed_at = created_at, open = 0
WHERE disposed_at IS NULL AND task IN (
  SELECT t.id FROM tasks t JOIN projects p ON p.id = t.project WHERE p.arriving = 1 AND p.state = 'draft');
UPDATE projects SET arriving = 0
WHERE arriving = 1 AND state <> 'draft' AND id IN (SELECT project FROM batches WHERE fingerprint LIKE 'mturk:%');
UPDATE turk_hit_types SET project = NULL
WHERE project IN (SELECT id FROM projects WHERE arriving = 1 AND state = 'draft');
UPDATE batches SET arriving = 0, launched = 1 WHERE arriving = 1 AND fingerprint LIKE 'mturk:%';
