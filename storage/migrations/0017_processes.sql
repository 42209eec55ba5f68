-- Several processes handle updates: who takes one up, and who of one person's comes first.

ALTER TABLE inbox ADD COLUMN holder TEXT NOT NULL DEFAULT 'nobody';
DROP INDEX inbox_waiting;
CREATE INDEX inbox_held ON inbox (holder, update_id) WHERE state = 'waiting';
CREATE INDEX inbox_lane ON inbox (person, update_id) WHERE state = 'waiting';
