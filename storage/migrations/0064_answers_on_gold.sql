-- The latest answers to check questions of a project, read for a launch card and its progress. By the tasks they would
-- be looked for among all check questions, answered or not.
CREATE INDEX submissions_on_gold ON submissions (project, id) WHERE gold IS NOT NULL;
