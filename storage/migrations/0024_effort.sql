-- How long an answer takes by the requester's word; and by the estimate or that word alone, beside what is expected.
ALTER TABLE projects ADD COLUMN seconds BIGINT CHECK (seconds >= 1);
ALTER TABLE floors ADD COLUMN base BIGINT NOT NULL DEFAULT 1 CHECK (base >= 1);
UPDATE floors SET base = expected;
-- The message its file came with, in its sender's chat: who edits its caption means this draft.
ALTER TABLE batches ADD COLUMN message BIGINT;
CREATE INDEX batches_by_message ON batches (requester, message) WHERE message IS NOT NULL;
-- Where answers wait to be measured.
CREATE INDEX floors_waiting ON floors (project) WHERE waiting > 0;
