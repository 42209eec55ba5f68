-- Tasks are given out in the order of a hash of their number, keyed by a secret of this installation, so that the order of
-- a file does not show which of its tasks are check questions. The values: 0074_shuffled_openings.postgresql.sql and
-- .sqlite.sql. Workers look from the beginning again; what they had is not offered twice.
ALTER TABLE openings RENAME COLUMN position TO shuffle_key;
UPDATE enrolments SET cursor = 0, gold_cursor = 0 WHERE cursor > 0 OR gold_cursor > 0;
-- How many tasks of the project this worker was offered: draws go by it. How many they skipped on a day (its number since
-- 1970).
ALTER TABLE enrolments ADD COLUMN offered BIGINT NOT NULL DEFAULT 0 CHECK (offered >= 0);
ALTER TABLE enrolments ADD COLUMN skipped BIGINT NOT NULL DEFAULT 0 CHECK (skipped >= 0);
ALTER TABLE enrolments ADD COLUMN skipped_on BIGINT NOT NULL DEFAULT 0 CHECK (skipped_on >= 0);
UPDATE enrolments SET offered = answered + 1;
