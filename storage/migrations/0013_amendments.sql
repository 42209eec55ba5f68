-- Answers that were changed within their minute: what was said before, and who is choosing anew.

-- One row each time an answer was replaced: what it had been. A known answer that was missed is never replaced.
CREATE TABLE amendments (
  submission BIGINT NOT NULL REFERENCES submissions (id),
  number BIGINT NOT NULL CHECK (number >= 1),
  answer TEXT,
  gold BIGINT CHECK (gold = 1),
  made_at BIGINT NOT NULL,
  PRIMARY KEY (submission, number)
);
CREATE INDEX amendments_made ON amendments (made_at);

-- Whose answer is open to be chosen anew: one each. `message` shows it; `draft` is what was pressed so far.
CREATE TABLE changes (
  worker BIGINT PRIMARY KEY REFERENCES people (id),
  submission BIGINT NOT NULL REFERENCES submissions (id),
  opened_at BIGINT NOT NULL,
  message BIGINT,
  draft TEXT
);

-- Young answers that their requester was shown to decide about: what was looked at stays as it was seen.
CREATE TABLE looks (
  submission BIGINT PRIMARY KEY REFERENCES submissions (id),
  at BIGINT NOT NULL
);
