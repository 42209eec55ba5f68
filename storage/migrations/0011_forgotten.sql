-- People who leave: first no offers any more, then nothing of theirs is kept but a nameless book.

ALTER TABLE people ADD COLUMN leaving_at BIGINT;
ALTER TABLE people ADD COLUMN erased_at BIGINT;
CREATE INDEX people_leaving ON people (leaving_at) WHERE leaving_at IS NOT NULL AND erased_at IS NULL;
-- Consent to a project that was taken back: the answers leave every export.
ALTER TABLE enrolments ADD COLUMN withdrawn_at BIGINT;
