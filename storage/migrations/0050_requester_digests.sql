-- When a requester hears next how their projects went, once a day; `seen` is the last answer they heard of.
CREATE TABLE requester_digests (
  person BIGINT PRIMARY KEY REFERENCES people (id),
  off BIGINT NOT NULL DEFAULT 0,
  next_at BIGINT NOT NULL,
  seen BIGINT NOT NULL
);
CREATE INDEX requester_digests_due ON requester_digests (next_at) WHERE off = 0;
