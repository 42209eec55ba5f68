-- Session mode: 1 where the message of an answered task becomes the next one.
ALTER TABLE preferences ADD COLUMN in_place BIGINT NOT NULL DEFAULT 0 CHECK (in_place IN (0, 1));
