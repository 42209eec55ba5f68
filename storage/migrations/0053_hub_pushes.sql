-- Results that are being pushed to a hub of data sets. The requester's token is encrypted; the row goes when it ended.
CREATE TABLE hub_pushes (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  requester BIGINT NOT NULL REFERENCES people (id),
  name TEXT NOT NULL,
  public BIGINT NOT NULL CHECK (public IN (0, 1)),
  token TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  tries BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX hub_pushes_of_requester ON hub_pushes (requester);
