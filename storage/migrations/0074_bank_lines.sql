-- Every booked movement of the house's bank account that a statement, an advice or a table told of, once by its key.
CREATE TABLE bank_lines (
  id BIGSERIAL PRIMARY KEY,
  key TEXT NOT NULL UNIQUE CHECK (key <> ''),
  view TEXT NOT NULL CHECK (view IN ('statement', 'advice', 'table')),
  -- A key of the bank's reference of the whole entry; empty without one.
  entry TEXT NOT NULL,
  debit BIGINT NOT NULL CHECK (debit = 0 OR debit = 1),
  -- 0 where the bank's words (`written`) are no amount.
  amount BIGINT NOT NULL CHECK (amount >= 0),
  currency TEXT NOT NULL,
  written TEXT NOT NULL,
  booked_on TEXT NOT NULL,
  reference TEXT NOT NULL,
  payout BIGINT REFERENCES payouts (id),
  file BIGINT REFERENCES bank_files (id),
  person BIGINT REFERENCES people (id),
  -- Who paid or was paid, and for what, as the bank says it: only while the line waits, and nobody here is known by it.
  party TEXT NOT NULL,
  -- matched: in the book as what it is. waiting: a person has to say what it is. explained: somebody has.
  state TEXT NOT NULL CHECK (state IN ('matched', 'waiting', 'explained')),
  -- Why it waits, or what it was explained as; empty where it was matched.
  why TEXT NOT NULL CHECK (state = 'matched' OR why <> ''),
  -- The same movement as the bank told of it in another view.
  twin BIGINT UNIQUE REFERENCES bank_lines (id),
  -- The movement from or to external:unexplained while it is not explained; then the one that took it back.
  suspense BIGINT REFERENCES transfers (id),
  undone BIGINT REFERENCES transfers (id),
  -- The movement that it is, where one was made or recorded for it alone.
  transfer BIGINT UNIQUE REFERENCES transfers (id),
  told_at BIGINT NOT NULL,
  decided_by BIGINT REFERENCES people (id),
  decided_at BIGINT,
  CHECK (undone IS NULL OR suspense IS NOT NULL),
  CHECK ((state = 'explained') = (decided_at IS NOT NULL)),
  CHECK (state = 'waiting' OR party = '')
);
CREATE INDEX bank_lines_of_payout ON bank_lines (payout, debit) WHERE payout IS NOT NULL;
CREATE INDEX bank_lines_of_file ON bank_lines (file) WHERE file IS NOT NULL;
CREATE INDEX bank_lines_of_entry ON bank_lines (entry) WHERE entry <> '';
CREATE INDEX bank_lines_waiting ON bank_lines (id) WHERE state = 'waiting';
