-- Projects of which a few tasks were launched first: up to which position, and when their requester was told of them.
CREATE TABLE pilots (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  last BIGINT NOT NULL,
  begun_at BIGINT NOT NULL,
  told_at BIGINT
);
CREATE INDEX pilots_waiting ON pilots (project) WHERE told_at IS NULL;
