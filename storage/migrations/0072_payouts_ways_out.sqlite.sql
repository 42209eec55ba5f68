-- SQLite changes a check, and how numbers go on, by writing the table anew.
CREATE TABLE bank_files_anew (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  payer_name TEXT NOT NULL CHECK (payer_name <> ''),
  payer_iban TEXT NOT NULL CHECK (payer_iban <> ''),
  payer_bic TEXT NOT NULL CHECK (payer_bic <> ''),
  made_by INTEGER NOT NULL REFERENCES people (id),
  made_at INTEGER NOT NULL,
  instant INTEGER NOT NULL DEFAULT 0 CHECK (instant = 0 OR instant = 1),
  channel TEXT NOT NULL DEFAULT 'sepa' CHECK (channel = 'sepa' OR channel = 'wise')
) STRICT;
INSERT INTO bank_files_anew (id, currency, payer_name, payer_iban, payer_bic, made_by, made_at, instant, channel)
SELECT id, currency, payer_name, payer_iban, payer_bic, made_by, made_at, instant, channel FROM bank_files ORDER BY id;
DROP TABLE bank_files;
ALTER TABLE bank_files_anew RENAME TO bank_files;

CREATE TABLE payouts_anew (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  worker INTEGER NOT NULL REFERENCES people (id),
  -- Which of this worker's payouts it is: a button pressed twice asks for one.
  number INTEGER NOT NULL CHECK (number >= 1),
  payee INTEGER NOT NULL REFERENCES payees (id),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  gross INTEGER NOT NULL CHECK (gross > 0),
  withheld INTEGER NOT NULL CHECK (withheld >= 0),
  fee INTEGER NOT NULL DEFAULT 0 CHECK (fee >= 0),
  net INTEGER NOT NULL CHECK (net > 0 AND net % 10000 = 0),
  state TEXT NOT NULL CHECK (state = 'requested' OR state = 'sent' OR state = 'paid' OR state = 'failed'
    OR state = 'unknown'),
  -- Set once: what went into a bank file never goes into another.
  file INTEGER REFERENCES bank_files (id),
  reason TEXT NOT NULL DEFAULT '',
  requested_at INTEGER NOT NULL,
  decided_at INTEGER,
  CHECK (gross = net + withheld + fee),
  -- Only what was called off before it was sent has ended without a bank file.
  CHECK (state = 'failed' OR (state = 'requested') = (file IS NULL)),
  CHECK ((state IN ('paid', 'failed')) = (decided_at IS NOT NULL)),
  CHECK (state <> 'failed' OR reason <> ''),
  UNIQUE (worker, number)
) STRICT;
INSERT INTO payouts_anew (
  id, worker, number, payee, currency, gross, withheld, fee, net, state, file, reason, requested_at, decided_at)
SELECT id, worker, number, payee, currency, gross, withheld, fee, net, state, file, reason, requested_at, decided_at
FROM payouts ORDER BY id;
DROP TABLE payouts;
ALTER TABLE payouts_anew RENAME TO payouts;
CREATE INDEX payouts_requested ON payouts (currency, id) WHERE state = 'requested';
CREATE INDEX payouts_by_file ON payouts (file, id) WHERE file IS NOT NULL;
CREATE INDEX payouts_open ON payouts (file) WHERE state IN ('sent', 'unknown');

-- A payout keeps its amounts, its account and its bank file; after paid only failed may come, after failed only paid, and
-- that of what was in a bank file.
CREATE TRIGGER payouts_guard BEFORE UPDATE ON payouts
WHEN (NEW.worker, NEW.number, NEW.payee, NEW.currency, NEW.gross, NEW.withheld, NEW.fee, NEW.net, NEW.requested_at)
  IS NOT (OLD.worker, OLD.number, OLD.payee, OLD.currency, OLD.gross, OLD.withheld, OLD.fee, OLD.net, OLD.requested_at)
  OR (OLD.file IS NOT NULL AND NEW.file IS NOT OLD.file)
  OR (OLD.state = 'failed' AND (NEW.state <> 'paid' OR OLD.file IS NULL))
  OR (OLD.state = 'paid' AND NEW.state <> 'failed')
BEGIN SELECT RAISE(ABORT, 'a payout is not rewritten'); END;
CREATE TRIGGER payouts_stay BEFORE DELETE ON payouts BEGIN SELECT RAISE(ABORT, 'payouts are never deleted'); END;
