-- SQLite looked for letters without a key, a live message or an edit by the unique index on `key`: it takes two rows to
-- have none, where nearly all have none. An expression has no other index.
DROP INDEX outbox_said;
CREATE INDEX outbox_said ON outbox (person, screen)
  WHERE state = 'waiting' AND coalesce(key, live) IS NULL AND edits IS NULL;
