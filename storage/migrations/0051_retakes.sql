-- A photo or a voice message that waits for its sender's word: another one, or this one. One question an assignment;
-- `kept`: they said that it is what they meant, and are asked no more in this project.
CREATE TABLE retakes (
  assignment BIGINT PRIMARY KEY REFERENCES assignments (id),
  project BIGINT NOT NULL REFERENCES projects (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  handed_in TEXT NOT NULL,
  album TEXT NOT NULL,
  print TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  kept BIGINT NOT NULL DEFAULT 0 CHECK (kept IN (0, 1))
);
CREATE INDEX retakes_waiting ON retakes (asked_at) WHERE handed_in <> '';
CREATE INDEX retakes_of_worker ON retakes (worker, project);

-- Perceptual hashes of photos that were handed in, in bands: two that are nearly the same share one.
CREATE TABLE picture_prints (
  project BIGINT NOT NULL REFERENCES projects (id),
  band BIGINT NOT NULL,
  assignment BIGINT NOT NULL REFERENCES assignments (id),
  print TEXT NOT NULL,
  PRIMARY KEY (project, band, assignment)
);
CREATE INDEX picture_prints_of_assignment ON picture_prints (assignment);
