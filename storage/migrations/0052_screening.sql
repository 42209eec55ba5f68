-- Screening questions: one of a text and its options, whoever asks it.
CREATE TABLE screening_questions (
  id BIGSERIAL PRIMARY KEY,
  words TEXT NOT NULL,
  options TEXT NOT NULL,
  plain TEXT NOT NULL UNIQUE,
  made_at BIGINT NOT NULL
);

-- What workers say of themselves, apart from all else: asked once; no answer is “rather not say”, or deleted.
CREATE TABLE screening_answers (
  worker BIGINT NOT NULL REFERENCES people (id),
  question BIGINT NOT NULL REFERENCES screening_questions (id),
  answer TEXT,
  asked_at BIGINT NOT NULL,
  answered_at BIGINT,
  PRIMARY KEY (worker, question),
  CHECK (answer IS NULL OR answered_at IS NOT NULL)
);
