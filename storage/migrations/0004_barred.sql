-- Whom an admin has taken the requester's role from: they have none either where everybody else may open projects.
ALTER TABLE people ADD COLUMN barred BIGINT NOT NULL DEFAULT 0 CHECK (barred IN (0, 1));
