-- Keys with which a requester's programs ask: only a hash of each, and how it ends so that its owner knows it again.
CREATE TABLE api_keys (
  person BIGINT NOT NULL REFERENCES people (id),
  number BIGINT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  hint TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  revoked_at BIGINT,
  PRIMARY KEY (person, number)
);
