-- Answers of models that come with the tasks: [[model, answer, confidence], …]; never shown to workers.
ALTER TABLE tasks ADD COLUMN ai TEXT;

-- The models of a project, in the order of its columns; and whether they may decide alone where gold has shown it safe.
ALTER TABLE projects ADD COLUMN models TEXT NOT NULL DEFAULT '[]';
ALTER TABLE projects ADD COLUMN ai_decides BIGINT NOT NULL DEFAULT 0 CHECK (ai_decides IN (0, 1));
