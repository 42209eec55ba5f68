-- Files that cannot hurt: what ended the process is given up, and what is never launched has a quota.

-- How often a process ended while this update was under way.
ALTER TABLE inbox ADD COLUMN begun BIGINT NOT NULL DEFAULT 0 CHECK (begun >= 0);

-- What a file's rows take, in bytes of JSON; of those from before, in characters of their content.
ALTER TABLE batches ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0 CHECK (bytes >= 0);
UPDATE batches SET bytes = (SELECT coalesce(sum(length(content)), 0) FROM tasks WHERE tasks.batch = batches.id)
WHERE launched = 0;
CREATE INDEX batches_unlaunched ON batches (requester) WHERE launched = 0;
CREATE INDEX batches_old ON batches (imported_at) WHERE launched = 0 AND arriving = 0;
