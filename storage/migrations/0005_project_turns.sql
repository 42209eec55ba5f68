-- Projects that may have a place to give out, in the order of their turn, by the languages they ask for. `answered_at` is
-- at most the moment of the last answer, or of the launch; reading a row corrects it, and deletes one that has no place.
-- Triggers: openings_turn (a new opening of an ordinary task brings its project here).
CREATE TABLE project_turns (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  languages TEXT NOT NULL,
  answered_at BIGINT NOT NULL
);
CREATE INDEX project_turns_by_wait ON project_turns (languages, answered_at, project);
INSERT INTO project_turns (project, languages, answered_at)
SELECT id, languages, 0 FROM projects WHERE state = 'running';

-- Where a worker tells more than others do: their turn there may come before that of a project that waited longer.
CREATE INDEX enrolments_telling ON enrolments (worker, project) WHERE worth > 1;
