-- Addresses that requesters want to be called at; the secret is encrypted under SECRETS_KEY. No kinds: all of them.
CREATE TABLE webhooks (
  person BIGINT NOT NULL REFERENCES people (id),
  number BIGINT NOT NULL,
  url TEXT NOT NULL,
  kinds TEXT NOT NULL,
  sealed TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  removed_at BIGINT,
  PRIMARY KEY (person, number)
);
CREATE INDEX webhooks_working ON webhooks (person) WHERE removed_at IS NULL;

-- What happened in projects whose requester wants to be called, written with it; soon a call for each address.
CREATE TABLE webhook_events (
  id BIGSERIAL PRIMARY KEY,
  project BIGINT NOT NULL REFERENCES projects (id),
  kind TEXT NOT NULL,
  subject BIGINT NOT NULL
);

-- Calls: the same `name` however often one is tried. A call is given up at `until`.
CREATE TABLE webhook_calls (
  id BIGSERIAL PRIMARY KEY,
  person BIGINT NOT NULL,
  number BIGINT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
  attempts BIGINT NOT NULL DEFAULT 0,
  made_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  until BIGINT NOT NULL,
  answer TEXT,
  FOREIGN KEY (person, number) REFERENCES webhooks (person, number)
);
CREATE INDEX webhook_calls_due ON webhook_calls (person, number, due_at) WHERE state = 'waiting';
CREATE INDEX webhook_calls_of ON webhook_calls (person, number, state, id);
CREATE INDEX webhook_calls_old ON webhook_calls (made_at) WHERE state <> 'waiting';
