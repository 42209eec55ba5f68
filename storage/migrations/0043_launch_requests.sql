-- Launches that a program asked its owner for, because its key may not spend so much: decided by a button in the chat.
CREATE TABLE launch_requests (
  id BIGSERIAL PRIMARY KEY,
  person BIGINT NOT NULL REFERENCES people (id),
  api_key BIGINT NOT NULL,
  project BIGINT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  price BIGINT NOT NULL CHECK (price >= 0),
  asked_at BIGINT NOT NULL,
  until BIGINT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'launched', 'refused', 'replaced')),
  decided_at BIGINT,
  FOREIGN KEY (person, api_key) REFERENCES api_keys (person, number)
);

CREATE UNIQUE INDEX launch_requests_waiting ON launch_requests (project) WHERE state = 'waiting';
CREATE INDEX launch_requests_of ON launch_requests (person, asked_at);
