-- Pay that goes up while a project runs: what each answer was paid, and each raise.

ALTER TABLE submissions ADD COLUMN pay BIGINT NOT NULL DEFAULT 0 CHECK (pay >= 0);
ALTER TABLE submissions ADD COLUMN fee BIGINT NOT NULL DEFAULT 0 CHECK (fee >= 0);
UPDATE submissions SET pay = (SELECT p.pay FROM projects p WHERE p.id = submissions.project),
  fee = (SELECT p.fee FROM projects p WHERE p.id = submissions.project);

-- Answers up to `after_submission` were paid what it was before, or what an earlier raise says. `held` was set aside.
CREATE TABLE raises (
  project BIGINT NOT NULL REFERENCES projects (id),
  number BIGINT NOT NULL CHECK (number >= 1),
  pay_before BIGINT NOT NULL,
  fee_before BIGINT NOT NULL,
  pay BIGINT NOT NULL CHECK (pay > pay_before),
  fee BIGINT NOT NULL CHECK (fee >= fee_before),
  held BIGINT NOT NULL CHECK (held >= 0),
  after_submission BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (project, number)
);
