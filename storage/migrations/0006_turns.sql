-- Whose turn it is: what each worker's answers tell in a project, and who is asked later there.

-- What one answer tells, as a share of what one tells there on average; NULL until a refit knew.
ALTER TABLE enrolments ADD COLUMN worth DOUBLE PRECISION CHECK (worth >= 0);
-- 0 asked like everybody, 1 later: by what was answered here, 2 later: by other projects, until answers here tell.
ALTER TABLE enrolments ADD COLUMN later BIGINT NOT NULL DEFAULT 0 CHECK (later IN (0, 1, 2));
CREATE INDEX enrolments_later ON enrolments (project, worker) WHERE later > 0;
