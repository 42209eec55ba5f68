-- Whether what is compared stands in another order for each worker. Projects from before keep theirs.
ALTER TABLE projects ADD COLUMN shuffled BIGINT NOT NULL DEFAULT 0 CHECK (shuffled IN (0, 1));
