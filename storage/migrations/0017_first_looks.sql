-- Projects of requesters of whom none was approved or completed: each waits for an admin. `seen` is a fingerprint of what
-- the admins are shown, `version` counts its changes.
CREATE TABLE first_looks (
  project BIGINT PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'refused')),
  seen TEXT NOT NULL,
  version BIGINT NOT NULL CHECK (version >= 1),
  asked_at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  ended_by BIGINT REFERENCES people (id),
  ended_at BIGINT,
  CHECK (state <> 'refused' OR reason <> ''),
  CHECK (state = 'waiting' OR ended_by IS NOT NULL)
);
CREATE INDEX first_looks_waiting ON first_looks (asked_at) WHERE state = 'waiting';
