-- People who ask to open projects, and people whom an admin invites to.

CREATE TABLE role_requests (
  id BIGSERIAL PRIMARY KEY,
  person BIGINT NOT NULL REFERENCES people (id),
  -- Who they are, what for, and how to reach them, in their own words.
  words TEXT NOT NULL CHECK (words <> ''),
  -- The version of the terms that they accepted by sending it.
  terms TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'granted', 'refused', 'lapsed')),
  asked_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL CHECK (due_at > asked_at),
  decided_at BIGINT,
  decided_by BIGINT REFERENCES people (id),
  reason TEXT NOT NULL DEFAULT '',
  CHECK ((state = 'waiting') = (decided_at IS NULL)),
  CHECK ((state = 'refused') = (reason <> ''))
);
CREATE UNIQUE INDEX role_requests_waiting ON role_requests (person) WHERE state = 'waiting';
CREATE INDEX role_requests_due ON role_requests (due_at) WHERE state = 'waiting';
CREATE INDEX role_requests_by_person ON role_requests (person, asked_at);

-- `name`: the hash of a link's token, or the @username of somebody who has not written yet.
CREATE TABLE role_invitations (
  name TEXT PRIMARY KEY,
  uses_left BIGINT NOT NULL CHECK (uses_left >= 0),
  made_by BIGINT NOT NULL REFERENCES people (id),
  until BIGINT NOT NULL
);
CREATE INDEX role_invitations_until ON role_invitations (until);
