-- What a key may do, what it may spend and has spent (millionths), when it was last used; and its Amazon pair: the id,
-- and the secret, encrypted under SECRETS_KEY.
ALTER TABLE api_keys ADD COLUMN scope TEXT NOT NULL DEFAULT 'spend';
ALTER TABLE api_keys ADD COLUMN budget BIGINT;
ALTER TABLE api_keys ADD COLUMN spent BIGINT NOT NULL DEFAULT 0;
ALTER TABLE api_keys ADD COLUMN used_at BIGINT;
ALTER TABLE api_keys ADD COLUMN access_id TEXT;
ALTER TABLE api_keys ADD COLUMN sealed TEXT;
CREATE UNIQUE INDEX api_keys_access_id ON api_keys (access_id);

-- Requests of programs that were done: the same Idempotency-Key answers the same, for ever.
CREATE TABLE api_requests (
  person BIGINT NOT NULL REFERENCES people (id),
  name TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  status BIGINT NOT NULL,
  answer TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (person, name)
);
