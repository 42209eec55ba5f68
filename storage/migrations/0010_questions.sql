-- Questions of workers to the requester of a project, about a task they were given. `asker` is NULL and `words` are
-- empty once the asker was erased. `late`: unanswered past `due_at`, so nothing of the project is offered.
CREATE TABLE questions (
  id BIGSERIAL PRIMARY KEY,
  project BIGINT NOT NULL REFERENCES projects (id),
  task BIGINT NOT NULL REFERENCES tasks (id),
  asker BIGINT REFERENCES people (id),
  words TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'dismissed', 'withdrawn')),
  asked_at BIGINT NOT NULL,
  -- When its requester is reminded; NULL once they were.
  remind_at BIGINT,
  due_at BIGINT NOT NULL CHECK (due_at > asked_at),
  late BIGINT NOT NULL DEFAULT 0 CHECK (late IN (0, 1)),
  -- Its requester called it abuse: `report` says what an admin made of it.
  report TEXT CHECK (report IN ('open', 'upheld', 'refused')),
  answer TEXT,
  -- Its number in the project's FAQ; NULL where it is not answered, or by the entry of another question (`same_as`).
  entry BIGINT CHECK (entry >= 1),
  same_as BIGINT REFERENCES questions (id),
  ended_at BIGINT,
  ended_by BIGINT REFERENCES people (id),
  CHECK ((state = 'open') = (ended_at IS NULL)),
  CHECK ((state = 'answered') = (answer IS NOT NULL OR same_as IS NOT NULL)),
  CHECK ((answer IS NULL) = (entry IS NULL)),
  CHECK (asker IS NOT NULL OR (words = '' AND state <> 'open'))
);
CREATE UNIQUE INDEX questions_faq ON questions (project, entry) WHERE entry IS NOT NULL;
CREATE INDEX questions_by_asker ON questions (asker, asked_at) WHERE asker IS NOT NULL;
CREATE INDEX questions_waiting ON questions (project, id) WHERE state = 'open';
CREATE INDEX questions_waiting_reminder ON questions (remind_at) WHERE state = 'open' AND remind_at IS NOT NULL;
CREATE INDEX questions_waiting_due ON questions (due_at) WHERE state = 'open' AND late = 0;

-- How far the workers of a project were told of its FAQ: up to entry `told`; of those up to `telling` the workers up to
-- `worker`. `open`: there is more to tell.
CREATE TABLE faq_rounds (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  told BIGINT NOT NULL DEFAULT 0,
  telling BIGINT NOT NULL DEFAULT 0 CHECK (telling >= told),
  worker BIGINT NOT NULL DEFAULT 0,
  open BIGINT NOT NULL DEFAULT 1 CHECK (open IN (0, 1))
);
CREATE INDEX faq_rounds_waiting ON faq_rounds (project) WHERE open = 1;
