-- Tests of qualifications whose attempt is paid, once a person: pay x places is set aside when the test is made.
CREATE TABLE paid_tests (
  type BIGINT PRIMARY KEY REFERENCES qualification_types (id),
  pay BIGINT NOT NULL CHECK (pay > 0),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  places BIGINT NOT NULL CHECK (places > 0),
  ended_at BIGINT
);
-- Who began one: the place is theirs, and paid once it is handed in.
CREATE TABLE test_attempts (
  type BIGINT NOT NULL REFERENCES paid_tests (type),
  worker BIGINT NOT NULL REFERENCES people (id),
  begun_at BIGINT NOT NULL,
  paid_at BIGINT,
  PRIMARY KEY (type, worker)
);
CREATE INDEX test_attempts_of ON test_attempts (worker);
