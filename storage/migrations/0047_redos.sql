-- Answers that their requester asks for once more, paid again: at most once each. The pay is held until it is done,
-- declined, or too late.
CREATE TABLE redos (
  submission BIGINT PRIMARY KEY REFERENCES submissions (id),
  project BIGINT NOT NULL REFERENCES projects (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  words TEXT NOT NULL,
  pay BIGINT NOT NULL CHECK (pay > 0),
  state TEXT NOT NULL CHECK (state IN ('asked', 'done', 'declined', 'late')),
  asked_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  ended_at BIGINT,
  CHECK ((state = 'asked') = (ended_at IS NULL))
);
CREATE INDEX redos_open ON redos (until_at) WHERE state = 'asked';
CREATE INDEX redos_of ON redos (worker);
CREATE INDEX redos_held ON redos (project) WHERE state = 'asked';
