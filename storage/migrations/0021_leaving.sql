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
