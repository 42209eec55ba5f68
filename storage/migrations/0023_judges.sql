-- Judges are drawn by lot, paid by who loses; nobody works for, or judges, somebody paid to the same bank account.

CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, value TEXT NOT NULL, made_at BIGINT NOT NULL);

-- What its requester set aside for judges; 0 in those from before, whose judges the fees pay.
ALTER TABLE rejections ADD COLUMN staked BIGINT NOT NULL DEFAULT 0 CHECK (staked >= 0);
-- What the fees gave a requester back who was right, and the admin who decided where there were too few judges.
ALTER TABLE appeals ADD COLUMN given_back BIGINT NOT NULL DEFAULT 0 CHECK (given_back >= 0);
ALTER TABLE appeals ADD COLUMN ruled_by BIGINT REFERENCES people (id);

-- Who was drawn, in the order of the lot; `called` 1 once they may judge.
CREATE TABLE juries (
  appeal BIGINT NOT NULL REFERENCES appeals (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  turn BIGINT NOT NULL CHECK (turn >= 0),
  called BIGINT NOT NULL DEFAULT 0 CHECK (called IN (0, 1)),
  PRIMARY KEY (appeal, worker),
  UNIQUE (appeal, turn)
);
CREATE INDEX juries_by_worker ON juries (worker);
CREATE INDEX juries_uncalled ON juries (appeal, turn) WHERE called = 0;
-- Those in hand when this came were offered by the old rule: who has one, or had, was as good as drawn.
INSERT INTO juries (appeal, worker, turn, called)
SELECT appeal, worker, row_number() OVER (PARTITION BY appeal ORDER BY worker) - 1, 1 FROM judgements;

-- The last assignment before it was known that a worker shares an account with the project's requester.
ALTER TABLE enrolments ADD COLUMN barred BIGINT;
UPDATE enrolments SET qualified = 0, barred = (SELECT coalesce(max(id), 0) FROM assignments)
WHERE EXISTS (SELECT 1 FROM projects p JOIN payee_mates m ON m.mate = p.requester
  WHERE p.id = enrolments.project AND m.person = enrolments.worker);
