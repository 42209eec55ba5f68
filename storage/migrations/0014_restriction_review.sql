-- A restriction stands only if a human confirms it by `confirm_by`; else it lapses. `remind_at`: when admins hear of it,
-- NULL once they need not. `words`: why the admin confirmed it.
ALTER TABLE restrictions ADD COLUMN confirm_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE restrictions ADD COLUMN remind_at BIGINT;
ALTER TABLE restrictions ADD COLUMN lapsed BIGINT NOT NULL DEFAULT 0 CHECK (lapsed IN (0, 1));
ALTER TABLE restrictions ADD COLUMN words TEXT;
UPDATE restrictions SET confirm_by = imposed_at + 259200000;
UPDATE restrictions SET remind_at = imposed_at WHERE state = 'standing' AND decided_by IS NULL;
CREATE INDEX restrictions_waiting ON restrictions (confirm_by) WHERE state = 'standing' AND decided_by IS NULL;
CREATE INDEX restrictions_waiting_reminder ON restrictions (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX restrictions_by_worker ON restrictions (worker, imposed_at);
