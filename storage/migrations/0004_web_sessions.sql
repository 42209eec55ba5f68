-- Links to the dashboard that were not opened yet (`is_open` 0), and sessions of browsers. `hash` is of the token, which
-- is stored nowhere.
CREATE TABLE web_sessions (
  hash TEXT PRIMARY KEY,
  person BIGINT NOT NULL REFERENCES people (id),
  is_open BIGINT NOT NULL CHECK (is_open IN (0, 1)),
  made_at BIGINT NOT NULL,
  until BIGINT NOT NULL CHECK (until > made_at)
);
CREATE INDEX web_sessions_by_person ON web_sessions (person, made_at);
CREATE INDEX web_sessions_until ON web_sessions (until);
