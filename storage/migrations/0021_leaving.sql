-- Nothing is left of what was said to whoever leaves, and what must outlive their leaving is kept without their name.

-- However a letter ended, what it said ends with it.
UPDATE outbox SET facts = '{}' WHERE state <> 'waiting' AND facts <> '{}';

-- What this installation alone knows, each made when it is first needed.
CREATE TABLE IF NOT EXISTS secrets (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  made_at BIGINT NOT NULL
);

-- Who was erased, by a keyed hash of their Telegram id: their tasks, restrictions and skill are not left behind by
-- leaving. `person` is the nameless row these belong to.
CREATE TABLE remembered (
  person BIGINT PRIMARY KEY REFERENCES people (id),
  trace TEXT NOT NULL
);
CREATE INDEX remembered_by_trace ON remembered (trace);

-- Tasks whose consensus held words or places of somebody who has left since: emptied at once, drawn anew without them.
CREATE TABLE redraws (task BIGINT PRIMARY KEY REFERENCES tasks (id));
INSERT INTO redraws (task)
SELECT DISTINCT s.task FROM submissions s JOIN people p ON p.id = s.worker JOIN projects j ON j.id = s.project
WHERE p.erased_at IS NOT NULL AND j.kind IN ('text', 'location');
UPDATE tasks SET consensus = NULL, confidence = NULL, live = NULL, live_confidence = NULL
WHERE gold IS NULL AND id IN (SELECT task FROM redraws);
