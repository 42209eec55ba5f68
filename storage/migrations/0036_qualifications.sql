-- Workers to whom a requester offers nothing any more; the worker is told the reason.
CREATE TABLE worker_blocks (
  requester BIGINT NOT NULL REFERENCES people (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  reason TEXT NOT NULL,
  blocked_at BIGINT NOT NULL,
  PRIMARY KEY (requester, worker)
);
CREATE INDEX worker_blocks_of ON worker_blocks (worker);
ALTER TABLE enrolments ADD COLUMN blocked BIGINT NOT NULL DEFAULT 0 CHECK (blocked IN (0, 1));

CREATE INDEX submissions_not_accepted ON submissions (worker, state) WHERE state <> 'accepted';

-- What a requester may ask of workers: granted by hand, by themselves or by a test. No retry_seconds: asked for once.
CREATE TABLE qualification_types (
  id BIGSERIAL PRIMARY KEY,
  requester BIGINT NOT NULL REFERENCES people (id),
  name TEXT NOT NULL,
  plain TEXT NOT NULL,
  description TEXT NOT NULL,
  keywords TEXT NOT NULL DEFAULT '',
  active BIGINT NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  retry_seconds BIGINT CHECK (retry_seconds >= 0),
  test TEXT,
  test_seconds BIGINT CHECK (test_seconds > 0),
  answer_key TEXT,
  granted_by_itself BIGINT,
  made_at BIGINT NOT NULL,
  deleted_at BIGINT
);
CREATE UNIQUE INDEX qualification_types_named ON qualification_types (requester, plain) WHERE deleted_at IS NULL;
CREATE INDEX qualification_types_of ON qualification_types (requester, id) WHERE deleted_at IS NULL;

-- What a worker has, or had: `granted` 0 is revoked.
CREATE TABLE qualifications (
  type BIGINT NOT NULL REFERENCES qualification_types (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  value BIGINT NOT NULL,
  granted BIGINT NOT NULL DEFAULT 1 CHECK (granted IN (0, 1)),
  changed_at BIGINT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (type, worker)
);
CREATE INDEX qualifications_of ON qualifications (worker, type);

-- A worker is offered a qualification, takes its test, or waits for its requester: one open one of each type.
CREATE TABLE qualification_requests (
  id BIGSERIAL PRIMARY KEY,
  type BIGINT NOT NULL REFERENCES qualification_types (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  state TEXT NOT NULL CHECK (state IN ('offered', 'testing', 'waiting', 'granted', 'rejected', 'declined')),
  test TEXT,
  answers TEXT,
  made_at BIGINT NOT NULL,
  decided_at BIGINT,
  reason TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX qualification_requests_open ON qualification_requests (type, worker)
WHERE state IN ('offered', 'testing', 'waiting');
CREATE INDEX qualification_requests_of ON qualification_requests (worker, type, id);
CREATE INDEX qualification_requests_waiting ON qualification_requests (type, id) WHERE state = 'waiting';
